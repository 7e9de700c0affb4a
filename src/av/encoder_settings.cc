// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/encoder_settings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace reelmill::av {

namespace {
// All texts below hold numbers and our own words only; what a person wrote goes in by options of their own.
constexpr int no_gops_of_its_own = 1 << 20;

struct Request {
  EncodeNode const& node;
  RateControl const& control;
  std::int64_t longest_gop;
  AVCodecContext& context;
  Options& options;
};

void limit_rate(Request const& to) {
  to.context.rc_max_rate = to.control.maxrate;
  to.context.rc_buffer_size = static_cast<int>(std::min<std::int64_t>(to.control.buffer, INT32_MAX));
}

void settle_x26x(Request const& to) {
  to.context.refs = to.node.references;
  to.context.max_b_frames = to.node.b_frames;
  limit_rate(to);
  to.options.set("preset", to.node.preset.c_str());
  to.options.set("profile", to.node.profile.c_str());
  to.options.set("crf", fmt::format("{}", to.control.crf).c_str());
  to.options.set("forced-idr", 1);
}

void settle_x264(Request const& to) {
  settle_x26x(to);
  to.context.gop_size = no_gops_of_its_own;
  to.context.level = to.node.level;
  to.options.set("sc_threshold", std::int64_t{0});
  // `stitchable` keeps parameter sets equal between chunks.
  auto parameters = fmt::format("stitchable=1:open-gop=0:b-pyramid={}", to.node.b_frames > 1 ? "normal" : "none");
  if (to.control.maxrate > 0) parameters += ":vbv-init=0.9";
  to.options.set("x264-params", parameters.c_str());
}

void settle_x265(Request const& to) {
  settle_x26x(to);
  // The level is ours because x265's own depends on the rate limit, which only some chunks have.
  auto parameters = fmt::format(
      "pools=none:frame-threads=1:open-gop=0:keyint=-1:min-keyint=1:scenecut=0:repeat-headers=0:info=0:aud=0:hrd=0:"
      "level-idc={}:high-tier=0:b-pyramid={}:log-level=error",
      to.node.level, to.node.b_frames > 1 ? 1 : 0);
  if (to.control.maxrate > 0) parameters += ":vbv-init=0.9";
  to.options.set("x265-params", parameters.c_str());
}

// Index of a speed in encoder_speeds(), from ultrafast 0 to placebo 9.
std::size_t speed_index(EncodeNode const& node) {
  auto const speeds = encoder_speeds();
  auto const found = std::find(speeds.begin(), speeds.end(), node.preset);
  return std::min<std::size_t>(static_cast<std::size_t>(found - speeds.begin()), speeds.size() - 1);
}

void settle_svt_av1(Request const& to) {
  constexpr std::array presets{12, 11, 10, 9, 8, 7, 5, 4, 3, 2};
  // libavcodec does not pass on where key frames are wanted.
  to.context.gop_size = static_cast<int>(to.longest_gop);
  to.options.set("preset", presets[speed_index(to.node)]);
  to.options.set("crf", std::llround(to.control.crf));
  to.options.set("svtav1-params", "lp=1:scd=0");
}

void settle_vpx_vp9(Request const& to) {
  struct Speed {
    char const* deadline;
    int cpu_used;
  };
  constexpr std::array<Speed, 10> speeds{{{"realtime", 8},
                                          {"realtime", 6},
                                          {"good", 5},
                                          {"good", 4},
                                          {"good", 3},
                                          {"good", 2},
                                          {"good", 1},
                                          {"good", 0},
                                          {"best", 1},
                                          {"best", 0}}};
  auto const speed = speeds[speed_index(to.node)];
  bool const looks_ahead = speed.deadline != std::string_view("realtime");
  to.context.gop_size = no_gops_of_its_own;
  to.options.set("deadline", speed.deadline);
  to.options.set("cpu-used", speed.cpu_used);
  to.options.set("crf", std::llround(to.control.crf));
  to.options.set("b", std::int64_t{0});
  to.options.set("row-mt", std::int64_t{0});
  // Tiles are for the players' sake, who decode them in parallel; each is 256 samples wide at least.
  to.options.set("tile-columns", to.node.width >= 2560 ? 3 : to.node.width >= 1280 ? 2 : to.node.width >= 640 ? 1 : 0);
  to.options.set("frame-parallel", std::int64_t{0});
  to.options.set("auto-alt-ref", looks_ahead ? 1 : std::int64_t{0});
  to.options.set("lag-in-frames", looks_ahead ? 25 : std::int64_t{0});
}

void settle_prores(Request const& to) { to.options.set("profile", to.node.profile.c_str()); }

void settle_dnxhr(Request const& to) { to.options.set("profile", ("dnxhr_" + to.node.profile).c_str()); }

void settle_ffv1(Request const& to) {
  to.context.gop_size = 1;
  to.context.level = 3;
  to.context.slices = 4;
  to.options.set("slicecrc", 1);
}

struct Settler {
  std::string_view encoder;
  void (*settle)(Request const& to);
};
constexpr std::array settlers{Settler{"libx264", settle_x264},      Settler{"libx265", settle_x265},
                              Settler{"libsvtav1", settle_svt_av1}, Settler{"libvpx-vp9", settle_vpx_vp9},
                              Settler{"prores_ks", settle_prores},  Settler{"dnxhd", settle_dnxhr},
                              Settler{"ffv1", settle_ffv1}};
}  // namespace

void settle(VideoCodec const& codec, EncodeNode const& node, RateControl const& control, std::int64_t longest_gop,
            AVCodecContext& context, Options& options) {
  for (auto const& settler : settlers)
    if (settler.encoder == codec.encoder) settler.settle({node, control, longest_gop, context, options});
}

}  // namespace reelmill::av
