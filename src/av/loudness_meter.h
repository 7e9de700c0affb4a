// SPDX-License-Identifier: GPL-3.0-or-later
// How loud sound is, by libebur128, and its true peak, by av/true_peak.h. One channel counts once, as BS.1770 has it; of six,
// surrounds count 1.5 dB more and the low-frequency effects not at all. Memory: some 3 MB an hour, outline apart. One thread.
#pragma once

#include <ebur128.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "av/audio_source.h"
#include "av/sound_outline.h"
#include "av/true_peak.h"
#include "base/result.h"
#include "graph/loudness.h"

namespace reelmill::av {

class LoudnessMeter {
 public:
  struct Wishes {
    bool true_peak = true, range = true;
    bool series = false;   // blocks() and short_term(), too
    bool outline = false;  // outline(), too
  };
  static Result<LoudnessMeter> open(AudioFormat format, Wishes wishes);
  static Result<LoudnessMeter> open(AudioFormat format) { return open(format, Wishes()); }

  Result<void> add(AVFrame const& frame);
  // Nothing more comes. For outline(), whose peaks are found some samples late.
  void finish();

  // Of all that was added.
  LoudnessFigures figures() const;
  double seconds() const { return static_cast<double>(frames_) / format_.sample_rate; }
  LoudnessBlocks const& blocks() const { return blocks_; }
  // Loudness of the 3 s up to each tenth of a second, -HUGE_VAL for silence.
  std::vector<float> const& short_term() const { return short_term_; }
  SoundOutline const& outline() const { return outline_; }

 private:
  struct Closes {
    void operator()(ebur128_state* state) const;
  };
  using State = std::unique_ptr<ebur128_state, Closes>;
  LoudnessMeter(State state, AudioFormat format, Wishes wishes)
      : state_(std::move(state)), format_(format), wishes_(wishes), true_peaks_(format.channels, wishes.outline ? 0.1F : 1) {}
  Result<void> add_piece(AVFrame const& frame, int from, int count);
  void note_block();
  void note_millisecond();
  void note_peaks(std::span<float const> peaks);

  State state_;
  AudioFormat format_;
  Wishes wishes_;
  std::int64_t frames_ = 0;
  std::vector<float> interleaved_;
  LoudnessBlocks blocks_;
  std::vector<float> short_term_;
  SoundOutline outline_;
  TruePeaks true_peaks_;
  std::int64_t peaks_noted_ = 0;  // frames
};

}  // namespace reelmill::av
