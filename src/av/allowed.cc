// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/allowed.h"

#include <string_view>

#include <fmt/format.h>

#include "graph/media_limits.h"

extern "C" {
#include <libavutil/avstring.h>
#include <libavutil/mem.h>
}

namespace reelmill::av {

namespace {
constexpr char const* formats =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,mxf,dv,flv,ivf,nut,yuv4mpegpipe,"
    "wav,w64,aiff,caf,flac,mp3,ogg,aac,ac3,eac3";

// Cameras', phones', editors' and platforms' codecs, by the names of their decoders.
constexpr char const* decoders =
    "h264,hevc,libdav1d,libaom-av1,av1,vp8,vp9,libvpx,libvpx-vp9,mpeg1video,mpeg2video,mpegvideo,mpeg4,h263,mjpeg,dvvideo,"
    "prores,dnxhd,cfhd,ffv1,ffvhuff,huffyuv,utvideo,qtrle,png,rawvideo,wrapped_avframe,v210,v410,flv,theora,"
    "aac,aac_fixed,aac_latm,mp1,mp1float,mp2,mp2float,mp3,mp3float,ac3,ac3_fixed,eac3,dca,truehd,mlp,opus,libopus,vorbis,"
    "flac,alac,wavpack,amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,"
    "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,"
    "pcm_s16le_planar,pcm_s16be_planar,pcm_s24le_planar,pcm_s32le_planar,pcm_alaw,pcm_mulaw,pcm_bluray,pcm_dvd,s302m";

// A picture of the largest size allowed, with four channels of 16 bits, needs 283 MB.
constexpr std::size_t largest_piece = 512u << 20;

bool is_allowed(AVCodec const* codec) { return codec && av_match_list(codec->name, decoders, ',') > 0; }
}  // namespace

char const* allowed_formats() { return formats; }
char const* allowed_decoders() { return decoders; }

AVCodec const* decoder_for(AVCodecID id) {
  if (auto const* first = avcodec_find_decoder(id); is_allowed(first)) return first;
  void* at = nullptr;
  while (auto const* codec = av_codec_iterate(&at))
    if (codec->id == id && av_codec_is_decoder(codec) && is_allowed(codec)) return codec;
  return nullptr;
}

Result<AVCodec const*> find_decoder(AVCodecParameters const& parameters, std::string const& name) {
  auto const refused = [&](std::string what) { return Error{.kind = ErrorKind::media, .what = std::move(what)}; };
  auto const* codec = decoder_for(parameters.codec_id);
  if (!codec) {
    auto const* known = avcodec_get_name(parameters.codec_id);
    if (avcodec_find_decoder(parameters.codec_id))
      return refused(fmt::format(
          "decoding {}: '{}' is not among the codecs that are read here; convert it first, to ProRes or FFV1", name, known));
    return Error{.kind = ErrorKind::missing, .what = fmt::format("decoding {}: no decoder for '{}'", name, known)};
  }
  if (parameters.codec_type == AVMEDIA_TYPE_VIDEO) {
    auto const pixels = static_cast<std::int64_t>(parameters.width) * parameters.height;
    if (pixels > most::pixels)
      return refused(
          fmt::format("decoding {}: a picture of {}x{} is larger than 8192x4320, the most that is read; scale it down first",
                      name, parameters.width, parameters.height));
  }
  if (parameters.codec_type == AVMEDIA_TYPE_AUDIO) {
    if (parameters.sample_rate > most::sample_rate || parameters.sample_rate < most::least_sample_rate)
      return refused(fmt::format("decoding {}: a sound of {} Hz is not one; it must be between {} and {} Hz", name,
                                 parameters.sample_rate, most::least_sample_rate, most::sample_rate));
    if (parameters.ch_layout.nb_channels > most::channels)
      return refused(fmt::format("decoding {}: a sound of {} channels is more than {}, the most that is read", name,
                                 parameters.ch_layout.nb_channels, most::channels));
  }
  return codec;
}

void limit_single_pieces() { av_max_alloc(largest_piece); }

}  // namespace reelmill::av
