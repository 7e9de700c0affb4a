// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/stage_sound.h"

#include <filesystem>

namespace reelmill {

Result<StageSound> StageSound::open(AudioStage const& stage, av::AudioFormat format) {
  if (!stage.pieces.empty())
    return StageSound(av::ReplacedSound(stage.source, stage.stream, stage.pieces, stage.start, format, stage.downmix),
                      std::filesystem::path(stage.source).filename().string());
  auto source = TRY(av::AudioSource::open(stage.source, stage.stream, stage.start, format, stage.downmix));
  auto name = source.name();
  return StageSound(std::move(source), std::move(name));
}

Result<void> StageSound::read(std::int64_t samples, av::AudioSource::Take const& take) {
  return std::visit([&](auto& sound) { return sound.read(samples, take); }, sound_);
}

av::AudioSource::Ledger const& StageSound::ledger() const {
  return std::visit(
      [](auto const& sound) -> auto const& { return sound.ledger(); }, sound_);
}

}  // namespace reelmill
