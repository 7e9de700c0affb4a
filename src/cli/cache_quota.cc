// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cache_quota.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/environment.h"
#include "base/text.h"
#include "run/cache_care.h"

namespace reelmill {

Result<std::int64_t> parse_size(std::string text, std::string_view what) {
  auto const written = text;
  auto const wrong = [&] {
    return Error{ErrorKind::usage, fmt::format("{}: '{}' is not a size such as 20G or 500M", what, printable(written))};
  };
  try {
    CLI::AsSizeValue const to_bytes(false);
    if (!to_bytes(text).empty()) return wrong();
  } catch (CLI::Error const&) {
    return wrong();
  }
  auto const bytes = parse_integer(text);
  if (!bytes || *bytes < 0) return wrong();
  return *bytes;
}

Result<std::optional<std::int64_t>> cache_quota() {
  auto const text = environment("REELMILL_CACHE_QUOTA");
  if (text.empty()) return std::optional<std::int64_t>();
  return std::optional(TRY(parse_size(text, "REELMILL_CACHE_QUOTA")));
}

void keep_quota(std::int64_t quota, Workspace const& workspace, Store& store, Events& events) {
  if (!store.settle()) return;
  auto const done = collect(workspace.cache(), quota);
  if (!done)
    events.emit(Warning{{}, done.error().text()});
  else if (done->evicted.units > 0)
    events.emit(Warning{{},
                        fmt::format("the cache held more than its quota of {}: {} units that were used longest ago are gone ({})",
                                    human_bytes(quota), done->evicted.units, human_bytes(done->evicted.bytes))});
}

}  // namespace reelmill
