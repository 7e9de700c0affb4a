// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/demuxer.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "av/allowed.h"
#include "av/failure.h"
#include "av/layout.h"
#include "base/hash.h"
#include "graph/media_limits.h"

namespace reelmill::av {

namespace {
constexpr std::int64_t longest_probe = 32 << 20;       // bytes
constexpr std::int64_t longest_analysis = 10'000'000;  // microseconds of film

Error refused(int code, Deadline const& deadline, std::string const& doing, std::string const& name) {
  auto const bad = [&](std::string_view what) {
    return Error{.kind = ErrorKind::media, .what = fmt::format("{} {}: {}", doing, name, what)};
  };
  if (code == AVERROR_EXIT || deadline.is_over())
    return bad("the reader found no way through it in reasonable time; the file is damaged or made to do that");
  if (code == AVERROR(ENOMEM))
    return bad("it asks for more memory, or has more streams, than footage does; the file is damaged or made to do that");
  return failure(code, fmt::format("{} {}", doing, name), ErrorKind::media);
}

// The decoders that libav opens to look at a stream keep the same limits as ours.
class OptionsOfStreams {
 public:
  explicit OptionsOfStreams(unsigned streams) : options_(streams) {
    for (auto& options : options_) av_dict_set_int(&options, "max_pixels", most::pixels, 0);
  }
  OptionsOfStreams(OptionsOfStreams const&) = delete;
  OptionsOfStreams& operator=(OptionsOfStreams const&) = delete;
  ~OptionsOfStreams() {
    for (auto& options : options_) av_dict_free(&options);
  }
  AVDictionary** get() { return options_.empty() ? nullptr : options_.data(); }

 private:
  std::vector<AVDictionary*> options_;
};

Result<void> check_streams(AVFormatContext const& context, std::string const& name) {
  if (context.nb_streams <= most::streams) return {};
  av_log(nullptr, AV_LOG_ERROR, "%u streams, more than max_streams\n", context.nb_streams);
  return Error{
      .kind = ErrorKind::media,
      .what = fmt::format("opening {}: it has {} streams, more than {}, the most that is read; remux it with those you need",
                          name, context.nb_streams, most::streams)};
}

Result<InputContext> open_context(std::string const& path, std::string const& name, Deadline& deadline) {
  Options options;
  options.set("protocol_whitelist", "file");
  options.set("format_whitelist", allowed_formats());
  options.set("codec_whitelist", allowed_decoders());
  options.set("probesize", longest_probe);
  options.set("analyzeduration", longest_analysis);
  AVFormatContext* raw = avformat_alloc_context();
  if (!raw) return Error{.kind = ErrorKind::full, .what = fmt::format("opening {}: out of memory", name)};
  raw->interrupt_callback = deadline.callback();
  deadline.restart();
  std::string const url = "file:" + path;
  if (int const code = avformat_open_input(&raw, url.c_str(), nullptr, options.get()); code < 0) {
    if (code != AVERROR_INVALIDDATA) return refused(code, deadline, "opening", name);
    auto const faults = judge_unopened(path, {});
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format(
                     "opening {}: {}", name,
                     faults.empty() ? "not a media file, damaged, or a container that is not allowed" : faults.front().message)};
  }
  InputContext context(raw);
  TRY(check_streams(*raw, name));
  OptionsOfStreams limits(raw->nb_streams);
  deadline.restart();
  if (int const code = avformat_find_stream_info(raw, limits.get()); code < 0)
    return refused(code, deadline, "reading the streams of", name);
  TRY(check_streams(*raw, name));
  return context;
}
}  // namespace

std::uint64_t payload_hash(AVPacket const& packet) { return xxh3_64(packet.data, static_cast<std::size_t>(packet.size)); }

Result<Demuxer> Demuxer::open(std::string const& path) {
  std::string name = std::filesystem::path(path).filename().string();
  Deadline deadline;
  auto context = TRY(open_context(path, name, deadline));
  return Demuxer(std::move(deadline), std::move(context), path, std::move(name));
}

