// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "graph/media_kind.h"
#include "graph/media_limits.h"
#include "graph/probe.h"

namespace reelmill {

namespace {

constexpr double highest_rate = most::frame_rate, longest_film = most::hours * 3600.0;

// Containers that keep no sizes of their own by which a cut would show; of these a header that promises more is believed.
bool shows_cuts_by_duration_only(std::string_view container) {
  for (std::string_view const name : {"mp3", "flac", "ogg", "flv", "aac", "nut", "matroska"})
    if (container.starts_with(name)) return true;
  return false;
}

class Judge {
 public:
  Judge(SourceProbe const& probe, std::string_view extension) : probe_(probe), extension_(extension) {}

  std::vector<Fault> all() {
    faults_ = probe_.faults;
    for (auto& fault : judge_layout(probe_.layout)) faults_.push_back(std::move(fault));
    if (!probe_.container.empty()) whole();
    for (auto const& picture : probe_.video) one(picture, &picture == &probe_.video.front());
    for (auto const& sound : probe_.audio) one(sound);
    name();
    std::stable_sort(faults_.begin(), faults_.end(), [](Fault const& a, Fault const& b) { return a.severity > b.severity; });
    return std::move(faults_);
  }

 private:
  void add(Severity severity, std::string code, std::string message) {
    faults_.push_back({std::move(code), severity, std::move(message)});
  }
  bool has(std::string_view code) const {
    return std::any_of(faults_.begin(), faults_.end(), [&](Fault const& fault) { return fault.code == code; });
  }

  void whole() {
    auto const decodable = [](auto const& streams) {
      return std::any_of(streams.begin(), streams.end(), [](auto const& stream) { return stream.is_decodable; });
    };
    if (!probe_.read_error.empty() && !has("truncated"))
      add(Severity::error, "unreadable_packets", "reading its packets stopped early: " + probe_.read_error);
    if (probe_.streams > most::streams)
      add(Severity::error, "too_many_streams",
          fmt::format("it has {} streams; at most {} are taken", probe_.streams, most::streams));
    if (probe_.video.empty() && probe_.audio.empty()) {
      add(Severity::error, "no_streams", "it holds neither picture nor sound");
      return;
    }
    if (probe_.video.empty()) add(Severity::note, "no_picture", "it has no picture");
    if (probe_.audio.empty()) add(Severity::note, "no_sound", "it has no sound");
    if (!decodable(probe_.video) && !decodable(probe_.audio))
      add(Severity::error, "unsupported_codec", "no stream of it can be decoded here");
    if (probe_.duration > longest_film)
      add(Severity::error, "too_long", fmt::format("it lasts {}; at most 24 hours are taken", human_duration(probe_.duration)));
    claims();
  }

  void claims() {
    double const claimed = probe_.claimed_duration;
    if (claimed < 0 || !probe_.read_error.empty() || probe_.duration <= 0) return;
    double frame = 0.1;
    if (!probe_.video.empty()) frame = std::max(probe_.video.front().longest_frame, 0.05);
    double const off = claimed - probe_.duration;
    // Streams of a film seldom end together to the frame, and a header may mean any of them.
    if (std::abs(off) <= frame + 0.05) return;
    bool const is_cut = off > std::max(0.5, 0.02 * claimed) && shows_cuts_by_duration_only(probe_.container);
    if (is_cut && !has("truncated"))
      add(Severity::error, "truncated",
          fmt::format("the header promises {:.3f} s but the packets end after {:.3f} s; copy the file again", claimed,
                      probe_.duration));
    else
      add(Severity::warning, "duration_mismatch",
          fmt::format("the header says {:.3f} s, the packets last {:.3f} s", claimed, probe_.duration));
  }

