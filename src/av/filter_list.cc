// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/filter_list.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "av/failure.h"

namespace reelmill::av {

namespace {
constexpr std::array<std::string_view, 13> for_pictures{"bwdif",   "crop",  "deband",  "eq",        "format",  "hflip", "hqdn3d",
                                                        "nlmeans", "scale", "tonemap", "transpose", "unsharp", "zscale"};
constexpr std::array<std::string_view, 13> for_sound{"acompressor", "afade",      "afftdn",   "aformat",   "agate",
                                                     "deesser",     "equalizer",  "highpass", "highshelf", "lowpass",
                                                     "lowshelf",    "rubberband", "volume"};

bool holds(auto const& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }
}  // namespace

bool is_allowed_filter(std::string_view filter) { return holds(for_pictures, filter) || holds(for_sound, filter); }

Result<AVFilterContext*> add_filter(AVFilterGraph& graph, std::string const& filter,
                                    std::map<std::string, std::string> const& options) {
  auto const* kind = avfilter_get_by_name(filter.c_str());
  if (!kind || !is_allowed_filter(filter))
    return Error{.kind = ErrorKind::missing, .what = fmt::format("setting up filter '{}': this build does not offer it", filter)};
  auto* context = avfilter_graph_alloc_filter(&graph, kind, nullptr);
  if (!context) return Error{.kind = ErrorKind::full, .what = fmt::format("setting up filter '{}': out of memory", filter)};
  Options dictionary;
  for (auto const& [name, value] : options) dictionary.set(name.c_str(), value.c_str());
  if (int const code = avfilter_init_dict(context, dictionary.get()); code < 0)
    return failure(code, fmt::format("setting up filter '{}'", filter));
  if (auto const* unused = dictionary.first_unused())
    return Error{.kind = ErrorKind::bug, .what = fmt::format("filter '{}' has no option '{}'", filter, unused)};
  return context;
}

}  // namespace reelmill::av
