// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "ops/operation.h"

namespace reelmill {

extern Operation const deinterlace, hqdn3d, stabilize, crop, rotate, nlmeans, deband, white_balance, grade, gamma, lut, sharpen,
    overlay;
extern Operation const title, fade_video, speed;
extern Operation const replace_audio, downmix, volume, highpass, lowpass, equalizer, denoise, gate, compressor, de_esser,
    audio_fade, mix, repair_channels, loudness;
extern Operation const transcribe, burn;

std::span<Operation const* const> operations() {
  static constexpr std::array table{&deinterlace, &hqdn3d, &stabilize, &crop, &rotate, &nlmeans, &deband, &white_balance, &grade,
                                    &gamma, &lut, &sharpen, &overlay, &title, &fade_video, &speed,
                                    //
                                    &replace_audio, &repair_channels, &downmix, &volume, &highpass, &lowpass, &equalizer, &denoise, &gate,
                                    &compressor, &de_esser, &mix, &audio_fade, &loudness,
                                    //
                                    &transcribe, &burn};
  return table;
}

Operation const* operation_named(std::string_view name, Track track) {
  for (auto const* const operation : operations())
    if (operation->name == name && operation->track == track) return operation;
  return nullptr;
}

Operation const* operation_named(std::string_view name) {
  for (auto const* const operation : operations())
    if (operation->name == name) return operation;
  return nullptr;
}

}  // namespace reelmill
