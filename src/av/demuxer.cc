// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/demuxer.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <xxhash.h>

#include "av/failure.h"
#include "av/layout.h"

namespace reelmill::av {

namespace {
// Containers only: no playlists, no image sequences, nothing that can name another file.
constexpr char const* allowed_formats =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,mxf,wav,w64,aiff,flac,mp3,ogg,aac,ac3,eac3,flv,ivf,yuv4mpegpipe,nut";
constexpr std::int64_t longest_probe = 32 << 20;

Result<InputContext> open_context(std::string const& path, std::string const& name) {
  Options options;
  options.set("protocol_whitelist", "file");
  options.set("format_whitelist", allowed_formats);
  options.set("max_streams", 64);
  options.set("probesize", longest_probe);
  AVFormatContext* raw = nullptr;
  std::string const url = "file:" + path;
  if (int const code = avformat_open_input(&raw, url.c_str(), nullptr, options.get()); code < 0) {
    return code == AVERROR_INVALIDDATA
               ? Error{.kind = ErrorKind::media,
                       .what = fmt::format("opening {}: not a media file, damaged, or a container that is not allowed", name)}
               : failure(code, fmt::format("opening {}", name), ErrorKind::media);
  }
  InputContext context(raw);
  if (int const code = avformat_find_stream_info(raw, nullptr); code < 0)
    return failure(code, fmt::format("reading the streams of {}", name), ErrorKind::media);
  return context;
}
}  // namespace

std::uint64_t payload_hash(AVPacket const& packet) { return XXH3_64bits(packet.data, static_cast<std::size_t>(packet.size)); }

Result<Demuxer> Demuxer::open(std::string const& path) {
  std::string name = std::filesystem::path(path).filename().string();
  auto context = open_context(path, name);
  if (!context && context.error().kind == ErrorKind::media)
    if (auto const faults = judge_unopened(path, {}); !faults.empty())
      return Error{.kind = ErrorKind::media, .what = fmt::format("opening {}: {}", name, faults.front().message)};
  return Demuxer(TRY(std::move(context)), path, std::move(name));
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
    if (!avcodec_find_decoder(stream.codecpar->codec_id) || stream.codecpar->width <= 0) continue;
    if (best < 0 || rank(stream) > rank(*context_->streams[best])) best = static_cast<int>(i);
  }
  return best;
}

int Demuxer::best_audio() const {
  int best = -1;
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    auto const& stream = *context_->streams[i];
    auto const& parameters = *stream.codecpar;
    if (parameters.codec_type != AVMEDIA_TYPE_AUDIO || !avcodec_find_decoder(parameters.codec_id)) continue;
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
  while (true) {
    int const code = av_read_frame(context_.get(), &packet);
    if (code == AVERROR_EOF) return Pull::end;
    if (code == AVERROR(EAGAIN)) continue;
    if (code < 0) return failure(code, fmt::format("reading {}", name_), ErrorKind::media);
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
    if (seconds_back >= 0) {
      auto const back = av_rescale_q(seconds_back, AVRational{1, 1}, base);
      auto const target = std::min(point.dts, point.pts) - back;
      if (avformat_seek_file(context_.get(), stream, INT64_MIN, target, target, 0) < 0) continue;
    } else {
      context_ = TRY(open_context(path_, name_));
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
