// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/worker_versions.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/process.h"
#include "base/text.h"
#include "run/scheduler.h"

namespace reelmill {

namespace {

WorkerVersions read(Json const& json) {
  WorkerVersions out;
  out.version = printable(json.at("version").get<std::string>());
  for (auto const& [name, version] : json.at("libraries").items())
    out.libraries.emplace_back(printable(name), printable(version.get<std::string>()));
  out.encoders = json.at("encoders").get<std::set<std::string>>();
  out.filters = json.at("filters").get<std::set<std::string>>();
  if (auto const& level = json.at("sandbox"); level.is_string()) out.sandbox = printable(level.get<std::string>());
  if (json.contains("sandbox_error")) out.sandbox_error = printable(json["sandbox_error"].get<std::string>());
  for (auto const& build : json.at("builds"))
    out.builds.push_back({printable(build.at("name").get<std::string>()), build.at("file").get<std::string>(),
                          printable(build.at("build").get<std::string>())});
  return out;
}

}  // namespace

Result<WorkerVersions> worker_versions() {
  auto const program = TRY(find_worker());
  auto const done = TRY(run_to_end({.arguments = {program.string(), "--versions"}}));
  auto const refused = [&](std::string_view what) {
    return Error{ErrorKind::missing,
                 fmt::format("asking '{}' for its versions: {}; install reelmill and reelmill-worker anew, together",
                             program.string(), what)};
  };
  if (done.exit.signal != 0 || done.exit.code != 0) return refused(fmt::format("it {}", to_string(done.exit)));
  try {
    auto out = read(Json::parse(done.output));
    out.program = program;
    return out;
  } catch (std::exception const&) {
    return refused("the answer is not a worker's");
  }
}

}  // namespace reelmill
