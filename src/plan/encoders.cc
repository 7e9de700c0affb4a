// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/encoders.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "graph/codecs.h"
#include "graph/gop.h"
#include "plan/conform.h"

namespace reelmill {

namespace {
// What an encoder's speed sets, as far as parameter sets and memory depend on it. `pace` is in frames of 1080p a second and core.
struct Speed {
  std::string_view name;
  int references, b_frames, lookahead;
  double pace;
};
constexpr std::array x264{
    Speed{"ultrafast", 1, 0, 0, 65}, Speed{"superfast", 1, 3, 0, 50}, Speed{"veryfast", 1, 3, 10, 40},
    Speed{"faster", 2, 3, 20, 25},   Speed{"fast", 2, 3, 30, 17},     Speed{"medium", 3, 3, 40, 13},
    Speed{"slow", 5, 3, 50, 7},      Speed{"slower", 8, 3, 60, 3},    Speed{"veryslow", 16, 8, 60, 1.5},
    Speed{"placebo", 16, 16, 60, 1},
};
constexpr std::array x265{
    Speed{"ultrafast", 1, 3, 5, 18}, Speed{"superfast", 1, 3, 10, 14}, Speed{"veryfast", 2, 4, 15, 9},
    Speed{"faster", 2, 4, 15, 9},    Speed{"fast", 3, 4, 15, 7},       Speed{"medium", 3, 4, 20, 5},
    Speed{"slow", 4, 4, 25, 2},      Speed{"slower", 5, 8, 40, 0.7},   Speed{"veryslow", 5, 8, 40, 0.4},
    Speed{"placebo", 5, 8, 60, 0.2},
};
constexpr std::array svt_av1{
    Speed{"ultrafast", 0, 0, 34, 50}, Speed{"superfast", 0, 0, 34, 40}, Speed{"veryfast", 0, 0, 34, 28},
    Speed{"faster", 0, 0, 34, 18},    Speed{"fast", 0, 0, 34, 12},      Speed{"medium", 0, 0, 34, 8},
    Speed{"slow", 0, 0, 50, 3},       Speed{"slower", 0, 0, 50, 1.7},   Speed{"veryslow", 0, 0, 50, 1},
    Speed{"placebo", 0, 0, 50, 0.5},
};
constexpr std::array vpx_vp9{
    Speed{"ultrafast", 0, 0, 1, 45}, Speed{"superfast", 0, 0, 1, 30}, Speed{"veryfast", 0, 0, 25, 14},
    Speed{"faster", 0, 0, 25, 11},   Speed{"fast", 0, 0, 25, 9},      Speed{"medium", 0, 0, 25, 6},
    Speed{"slow", 0, 0, 25, 3.5},    Speed{"slower", 0, 0, 25, 1.2},  Speed{"veryslow", 0, 0, 25, 0.7},
    Speed{"placebo", 0, 0, 25, 0.5},
};
constexpr std::array prores{Speed{"", 0, 0, 0, 20}};
constexpr std::array dnxhr{Speed{"", 0, 0, 0, 40}};
constexpr std::array ffv1{Speed{"", 0, 0, 0, 30}};

struct Speeds {
  std::string_view codec;
  std::span<Speed const> rows;
};
constexpr std::array tables{Speeds{"h264", x264},     Speeds{"h265", x265},   Speeds{"av1", svt_av1}, Speeds{"vp9", vpx_vp9},
                            Speeds{"prores", prores}, Speeds{"dnxhr", dnxhr}, Speeds{"ffv1", ffv1}};

Speed const* speed_of(std::string_view codec, std::string_view preset) {
  for (auto const& table : tables)
    if (table.codec == codec)
      for (auto const& row : table.rows)
        if (row.name == preset) return &row;
  return nullptr;
}

std::string text_of_encoder(std::string_view codec, std::string_view preset, std::string_view profile, double crf) {
  auto const* row = video_codec_named(codec);
  std::string text(codec);
  if (row && row->has_speeds) text += fmt::format(" {}", preset);
  if (row && row->has_crf()) return text + fmt::format(" crf {}", crf);
  return profile.empty() ? text : text + fmt::format(" {}", profile);
}

// Level and references of the codecs that have them.
Result<void> set_limits(Export const& target, Speed const& speed, EncodeNode& node) {
  node.references = speed.references;
  if (node.codec == "h264") {
    node.level = h264_level(node.width, node.height, node.rate, target.ceiling);
    node.references = std::min(speed.references, h264_references(node.level, node.width, node.height));
  } else if (node.codec == "h265") {
    node.level = h265_level(node.width, node.height, node.rate, target.ceiling);
  } else {
    return {};
  }
  if (node.level > 0) return {};
  bool const is_the_sources = target.width == 0 || target.keeps_rate;
  return Error{
      .kind = is_the_sources ? ErrorKind::media : ErrorKind::project,
      .what = fmt::format("export '{}': {}x{} at {} fps is beyond {}'s highest level; lower the size or the rate", target.name,
                          node.width, node.height, to_string(node.rate), node.codec == "h264" ? "H.264" : "H.265")};
}
}  // namespace

Result<EncodeNode> encode_of(Project const& project, Export const& target, VideoStreamInfo const& source) {
  auto const* codec = video_codec_named(target.video_codec);
  auto const* speed = speed_of(target.video_codec, target.preset);
  if (!codec || !speed)
    return Error{.kind = ErrorKind::missing,
                 .what = fmt::format("export '{}': codec {} with preset '{}' is not offered; use ultrafast … placebo with h264, "
                                     "h265, av1 and vp9, and none with others",
                                     target.name, target.video_codec, target.preset)};
  EncodeNode node;
  node.codec = codec->name;
  node.preset = target.preset;
  node.profile = target.profile;
  node.pixel_format = codec->pixel_format;
  node.rate = target.rate.value_or(project.normalize.rate);
  node.width = target.width;
  node.height = target.height;
  node.b_frames = speed->b_frames;
  node.reorder = reorder_of(target);
  node.crf = target.crf;
  TRY(set_limits(target, *speed, node));
  auto const colours = export_colours(working_colours(source), target.width, target.height);
  node.primaries = colours.primaries;
  node.transfer = colours.transfer;
  node.matrix = colours.matrix;
  node.range = "tv";
  return node;
}

int reorder_of(Export const& target) {
  auto const* speed = speed_of(target.video_codec, target.preset);
  return speed ? std::min(2, speed->b_frames) : 2;
}

Rational delay_of(Project const& project, Export const& target) {
  if (target.copies()) return target.delay;
  return Rational(reorder_of(target)) / target.rate.value_or(project.normalize.rate);
}

std::string text_of(EncodeNode const& node) {
  return fmt::format("{}x{} {} at {} fps", node.width, node.height,
                     text_of_encoder(node.codec, node.preset, node.profile, node.crf), to_string(node.rate));
}

std::string text_of_encoder(Export const& target) {
  return text_of_encoder(target.video_codec, target.preset, target.profile, target.crf);
}

std::int64_t encoder_memory(EncodeNode const& node) {
  auto const* speed = speed_of(node.codec, node.preset);
  double const frame = node.width * node.height * 1.5;
  double const lookahead = speed ? speed->lookahead : 60;
  // Frames held for looking ahead are padded and have small copies; references have three interpolated planes besides.
  double frames = 1.8 * lookahead + 5.0 * (node.references + 2) + 12;
  if (node.codec == "av1") frames = 6.0 * lookahead + 100;
  if (node.codec == "vp9") frames = 1.6 * lookahead + 40;
  return static_cast<std::int64_t>(frame * frames) + (48LL << 20);
}

double encoder_bits(EncodeNode const& node, std::size_t variant) {
  struct Density {
    std::string_view codec;
    double bits;        // a pixel, at the codec's usual CRF where it has one
    double crf_halves;  // by so many steps of the CRF the size halves
  };
  constexpr std::array densities{Density{"h264", 0.11, 6}, Density{"h265", 0.07, 6}, Density{"av1", 0.06, 12},
                                 Density{"vp9", 0.07, 12}, Density{"prores", 3, 0},  Density{"dnxhr", 3, 0},
                                 Density{"ffv1", 5, 0}};
  auto const* const codec = video_codec_named(node.codec);
  auto const row = std::find_if(densities.begin(), densities.end(), [&](Density const& d) { return d.codec == node.codec; });
  double bits = (row == densities.end() ? 0.1 : row->bits) * node.width * node.height;
  if (codec && codec->has_crf() && row != densities.end()) bits *= std::exp2((codec->usual_crf - node.crf) / row->crf_halves);
  auto const ceiling = variant < node.variants.size() ? node.variants[variant].ceiling : 0;
  return ceiling > 0 ? std::min(bits, static_cast<double>(ceiling) / node.rate.value()) : bits;
}

double encoder_seconds(EncodeNode const& node) {
  auto const* speed = speed_of(node.codec, node.preset);
  return node.width * node.height / (1920.0 * 1080.0) / (speed ? speed->pace : 1.0);
}

}  // namespace reelmill