int Demuxer::best_video() const {
  // The first one, as players have it; but a default one before others, and stills last.
  auto const rank = [&](AVStream const& stream) {
    bool const is_still =
        stream.nb_frames == 1 || (stream.disposition & (AV_DISPOSITION_TIMED_THUMBNAILS | AV_DISPOSITION_STILL_IMAGE));
    return (is_still ? 0 : 2) + (stream.disposition & AV_DISPOSITION_DEFAULT ? 1 : 0);
  };
  int best = -1;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    auto const& stream = *context_->streams[i];
    if (stream.codecpar->codec_type != AVMEDIA_TYPE_VIDEO || (stream.disposition & AV_DISPOSITION_ATTACHED_PIC)) continue;
    if (!decoder_for(stream.codecpar->codec_id) || stream.codecpar->width <= 0) continue;
    if (best < 0 || rank(stream) > rank(*context_->streams[best])) best = static_cast<int>(i);
  }
  return best;
}

int Demuxer::best_audio() const {
  int best = -1;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    auto const& stream = *context_->streams[i];
    auto const& parameters = *stream.codecpar;
    if (parameters.codec_type != AVMEDIA_TYPE_AUDIO || !decoder_for(parameters.codec_id)) continue;
    if (parameters.sample_rate <= 0 || parameters.ch_layout.nb_channels <= 0) continue;
    bool const is_default = stream.disposition & AV_DISPOSITION_DEFAULT;
    if (best < 0 || (is_default && !(context_->streams[best]->disposition & AV_DISPOSITION_DEFAULT))) best = static_cast<int>(i);
  }
  return best;
}

void Demuxer::keep_only(int stream) {
  kept_ = stream;
  for (unsigned i = 0; i < context_->nb_streams; ++i)
    context_->streams[i]->discard = static_cast<int>(i) == stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

Result<Pull> Demuxer::read(AVPacket& packet) {
  av_packet_unref(&packet);
  if (pending_) {
    av_packet_move_ref(&packet, pending_.get());
    pending_.reset();
    return Pull::item;
  }
  deadline_.restart();
  while (true) {
    int const code = av_read_frame(context_.get(), &packet);
    if (code == AVERROR_EOF) return Pull::end;
    if (code == AVERROR(EAGAIN)) continue;
    if (code < 0) return refused(code, deadline_, "reading", name_);
    if (kept_ < 0 || packet.stream_index == kept_) return Pull::item;
    av_packet_unref(&packet);
  }
}

Result<void> Demuxer::seek(int stream, SeekPoint const& point) {
  auto const is_wanted = [&](AVPacket const& packet) {
    return packet.stream_index == stream && payload_hash(packet) == point.hash &&
           (packet.dts == point.dts || packet.pts == point.pts);
  };
  auto const& base = context_->streams[stream]->time_base;
  // Containers land near, at or after the wanted packet; so start ever earlier until it is met.
  for (std::int64_t const seconds_back : {0, 2, 20, -1}) {
    pending_.reset();
    deadline_.restart();
    if (seconds_back >= 0) {
      auto const back = av_rescale_q(seconds_back, AVRational{1, 1}, base);
      auto const target = std::min(point.dts, point.pts) - back;
      if (avformat_seek_file(context_.get(), stream, INT64_MIN, target, target, 0) < 0) continue;
    } else {
      context_ = TRY(open_context(path_, name_, deadline_));
      keep_only(kept_);
    }
    auto packet = make_packet();
    while (TRY(read(*packet)) == Pull::item) {
      if (is_wanted(*packet)) {
        pending_ = std::move(packet);
        return {};
      }
      if (packet->stream_index == stream && packet->dts != AV_NOPTS_VALUE && packet->dts > point.dts) break;
    }
  }
  return Error{
      .kind = ErrorKind::media,
      .what = fmt::format("seeking in {}: the packet at {} is not there any more; has the file changed since it was indexed?",
                          name_, point.pts)};
}

}  // namespace reelmill::av
