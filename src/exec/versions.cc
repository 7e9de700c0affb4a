// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/versions.h"

#include "av/inventory.h"
#include "base/sandbox.h"

namespace reelmill {

Json versions() {
  auto libraries = Json::object();
  for (auto const& [name, version] : av::libraries()) libraries[name] = version;
  Json out{{"version", REELMILL_VERSION},         {"libraries", std::move(libraries)}, {"encoders", av::encoder_names()},
           {"decoders", av::decoder_names()},     {"filters", av::filter_names()},     {"muxers", av::muxer_names()},
           {"configuration", av::configuration()}};
  if (auto const level = enter_sandbox({}); level) {
    out["sandbox"] = *level;
  } else {
    out["sandbox"] = nullptr;
    out["sandbox_error"] = level.error().text();
  }
  return out;
}

}  // namespace reelmill
