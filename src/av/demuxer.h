// SPDX-License-Identifier: GPL-3.0-or-later
// A source file opened for reading packets. Only local files in an allowed container are opened (av/allowed.h); what a playlist
// or a reference inside a file names is never followed, and a file that keeps the reader busy for nothing is given up
// (av/deadline.h). One thread at a time.
#pragma once

#include <string>
#include <string_view>

#include "av/deadline.h"
#include "av/handles.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

// What came of asking for the next thing: it, or the end. Flow, not failure.
enum class Pull { item, end };

class Demuxer {
 public:
  static Result<Demuxer> open(std::string const& path);

  AVFormatContext& context() { return *context_; }
  std::string const& name() const { return name_; }  // the file's name, for messages
  AVStream& stream(int index) { return *context_->streams[index]; }

  // The first stream that can be decoded, default ones before others, attached pictures left out; -1 if there is none.
  int best_video() const;
  int best_audio() const;
  // Packets of every other stream are dropped by libav from now on.
  void keep_only(int stream);

  Result<Pull> read(AVPacket& packet);
  // Puts the reader so that the next packet of `stream` is the one described, wherever the container's own index leads.
  Result<void> seek(int stream, SeekPoint const& point);

 private:
  Demuxer(Deadline deadline, InputContext context, std::string path, std::string name)
      : deadline_(std::move(deadline)), context_(std::move(context)), path_(std::move(path)), name_(std::move(name)) {}

  Deadline deadline_;  // before the context, which asks it
  InputContext context_;
  std::string path_;
  std::string name_;
  Packet pending_;  // found by seek, handed out by the next read
  int kept_ = -1;
};

std::uint64_t payload_hash(AVPacket const& packet);

}  // namespace reelmill::av