  void timing(StreamTiming const& timing, std::string const& who) {
    if (timing.packets == 0) return add(Severity::error, "no_packets", who + " holds no packets");
    if (timing.claimed_packets > timing.packets && !has("truncated"))
      add(Severity::error, "missing_packets",
          fmt::format("{}: the index lists {} packets, {} can be read; copy the file again", who, timing.claimed_packets,
                      timing.packets));
    // Of a transport stream that was put together from several, the packet at each join is called corrupt; what is really
    // damaged shows when it is decoded.
    if (timing.damaged > 0)
      add(probe_.container == "mpegts" ? Severity::warning : Severity::error, "damaged_packets",
          fmt::format("{}: {} of {} packets are called incomplete", who, timing.damaged, timing.packets));
    if (timing.backwards > 0)
      add(Severity::warning, "timestamps",
          fmt::format("{}: decoding times run backwards in {} places; remuxing may mend it", who, timing.backwards));
    if (timing.untimed == timing.packets) add(Severity::warning, "timestamps", fmt::format("{}: no packet has a time", who));
  }

  void decoded(Decoded const& decoded, std::string const& who, std::string_view unit) {
    if (decoded.units < 0) return;
    auto const where = decoded.first_error >= 0 ? fmt::format(", first at {:.2f} s", decoded.first_error) : std::string();
    auto const said = decoded.said.empty() ? std::string() : fmt::format(" ({})", decoded.said);
    if (decoded.units == 0)
      add(Severity::error, "decode_errors", fmt::format("{}: not one {} could be decoded{}", who, unit, said));
    else if (decoded.errors > 0)
      add(Severity::error, "decode_errors",
          fmt::format("{}: {} place{} cannot be decoded{}{}", who, decoded.errors, decoded.errors == 1 ? "" : "s", where, said));
    else if (decoded.missing > 0)
      add(Severity::error, "missing_frames",
          fmt::format("{}: {} of its frames do not come out of the decoder{}", who, decoded.missing, where));
  }

  void one(PictureProbe const& picture, bool is_first) {
    auto const who = fmt::format("picture (stream {})", picture.info.stream);
    if (!picture.is_decodable)
      return add(is_first ? Severity::error : Severity::warning, "unsupported_codec",
                 fmt::format("{}: {} cannot be decoded here", who, picture.info.codec));
    auto const pixels = static_cast<std::int64_t>(picture.info.width) * picture.info.height;
    if (pixels > most::pixels)
      add(Severity::error, "too_large",
          fmt::format("{}: {}x{} is larger than 8192x4320", who, picture.info.width, picture.info.height));
    if (pixels <= 0) add(Severity::error, "no_size", who + ": it does not say how large it is, or claims more than 8192x4320");
    timing(picture.timing, who);
    decoded(picture.decoded, who, "frame");
    if (picture.rate.value() > highest_rate + 0.5)
      add(Severity::error, "absurd_rate",
          fmt::format("{}: {:.0f} frames a second; at most {:.0f} are taken", who, picture.rate.value(), highest_rate));
    if (picture.parameter_changes > 0)
      add(Severity::warning, "parameters_change",
          fmt::format("{}: its size or coding changes {} time{} on the way", who, picture.parameter_changes,
                      picture.parameter_changes == 1 ? "" : "s"));
    if (picture.varies)
      add(Severity::note, "variable_rate",
          fmt::format("{}: the frame rate varies; frames last from {:.1f} to {:.1f} ms", who, picture.shortest_frame * 1000,
                      picture.longest_frame * 1000));
    fields(picture, who);
  }

