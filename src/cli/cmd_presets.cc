// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "plan/encoders.h"
#include "project/project.h"

namespace reelmill {

namespace {

Json json_of(Export const& preset) {
  return {{"name", preset.name},
          {"description", preset.description},
          {"container", preset.container},
          {"width", preset.width},
          {"height", preset.height},
          {"fit", preset.fit},
          {"fps", preset.keeps_rate ? Json("source")
                  : preset.rate     ? Json(to_string(*preset.rate))
                                    : Json()},
          {"codec", preset.video_codec},
          {"speed", preset.preset},
          {"profile", preset.profile},
          {"crf", preset.crf},
          {"bitrate", preset.ceiling},
          {"audio_codec", preset.audio_codec},
          {"audio_bitrate", preset.audio_bitrate},
          {"edit_lists", preset.edit_lists ? "auto" : "none"}};
}

std::string line_of(Export const& preset) {
  auto const ceiling = preset.ceiling > 0 ? fmt::format("≤ {} Mb/s", shortest(static_cast<double>(preset.ceiling) / 1e6)) : "";
  auto const rate = preset.keeps_rate ? "its rate" : preset.rate ? to_string(*preset.rate) + " fps" : "";
  return fmt::format("  {:14} {:>9} {:>8}  {:4}  {:22} {:9} {}\n", preset.name,
                     preset.width == 0 ? "source" : fmt::format("{}x{}", preset.width, preset.height), rate, preset.container,
                     text_of_encoder(preset), ceiling, preset.description);
}

int run(std::vector<std::string> const& arguments) {
  std::string name;
  bool json = false;
  CLI::App app("Show the presets that 'exports:' of a project can name", "reelmill presets");
  app.add_option("PRESET", name, "print this one as a project file would say it");
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;

  if (!name.empty()) {
    auto const* const preset = shipped_export(name);
    if (preset == nullptr) {
      std::vector<std::string_view> names;
      for (auto const& known : shipped_exports()) names.push_back(known.name);
      return fail({ErrorKind::usage, fmt::format("there is no preset '{}'{}", printable(name), did_you_mean(name, names))}, json);
    }
    if (json) return print_json(json_of(*preset));
    fmt::print("{}", shipped_export_text(name));
    return 0;
  }
  if (json) {
    auto list = Json::array();
    for (auto const& preset : shipped_exports()) list.push_back(json_of(preset));
    return print_json({{"presets", std::move(list)}});
  }
  for (auto const& preset : shipped_exports()) fmt::print("{}", line_of(preset));
  fmt::print("\n'reelmill presets NAME' prints one as a project file would say it\n");
  return 0;
}

}  // namespace

Command const presets_command{"presets", "Show the export presets", run,
                              "reelmill presets\n"
                              "reelmill presets youtube >> reelmill.yaml   # to begin one of your own with"};

}  // namespace reelmill
