// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/sound.h"

namespace reelmill {

AudioEncode sound_for(Project const& project, Export const& target, int reorder) {
  AudioEncode encode;
  encode.codec = target.audio_codec;
  encode.bitrate = target.audio_bitrate;
  encode.sample_rate = project.normalize.sample_rate;
  encode.channels = project.normalize.channels;
  auto const rate = target.rate.value_or(project.normalize.rate);
  if (!target.edit_lists) encode.lead = round(Rational(reorder) / rate * Rational(encode.sample_rate)) - aac_priming;
  return encode;
}

bool is_same_sound(AudioEncode const& a, AudioEncode const& b) {
  return a.codec == b.codec && a.bitrate == b.bitrate && a.lead == b.lead;
}

}  // namespace reelmill