  void fields(PictureProbe const& picture, std::string const& who) {
    bool const tagged = picture.info.field_order != "progressive" && picture.info.field_order != "unknown";
    auto const& seen = picture.fields;
    // Of an interlaced film nearly all pictures show the same order.
    auto const interlaced = std::max(seen.top_first, seen.bottom_first),
               decided = seen.top_first + seen.bottom_first + seen.progressive;
    if (decided < 4) {
      if (tagged) add(Severity::note, "interlaced", fmt::format("{}: interlaced ({}) by its tag", who, picture.info.field_order));
    } else if (interlaced * 2 > decided) {
      bool const top = seen.top_first >= seen.bottom_first;
      add(Severity::note, "interlaced",
          fmt::format("{}: interlaced, the {} field first; {} of {} pictures looked at show it", who, top ? "top" : "bottom",
                      interlaced, decided));
      if (!tagged && picture.frames_tagged_interlaced == 0)
        add(Severity::warning, "interlacing_untagged", fmt::format("{}: nothing tags it as interlaced, but it looks so", who));
    } else if (tagged && interlaced * 50 < decided) {
      add(Severity::note, "progressive_content",
          fmt::format("{}: tagged interlaced ({}), but its pictures look progressive", who, picture.info.field_order));
    }
  }

  void one(SoundProbe const& sound) {
    auto const who = fmt::format("sound (stream {})", sound.info.stream);
    if (!sound.is_decodable)
      return add(Severity::warning, "unsupported_codec", fmt::format("{}: {} cannot be decoded here", who, sound.info.codec));
    timing(sound.timing, who);
    decoded(sound.decoded, who, "sample");
    if (sound.parameter_changes > 0)
      add(Severity::warning, "parameters_change",
          fmt::format("{}: its rate or channels change {} time{} on the way", who, sound.parameter_changes,
                      sound.parameter_changes == 1 ? "" : "s"));
    if (sound.timing.gaps > 0)
      add(Severity::note, "sound_gaps", fmt::format("{}: {:.3f} s of it are missing between packets", who, sound.timing.gaps));
  }

  void name() {
    if (extension_.empty() || probe_.usual_extensions.empty()) return;
    auto const mine = lower_case(std::string_view(extension_).substr(1));
    for (auto const usual : split(probe_.usual_extensions, ','))
      if (usual == mine) return;
    add(Severity::note, "wrong_extension", fmt::format("it is named {}, but it is {}", printable(extension_), probe_.long_name));
  }

  SourceProbe const& probe_;
  std::string_view extension_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> judge(SourceProbe const& probe, std::string_view extension) { return Judge(probe, extension).all(); }

std::vector<Fault> judge_head(std::string_view head) {
  auto const seen = recognise(head);
  auto const error = [](std::string code, std::string message) {
    return std::vector<Fault>{{std::move(code), Severity::error, std::move(message)}};
  };
  switch (seen.kind) {
    case MediaKind::empty:
      return error("empty", "the file is empty; copy it again");
    case MediaKind::playlist:
      return error("playlist", fmt::format("it is {}, which is never opened; give the media that it names", seen.what));
    case MediaKind::script:
      return error("script", fmt::format("it is {}, which is never opened; give the media that it names", seen.what));
    case MediaKind::image:
      return error("image", fmt::format("it is {}, not a film", seen.what));
    case MediaKind::unsupported:
      return error("unsupported_container",
                   fmt::format("its container, {}, is not taken; remux it to MP4 or Matroska", seen.what));
    case MediaKind::text:
    case MediaKind::other:
      return error("not_media", fmt::format("it is {}, not media", seen.what));
    case MediaKind::media:
    case MediaKind::unknown:
      return {};
  }
  return {};
}

std::vector<Fault> judge_layout(Layout const& layout) {
  std::vector<Fault> faults;
  if (layout.needed > layout.size)
    faults.push_back({"truncated", Severity::error,
                      fmt::format("the file is cut short: it has {} of the {} bytes that it should have; copy it again",
                                  layout.size, layout.needed)});
  else if (!layout.cut.empty())
    faults.push_back({"truncated", Severity::error, fmt::format("the file is cut short: {}; copy it again", layout.cut)});
  if (layout.index == "missing")
    faults.push_back(
        {"no_index", Severity::error,
         "its index (moov) is missing: the recording was not finished, or the copy was not; record or copy it again"});
  return faults;
}

}  // namespace reelmill
