// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/sound.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "graph/codecs.h"
#include "plan/encoders.h"
#include "project/language.h"

namespace reelmill {

namespace {

// On the clock of what is made, which may be a part of the film: a fade in begins with the film, a fade out ends with it, and
// one that is longer than the film begins with it. Of a fade that a part begins in, what is left of it is made.
void place_fades(std::vector<AudioFilter>& filters, Span const& span) {
  double const begin = span.skipped.value(), whole = span.whole.value();
  for (auto& filter : filters) {
    if (filter.filter != "afade") continue;
    double const length = std::min(parse_number(filter.options["duration"]).value_or(0), whole);
    bool const is_out = filter.options["type"] == "out";
    double const from = is_out ? whole - length : 0;
    double const left = std::min(length, from + length - begin);
    if (left <= 0) {
      filter = {"volume", {{"volume", "1"}}};  // beds count the filters before them
      continue;
    }
    if (is_out) filter.options["start_time"] = fmt::format("{:.6f}", std::max(0.0, from - begin));
    filter.options["duration"] = fmt::format("{:.6f}", left);
  }
}

// On the same clock; every bed has its end, where its fade ends. Those that are not heard are left out.
std::vector<SoundBed> beds_of(Lowered const& lowered, Span const& span) {
  double const begin = span.skipped.value(), whole = span.whole.value();
  std::vector<SoundBed> beds;
  for (auto bed : lowered.beds) {
    bed.to = (bed.to == 0 ? whole : std::min(bed.to, whole)) - begin;
    bed.from -= begin;
    if (bed.to > std::max(0.0, bed.from) && bed.from < span.duration.value()) beds.push_back(std::move(bed));
  }
  return beds;
}

}  // namespace

AudioEncode sound_for(Project const& project, int channels, Export const& target, bool has_picture) {
  AudioEncode encode;
  encode.codec = target.audio_codec;
  encode.bitrate = target.audio_bitrate;
  encode.sample_rate = project.normalize.sample_rate;
  encode.channels = channels;
  // A bit rate is meant for two channels.
  if (auto const* const codec = audio_codec_named(encode.codec); codec && channels > 2)
    encode.bitrate = std::min(codec->highest_bitrate, encode.bitrate * channels / 2);
  auto const* container = container_named(target.container);
  if (container && has_picture)
    encode.lead = placement_of(*container, audio_codec_named(encode.codec), target.edit_lists, delay_of(project, target),
                               encode.sample_rate)
                      .lead;
  return encode;
}

bool is_same_sound(AudioEncode const& a, AudioEncode const& b) {
  return a.codec == b.codec && a.bitrate == b.bitrate && a.lead == b.lead;
}

std::vector<AudioEncode> sound_encodes(Project const& project, int channels, bool has_picture) {
  std::vector<AudioEncode> encodes;
  for (auto const& target : project.exports) {
    if (!target.has_sound) continue;
    auto const encode = sound_for(project, channels, target, has_picture);
    bool const known = std::any_of(encodes.begin(), encodes.end(), [&](auto const& e) { return is_same_sound(e, encode); });
    if (!known) encodes.push_back(encode);
  }
  return encodes;
}

std::int64_t sound_bytes(AudioEncode const& encode, double seconds) {
  constexpr double lossless_bytes = 2;  // a sample; what FLAC saves, packets cost
  double const rate =
      encode.bitrate > 0 ? static_cast<double>(encode.bitrate) / 8 : encode.sample_rate * encode.channels * lossless_bytes;
  return static_cast<std::int64_t>(seconds * rate);
}

AudioStreamInfo const* chosen_track(SourceIndex const& index, std::string_view language) {
  AudioStreamInfo const *best = nullptr, *spoken = nullptr;
  for (auto const& track : index.audio) {
    if (!track.decodable) continue;
    auto const is_better = [&](AudioStreamInfo const* other) {
      return other == nullptr || (track.preferred && !other->preferred);
    };
    if (is_better(best)) best = &track;
    if (!language.empty() && is_same_language(track.language, language) && is_better(spoken)) spoken = &track;
  }
  return spoken != nullptr ? spoken : best;
}

Result<void> settle_sound(Project& project, Lowered& lowered, SourceIndex const& index) {
  for (auto const& target : project.exports)
    if (auto const* const container = container_named(target.container);
        container != nullptr && container->video.empty() && !index.video.empty())
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("planning export '{}': {} holds sound alone, and the source has a picture; choose another "
                                       "container, or leave the export out for it",
                                       target.name, container->name)};
  auto const* const track = chosen_track(index, project.normalize.language);
  if (project.normalize.sample_rate == 0) {
    constexpr std::array rates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000};
    auto const wanted = track != nullptr ? track->sample_rate : 48000;
    auto const next = std::lower_bound(rates.begin(), rates.end(), wanted);
    project.normalize.sample_rate = next == rates.end() ? rates.back() : *next;
    lowered = TRY(lower(project));
  }
  if (lowered.channels == 0) {
    bool const is_surround = track != nullptr && (track->layout == "5.1" || track->layout == "5.1(side)");
    lowered.channels = is_surround ? 6 : track != nullptr && track->channels == 1 ? 1 : 2;
  }
  return {};
}

