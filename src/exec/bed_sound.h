// SPDX-License-Identifier: GPL-3.0-or-later
// The samples of a bed, decoded once and put aside, to be read from any place. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "av/audio_source.h"
#include "base/result.h"
#include "exec/spilled_sound.h"
#include "graph/stage.h"

namespace reelmill {

class BedSound {
 public:
  // No more of it than `most` samples is read. A file whose content is not the bed's is an error, as is one without sound.
  static Result<BedSound> open(SoundBed const& bed, std::int64_t most, std::filesystem::path const& folder,
                               av::AudioFormat format);

  // The samples from `at` on; a bed that does not loop is silent behind its end.
  Result<void> read(std::int64_t at, AVFrame& into);
  std::int64_t samples() const { return sound_.samples(); }
  std::string const& name() const { return name_; }  // of its file
  av::AudioSource::Ledger const& ledger() const { return ledger_; }

 private:
  BedSound(SpilledSound sound, std::string name, av::AudioSource::Ledger ledger, bool loop)
      : sound_(std::move(sound)), name_(std::move(name)), ledger_(std::move(ledger)), loop_(loop) {}
  SpilledSound sound_;
  std::string name_;
  av::AudioSource::Ledger ledger_;
  bool loop_;
};

}  // namespace reelmill
