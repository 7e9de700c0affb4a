// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a document into structs while collecting everything that is wrong with it, so that one look mends it all.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/rational.h"
#include "base/result.h"
#include "ops/operation.h"
#include "project/document.h"

namespace reelmill {

// All mistakes of one file: "reelmill.yaml:14:9: unknown key 'loudnes', did you mean 'loudness'?"
class Mistakes {
 public:
  explicit Mistakes(std::string file) : file_(std::move(file)) {}
  void add(Mark mark, std::string_view what);
  bool empty() const { return found_.empty(); }
  // What was found, without the places.
  std::vector<std::string> texts() const;
  // One mistake a line, in the order of the file, the first hundred found; kind project.
  Error error() const;

 private:
  struct Mistake {
    Mark mark;
    std::string what;
  };
  std::string file_;
  std::vector<Mistake> found_;
  std::size_t count_ = 0;
};

// The readers give nothing after they have noted what is wrong. `what` names the value ("'frequency'").
std::optional<std::string> read_text(Node const& node, std::string_view what, Mistakes& mistakes);
// A number, which may carry `unit` ("200 Hz", "0.2 kHz").
std::optional<double> read_number(Node const& node, std::string_view what, std::string_view unit, Range range,
                                  Mistakes& mistakes);
std::optional<std::int64_t> read_whole(Node const& node, std::string_view what, std::string_view unit, Range range,
                                       Mistakes& mistakes);
// Bits a second: "8M", "192k", "8 Mb/s", "8000000".
std::optional<std::int64_t> read_bitrate(Node const& node, std::string_view what, Range range, Mistakes& mistakes);
std::optional<Rational> read_frame_rate(Node const& node, std::string_view what, Mistakes& mistakes);
std::optional<std::string> read_choice(Node const& node, std::string_view what, std::span<std::string_view const> choices,
                                       Mistakes& mistakes);
// Seconds: "1.5", "1.5 s", "500 ms", "00:01:02.5".
std::optional<double> read_time(Node const& node, std::string_view what, Range range, Mistakes& mistakes);
// A parameter of an operation, as its table declares it. Relative paths begin at `folder` and stay in it.
std::optional<Value> read_value(Node const& node, Param const& param, Value const& like, std::filesystem::path const& folder,
                                Mistakes& mistakes);

// "unknown key 'x', did you mean 'y'?" or, when nothing is near, the keys there are.
void unknown_key(Entry const& entry, std::string_view where, std::span<std::string_view const> known, Mistakes& mistakes);
// Notes a key that stands there a second time; true when the entry is the first of its name.
bool first_of_name(Node const& map, Entry const& entry, Mistakes& mistakes);

}  // namespace reelmill
