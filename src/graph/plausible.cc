// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/plausible.h"

#include <algorithm>

#include <fmt/format.h>

#include "graph/media_limits.h"

namespace reelmill {

namespace {
constexpr std::int64_t farthest = std::int64_t{1} << 60;  // ticks: differences of two, and four times them, stay in 64 bits
constexpr std::size_t few = 10;                           // packets, of which no rate can be told

bool is_far(std::int64_t ticks) { return ticks > farthest || ticks < -farthest; }

std::optional<std::string> wrong_picture(VideoStreamInfo const& info) {
  if (info.width <= 0 || info.height <= 0) return "its picture has no size; it is damaged";
  if (static_cast<std::int64_t>(info.width) * info.height > most::pixels)
    return fmt::format("a picture of {}x{} is larger than 8192x4320, the most that is read; scale it down first", info.width,
                       info.height);
  if (info.time_base.num <= 0 || info.sample_aspect.num <= 0) return "its clock or the shape of its pixels is not a number";
  return std::nullopt;
}

std::optional<std::string> wrong_sound(AudioStreamInfo const& info) {
  if (info.sample_rate >= most::least_sample_rate && info.sample_rate <= most::sample_rate && info.channels > 0 &&
      info.channels <= most::channels)
    return std::nullopt;
  return fmt::format("a sound of {} channels at {} Hz is not one", info.channels, info.sample_rate);
}

std::optional<std::string> wrong_times(std::vector<VideoPacket> const& packets, double tick) {
  constexpr auto advice = "; its time stamps are damaged, remux the file first";
  std::vector<std::int64_t> shown;
  shown.reserve(packets.size());
  std::int64_t end = -farthest;
  for (auto const& packet : packets) {
    if (is_far(packet.pts) || is_far(packet.dts) || is_far(packet.duration) || packet.duration < 0)
      return fmt::format("a packet is at the time {}, which no clock shows{}", packet.pts, advice);
    if (packet.discard) continue;
    shown.push_back(packet.pts);
    end = std::max(end, packet.pts + packet.duration);
  }
  if (shown.empty()) return "its edit list hides every picture; remux the file without it";
  std::sort(shown.begin(), shown.end());
  auto const seconds = [&](std::int64_t from, std::int64_t to) { return static_cast<double>(to - from) * tick; };
  if (double const whole = seconds(shown.front(), end); whole > most::hours * 3600.0)
    return fmt::format("it lasts {:.0f} hours, more than {}, the most that is read{}", whole / 3600, most::hours, advice);
  for (std::size_t i = 1; i <= shown.size(); ++i)
    if (double const gap = seconds(shown[i - 1], i < shown.size() ? shown[i] : end); gap > most::seconds_of_a_picture)
      return fmt::format("one picture is shown for {:.0f} minutes{}", gap / 60, advice);
  if (shown.size() < few) return std::nullopt;
  double const span = seconds(shown.front(), shown.back());
  if (static_cast<double>(shown.size() - 1) > 1.01 * most::frame_rate * span)
    return span > 0 ? fmt::format("it has {:.0f} pictures a second, more than {}, the most that is read{}",
                                  static_cast<double>(shown.size() - 1) / span, most::frame_rate, advice)
                    : fmt::format("all its {} pictures are at one instant{}", shown.size(), advice);
  return std::nullopt;
}
}  // namespace

std::optional<std::string> implausible(SourceIndex const& index) {
  for (auto const& info : index.video)
    if (auto wrong = wrong_picture(info)) return wrong;
  for (auto const& info : index.audio)
    if (info.decodable)
      if (auto wrong = wrong_sound(info)) return wrong;
  if (index.video.empty()) return std::nullopt;
  if (index.packets.empty()) return "its picture stream holds no packets; is it truncated?";
  if (static_cast<std::int64_t>(index.packets.size()) > most::packets)
    return fmt::format("it has {} pictures, more than {}, the most that is read; cut it into parts", index.packets.size(),
                       most::packets);
  return wrong_times(index.packets, index.video.front().time_base.value());
}

std::optional<std::string> implausible(SourceAnalysis const& analysis) {
  auto const& pts = analysis.pts;
  if (pts.empty()) return "it holds no frame";
  bool const is_whole =
      analysis.checksum.size() == pts.size() && (analysis.motion.empty() || analysis.motion.size() == pts.size());
  if (!is_whole) return "its columns are of different lengths";
  for (std::size_t i = 1; i < pts.size(); ++i)
    if (pts[i] <= pts[i - 1]) return "its times do not run forwards";
  if (is_far(pts.front()) || is_far(analysis.end) || analysis.end <= pts.back()) return "its end lies before its last frame";
  return std::nullopt;
}

}  // namespace reelmill
