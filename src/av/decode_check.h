// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes a stream to its end for no other reason than to know that it can be done: every complaint of the codec counts, and
// pictures are looked at in passing. One thread at a time; the decoder may use more.
#pragma once

#include <string>
#include <vector>

#include "av/fields_seen.h"
#include "av/handles.h"
#include "av/log_tap.h"
#include "base/result.h"
#include "graph/probe.h"

namespace reelmill::av {

class DecodeCheck {
 public:
  // `log` and the stream must outlive it.
  static Result<DecodeCheck> open(AVStream const& stream, int threads, LogTap& log);

  // One packet, or null for the end. Damage is counted, not an error; an error is something like memory running out.
  Result<void> feed(AVPacket const* packet);

  // `shown`: presentation times of the packets to be shown, or empty.
  void tell(PictureProbe& picture, std::vector<std::int64_t> const& shown) const;
  void tell(SoundProbe& sound) const;

 private:
  DecodeCheck(Codec context, AVStream const& stream, LogTap& log)
      : context_(std::move(context)), frame_(make_frame()), stream_(&stream), log_(&log) {
    decoded_.units = 0;
  }
  Result<void> receive();
  void see(AVFrame const& frame);
  void complain(std::int64_t time);

  Codec context_;
  Frame frame_;
  AVStream const* stream_;
  LogTap* log_;
  Decoded decoded_;
  FieldCounter fields_;
  std::vector<std::int64_t> times_;
  std::int64_t interlaced_ = 0, changes_ = 0, last_time_ = AV_NOPTS_VALUE, sent_time_ = AV_NOPTS_VALUE;
  int width_ = 0, height_ = 0, format_ = -1, rate_ = 0, channels_ = 0;
  bool begins_whole_ = false, has_begun_ = false;
};

}  // namespace reelmill::av
