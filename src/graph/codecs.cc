// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/codecs.h"

#include <algorithm>
#include <array>

namespace reelmill {

namespace {
template <std::size_t N>
using List = std::array<std::string_view, N>;

constexpr List<10> speeds{"ultrafast", "superfast", "veryfast", "faster",   "fast",
                          "medium",    "slow",      "slower",   "veryslow", "placebo"};

constexpr List<3> h264_also{"libx264", "avc", "x264"};
constexpr List<3> h265_also{"libx265", "hevc", "x265"};
constexpr List<2> av1_also{"libsvtav1", "svtav1"};
constexpr List<1> vp9_also{"libvpx-vp9"};
constexpr List<1> prores_also{"prores_ks"};
constexpr List<1> dnxhr_also{"dnxhd"};
constexpr List<2> h264_profiles{"high", "main"};
constexpr List<1> h265_profiles{"main"};
constexpr List<4> prores_profiles{"hq", "standard", "lt", "proxy"};
constexpr List<3> dnxhr_profiles{"hq", "sq", "lb"};

constexpr std::array video{
    VideoCodec{.name = "h264",
               .also = h264_also,
               .encoder = "libx264",
               .pixel_format = "yuv420p",
               .profiles = h264_profiles,
               .has_speeds = true,
               .lowest_crf = 1,
               .highest_crf = 51,
               .usual_crf = 23,
               .holds_ceiling = true},
    VideoCodec{.name = "h265",
               .also = h265_also,
               .encoder = "libx265",
               .pixel_format = "yuv420p",
               .profiles = h265_profiles,
               .has_speeds = true,
               .lowest_crf = 1,
               .highest_crf = 51,
               .usual_crf = 28,
               .holds_ceiling = true},
    VideoCodec{.name = "av1",
               .also = av1_also,
               .encoder = "libsvtav1",
               .pixel_format = "yuv420p",
               .has_speeds = true,
               .lowest_crf = 1,
               .highest_crf = 63,
               .usual_crf = 35,
               .whole_crf = true,
               .smallest_width = 64,
               .smallest_height = 64},
    VideoCodec{.name = "vp9",
               .also = vp9_also,
               .encoder = "libvpx-vp9",
               .pixel_format = "yuv420p",
               .has_speeds = true,
               .lowest_crf = 1,
               .highest_crf = 63,
               .usual_crf = 31,
               .whole_crf = true},
    VideoCodec{.name = "prores",
               .also = prores_also,
               .encoder = "prores_ks",
               .pixel_format = "yuv422p10le",
               .profiles = prores_profiles,
               .intra_only = true},
    VideoCodec{.name = "dnxhr",
               .also = dnxhr_also,
               .encoder = "dnxhd",
               .pixel_format = "yuv422p",
               .profiles = dnxhr_profiles,
               .intra_only = true,
               .smallest_width = 256,
               .smallest_height = 120},
    VideoCodec{.name = "ffv1", .also = {}, .encoder = "ffv1", .pixel_format = "yuv420p", .intra_only = true},
};

constexpr List<1> opus_also{"libopus"};
constexpr List<1> pcm_also{"pcm"};
constexpr std::array opus_rates{8000, 12000, 16000, 24000, 48000};
constexpr std::array audio{
    AudioCodec{.name = "aac", .also = {}, .encoder = "aac", .lowest_bitrate = 32000, .highest_bitrate = 512000, .priming = 1024},
    AudioCodec{.name = "opus",
               .also = opus_also,
               .encoder = "libopus",
               .lowest_bitrate = 16000,
               .highest_bitrate = 510000,
               .sample_rates = opus_rates,
               .priming = 312,
               .scales = true},
    AudioCodec{.name = "flac", .also = {}, .encoder = "flac"},
    AudioCodec{.name = "pcm_s24le", .also = pcm_also, .encoder = "pcm_s24le"},
    AudioCodec{.name = "pcm_s16le", .also = {}, .encoder = "pcm_s16le"},
};

// libavcodec's names. What no table knows has a private way into mov or mkv only, which other readers may not know.
constexpr List<9> mp4_copies{"h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "png"};
constexpr List<18> mov_copies{"h264",  "hevc", "prores",   "dnxhd", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "png",
                              "qtrle", "cfhd", "rawvideo", "v210",  "v410",  "h263",       "dvvideo",    "av1",   "vp9"};
constexpr List<17> mkv_copies{"h264",   "hevc",   "av1",  "vp9",     "vp8",     "mpeg4",   "mpeg2video", "mpeg1video", "mjpeg",
                              "theora", "prores", "ffv1", "ffvhuff", "huffyuv", "utvideo", "rawvideo",   "dnxhd"};
constexpr List<3> webm_copies{"vp9", "av1", "vp8"};
constexpr List<4> mp4_video{"h264", "h265", "av1", "vp9"};
constexpr List<3> mp4_audio{"aac", "opus", "flac"};
constexpr List<4> mov_video{"h264", "h265", "prores", "dnxhr"};
constexpr List<3> mov_audio{"aac", "pcm_s24le", "pcm_s16le"};
constexpr List<6> mkv_video{"h264", "h265", "av1", "vp9", "prores", "ffv1"};
constexpr List<5> mkv_audio{"aac", "opus", "flac", "pcm_s24le", "pcm_s16le"};
constexpr List<2> webm_video{"vp9", "av1"};
constexpr List<1> webm_audio{"opus"};
constexpr List<2> wav_audio{"pcm_s24le", "pcm_s16le"};
constexpr List<1> flac_audio{"flac"};
constexpr List<1> m4a_audio{"aac"};
constexpr List<2> mxf_video{"dnxhr", "prores"};
constexpr List<2> mxf_audio{"pcm_s24le", "pcm_s16le"};

std::span<Container const> all_containers() {
  // Content package rates of SMPTE ST 2067 and ST 326 that libavformat's muxer writes.
  static std::array const mxf_rates{Rational(24000, 1001), Rational(24), Rational(25),          Rational(30000, 1001),
                                    Rational(30),          Rational(50), Rational(60000, 1001), Rational(60)};
  static std::array const all{
      Container{.name = "mp4", .muxer = "mp4", .video = mp4_video, .audio = mp4_audio, .copies = mp4_copies, .edit_lists = true, .captions = "mov_text"},
      Container{.name = "mov", .muxer = "mov", .video = mov_video, .audio = mov_audio, .copies = mov_copies, .edit_lists = true, .captions = "mov_text"},
      Container{.name = "mkv",
                .muxer = "matroska",
                .video = mkv_video,
                .audio = mkv_audio,
                .copies = mkv_copies,
                .milliseconds = true,
                .codec_delay = true,
                .captions = "subrip"},
      Container{.name = "webm",
                .muxer = "webm",
                .video = webm_video,
                .audio = webm_audio,
                .copies = webm_copies,
                .milliseconds = true,
                .codec_delay = true,
                .captions = "webvtt"},
      Container{.name = "mxf",
                .muxer = "mxf",
                .video = mxf_video,
                .audio = mxf_audio,
                .rates = mxf_rates,
                .sample_rate = 48000,
                .cuts_sound_by_picture = true},
      Container{.name = "wav", .muxer = "wav", .video = {}, .audio = wav_audio},
      Container{.name = "flac", .muxer = "flac", .video = {}, .audio = flac_audio},
      Container{.name = "m4a", .muxer = "ipod", .video = {}, .audio = m4a_audio, .edit_lists = true},
  };
  return all;
}

template <class Table>
auto const* named(Table const& table, std::string_view name) {
  auto const found = std::find_if(table.begin(), table.end(), [&](auto const& row) {
    if constexpr (requires { row.also; })
      if (std::find(row.also.begin(), row.also.end(), name) != row.also.end()) return true;
    return row.name == name;
  });
  return found == table.end() ? nullptr : &*found;
}

bool is_among(std::string_view name, Names names) { return std::find(names.begin(), names.end(), name) != names.end(); }
}  // namespace

std::span<VideoCodec const> video_codecs() { return video; }
std::span<AudioCodec const> audio_codecs() { return audio; }
std::span<Container const> containers() { return all_containers(); }
VideoCodec const* video_codec_named(std::string_view name) { return named(video_codecs(), name); }
AudioCodec const* audio_codec_named(std::string_view name) { return named(audio_codecs(), name); }
Container const* container_named(std::string_view name) { return named(containers(), name); }
Names encoder_speeds() { return speeds; }

bool holds(Container const& container, VideoCodec const& codec) { return is_among(codec.name, container.video); }
bool holds(Container const& container, AudioCodec const& codec) { return is_among(codec.name, container.audio); }

std::vector<std::string_view> containers_for(VideoCodec const& codec) {
  std::vector<std::string_view> names;
  for (auto const& container : containers())
    if (holds(container, codec)) names.push_back(container.name);
  return names;
}

std::vector<std::string_view> containers_for_copies(std::string_view codec) {
  std::vector<std::string_view> names;
  for (auto const& container : containers())
    if (is_among(codec, container.copies)) names.push_back(container.name);
  return names;
}

Container const& container_of_extension(std::string_view extension) {
  constexpr std::array also{std::pair{"m4v", "mp4"}, std::pair{"3gp", "mp4"}, std::pair{"qt", "mov"}};
  for (auto const& [other, name] : also)
    if (extension == other) extension = name;
  auto const* const named = container_named(extension);
  return named != nullptr && !named->copies.empty() ? *named : *container_named("mkv");
}

std::int64_t priming_of(AudioCodec const& codec, int sample_rate) {
  return codec.scales ? codec.priming * sample_rate / 48000 : codec.priming;
}

Placement placement_of(Container const& container, AudioCodec const* sound, bool edit_lists, Rational delay, int sample_rate) {
  std::int64_t const priming = sound ? priming_of(*sound, sample_rate) : 0;
  Rational const primed = sample_rate > 0 ? Rational(priming, sample_rate) : Rational(0);
  if (container.edit_lists && edit_lists) return {};
  if (container.edit_lists) {
    return {.lead = round(delay * Rational(sample_rate)) - priming, .picture_at = delay, .sound_at = primed};
  }
  bool const is_told = container.codec_delay && sound && sound->name == "opus";
  return {.lead = 0, .picture_at = is_told ? Rational(0) : primed, .sound_at = primed};
}

}  // namespace reelmill
