// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "av/audio_source.h"
#include "base/hash.h"
#include "exec/played_sound.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"
#include "graph/media_limits.h"
#include "speech/transcribe.h"
#include "speech/windows.h"

namespace reelmill {

namespace {
constexpr double share_of_reading = 0.05;  // of the whole, for progress only

Result<std::string> file_of(Asset const& asset) {
  if (asset.path.empty()) return std::string();
  if (TRY(file_hash(asset.path)) != asset.hash)
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading {}: it changed while it was being used; run again",
                                     asset.path.substr(asset.path.rfind('/') + 1))};
  return asset.path;
}

// 230 MB for an hour.
Result<std::vector<float>> sound_of(SoundTrackOf const& wanted, Reporter& reporter, double length) {
  auto const track = TRY(played_sound(wanted));
  auto source = TRY(av::AudioSource::open(track.source, track.stream, track.start, {speech::rate, 1}));
  std::vector<float> sound;
  constexpr std::int64_t most = std::int64_t{most::hours} * 3600 * speech::rate;
  constexpr double longest_reserved = 4 * 3600;
  sound.reserve(static_cast<std::size_t>((std::min(length, longest_reserved) + 1) * speech::rate));
  TRY(source.read(most, [&](AVFrame const& frame) -> Result<void> {
    auto const* const samples = reinterpret_cast<float const*>(frame.extended_data[0]);
    sound.insert(sound.end(), samples, samples + frame.nb_samples);
    double const read = std::min(length, static_cast<double>(sound.size()) / speech::rate);
    reporter.progress(share_of_reading * read, length, "seconds");
    return {};
  }));
  return sound;
}
}  // namespace

Result<void> walk_transcript(TranscriptStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  speech::Wishes const wishes {
    .model = TRY(file_of(stage.model))
    , .voice = TRY(file_of(stage.voice))
    , .language = stage.language, .translate = stage.translate, .prompt = stage.prompt, .threads = stage.threads
  };
  double const length = std::max(1.0, TRY(length_of(stage.sound)));
  auto const sound = TRY(sound_of(stage.sound, reporter, length));
  auto const transcript = TRY(speech::transcribe(sound, wishes, [&](double share) {
    reporter.progress((share_of_reading + (1 - share_of_reading) * share) * length, length, "seconds");
  }));
  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  TRY(unit.finish({{"transcript", transcript}}));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
