// SPDX-License-Identifier: GPL-3.0-or-later
// One sound stream from beginning to end on the source's clock: decoded, gaps filled with silence, overlaps cut, brought
// to one rate and layout, also where these change on the way. Output sample 0 is the instant `start`. Constant memory. One
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "av/decoder.h"
#include "av/demuxer.h"
#include "base/rational.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

struct AudioFormat {
  int sample_rate = 48000, channels = 2;  // planar float, default layout of that many channels
};

class AudioSource {
 public:
  // Without a start it begins with its first sample.
  static Result<AudioSource> open(std::string const& path, int stream, std::optional<Rational> start, AudioFormat format,
                                  Downmix const& downmix = {});

  // Frames of any length, in order.
  using Take = std::function<Result<void>(AVFrame const& frame)>;
  // Hands out everything up to `samples` at the output's rate; fewer if the stream ends before. A stream of which nothing
  // can be decoded is an error.
  Result<void> read(std::int64_t samples, Take const& take);

  // What was mended, in samples of the source: silence put in and overlap cut after the beginning; and what was before `start`.
  struct Ledger {
    std::int64_t filled = 0, cut = 0, before_start = 0, late_by = 0;
    int jumps = 0;        // of the clock by a minute or more, not followed
    int changes = 0;      // of rate, channels or sample format
    int damaged = 0;      // packets or frames
    std::string downmix;  // the matrix in words; empty where every channel stays what it is
  };
  Ledger const& ledger() const { return ledger_; }
  std::string const& name() const { return demuxer_.name(); }

 private:
  AudioSource(Demuxer demuxer, Decoder decoder, int stream, std::optional<Rational> start, AudioFormat format,
              Downmix const& downmix)
      : demuxer_(std::move(demuxer)),
        decoder_(std::move(decoder)),
        stream_(stream),
        start_(start),
        format_(format),
        downmix_(downmix) {}
  Result<void> place(AVFrame& frame);
  std::optional<std::int64_t> instant_of(AVFrame const& frame);
  void follow_clock(AVFrame const& frame);
  Result<void> follow_format(AVFrame const& frame);
  Result<void> open_resampler(AVFrame const& frame);
  Result<void> silence(std::int64_t samples, AVFrame const& like);
  Result<void> convert(AVFrame const* frame);
  Result<void> hand_out(AVFrame& frame);

  Demuxer demuxer_;
  Decoder decoder_;
  int stream_;
  std::optional<Rational> start_;
  AudioFormat format_;
  Downmix downmix_;
  Swresample resample_;
  Frame like_;  // an empty frame of the format that resample_ reads
  Ledger ledger_;
  // At the source's rate, counted from start: where the next frame lies, how much has gone out, what stamps are off by.
  std::int64_t clock_ = 0, position_ = 0, shift_ = 0;
  bool has_begun_ = false, has_changed_ = false;
  std::int64_t handed_out_ = 0, wanted_ = 0;
  Take const* take_ = nullptr;
};

Result<Frame> make_samples(AudioFormat const& format, int samples);

}  // namespace reelmill::av
