// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "av/decode_check.h"
#include "av/demuxer.h"
#include "av/layout.h"
#include "av/log_tap.h"
#include "av/stream_probe.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"

namespace reelmill {

namespace {

constexpr std::int64_t most_packets = 40'000'000;

struct Watched {
  av::PacketWatch watch;
  std::optional<av::DecodeCheck> check{};
  Decoded failed{};  // where no decoder could be made
};

class Probing {
 public:
  Probing(ProbeStage const& stage, av::Demuxer demuxer, av::LogTap& log, Reporter& reporter)
      : stage_(stage), demuxer_(std::move(demuxer)), context_(demuxer_.context()), log_(log), reporter_(reporter) {}

  Result<SourceProbe> run(Layout layout) {
    found_.layout = std::move(layout);
    found_.is_deep = stage_.deep;
    begin();
    TRY(read_packets());
    TRY(end());
    return std::move(found_);
  }

 private:
  void begin() {
    found_.container = context_.iformat->name;
    found_.long_name = context_.iformat->long_name ? context_.iformat->long_name : context_.iformat->name;
    if (context_.iformat->extensions) found_.usual_extensions = context_.iformat->extensions;
    if (context_.duration != AV_NOPTS_VALUE && context_.duration > 0 &&
        context_.duration_estimation_method == AVFMT_DURATION_FROM_STREAM)
      found_.claimed_duration = static_cast<double>(context_.duration) / AV_TIME_BASE;
    found_.timecode = av::tag_of(context_.metadata, "timecode");
    found_.created = av::tag_of(context_.metadata, "creation_time");
    for (unsigned i = 0; i < context_.nb_chapters; ++i) {
      auto const& chapter = *context_.chapters[i];
      auto const seconds = [&](std::int64_t time) {
        return static_cast<double>(time) * chapter.time_base.num / std::max(1, chapter.time_base.den);
      };
      found_.chapters.push_back({seconds(chapter.start), seconds(chapter.end), av::tag_of(chapter.metadata, "title")});
    }
    look_into_index();
    for (unsigned i = 0; i < context_.nb_streams; ++i) watch(*context_.streams[i]);
  }

  // Of MP4 the index says where every packet lies.
  void look_into_index() {
    if (found_.layout.index.empty() || found_.layout.fragments > 0) return;
    for (unsigned i = 0; i < context_.nb_streams; ++i) {
      auto& stream = *context_.streams[i];
      int const count = avformat_index_get_entries_count(&stream);
      for (int at = 0; at < count; ++at)
        if (auto const* entry = avformat_index_get_entry(&stream, at))
          found_.layout.needed = std::max(found_.layout.needed, entry->pos + entry->size);
      indexed_[stream.index] = count;
    }
  }

  Watched& watch(AVStream const& stream) {
    auto& watched = watched_.emplace(stream.index, Watched{av::PacketWatch(stream)}).first->second;
    auto const kind = stream.codecpar->codec_type;
    bool const is_film = (kind == AVMEDIA_TYPE_VIDEO && !av::is_attached_picture(stream)) || kind == AVMEDIA_TYPE_AUDIO;
    if (!stage_.deep || !is_film) return watched;
    auto check = av::DecodeCheck::open(stream, kind == AVMEDIA_TYPE_VIDEO ? stage_.threads : 1, log_);
    if (check)
      watched.check.emplace(std::move(check).value());
    else
      watched.failed = {.units = 0, .errors = 1, .said = check.error().what};
    return watched;
  }

  Result<void> read_packets() {
    auto packet = av::make_packet();
    auto const bytes = static_cast<double>(std::max<std::int64_t>(1, found_.layout.size));
    for (std::int64_t count = 0; count < most_packets; ++count) {
      auto more = demuxer_.read(*packet);
      if (!more) {
        if (more.error().kind != ErrorKind::media) return std::move(more).error();
        auto const said = log_.take();
        found_.read_error = said.empty() ? more.error().what : said;
        return {};
      }
      if (*more == av::Pull::end) return {};
      auto const at = watched_.find(packet->stream_index);
      auto& watched = at != watched_.end() ? at->second : watch(*context_.streams[packet->stream_index]);
      watched.watch.see(*packet);
      if (watched.check) TRY(watched.check->feed(packet.get()));
      if (packet->pos > 0) reporter_.progress(std::min(static_cast<double>(packet->pos), bytes), bytes, "bytes");
    }
    found_.read_error = fmt::format("it has more than {} packets", most_packets);
    return {};
  }

