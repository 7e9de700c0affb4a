// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdexcept>

#include "project/exports.h"

namespace reelmill {

namespace {

Export parse_preset(EmbeddedPreset const& preset) {
  auto const file = std::string(preset.name) + ".yaml";
  Mistakes mistakes(file);
  Export out;
  out.name = preset.name;
  auto const document = parse_document(preset.text, file);
  if (!document) throw std::logic_error(document.error().text());
  read_export(*document, {}, out, mistakes);
  if (!mistakes.empty()) throw std::logic_error(mistakes.error().text());
  return out;
}

}  // namespace

std::vector<Export> const& shipped_exports() {
  static std::vector<Export> const exports = [] {
    std::vector<Export> out;
    for (auto const& preset : embedded_presets()) out.push_back(parse_preset(preset));
    return out;
  }();
  return exports;
}

Export const* shipped_export(std::string_view name) {
  for (auto const& candidate : shipped_exports())
    if (candidate.name == name) return &candidate;
  return nullptr;
}

std::string_view shipped_export_text(std::string_view name) {
  for (auto const& preset : embedded_presets())
    if (preset.name == name) return preset.text;
  return {};
}

}  // namespace reelmill
