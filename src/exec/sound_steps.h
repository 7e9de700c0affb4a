// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to a sound between its source and its encodes: the stage's filters, and its beds where they stand among them.
// Gives back as many samples as it gets, each where it was. One thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "av/audio_chain.h"
#include "av/bed_mixer.h"
#include "base/result.h"
#include "exec/bed_sound.h"
#include "graph/stage.h"

namespace reelmill {

class SoundSteps {
 public:
  // Beds are put aside in `folder`.
  static Result<SoundSteps> open(AudioStage const& stage, std::filesystem::path const& folder, av::AudioFormat format);

  using Take = std::function<Result<void>(AVFrame const& frame)>;
  Result<void> push(AVFrame const& frame, Take const& take) { return push_to(0, frame, take); }
  Result<void> finish(Take const& take);

  std::int64_t latency() const;  // samples, of all filters
  std::vector<std::shared_ptr<BedSound const>> const& beds() const { return beds_; }

 private:
  Result<void> add_filters(std::span<AudioFilter const> filters, av::AudioFormat format);
  Result<void> add_bed(SoundBed const& bed, AudioStage const& stage, std::filesystem::path const& folder, av::AudioFormat format);
  Result<void> push_to(std::size_t step, AVFrame const& frame, Take const& take);

  std::vector<std::variant<av::AudioChain, av::BedMixer>> steps_;
  std::vector<std::shared_ptr<BedSound const>> beds_;
};

}  // namespace reelmill
