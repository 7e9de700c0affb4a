// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/inventory.h"

#include <ebur128.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <algorithm>

#include <fmt/format.h>

#include "av/filter_graph.h"

namespace reelmill::av {

namespace {

std::string text_of(unsigned version) {
  return fmt::format("{}.{}.{}", AV_VERSION_MAJOR(version), AV_VERSION_MINOR(version), AV_VERSION_MICRO(version));
}

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string ebur128_version() {
  int major = 0, minor = 0, patch = 0;
  ebur128_get_version(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> libraries() {
  return {{"FFmpeg", av_version_info()},
          {"libavformat", text_of(avformat_version())},
          {"libavcodec", text_of(avcodec_version())},
          {"libavfilter", text_of(avfilter_version())},
          {"libavutil", text_of(avutil_version())},
          {"libswscale", text_of(swscale_version())},
          {"libswresample", text_of(swresample_version())},
          {"libebur128", ebur128_version()}};
}

std::vector<std::string> encoder_names() {
  std::vector<std::string> names;
  void* at = nullptr;
  while (auto const* const codec = av_codec_iterate(&at))
    if (av_codec_is_encoder(codec) != 0) names.emplace_back(codec->name);
  return sorted(std::move(names));
}

std::vector<std::string> filter_names() {
  std::vector<std::string> names;
  void* at = nullptr;
  while (auto const* const filter = av_filter_iterate(&at))
    if (is_allowed_filter(filter->name)) names.emplace_back(filter->name);
  return sorted(std::move(names));
}

std::string configuration() { return avcodec_configuration(); }

}  // namespace reelmill::av
