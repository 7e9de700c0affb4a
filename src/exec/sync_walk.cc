// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "av/audio_source.h"
#include "exec/played_sound.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"
#include "graph/media_limits.h"
#include "sync/find_sync.h"

namespace reelmill {

namespace {
constexpr double seconds_of_search = 0.05;  // of a second of sound, in seconds of reading: for progress only

Result<Recording> record(SoundTrackOf const& wanted, Reporter& reporter, double& done, double total) {
  auto const track = TRY(played_sound(wanted));
  av::AudioFormat const format{compared_rate, 1};
  auto source = TRY(av::AudioSource::open(track.source, track.stream, track.start, format));
  Recording out;
  constexpr std::int64_t most = std::int64_t{most::hours} * 3600 * compared_rate;
  TRY(source.read(most, [&](AVFrame const& frame) -> Result<void> {
    auto const* const samples = reinterpret_cast<float const*>(frame.extended_data[0]);
    for (int i = 0; i < frame.nb_samples; ++i)
      out.samples.push_back(static_cast<std::int16_t>(std::lrint(std::clamp(samples[i], -1.0F, 1.0F) * 32767)));
    done += static_cast<double>(frame.nb_samples) / compared_rate;
    reporter.progress(std::min(done, total), total, "seconds");
    return {};
  }));
  out.samples.shrink_to_fit();
  return out;
}
}  // namespace

Result<void> walk_sync(SyncStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  double done = 0;
  double const expected = (TRY(length_of(stage.a)) + TRY(length_of(stage.b))) * (1 + seconds_of_search);
  double const total = std::max(1.0, expected);
  auto const a = TRY(record(stage.a, reporter, done, total));
  auto const b = TRY(record(stage.b, reporter, done, total));
  auto const finding = TRY(find_sync(a, b, [&](double share) {
    double const read = std::min(done, total);
    reporter.progress(read + share * (total - read), total, "seconds");
  }));
  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  TRY(unit.finish({{"sync", finding}}));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
