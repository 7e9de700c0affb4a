// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/new_sound.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/borders.h"
#include "plan/sound.h"

namespace reelmill {

namespace {
constexpr std::int64_t rate_steps = 100'000'000;  // to one
constexpr double inaudible_drift = 0.0005;        // seconds, over the whole of a segment
constexpr double worth_a_note = 1;                // second

std::string name_of(std::string const& path) { return printable(std::filesystem::path(path).filename().string()); }

Rational to_sample(double seconds, int sample_rate) { return {std::llround(seconds * sample_rate), sample_rate}; }
}  // namespace

Result<OtherSound> other_sound(std::string const& path, SourceIndex const& index, std::string_view language) {
  auto const* const track = chosen_track(index, language);
  if (track == nullptr)
    return Error{ErrorKind::media, fmt::format("reading {}: it has no sound that can be decoded", name_of(path))};
  auto start = track->start;
  if (!index.video.empty() && !index.packets.empty()) start = Rational(shown(index).first) * index.video.front().time_base;
  return OtherSound{{path, track->stream, start}, *track, track->start + track->duration - start};
}

std::vector<SoundPiece> pieces_at(Rational offset, Rational begin, OtherSound const& other) {
  return {{begin + offset, begin + offset + other.length, other.track.start, 1}};
}

std::vector<SoundPiece> pieces_of(SyncFinding const& finding, Rational begin, OtherSound const& other, int sample_rate) {
  std::vector<SoundPiece> pieces;
  double span = 0;
  for (auto const& segment : finding.segments) span = std::max(span, segment.to - segment.from);
  bool const drifts = std::abs(finding.drift) * span > inaudible_drift;
  for (auto const& segment : finding.segments) {
    bool const is_first = &segment == &finding.segments.front(), is_last = &segment == &finding.segments.back();
    // The recording may begin before what both have, and go on behind it.
    double const from = is_first ? segment.offset / (1 - finding.drift) : segment.from;
    double const to = is_last ? (segment.offset + other.length.value()) / (1 - finding.drift) : segment.to;
    double const middle = (segment.from + segment.to) / 2, drift = drifts ? finding.drift : 0;
    double const offset = drifts ? segment.offset : segment.offset + finding.drift * middle;
    auto const rate = drifts ? Rational(std::llround((1 - drift) * rate_steps), rate_steps) : Rational(1);
    auto const first = to_sample(from, sample_rate);
    double const at = first.value() * (1 - drift) - offset;
    auto const place = drifts ? Rational(std::llround(at * rate_steps), rate_steps) : to_sample(at, sample_rate);
    pieces.push_back({begin + first, begin + to_sample(to, sample_rate), other.track.start + place, rate});
  }
  return pieces;
}

Rational end_of(std::vector<SoundPiece> const& pieces, Rational begin) { return pieces.empty() ? begin : pieces.back().to; }

Key sync_key(Key key, AudioStreamInfo const& own, SoundTrackOf const& a, OtherSound const& other, Builds const& builds) {
  key.add("content of the sound", own.identity).add("begins", a.start);
  key.add("content of the other sound", other.info.identity).add("the other begins", other.track.start);
  return key.add(builds, {"libavformat", "libavcodec", "libavutil", "libswresample", "processor"});
}

std::vector<std::string> new_sound_notes(NewSound const& wish, SyncFinding const* finding, Rational film_end,
                                         Rational sound_end) {
  std::vector<std::string> notes;
  auto const name = name_of(wish.file);
  if (finding != nullptr && finding->outcome == SyncOutcome::in_sync)
    notes.push_back(fmt::format("{} is in sync with the picture (confidence {:.2f})", name, finding->confidence));
  else if (finding != nullptr) {
    auto const& first = finding->segments.front();
    auto const cuts = finding->segments.size() - 1;
    notes.push_back(fmt::format("{} is delayed by {:+.1f} ms, drifts by {:+.2f} ppm and has {} cut{} (confidence {:.2f})", name,
                                (first.offset + finding->drift * first.from) * 1e3, finding->drift * 1e6, cuts,
                                cuts == 1 ? "" : "s", finding->confidence));
  }
  double const longer = (sound_end - film_end).value();
  if (std::abs(longer) > worth_a_note) {
    auto const what = longer < 0 ? fmt::format("{} ends {} before the picture", name, human_duration(-longer))
                                 : fmt::format("{} goes on {} behind the picture", name, human_duration(longer));
    auto const then =
        wish.ends == NewSound::Ends::all ? "nothing is left out"
        : wish.ends == NewSound::Ends::video
            ? (longer < 0 ? "the rest of the film is silent" : "its rest is left out")
            : (longer < 0 ? "the film ends with it, 'ends: video' keeps the picture" : "the film ends with the picture");
    notes.push_back(fmt::format("{}: {}", what, then));
  }
  return notes;
}

}  // namespace reelmill
