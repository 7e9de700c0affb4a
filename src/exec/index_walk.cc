// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "av/access.h"
#include "av/demuxer.h"
#include "av/layout.h"
#include "av/sound_track.h"
#include "av/stream_info.h"
#include "base/hash.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"
#include "graph/media_limits.h"
#include "graph/plausible.h"

namespace reelmill {

namespace {
constexpr std::int64_t longest_transport_packet = 204;  // bytes

std::int64_t or_else(std::int64_t value, std::int64_t other) {
  return value != AV_NOPTS_VALUE ? value : other != AV_NOPTS_VALUE ? other : 0;
}
}  // namespace

Result<void> walk_index(IndexStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  auto demuxer = TRY(av::Demuxer::open(stage.source));
  auto& context = demuxer.context();
  // libav reads what there is of a file that was cut short, and says nothing. A recording that stopped inside a packet of its
  // transport stream has lost nothing worth refusing it for.
  auto const layout = TRY(av::read_layout(stage.source));
  if (auto const faults = judge_layout(layout); !is_valid(faults)) {
    auto const what = fmt::format("indexing {}: {}", demuxer.name(), faults.front().message);
    bool const ends_in_a_packet = std::string_view(context.iformat->name) == "mpegts" && layout.needed > layout.size &&
                                  layout.needed - layout.size < longest_transport_packet;
    if (!ends_in_a_packet) return Error{.kind = ErrorKind::media, .what = what};
    reporter.warning(what);
  }
  int const video = demuxer.best_video();

  SourceIndex index;
  index.container = context.iformat->name;
  if (context.duration != AV_NOPTS_VALUE) index.duration = Rational(context.duration, AV_TIME_BASE);
  Hasher picture;
  if (video >= 0) {
    if (av::needs_dolby_vision(demuxer.stream(video)))
      return Error{
          .kind = ErrorKind::media,
          .what = fmt::format("indexing {}: it is Dolby Vision without a picture of its own that others can show (profile "
                              "5); export it as HDR10, HLG or SDR first",
                              demuxer.name())};
    index.video.push_back(av::video_info(demuxer.stream(video)));
    av::add_picture(picture, demuxer.stream(video));
  }
  std::map<int, av::SoundTrack> tracks;
  for (unsigned i = 0; i < context.nb_streams; ++i)
    if (context.streams[i]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
      tracks.try_emplace(static_cast<int>(i), *context.streams[i], demuxer.name());

  std::int64_t const bytes = avio_size(context.pb);
  bool header_changed = false, has_dts = false;
  auto packet = av::make_packet();
  while (TRY(demuxer.read(*packet)) == av::Pull::item) {
    if (auto const track = tracks.find(packet->stream_index); track != tracks.end()) TRY(track->second.add(*packet));
    if (bytes > 0 && packet->pos > 0) reporter.progress(static_cast<double>(packet->pos), static_cast<double>(bytes), "bytes");
    if (packet->stream_index != video) continue;
    auto const hash = av::add_packet(picture, *packet);
    // Where the container does not say when a picture is shown, its first frame may come later than its packet.
    auto access = av::access_of(*packet, *demuxer.stream(video).codecpar);
    // A header in mid-stream counts from there on, and a decode that begins later would miss it; MP4 repeats it when asked.
    bool const new_header = av_packet_get_side_data(packet.get(), AV_PKT_DATA_NEW_EXTRADATA, nullptr) != nullptr;
    auto& info = index.video.front();
    if (av::changes_header(*packet, *demuxer.stream(video).codecpar)) info.is_steady = false;
    if (packet->pts == AV_NOPTS_VALUE) info.is_timed = false;
    if (new_header && index.container.find("mp4") == std::string::npos) header_changed = true;
    if (header_changed) access = Access::none;
    if (packet->pts == AV_NOPTS_VALUE && access != Access::none) access = Access::open;
    if (static_cast<std::int64_t>(index.packets.size()) > most::packets) break;
    if (!has_dts && packet->dts != AV_NOPTS_VALUE) {
      auto const untimed = index.packets.size();
      for (std::size_t i = 0; i < untimed; ++i) index.packets[i].dts = av::dts_before(packet->dts, packet->duration, untimed - i);
      has_dts = true;
    }
    index.packets.push_back({.pts = or_else(packet->pts, packet->dts),
                             .dts = or_else(packet->dts, packet->pts),
                             .duration = packet->duration,
                             .size = packet->size,
                             .access = access,
                             .discard = (packet->flags & AV_PKT_FLAG_DISCARD) != 0,
                             .hash = hash});
  }
  for (auto& [stream, track] : tracks) index.audio.push_back(TRY(track.finish()));
  if (auto const wrong = implausible(index))
    return Error{.kind = ErrorKind::media, .what = fmt::format("indexing {}: {}", demuxer.name(), *wrong)};
  index.identity = picture.hex();
  bool const is_heard = std::any_of(index.audio.begin(), index.audio.end(), [](auto const& track) { return track.decodable; });
  if (video < 0 && !is_heard)
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("indexing {}: it has no picture and no sound that can be decoded", demuxer.name())};

  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  TRY(unit.finish({{"index", index}}));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
