// SPDX-License-Identifier: GPL-3.0-or-later
// The sound that an audio stage begins with: the film's own, or another recording's in its place.
#pragma once

#include <string>
#include <variant>

#include "av/audio_source.h"
#include "av/replaced_sound.h"
#include "base/result.h"
#include "graph/stage.h"

namespace reelmill {

class StageSound {
 public:
  static Result<StageSound> open(AudioStage const& stage, av::AudioFormat format);

  // As av::AudioSource has it.
  Result<void> read(std::int64_t samples, av::AudioSource::Take const& take);
  av::AudioSource::Ledger const& ledger() const;
  std::string const& name() const { return name_; }

 private:
  using Sound = std::variant<av::AudioSource, av::ReplacedSound>;
  StageSound(Sound sound, std::string name) : sound_(std::move(sound)), name_(std::move(name)) {}

  Sound sound_;
  std::string name_;
};

}  // namespace reelmill
