// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/played_sound.h"

#include <algorithm>

#include <fmt/format.h>

#include "av/demuxer.h"

namespace reelmill {

Result<SoundTrackOf> played_sound(SoundTrackOf const& wanted) {
  if (wanted.stream >= 0) return wanted;
  auto demuxer = TRY(av::Demuxer::open(wanted.source));
  auto found = wanted;
  found.stream = demuxer.best_audio();
  if (found.stream < 0)
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading {}: it has no sound that can be decoded", demuxer.name())};
  // A start before 0 is an encoder's delay, which is not heard.
  auto const start = demuxer.context().start_time;
  found.start = start == AV_NOPTS_VALUE ? Rational(0) : Rational(std::max<std::int64_t>(0, start), AV_TIME_BASE);
  return found;
}

Result<double> length_of(SoundTrackOf const& track) {
  auto demuxer = TRY(av::Demuxer::open(track.source));
  auto const length = demuxer.context().duration;
  return length == AV_NOPTS_VALUE || length < 0 ? 0.0 : static_cast<double>(length) / AV_TIME_BASE;
}

}  // namespace reelmill
