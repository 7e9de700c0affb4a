// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/versions.h"

#include "av/inventory.h"
#include "base/sandbox.h"
#include "exec/loaded_libraries.h"
#include "speech/version.h"

namespace reelmill {

Json versions() {
  auto libraries = Json::object();
  for (auto const& [name, version] : av::libraries()) libraries[name] = version;
  if (auto const build = speech::whisper_build(); !build.empty()) libraries["whisper.cpp"] = build;
  auto builds = Json::array();
  for (auto const& library : loaded_libraries())
    builds.push_back({{"name", library.name}, {"file", library.file}, {"build", library.build}});
  Json out{{"version", REELMILL_VERSION},   {"libraries", std::move(libraries)},    {"encoders", av::encoder_names()},
           {"filters", av::filter_names()}, {"configuration", av::configuration()}, {"builds", std::move(builds)}};
  if (auto const level = enter_sandbox({}); level) {
    out["sandbox"] = *level;
  } else {
    out["sandbox"] = nullptr;
    out["sandbox_error"] = level.error().text();
  }
  return out;
}

}  // namespace reelmill