std::string track_text(AudioStreamInfo const& track) {
  auto const language = track.language.empty() || track.language == "und" ? "" : ", " + printable(track.language);
  if (track.sample_rate <= 0) return fmt::format("stream {} ({}{})", track.stream, track.codec, language);
  return fmt::format("stream {} ({}, {}, {} Hz{})", track.stream, track.codec, printable(track.layout), track.sample_rate,
                     language);
}

AudioStage sound_stage(Project const& project, Lowered const& lowered, AudioStreamInfo const& track, Span const& span,
                       std::vector<AudioEncode> encodes, Key const& begun, Builds const& builds, std::vector<SoundPiece> pieces) {
  AudioStage stage;
  stage.stream = track.stream;
  stage.start = span.start;
  stage.duration = span.duration;
  stage.tempo = lowered.speed;
  stage.sample_rate = project.normalize.sample_rate;
  stage.channels = lowered.channels;
  stage.downmix = lowered.downmix.value_or(Downmix{});
  if (track.channels == 2 || lowered.side != "auto") stage.downmix.side = lowered.side;  // else there is nothing to look for
  stage.filters = lowered.audio;
  stage.loudness = lowered.loudness;
  place_fades(stage.filters, span);
  stage.beds = beds_of(lowered, span);
  stage.pieces = std::move(pieces);
  stage.encodes = std::move(encodes);
  for (auto& encode : stage.encodes) encode.key = sound_key(begun, stage, encode, builds).hex();
  if (project.measures) stage.measure = measurement_key(begun, stage, builds).hex();
  return stage;
}

std::int64_t working_bytes(AudioStage const& stage) {
  double seconds = stage.loudness && !stage.encodes.empty() ? stage.duration.value() : 0;
  for (auto const& bed : stage.beds) seconds += seconds_of(bed, stage.duration);
  return static_cast<std::int64_t>(seconds * stage.sample_rate) * stage.channels * std::int64_t{sizeof(float)};
}

std::int64_t memory_of(AudioStage const& stage) {
  constexpr std::int64_t outline_a_second = 16'000;  // 8 bytes a millisecond, twice that while it grows
  std::int64_t const outline = stage.loudness ? static_cast<std::int64_t>(stage.duration.value()) * outline_a_second : 0;
  return (64 << 20) + outline;
}

std::vector<std::string> sound_conversions(Lowered const& lowered, AudioStreamInfo const& track) {
  if (track.channels <= lowered.channels) return {};
  auto const mix = lowered.downmix.value_or(Downmix{});
  return {fmt::format("downmix {} to {} center={} surround={} lfe={} normalize={}", printable(track.layout),
                      lowered.channels == 1 ? "mono" : "stereo", shortest(mix.center), shortest(mix.surround), shortest(mix.lfe),
                      mix.normalize)};
}

std::vector<std::string> sound_notes(Project const& project, SourceIndex const& index) {
  std::vector<std::string> notes;
  auto const* const chosen = chosen_track(index, project.normalize.language);
  bool const mixes = std::any_of(project.audio.begin(), project.audio.end(),
                                 [](Step const& step) { return step.operation->name == "mix"; });
  if (chosen == nullptr && mixes)
    notes.push_back("it has no sound that anything could be mixed with; 'replace_audio' lays a sound under a silent film");
  if (chosen == nullptr) {
    for (auto const& track : index.audio)
      notes.push_back(fmt::format("no sound: {} cannot be decoded here; convert it first if it is needed", track_text(track)));
    return notes;
  }
  auto const& language = project.normalize.language;
  if (!language.empty() && !is_same_language(chosen->language, language))
    notes.push_back(fmt::format("no sound track in '{}' can be used: {} is taken", language, track_text(*chosen)));
  if (project.range && std::any_of(project.audio.begin(), project.audio.end(),
                                   [](Step const& step) { return step.operation->name == "loudness"; }))
    notes.push_back("the loudness is brought to what is asked for in this part alone; the whole film gets another gain");
  std::string ignored;
  for (auto const& track : index.audio)
    if (&track != chosen)
      ignored += (ignored.empty() ? "" : ", ") + track_text(track) + (track.decodable ? "" : ", which cannot be decoded");
  if (!ignored.empty()) notes.push_back(fmt::format("the sound is {}; not used: {}", track_text(*chosen), ignored));
  return notes;
}

std::optional<std::string> obstacle_to_sound_alone(Export const& target) {
  if (!target.has_sound) return "no sound is wanted";
  auto const* const container = container_named(target.container);
  if (!container || container->cuts_sound_by_picture) return target.container + " cannot hold sound alone";
  return std::nullopt;
}

}  // namespace reelmill
