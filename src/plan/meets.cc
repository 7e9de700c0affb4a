// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/meets.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "graph/codecs.h"
#include "graph/gop.h"
#include "plan/as_source.h"
#include "plan/conform.h"
#include "plan/encoders.h"

namespace reelmill {

namespace {
constexpr double longest_group = 10;  // seconds from one key frame to the next

// What a decoder that is promised the profile plays, by libavcodec's names.
struct Profile {
  std::string_view codec, asked;
  std::array<std::string_view, 3> played;
};
constexpr std::array profiles{
    Profile{"h264", "high", {"High", "Main", "Constrained Baseline"}},
    Profile{"h264", "main", {"Main", "Constrained Baseline"}},
    Profile{"h265", "main", {"Main"}},
    Profile{"av1", "", {"Main"}},
    Profile{"vp9", "", {"Profile 0"}},
    Profile{"prores", "hq", {"HQ"}},
    Profile{"prores", "standard", {"Standard"}},
    Profile{"prores", "lt", {"LT"}},
    Profile{"prores", "proxy", {"Proxy"}},
    Profile{"dnxhr", "hq", {"DNXHR HQ"}},
    Profile{"dnxhr", "sq", {"DNXHR SQ"}},
    Profile{"dnxhr", "lb", {"DNXHR LB"}},
};

// Of libavcodec.
std::string_view codec_of(std::string_view ours) { return ours == "h265" ? "hevc" : ours == "dnxhr" ? "dnxhd" : ours; }

bool is_played(EncodeNode const& encode, std::string const& profile) {
  auto const row = std::find_if(profiles.begin(), profiles.end(),
                                [&](auto const& p) { return p.codec == encode.codec && p.asked == encode.profile; });
  return row == profiles.end() || std::find(row->played.begin(), row->played.end(), profile) != row->played.end();
}

// As ITU-T counts it; 0: this codec's does not matter.
int level_of(std::string_view codec, int told) { return codec == "h264" ? told : codec == "h265" ? told / 3 : 0; }

std::vector<std::int64_t> times_shown(SourceIndex const& index) {
  std::vector<std::int64_t> times;
  for (auto const& packet : index.packets) times.push_back(packet.pts);
  std::sort(times.begin(), times.end());
  return times;
}

bool is_on_grid(std::vector<std::int64_t> const& times, Rational ticks_a_frame) {
  if (ticks_a_frame.den != 1) return false;
  for (std::size_t i = 1; i < times.size(); ++i)
    if (times[i] - times[i - 1] != ticks_a_frame.num) return false;
  return true;
}

std::optional<std::string> wrong_groups(SourceIndex const& index) {
  auto const tick = index.video.front().time_base;
  std::int64_t key = 0;
  for (std::size_t i = 0; i < index.packets.size(); ++i) {
    auto const& packet = index.packets[i];
    if (packet.access != Access::none && packet.access != Access::closed) return "its groups of pictures are not closed";
    if (i == 0 && packet.access == Access::none) return "it does not begin with a key frame";
    if (packet.access == Access::closed) key = packet.pts;
    if (Rational(packet.pts - key) * tick > Rational(static_cast<std::int64_t>(longest_group)))
      return fmt::format("more than {} s lie between two of its key frames", longest_group);
  }
  return std::nullopt;
}

// Where there is no ceiling, what an encode of this kind usually takes stands in its place: an export that is to be small stays
// so.
std::optional<std::string> too_many_bits(EncodeNode const& encode, std::int64_t ceiling, SourceIndex const& index) {
  auto const* const codec = video_codec_named(encode.codec);
  if (ceiling == 0 && !codec->has_crf()) return std::nullopt;
  bool const is_guessed = ceiling == 0;
  if (is_guessed) ceiling = static_cast<std::int64_t>(encoder_bits(encode, 0) * encode.rate.value());
  CeilingJudge judge(ceiling, encode.rate);
  std::int64_t bits = 0;
  for (auto const& packet : index.packets) {
    judge.add(std::int64_t{packet.size} * 8);
    bits += std::int64_t{packet.size} * 8;
  }
  bool const is_more =
      Rational(bits) * encode.rate > Rational(ceiling) * Rational(static_cast<std::int64_t>(index.packets.size()));
  if (is_guessed ? !is_more : judge.passes()) return std::nullopt;
  auto const megabits = [](double value) { return fmt::format("{:.2f} Mb/s", value / 1e6); };
  auto const mean = static_cast<double>(bits) / static_cast<double>(index.packets.size()) * encode.rate.value();
  if (is_guessed)
    return fmt::format("it has {}, more than the {} that crf {} usually takes", megabits(mean),
                       megabits(static_cast<double>(ceiling)), shortest(encode.crf));
  if (is_more) return fmt::format("it has {}, more than {}", megabits(mean), megabits(static_cast<double>(ceiling)));
  return fmt::format("its bit rate goes beyond {} at times", megabits(static_cast<double>(ceiling)));
}

std::optional<std::string> wrong_colours(EncodeNode const& encode, VideoStreamInfo const& source) {
  constexpr std::string_view untold = "unknown";
  if (source.primaries == untold || source.transfer == untold || source.matrix == untold || source.range == untold)
    return "its colours are not told";
  if (source.primaries != encode.primaries || source.transfer != encode.transfer || source.matrix != encode.matrix)
    return fmt::format("its colours are {}, {}, {}, not {}, {}, {}", source.primaries, source.transfer, source.matrix,
                       encode.primaries, encode.transfer, encode.matrix);
  if (source.range != encode.range) return "its range is not limited";
  return std::nullopt;
}

std::optional<std::string> slight_shortfall(Export const& target, EncodeNode const& encode, SourceIndex const& index,
                                            SourceAnalysis const& analysis, Lowered const& lowered) {
  auto const& source = index.video.front();
  auto const times = times_shown(index);
  if (source.sample_aspect != Rational(1)) return "its pixels are not square";
  if (source.rotation != 0 || source.mirrored) return "it is to be turned";
  if (source.pixel_format != encode.pixel_format)
    return fmt::format("its pixels are {}, not {}", source.pixel_format, encode.pixel_format);
  if (!is_played(encode, source.profile)) return fmt::format("its profile is {}, not {}", source.profile, encode.profile);
  if (auto const level = level_of(encode.codec, source.level); level < 0 || level > encode.level)
    return level < 0 ? "its level is not told"
                     : fmt::format("its level is {:.1f}, above {:.1f}", level / 10.0, encode.level / 10.0);
  if (auto colours = wrong_colours(encode, source)) return colours;
  auto const conform = conform_of(source, &analysis, lowered);
  if (!conform.tasks.empty()) return fmt::format("it needs: {}", fmt::join(conform.tasks, ", "));
  if (!is_on_grid(times, Rational(1) / (encode.rate * source.time_base)))
    return fmt::format("its times are not those of {} fps to the tick", to_string(encode.rate));
  if (times != analysis.pts || conform.width != source.width || conform.height != source.height)
    return "not every picture of it decodes as it should";
  if (auto groups = wrong_groups(index)) return groups;
  if (auto bits = too_many_bits(encode, target.ceiling, index)) return bits;
  if (std::any_of(index.packets.begin(), index.packets.end(), [](auto const& packet) { return packet.discard; }))
    return "its edit list hides pictures";
  return obstacle(target, index, copied_picture(index, {times.front(), shown(index).end}));
}
}  // namespace

std::optional<Shortfall> shortfall(Export const& target, EncodeNode const& encode, SourceIndex const& index,
                                   SourceAnalysis const& analysis, Lowered const& lowered) {
  auto const& source = index.video.front();
  if (source.codec != codec_of(encode.codec)) return Shortfall{fmt::format("it is {}", source.codec), false};
  if (source.width != encode.width || source.height != encode.height)
    return Shortfall{fmt::format("it has {}x{} pixels", source.width, source.height), false};
  if (constant_rate(index) != encode.rate) return Shortfall{fmt::format("it has {} fps", to_string(constant_rate(index))), false};
  if (auto what = slight_shortfall(target, encode, index, analysis, lowered)) return Shortfall{*std::move(what), true};
  return std::nullopt;
}

Result<std::vector<std::string>> copy_where_met(Project& project, SourceIndex const& index, SourceAnalysis const& analysis,
                                                Lowered const& lowered, std::vector<std::string>& hints) {
  std::vector<std::string> met;
  if (project.range || std::any_of(project.video.begin(), project.video.end(), changes_picture)) return met;
  std::string short_of;
  for (auto& target : project.exports) {
    if (target.copies()) continue;
    auto const encode = TRY(encode_of(project, target, index.video.front()));
    if (auto const found = shortfall(target, encode, index, analysis, lowered)) {
      if (found->is_slight) short_of += fmt::format("{}{}: {}", short_of.empty() ? "" : "; ", target.name, found->what);
      continue;
    }
    target.video_codec = copy_codec;
    met.push_back(target.name);
  }
  if (!short_of.empty()) hints.push_back("nearly what is asked for, but encoded again for " + short_of);
  return met;
}

std::string picture_text(SourceIndex const& index) {
  auto const& source = index.video.front();
  return fmt::format("{} {} {}x{} at {} fps", source.codec, source.profile, source.width, source.height,
                     to_string(constant_rate(index)));
}

}  // namespace reelmill
