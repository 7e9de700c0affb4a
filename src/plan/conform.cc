// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/conform.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace reelmill {

namespace {
constexpr int hd_long_side = 1280, tallest_sd = 576;
// Reference white of SDR in an HDR picture (cd/m²) that 1.0 stands for in linear light, and the brightest that is expected
// where a file does not say: the peak of HLG's nominal display and of most PQ masters.
constexpr int linear_white = 100, usual_peak = 1000;

Colours const bt709{"bt709", "bt709", "bt709"};

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// One curve under four names.
bool is_video_transfer(std::string_view name) { return is_one_of(name, {"bt709", "smpte170m", "bt2020-10", "bt2020-12"}); }

bool zimg_knows(Colours const& colours) {
  return is_one_of(colours.matrix, {"bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "bt2020nc", "bt2020c", "ycgco"}) &&
         is_one_of(colours.primaries, {"bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "film", "bt2020", "smpte428",
                                       "smpte431", "smpte432"}) &&
         is_one_of(colours.transfer, {"bt709", "bt470m", "bt470bg", "smpte170m", "linear", "log100", "log316", "bt2020-10",
                                      "bt2020-12", "smpte2084", "iec61966-2-4", "iec61966-2-1", "arib-std-b67"});
}

std::string or_else(std::string const& tag, std::string const& guess) {
  return is_one_of(tag, {"", "unknown", "reserved", "gbr"}) ? guess : tag;
}

bool is_rgb(std::string const& pixel_format) {
  return pixel_format.find("rgb") != std::string::npos || pixel_format.find("bgr") != std::string::npos ||
         pixel_format.find("gbr") != std::string::npos || pixel_format == "pal8" || pixel_format.starts_with("bayer");
}

struct Fields {
  bool interlaced = false, top_first = true, all = true;
};

Fields fields_of_source(VideoStreamInfo const& source, SourceAnalysis const* analysis) {
  Fields fields;
  fields.top_first = !is_one_of(source.field_order, {"bb", "tb"});
  fields.interlaced = is_one_of(source.field_order, {"tt", "bb", "tb", "bt"});
  if (!analysis) return fields;
  auto const flagged = analysis->top_first + analysis->bottom_first;
  if (flagged > 0) {
    fields = {true, analysis->top_first >= analysis->bottom_first, flagged == static_cast<std::int64_t>(analysis->pts.size())};
  } else if (is_one_of(source.codec, {"h264", "hevc", "mpeg2video", "vc1", "vp8", "vp9", "av1"})) {
    fields.interlaced = false;  // their frames say it themselves, and so overrule the container
  }
  return fields;
}

Prefilter deinterlace(Fields const& fields) {
  return {"bwdif",
          {{"mode", "send_frame"}, {"parity", fields.top_first ? "tff" : "bff"}, {"deint", fields.all ? "all" : "interlaced"}},
          1,
          1};
}

std::vector<Prefilter> tone_map(VideoStreamInfo const& source, int peak) {
  auto const colours = colours_of(source);
  // HLG's display light hangs on the luma of a pixel; zimg's quick way takes each channel alone and so saturates colours.
  bool const quick = source.transfer == "smpte2084";
  return {{"zscale",
           {{"matrixin", colours.matrix},
            {"primariesin", colours.primaries},
            {"transferin", colours.transfer},
            {"primaries", "bt709"},
            {"transfer", "linear"},
            {"npl", fmt::format("{}", linear_white)},
            {"agamma", quick ? "1" : "0"}}},
          {"format", {{"pix_fmts", "gbrpf32le"}}},
          {"tonemap", {{"tonemap", "hable"}, {"desat", "0"}, {"peak", fmt::format("{:.2f}", double(peak) / linear_white)}}},
          {"zscale",
           {{"primariesin", "bt709"},
            {"transferin", "linear"},
            {"primaries", "bt709"},
            {"transfer", "bt709"},
            {"matrix", "bt709"},
            {"range", "tv"},
            {"dither", "error_diffusion"}}},
          {"format", {{"pix_fmts", "yuv420p"}}}};
}
// Bytes: pictures of up to 16 bits and 4:4:4 for the margins and what filters hold, floats where light is linear. Seconds as
// measured on one thread at 1080p: 33 ms for PQ, 72 for HLG, 2.4 for bwdif, 9 for hqdn3d, so 6 for whatever looks at neighbours.
void estimate(Conform& conform) {
  auto const margins = margins_of(conform.prefilters);
  double const pixels = static_cast<double>(conform.width) * conform.height;
  auto const has = [&](std::string const& option, std::string_view value) {
    return std::any_of(conform.prefilters.begin(), conform.prefilters.end(), [&](Prefilter const& filter) {
      auto const found = filter.options.find(option);
      return found != filter.options.end() && found->second == value;
    });
  };
  bool const is_linear = has("transfer", "linear"), is_hlg = has("transferin", "arib-std-b67");
  if (conform.prefilters.empty()) return;
  conform.memory = static_cast<std::int64_t>(pixels * (6.0 * (2 * (margins.before + margins.after) + 4) + (is_linear ? 48 : 0)));
  conform.seconds = pixels / (1920.0 * 1080.0) * ((is_hlg ? 0.072 : is_linear ? 0.033 : 0) + (margins.before > 0 ? 0.006 : 0));
}
}  // namespace

bool is_hd(int width, int height) { return std::max(width, height) >= hd_long_side || std::min(width, height) > tallest_sd; }

bool is_hdr(VideoStreamInfo const& source) { return is_one_of(source.transfer, {"smpte2084", "arib-std-b67"}); }

Colours colours_of(VideoStreamInfo const& source) {
  if (is_hdr(source)) return {or_else(source.primaries, "bt2020"), source.transfer, or_else(source.matrix, "bt2020nc")};
  std::string const guess = is_hd(source.width, source.height) ? "bt709" : "smpte170m";
  return {or_else(source.primaries, guess), or_else(source.transfer, guess), or_else(source.matrix, guess)};
}

Colours working_colours(VideoStreamInfo const& source) { return is_hdr(source) ? bt709 : colours_of(source); }

Colours export_colours(Colours const& working, int width, int height) {
  bool const is_video = is_one_of(working.matrix, {"bt709", "smpte170m", "bt470bg"}) &&
                        is_one_of(working.primaries, {"bt709", "smpte170m", "bt470bg"});
  if (!is_video) return zimg_knows(working) ? bt709 : working;
  if (!is_hd(width, height) || working.matrix == bt709.matrix) return working;
  return {working.primaries, is_video_transfer(working.transfer) ? bt709.transfer : working.transfer, bt709.matrix};
}

Conform conform_of(VideoStreamInfo const& source, SourceAnalysis const* analysis, Lowered const& lowered) {
  Conform out{source.width, source.height, {}, {}};
  if (analysis && !analysis->sizes.empty())
    out.width = analysis->sizes.front().width, out.height = analysis->sizes.front().height;
  out.width = std::max(2, out.width & ~1);
  out.height = std::max(2, out.height & ~1);
  if (analysis && analysis->sizes.size() > 1)
    out.tasks.push_back(
        fmt::format("scale to {}x{} after {} changes of size", out.width, out.height, analysis->sizes.size() - 1));
  auto const fields = fields_of_source(source, analysis);
  if (fields.interlaced && !lowered.deinterlaces) {
    out.prefilters.push_back(deinterlace(fields));
    out.tasks.push_back(fmt::format("deinterlace {}", fields.top_first ? "tff" : "bff"));
  }
  if (is_hdr(source)) {
    int const peak = analysis && analysis->peak > 0 ? std::clamp(analysis->peak, linear_white, 10000) : usual_peak;
    for (auto& filter : tone_map(source, peak)) out.prefilters.push_back(std::move(filter));
    out.tasks.push_back(fmt::format("tone-map {} to BT.709", source.transfer == "smpte2084" ? "PQ" : "HLG"));
  } else if (is_rgb(source.pixel_format)) {
    // The tags say nothing of the matrix of samples that have none yet: choose the one they will be tagged with.
    out.prefilters.push_back({"scale",
                              {{"out_color_matrix", colours_of(source).matrix == "bt709" ? "bt709" : "smpte170m"},
                               {"out_range", "tv"},
                               {"flags", "bicubic+accurate_rnd+bitexact+full_chroma_int+full_chroma_inp"}}});
    out.prefilters.push_back({"format", {{"pix_fmts", "yuv444p"}}});
  }
  for (auto const& filter : lowered.prefilters) out.prefilters.push_back(filter);
  estimate(out);
  return out;
}

std::vector<VideoNode> upright_nodes(VideoStreamInfo const& source) {
  std::vector<VideoNode> nodes;
  auto const add = [&](std::string filter, std::map<std::string, std::string> options) {
    nodes.push_back(FilterNode{.id = "", .in = "", .filter = std::move(filter), .options = std::move(options)});
  };
  // vflip would hand on pictures whose rows run backwards, which not every encoder reads; two transpositions do the same.
  if (source.mirrored) add("hflip", {});
  if (source.rotation == 90) add("transpose", {{"dir", "clock"}});
  if (source.rotation == 270) add("transpose", {{"dir", "cclock"}});
  if (source.rotation == 180) {
    add("transpose", {{"dir", "clock"}});
    add("transpose", {{"dir", "clock"}});
  }
  return nodes;
}

std::vector<VideoNode> colour_nodes(Colours const& from, Colours const& to) {
  if (from == to) return {};
  std::map<std::string, std::string> options{
      {"matrixin", from.matrix}, {"matrix", to.matrix}, {"rangein", "tv"}, {"range", "tv"}};
  bool const same_curve = from.transfer == to.transfer || (is_video_transfer(from.transfer) && is_video_transfer(to.transfer));
  // The same for both where only the matrix changes, so that nothing takes a way through linear light.
  bool const same_light = same_curve && from.primaries == to.primaries;
  options["primariesin"] = same_light ? "bt709" : from.primaries;
  options["transferin"] = same_light ? "bt709" : from.transfer;
  options["primaries"] = same_light ? "bt709" : to.primaries;
  options["transfer"] = same_light ? "bt709" : to.transfer;
  return {FilterNode{.id = "", .in = "", .filter = "zscale", .options = std::move(options)}};
}

Margins margins_of(std::vector<Prefilter> const& prefilters) {
  Margins margins;
  for (auto const& filter : prefilters) margins.before += filter.before, margins.after += filter.after;
  return margins;
}

}  // namespace reelmill
