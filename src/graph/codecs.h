// SPDX-License-Identifier: GPL-3.0-or-later
// What can be made: codecs, containers, and which goes into which. The front checks projects by these tables and plans by
// them; the worker opens encoders and muxers by them. Whether an encoder is in the build, only the worker can tell.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/rational.h"

namespace reelmill {

using Names = std::span<std::string_view const>;

struct VideoCodec {
  std::string_view name;                                  // in projects and stages
  Names also;                                             // what else people call it
  std::string_view encoder;                               // libavcodec's name
  std::string_view pixel_format;                          // what the encoder is given
  Names profiles{};                                       // the first is the default; empty: there is no choice
  bool has_speeds = false;                                // takes one of encoder_speeds()
  double lowest_crf = 0, highest_crf = 0, usual_crf = 0;  // all 0: the rate follows from profile or content
  bool whole_crf = false;                                 // takes whole numbers only
  bool holds_ceiling = false;  // the encoder itself can be held below a rate; else a ceiling is met by raising the CRF
  bool intra_only = false;
  int smallest_width = 32, smallest_height = 32;

  bool has_crf() const { return highest_crf > 0; }
};

struct AudioCodec {
  std::string_view name;
  Names also;
  std::string_view encoder;
  std::int64_t lowest_bitrate = 0, highest_bitrate = 0;  // 0: lossless
  std::span<int const> sample_rates{};                   // empty: any
  std::int64_t priming = 0;  // samples of 48 kHz that the encoder puts before the first; of other rates in proportion if `scales`
  bool scales = false;

  bool is_lossless() const { return highest_bitrate == 0; }
};

struct Container {
  std::string_view name;               // in projects; also the file's extension
  std::string_view muxer;              // libavformat's name
  Names video, audio;                  // codecs' names; the first are what is suggested; without any for video: sound alone
  Names copies{};                      // libavcodec's names of the pictures that can be copied into it
  bool edit_lists = false;             // can say where a track begins, what of it is not shown, and how it is turned
  bool milliseconds = false;           // times of packets are rounded to 1 ms
  bool codec_delay = false;            // Opus' priming is told apart from the time stamps
  std::span<Rational const> rates{};   // frames a second that it knows; empty: any
  int sample_rate = 0;                 // the only one, or 0
  std::string_view captions{};         // libavcodec's name of the text track it can hold; empty: none
  bool cuts_sound_by_picture = false;  // one packet of sound to each picture, so there must be pictures
};

std::span<VideoCodec const> video_codecs();
std::span<AudioCodec const> audio_codecs();
std::span<Container const> containers();
// By any of their names; nullptr if there is none.
VideoCodec const* video_codec_named(std::string_view name);
AudioCodec const* audio_codec_named(std::string_view name);
Container const* container_named(std::string_view name);

// How long an encoder may look for a better result: "ultrafast" … "placebo", for every codec that has speeds.
Names encoder_speeds();

// What an export's `codec` says where the source's own picture is taken, packet by packet.
inline constexpr std::string_view copy_codec = "copy";

bool holds(Container const& container, VideoCodec const& codec);
bool holds(Container const& container, AudioCodec const& codec);
// Names of the containers that hold it, and of those that a picture of libavcodec's codec can be copied into.
std::vector<std::string_view> containers_for(VideoCodec const& codec);
std::vector<std::string_view> containers_for_copies(std::string_view codec);
// The container that a file's extension names, or mkv.
Container const& container_of_extension(std::string_view extension);

// Samples that this codec's encoder puts before the first sample of sound. A join refuses a sound with another number.
std::int64_t priming_of(AudioCodec const& codec, int sample_rate);

// How the tracks of a file are laid on its clock.
struct Placement {
  std::int64_t lead = 0;                // samples of silence to encode before the sound; negative: to leave out
  Rational picture_at{0}, sound_at{0};  // seconds added to the packets' time stamps (which begin at minus delay and priming)
};
// `delay` is how many seconds decoding comes before showing, `edit_lists` what the export asks for.
//   With edit lists nothing is moved. Where they exist but are forbidden, nothing may lie before zero: the picture comes
// later by its reorder delay, and silence brings the sound there. Where they do not exist and time stamps are of showing
// (Matroska), the picture waits for the sound's priming, unless the codec's delay is told.
Placement placement_of(Container const& container, AudioCodec const* sound, bool edit_lists, Rational delay, int sample_rate);

}  // namespace reelmill
