// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/disk.h"
#include "base/text.h"
#include "cli/cache_quota.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_arguments.h"
#include "run/cache_care.h"
#include "run/workspace.h"

namespace reelmill {

namespace {

struct CacheArguments {
  std::string action, place = ".", keep;
  bool json = false, users = false;
};

Json json_of(Heap const& heap) { return {{"units", heap.units}, {"bytes", heap.bytes}}; }
std::string text_of(Heap const& heap) {
  return fmt::format("{} {}, {}", heap.units, heap.units == 1 ? "unit" : "units", human_bytes(heap.bytes));
}

// On one line of a terminal that is written over, and cleared at the end.
class Ticker {
 public:
  explicit Ticker(bool wanted) : is_live_(wanted && isatty(STDERR_FILENO)) {}
  ~Ticker() {
    if (is_live_) fmt::print(stderr, "\r\033[K");
  }
  void tell(std::int64_t done, std::int64_t of, std::int64_t bytes) const {
    if (is_live_ && (done % 16 == 0 || done == of))
      fmt::print(stderr, "\r{} of {} units, {}\033[K", done, of, human_bytes(bytes));
  }

 private:
  bool is_live_;
};

int show(std::filesystem::path const& cache, bool json) {
  auto const usage = usage_of(cache);
  auto const room = free_space(cache);
  if (json) {
    auto kinds = Json::object();
    for (auto const& [kind, heap] : usage.kinds) kinds[kind] = json_of(heap);
    return print_json({{"cache", cache.string()},
                       {"units", usage.all.units},
                       {"bytes", usage.all.bytes},
                       {"free", room ? *room : 0},
                       {"kinds", std::move(kinds)},
                       {"quarantined", json_of(usage.quarantined)},
                       {"in_use", json_of(usage.in_use)},
                       {"processes", usage.processes}});
  }
  fmt::print("{}: {}{}\n", printable(cache.string()), text_of(usage.all),
             room ? fmt::format("; room for {} more", human_bytes(*room)) : "");
  for (auto const& [kind, heap] : usage.kinds) fmt::print("  {:10} {}\n", kind, text_of(heap));
  if (usage.quarantined.units > 0) fmt::print("  quarantine {}\n", text_of(usage.quarantined));
  if (usage.processes > 0)
    fmt::print("  in use by {} {}: {}\n", usage.processes, usage.processes == 1 ? "process" : "processes", text_of(usage.in_use));
  return 0;
}

Result<int> tidy(std::filesystem::path const& cache, CacheArguments const& arguments) {
  auto const quota = TRY(cache_quota());
  if (arguments.keep.empty() && !quota)
    return Error{ErrorKind::usage, "reelmill cache gc: say how much to keep, as in --keep 20G, or set REELMILL_CACHE_QUOTA"};
  auto const keep = arguments.keep.empty() ? *quota : TRY(parse_size(arguments.keep, "--keep"));
  Ticker const ticker(!arguments.json);
  auto const done = TRY(collect(cache, keep, [&](auto... told) { ticker.tell(told...); }));
  if (arguments.json)
    return print_json({{"cache", cache.string()},
                       {"keep", keep},
                       {"before", json_of(done.before)},
                       {"after", json_of(done.after)},
                       {"evicted", json_of(done.evicted)},
                       {"in_use", json_of(done.in_use)},
                       {"removed", done.removed}});
  fmt::print("{}: evicted {}; {} are left\n", printable(cache.string()), text_of(done.evicted), text_of(done.after));
  if (done.removed > 0) fmt::print("  removed {} of leftovers\n", human_bytes(done.removed));
  if (done.after.bytes > keep) fmt::print("  more than {}, because runs are using them\n", human_bytes(keep));
  return 0;
}

int look(std::filesystem::path const& cache, bool json) {
  auto const verified = [&] {
    Ticker const ticker(!json);
    return verify(cache, [&](auto... told) { ticker.tell(told...); });
  }();
  int const status = verified.damaged.empty() ? 0 : exit_code_of(ErrorKind::rejected);
  if (json) {
    print_json({{"cache", cache.string()},
                {"units", verified.looked.units},
                {"bytes", verified.looked.bytes},
                {"damaged", verified.damaged}});
    return status;
  }
  for (auto const& what : verified.damaged) fmt::print("{}\n", printable(what));
  if (verified.damaged.empty())
    fmt::print("{}: {}, all as they were made\n", printable(cache.string()), text_of(verified.looked));
  else
    fmt::print("{}: {} of {} units were damaged; the next run makes them again\n", printable(cache.string()),
               verified.damaged.size(), verified.looked.units);
  return status;
}

Result<int> act(CacheArguments const& arguments) {
  std::error_code failed;
  auto const cache = TRY(arguments.users ? users_units() : units_of(project_folder(arguments.place)));
  if (!std::filesystem::is_directory(cache, failed))
    return Error{ErrorKind::missing, fmt::format("looking for a cache: there is none at '{}'; give a project's folder, or --user",
                                                 printable(cache.string()))};
  if (arguments.action == "du") return show(cache, arguments.json);
  if (arguments.action == "gc") return tidy(cache, arguments);
  return look(cache, arguments.json);
}

int run(std::vector<std::string> const& arguments) {
  CacheArguments settings;
  CLI::App app("Look after what was made before: how much it is, making room, finding damage", "reelmill cache");
  app.add_option("ACTION", settings.action, "du: how much there is; gc: remove what was used longest ago; verify: read all of it")
      ->required()
      ->check(CLI::IsMember({"du", "gc", "verify"}));
  app.add_option("PROJECT", settings.place, "the project's folder")->capture_default_str();
  app.add_option("--keep", settings.keep, "gc: how much to keep, as 20G (default: $REELMILL_CACHE_QUOTA)")->type_name("SIZE");
  app.add_flag("--user", settings.users, "the cache of clean and export instead of a project's");
  app.add_flag("--json", settings.json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const done = act(settings);
  return done ? *done : fail(done.error(), settings.json);
}

}  // namespace

Command const cache_command{"cache", "Look after what was made before: du, gc, verify", run,
                            "reelmill cache du                 # of the project in this folder\n"
                            "reelmill cache gc --keep 20G      # remove what was used longest ago\n"
                            "reelmill cache verify --json      # read everything; damage is set aside\n"
                            "reelmill cache du --user          # of clean and export"};

}  // namespace reelmill
