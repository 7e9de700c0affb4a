// SPDX-License-Identifier: GPL-3.0-or-later
// Identities of results: exactly what can change them, and nothing that cannot (no name, no number of jobs; no path but an
// index's). Every value goes into a key under a name, so that what makes a key also explains it.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/disk.h"
#include "base/hash.h"
#include "base/rational.h"
#include "plan/libraries.h"
#include "plan/picture_graph.h"

namespace reelmill {

struct KeyField {
  std::string name, value;
  friend bool operator==(KeyField const&, KeyField const&) = default;
};
using KeyFields = std::vector<KeyField>;

// The key of a unit that a walk makes. Copies go on by themselves; when the first was told to keep its fields, so do they.
class Key {
 public:
  explicit Key(std::string_view walk, bool keeps_fields = false);

  Key& add(std::string_view name, std::string_view value);
  Key& add(std::string_view name, char const* value) { return add(name, std::string_view(value)); }
  Key& add(std::string_view name, std::string const& value) { return add(name, std::string_view(value)); }
  Key& add(std::string_view name, Rational value) { return add(name, to_string(value)); }
  Key& add(std::string_view name, std::integral auto value) { return add_integer(name, static_cast<std::int64_t>(value)); }
  Key& add(std::string_view name, double value);
  // The build of each library, one field each.
  Key& add(Builds const& builds, std::set<std::string_view> const& libraries);

  // 32 hexadecimal digits.
  std::string hex() const { return hasher_.hex(); }
  // In the order in which they were added; empty unless they are kept.
  KeyFields const& fields() const { return fields_; }
  bool keeps_fields() const { return keeps_fields_; }

 private:
  Key& add_integer(std::string_view name, std::int64_t value);
  void keep(std::string_view name, std::string value);

  Hasher hasher_;
  KeyFields fields_;
  bool keeps_fields_;
};

// 32 hexadecimal digits of a list of plain numbers; nothing of an empty one.
template <std::integral Number>
std::string digest_of(std::span<Number const> numbers) {
  return numbers.empty() ? std::string() : Hasher().add_bytes(numbers.data(), numbers.size_bytes()).hex();
}

// `begun` is what the key begins with, here and below.
Key index_key(Key begun, std::filesystem::path const& source, Stamp const& stamp, Builds const& builds);
Key analysis_key(Key begun, SourceIndex const& index, AnalysisStage const& stage, Builds const& builds);

// What in a chunk, besides how it is encoded, decides its units: digests of lists that belong to its `pts`.
struct ChunkContent {
  std::string frames;                       // of their checksums, margins included
  std::string camera;                       // of the corrections of the frames shown; empty: none
  std::map<std::string, std::string> maps;  // by rate
};
ChunkContent content_of(VideoChunk const& chunk, std::span<std::uint64_t const> checksums);

// What each encode of a render is made of, so far as it is the same for all chunks in which the same nodes are idle.
class ChunkKeys {
 public:
  // `begun` is what every key begins with; of `stage` everything but the chunks. All but `begun` must outlive this.
  ChunkKeys(Key begun, VideoStreamInfo const& source, VideoStage const& stage, PictureGraph const& graph, Builds const& builds);

  // One chunk of one export: its decoded frames and margins, what is done to them, which of them are shown when, how they are
  // encoded. A node that is applied to no frame of the chunk leaves no trace.
  Key key(Leaf const& leaf, VideoChunk const& chunk, ChunkContent const& content);

 private:
  struct Chain {
    Key begun;
    std::vector<std::string> timed;     // nodes with a timing that are not idle, in the order in which they are applied
    std::vector<CaptionNode> captions;  // that are not idle
  };
  struct Way {  // of one export from the source to its encoder
    std::set<std::string> nodes;
    std::vector<std::string> timed;  // those with captions too
    bool warps = false;
    std::string rate;
    std::map<std::set<std::string>, Chain> chains{};  // by the idle nodes
  };
  Way& way_of(Leaf const& leaf);
  CaptionNode with_fonts(std::string const& id) const;  // as the stage has it
  Chain const& chain_of(Way& way, Leaf const& leaf, VideoChunk const& chunk);

  Key begun_;
  VideoStage const& stage_;
  PictureGraph const& graph_;
  Builds const& builds_;
  std::map<std::size_t, Way> ways_;  // by Leaf::target
};

// One encode of a sound; `begun` has the source's identity.
Key sound_key(Key begun, AudioStage const& stage, AudioEncode const& encode, Builds const& builds);
// What is measured of it before its loudness is changed.
Key measurement_key(Key begun, AudioStage const& stage, Builds const& builds);

}  // namespace reelmill