  Result<void> end() {
    found_.streams = context_.nb_streams;
    int const first_picture = demuxer_.best_video(), first_sound = demuxer_.best_audio();
    double begin = 0, finish = 0;
    bool is_any = false;
    for (auto& [index, watched] : watched_) {
      auto const& stream = *context_.streams[index];
      auto const kind = stream.codecpar->codec_type;
      if (watched.check) TRY(watched.check->feed(nullptr));
      if (av::is_attached_picture(stream) || (kind != AVMEDIA_TYPE_VIDEO && kind != AVMEDIA_TYPE_AUDIO)) {
        if (found_.timecode.empty()) found_.timecode = av::tag_of(stream.metadata, "timecode");
        found_.others.push_back(av::other_stream(stream));
        continue;
      }
      auto const timing = kind == AVMEDIA_TYPE_VIDEO ? add_picture(stream, watched, index == first_picture)
                                                     : add_sound(stream, watched, index == first_sound);
      if (timing.packets <= timing.untimed) continue;
      begin = is_any ? std::min(begin, timing.start) : timing.start;
      finish = is_any ? std::max(finish, timing.start + timing.duration) : timing.start + timing.duration;
      is_any = true;
    }
    found_.duration = finish - begin;
    if (found_.duration > 0)
      found_.bit_rate = static_cast<std::int64_t>(static_cast<double>(found_.layout.size) * 8 / found_.duration);
    return {};
  }

  StreamTiming add_picture(AVStream const& stream, Watched& watched, bool is_first) {
    auto picture = av::picture_probe(stream);
    picture.timing.claimed_packets = claimed_packets(stream.index);
    watched.watch.tell(picture);
    if (watched.check)
      watched.check->tell(picture, watched.watch.shown());
    else
      picture.decoded = watched.failed;
    if (!picture.timecode.empty() && found_.timecode.empty()) found_.timecode = picture.timecode;
    auto const timing = picture.timing;
    found_.video.insert(is_first ? found_.video.begin() : found_.video.end(), std::move(picture));
    return timing;
  }

  StreamTiming add_sound(AVStream const& stream, Watched& watched, bool is_first) {
    auto sound = av::sound_probe(stream);
    sound.timing.claimed_packets = claimed_packets(stream.index);
    watched.watch.tell(sound);
    if (watched.check)
      watched.check->tell(sound);
    else
      sound.decoded = watched.failed;
    auto const timing = sound.timing;
    found_.audio.insert(is_first ? found_.audio.begin() : found_.audio.end(), std::move(sound));
    return timing;
  }

  std::int64_t claimed_packets(int index) const {
    auto const found = indexed_.find(index);
    return found != indexed_.end() ? found->second : -1;
  }

  ProbeStage const& stage_;
  av::Demuxer demuxer_;
  AVFormatContext& context_;
  av::LogTap& log_;
  Reporter& reporter_;
  SourceProbe found_;
  std::map<int, Watched> watched_;
  std::map<int, std::int64_t> indexed_;
};

bool is_damaged(SourceProbe const& probe) {
  return std::any_of(probe.video.begin(), probe.video.end(),
                     [](PictureProbe const& picture) { return picture.decoded.errors + picture.decoded.missing > 0; });
}

Result<SourceProbe> probe(ProbeStage const& stage, Reporter& reporter) {
  SourceProbe unopened;
  unopened.is_deep = stage.deep;
  auto layout = av::read_layout(stage.source);
  if (!layout) {
    unopened.faults.push_back({"unreadable", Severity::error, layout.error().what});
    return unopened;
  }
  av::LogTap log;
  if (auto const head = av::read_head(stage.source)) unopened.faults = judge_head(*head);
  if (!is_valid(unopened.faults)) return unopened;  // a layout means nothing there
  auto demuxer = av::Demuxer::open(stage.source);
  if (demuxer) {
    auto found = TRY(Probing(stage, std::move(demuxer).value(), log, reporter).run(*layout));
    if (stage.threads == 1 || !is_damaged(found)) return found;
    // Several threads meet an error in any order; what is said of it must not depend on them.
    auto alone = stage;
    alone.threads = 1;
    return Probing(alone, TRY(av::Demuxer::open(stage.source)), log, reporter).run(std::move(*layout));
  }
  if (demuxer.error().kind != ErrorKind::media && demuxer.error().kind != ErrorKind::full) return std::move(demuxer).error();
  unopened.faults = av::judge_unopened(stage.source, log.take());
  unopened.layout.size = layout->size;
  return unopened;
}

}  // namespace

Result<void> walk_probe(ProbeStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  auto const found = TRY(probe(stage, reporter));
  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  TRY(unit.finish({{"probe", found}}));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
