// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/reference.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {


std::string_view type_name(Value const& value) {
  return std::visit(
      []<class T>(T const&) -> std::string_view {
        if constexpr (std::is_same_v<T, bool>)
          return "boolean";
        else if constexpr (std::is_same_v<T, std::int64_t>)
          return "integer";
        else if constexpr (std::is_same_v<T, double>)
          return "number";
        else
          return "text";
      },
      value);
}

Value default_of(Operation const& operation, Param const& param) { return param.read(operation.defaults()); }

std::string with_unit(std::string text, std::string_view unit) {
  if (!unit.empty()) text += fmt::format(" {}", unit);
  return text;
}

// As a project file spells it: what YAML would not take as it is stands in quotes.
std::string spelt(Operation const& operation, Param const& param) {
  if (param.required) return param.form == Form::path ? "FILE" : "TEXT";
  if (to_string(default_of(operation, param)).empty()) return {};
  auto const text = default_text(operation, param);
  return param.form == Form::colour ? fmt::format("\"{}\"", text) : text;
}

std::string_view form_name(Form form) {
  switch (form) {
    case Form::plain:
      return "plain";
    case Form::time:
      return "time";
    case Form::colour:
      return "colour";
    case Form::path:
      return "path";
    case Form::font:
      return "font";
    case Form::lines:
      return "lines";
    case Form::offset:
      return "offset";
  }
  return "";
}

// One line as a project file has it, with every default that is not an empty text: "- denoise: { reduction: 12 dB, floor: -50 dB }".
std::string example(Operation const& operation) {
  std::string inside;
  for (auto const& param : operation.params)
    if (auto const text = spelt(operation, param); !text.empty())
      inside += fmt::format("{}{}: {}", inside.empty() ? "" : ", ", param.name, text);
  return fmt::format("{}{}: {{ {} }}", operation.track == Track::captions ? "" : "- ", operation.name, inside);
}

}  // namespace

std::string allowed_text(Param const& param) {
  if (!param.choices.empty()) return fmt::format("{}", fmt::join(param.choices, " or "));
  if (param.form == Form::colour) return "\"#rrggbb\"";
  if (param.form == Form::path) return "a file";
  if (param.form == Form::offset)
    return with_unit(fmt::format("auto, or {} to {}", shortest(param.range.low), shortest(param.range.high)), param.unit);
  if (param.form == Form::font) return "a family or a font file";
  if (param.range.low == param.range.high) return "any";
  return with_unit(fmt::format("{} to {}", shortest(param.range.low), shortest(param.range.high)), param.unit);
}

std::string default_text(Operation const& operation, Param const& param) {
  if (param.required) return "none, it must be given";
  auto const text = to_string(default_of(operation, param));
  if (text.empty()) return "none";
  return param.form == Form::offset && text == "auto" ? text : with_unit(text, param.unit);
}

std::string operation_text(Operation const& operation) {
  std::string out = fmt::format("{} ({}): {}\n\n", operation.name, name_of(operation.track), operation.summary);
  std::size_t width = 0;
  for (auto const& param : operation.params) width = std::max(width, param.name.size());
  for (auto const& param : operation.params)
    out += fmt::format("  {:{}}  {}\n  {:{}}  {}, default {}\n", param.name, width, param.help, "", width, allowed_text(param),
                       default_text(operation, param));
  return out + fmt::format("\n  {}\n", example(operation));
}

std::string operations_text() {
  std::size_t width = 0;
  for (auto const* const operation : operations()) width = std::max(width, operation->name.size());
  std::string out;
  for (auto const track : {Track::video, Track::audio, Track::captions}) {
    out += fmt::format("{}:\n", name_of(track));
    for (auto const* const operation : operations())
      if (operation->track == track) out += fmt::format("  {:{}}  {}\n", operation->name, width, operation->summary);
  }
  return out + "\n'reelmill ops NAME' shows the parameters of one\n";
}

std::string operation_markdown(Operation const& operation) {
  auto out = fmt::format("## {}\n\n{} ({}).\n\n    {}\n\n", operation.name, operation.summary, name_of(operation.track),
                         example(operation));
  out += "| parameter | default | allowed | meaning |\n|---|---|---|---|\n";
  for (auto const& param : operation.params)
    out += fmt::format("| `{}` | {} | {} | {} |\n", param.name, default_text(operation, param), allowed_text(param), param.help);
  return out;
}

std::string operations_markdown() {
  std::string out =
      "# Operations\n\n"
      "Written by `reelmill ops --markdown` from the parameter tables in `src/ops`; do not edit.\n\n"
      "An operation is an item of the lists `video:` or `audio:` of a project file: its name alone, or with the parameters that\n"
      "differ from the defaults. Those of captions are keys of `subtitles:`. A number may carry its unit.\n";
  for (auto const* const operation : operations()) out += fmt::format("\n{}", operation_markdown(*operation));
  return out;
}

Json operation_json(Operation const& operation) {
  auto parameters = Json::array();
  for (auto const& param : operation.params) {
    auto const value = default_of(operation, param);
    Json entry{{"name", param.name}, {"help", param.help}, {"type", type_name(value)}, {"unit", param.unit}};
    std::visit([&](auto const& held) { entry["default"] = held; }, value);
    if (param.range.low != param.range.high) entry["minimum"] = param.range.low, entry["maximum"] = param.range.high;
    if (!param.choices.empty()) entry["choices"] = param.choices;
    entry["form"] = form_name(param.form);
    entry["required"] = param.required;
    parameters.push_back(std::move(entry));
  }
  return Json{{"name", operation.name},
              {"summary", operation.summary},
              {"track", name_of(operation.track)},
              {"version", operation.version},
              {"parameters", std::move(parameters)}};
}

}  // namespace reelmill
