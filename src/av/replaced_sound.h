// SPDX-License-Identifier: GPL-3.0-or-later
// The sound of another recording, piece by piece where it belongs on the film's clock: delayed, advanced, cut and at the rate
// at which it keeps up. A piece at rate 1 that begins on a sample is copied sample by sample; any other is read between samples.
// Constant memory; the recording is read anew for each piece. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "av/audio_source.h"
#include "av/sinc.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill::av {

class ReplacedSound {
 public:
  // Output sample 0 is the instant `start` of the film's clock.
  ReplacedSound(std::string path, int stream, std::vector<SoundPiece> pieces, Rational start, AudioFormat format,
                Downmix const& downmix)
      : path_(std::move(path)), stream_(stream), pieces_(std::move(pieces)), start_(start), format_(format), downmix_(downmix) {}

  using Take = AudioSource::Take;
  // Hands out as many samples as are asked for: silence where there is no piece, or no sound in it.
  Result<void> read(std::int64_t samples, Take const& take);

  // Of all pieces together.
  AudioSource::Ledger const& ledger() const { return ledger_; }

 private:
  Result<void> silence(std::int64_t samples, Take const& take);
  Result<void> play(SoundPiece const& piece, std::int64_t from, std::int64_t to, Take const& take);

  std::string path_;
  int stream_;
  std::vector<SoundPiece> pieces_;
  Rational start_;
  AudioFormat format_;
  Downmix downmix_;
  Sinc sinc_;
  AudioSource::Ledger ledger_;
};

}  // namespace reelmill::av
