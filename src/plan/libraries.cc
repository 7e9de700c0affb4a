// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/libraries.h"

#include <algorithm>
#include <array>
#include <span>

#include "graph/codecs.h"

namespace reelmill {

namespace {
constexpr std::string_view processor = "processor";

struct Made {
  std::string_view by, library;
};
// What FFmpeg's libraries hand on to others; everything else they do themselves. The processor stands where it was seen to
// matter.
constexpr std::array encoders{Made{"libx264", "libx264"},        Made{"libx264", processor},   Made{"libx265", "libx265"},
                              Made{"libsvtav1", "libSvtAv1Enc"}, Made{"libvpx-vp9", "libvpx"}, Made{"libopus", "libopus"}};
constexpr std::array decoders{Made{"av1", "libdav1d"}, Made{"av1", "libaom"}};
constexpr std::array filters{Made{"zscale", "libzimg"}, Made{"rubberband", "librubberband"}};

void add(Libraries& out, std::span<Made const> table, std::string_view by) {
  for (auto const& row : table)
    if (row.by == by) out.insert(row.library);
}

void add_filter(Libraries& out, std::string_view filter) {
  out.insert({"libavfilter", "libavutil", "libswscale"});
  add(out, filters, filter);
}
}  // namespace

Libraries libraries_of_index() { return {"libavformat", "libavcodec", "libavutil"}; }

Libraries libraries_of_analysis(std::string_view source_codec, bool motion) {
  Libraries out{"libavformat", "libavcodec", "libavutil"};
  if (motion) out.insert({"libvidstab", "libswscale"});
  add(out, decoders, source_codec);
  return out;
}

Libraries libraries_of(std::vector<Prefilter> const& prefilters) {
  Libraries out{"libswscale"};
  for (auto const& filter : prefilters) add_filter(out, filter.filter);
  return out;
}

Libraries libraries_of(VideoNode const& node) {
  Libraries out;
  if (auto const* const filter = std::get_if<FilterNode>(&node)) add_filter(out, filter->filter);
  if (std::holds_alternative<FitNode>(node)) out.insert("libswscale");
  if (std::holds_alternative<OverlayNode>(node)) out.insert({"libavcodec", "libswscale"});
  if (std::holds_alternative<TitleNode>(node) || std::holds_alternative<CaptionNode>(node))
    out.insert({"libass", "libfreetype", "libharfbuzz", "libfribidi", "libswscale"});
  if (auto const* const encode = std::get_if<EncodeNode>(&node)) {
    out.insert({"libavcodec", "libavutil"});
    if (auto const* const codec = video_codec_named(encode->codec)) add(out, encoders, codec->encoder);
  }
  return out;
}

namespace {
Libraries libraries_before_encode(AudioStage const& stage) {
  Libraries out{"libavformat", "libavcodec", "libavutil", "libswresample", processor};
  for (auto const& filter : stage.filters) add_filter(out, filter.filter);
  if (stage.tempo != Rational(1)) add_filter(out, "rubberband");
  return out;
}
}  // namespace

Libraries libraries_of_measurement(AudioStage const& stage) {
  auto out = libraries_before_encode(stage);
  out.insert("libebur128");
  return out;
}

Libraries libraries_of(AudioStage const& stage, AudioEncode const& encode) {
  auto out = stage.loudness ? libraries_of_measurement(stage) : libraries_before_encode(stage);
  if (auto const* const codec = audio_codec_named(encode.codec)) add(out, encoders, codec->encoder);
  return out;
}

Libraries libraries_of_transcript() { return {"libavformat", "libavcodec", "libavutil", "libswresample", processor}; }

Libraries libraries_of_join() { return {"libavformat", "libavcodec", "libavutil"}; }

Libraries const& libraries_in_keys() {
  static Libraries const all = [] {
    Libraries out{"libavformat", "libavcodec", "libavutil", "libavfilter", "libswscale",  "libswresample",
                  "libvidstab",  "libebur128", "libass",    "libfreetype", "libharfbuzz", "libfribidi"};
    for (auto const& row : encoders) out.insert(row.library);
    for (auto const& row : decoders) out.insert(row.library);
    for (auto const& row : filters) out.insert(row.library);
    return out;
  }();
  return all;
}

}  // namespace reelmill
