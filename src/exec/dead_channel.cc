// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/dead_channel.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "exec/stage_sound.h"

namespace reelmill {

namespace {
constexpr double dead_below = 40, lives_above = -60;  // dB of RMS: below the other, of full scale
}

Result<std::optional<LivingChannel>> living_channel(AudioStage stage) {
  stage.downmix.side.clear();
  av::AudioFormat const format{stage.sample_rate, 2};
  auto sound = TRY(StageSound::open(stage, format));
  std::array<double, 2> energy{};
  std::int64_t count = 0;
  TRY(sound.read(round(stage.duration * stage.tempo * Rational(format.sample_rate)), [&](AVFrame const& frame) -> Result<void> {
    for (std::size_t channel = 0; channel < energy.size(); ++channel) {
      auto const* const data = reinterpret_cast<float const*>(frame.extended_data[channel]);
      for (int i = 0; i < frame.nb_samples; ++i)
        if (std::isfinite(data[i])) energy[channel] += double{data[i]} * data[i];
    }
    count += frame.nb_samples;
    return {};
  }));
  bool const was_stereo = sound.ledger().downmix.empty();
  if (!was_stereo || count == 0) return std::optional<LivingChannel>();
  auto const level = [&](std::size_t channel) {
    return 10 * std::log10(std::max(energy[channel] / static_cast<double>(count), 1e-20));
  };
  double const louder = level(0) - level(1);
  if (std::abs(louder) < dead_below || std::max(level(0), level(1)) < lives_above) return std::optional<LivingChannel>();
  return std::optional(LivingChannel{louder > 0 ? "left" : "right", std::abs(louder)});
}

}  // namespace reelmill
