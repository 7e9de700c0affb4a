// SPDX-License-Identifier: GPL-3.0-or-later
// One encode of a sound on its way into the folder of its unit.
#pragma once

#include <filesystem>

#include "av/audio_encoder.h"
#include "av/packets_file.h"
#include "base/json.h"
#include "base/result.h"
#include "exec/unit_folder.h"

namespace reelmill {

class SoundEncode {
 public:
  // In the place of one that was begun before.
  static Result<SoundEncode> begin(AudioEncode const& encode, UnitFolder const& unit);

  Result<void> push(AVFrame const& frame);
  // The packets are on the disk.
  Result<void> finish();

  // After finish: what the unit's result says of it, the file's name first.
  Json result() const;
  std::int64_t samples() const { return encoder_.samples(); }
  static std::filesystem::path file_in(UnitFolder const& unit);

 private:
  SoundEncode(av::AudioEncoder encoder, av::PacketsWriter writer) : encoder_(std::move(encoder)), writer_(std::move(writer)) {}
  av::AudioEncoder encoder_;
  av::PacketsWriter writer_;
};

}  // namespace reelmill
