// SPDX-License-Identifier: GPL-3.0-or-later
// Writes finished packets into a container with the time stamps they have. Repeatable: no dates, no random ids. What a
// player needs first (moov, cues) is at the front, where the container can. One thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "av/handles.h"
#include "base/json.h"
#include "base/result.h"
#include "graph/codecs.h"

namespace reelmill::av {

class Muxer {
 public:
  // `edit_lists` false: none are written, for players that ignore them.
  static Result<Muxer> create(std::filesystem::path const& file, Container const& container, bool edit_lists,
                              std::map<std::string, std::string> const& metadata);
  // Streams first, then begin. Packets' time stamps are in `time_base`.
  Result<int> add_stream(AVCodecParameters const& parameters, AVRational time_base, AVRational rate);
  // The same of a copied stream, as its packets file describes it: tag, shape of pixels, and what is told beside the packets.
  Result<int> add_copied(Json const& description, AVRational time_base, AVRational rate);
  // Of text, in a language (BCP 47; empty: not known) that becomes ISO 639-2 where the container has that.
  Result<int> add_text(AVCodecParameters const& parameters, AVRational time_base, std::string const& language);
  Result<void> begin();
  // Packets are to come in decoding order over all streams. Takes the packet's content.
  Result<void> write(int stream, AVPacket& packet);
  // Everything is on the disk, or it is an error.
  Result<void> finish();

 private:
  Muxer(OutputContext context, Container const& container, std::string name, bool edit_lists)
      : context_(std::move(context)), container_(&container), name_(std::move(name)), edit_lists_(edit_lists) {}

  OutputContext context_;
  Container const* container_;
  std::string name_;
  bool edit_lists_;
  std::vector<AVRational> time_bases_;
};

}  // namespace reelmill::av
