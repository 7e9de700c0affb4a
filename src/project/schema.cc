// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/schema.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "ops/reference.h"
#include "project/exports.h"
#include "project/project.h"
#include "project/retry_keys.h"
#include "project/subtitles.h"

namespace reelmill {

namespace schema {

constexpr std::string_view number_pattern = "[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?";

// YAML takes an unquoted 2026 for a number.
Json text() { return {{"type", {"string", "number"}}, {"minLength", 1}}; }

// YAML takes an unquoted 90 for a number.
Json one_of(std::span<std::string_view const> names) {
  auto values = Json::array();
  for (auto const name : names) {
    values.push_back(name);
    if (auto const number = parse_integer(name)) values.push_back(*number);
  }
  return {{"enum", std::move(values)}};
}

Json number(Range range, std::string_view unit, bool is_whole) {
  Json plain{{"type", is_whole ? "integer" : "number"}};
  if (range.low != range.high) plain["minimum"] = range.low, plain["maximum"] = range.high;
  std::string units(unit);
  if (unit == unit::hertz) units = "k?Hz";
  if (unit == unit::frames) units = "frames?";
  if (unit == unit::octaves) units = "octaves?";
  if (unit == unit::seconds || unit == unit::milliseconds) units = "m?s";
  auto const pattern = units.empty() ? fmt::format("^{}$", number_pattern) : fmt::format("^{} *({})?$", number_pattern, units);
  return {{"anyOf", {std::move(plain), {{"type", "string"}, {"pattern", pattern}}}}};
}

Json frame_rate() {
  return {{"anyOf",
           {{{"type", "number"}, {"minimum", 1}, {"maximum", 240}},
            {{"type", "string"}, {"pattern", "^[0-9]+(\\.[0-9]+|/[0-9]+)? *(fps)?$"}}}}};
}

Json bit_rate(Range range) {
  return {{"anyOf",
           {{{"type", "number"}, {"minimum", range.low}, {"maximum", range.high}},
            {{"type", "string"}, {"pattern", fmt::format("^{} *[kKM]?(b/s|bit/s|bps)?$", number_pattern)}}}}};
}

}  // namespace schema

namespace {

Json described(Json schema, std::string_view help) {
  Json out;
  out["description"] = help;
  out.update(schema);
  return out;
}

Json text_or_list() { return {{"anyOf", {schema::text(), {{"type", "array"}, {"items", schema::text()}, {"minItems", 1}}}}}; }

Json time_schema(Range range) {
  auto out = schema::number(range, unit::seconds, false);
  out["anyOf"].push_back({{"type", "string"}, {"pattern", "^([0-9]+:)?[0-9]+:[0-9]+(\\.[0-9]+)?$"}});
  return out;
}

Json value_schema(Param const& param, Value const& standard) {
  if (param.form == Form::time) return time_schema(param.range);
  if (param.form == Form::offset) {
    auto out = time_schema(param.range);
    out["anyOf"].push_back({{"const", "auto"}});
    return out;
  }
  if (param.form == Form::colour) return {{"type", "string"}, {"pattern", "^#[0-9A-Fa-f]{6}$"}};
  if (std::holds_alternative<bool>(standard)) return {{"type", "boolean"}};
  if (std::holds_alternative<double>(standard)) return schema::number(param.range, param.unit, false);
  if (std::holds_alternative<std::int64_t>(standard)) return schema::number(param.range, param.unit, true);
  return param.choices.empty() ? schema::text() : schema::one_of(param.choices);
}

std::vector<std::string_view> required_of(Operation const& operation) {
  std::vector<std::string_view> names;
  for (auto const& param : operation.params)
    if (param.required) names.push_back(param.name);
  return names;
}

}  // namespace

Json parameters_schema(Operation const& operation) {
  auto properties = Json::object();
  auto const defaults = operation.defaults();
  for (auto const& param : operation.params) {
    auto const standard = param.read(defaults);
    auto entry = described(value_schema(param, standard), fmt::format("{} ({})", param.help, allowed_text(param)));
    std::visit([&](auto const& held) { entry["default"] = held; }, standard);
    properties[std::string(param.name)] = std::move(entry);
  }
  auto const required = required_of(operation);
  return {{"description", operation.summary},
          {"type", required.empty() ? Json{"object", "null"} : Json("object")},
          {"properties", std::move(properties)},
          {"required", required},
          {"additionalProperties", false}};
}

namespace {

Json steps_schema(Track track, std::string_view help) {
  std::vector<std::string_view> names;
  auto properties = Json::object();
  for (auto const* const operation : operations()) {
    if (operation->track != track) continue;
    if (required_of(*operation).empty()) names.push_back(operation->name);
    properties[std::string(operation->name)] = parameters_schema(*operation);
  }
  Json const map{{"type", "object"},
                 {"properties", std::move(properties)},
                 {"additionalProperties", false},
                 {"minProperties", 1},
                 {"maxProperties", 1}};
  return {{"description", help}, {"type", {"array", "null"}}, {"items", {{"anyOf", {schema::one_of(names), map}}}}};
}

Json export_schema() {
  auto properties = Json::object();
  for (auto const& key : export_keys()) properties[std::string(key.name)] = described(key.schema(), key.help);
  return {{"type", {"object", "null"}}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

Json exports_schema() {
  std::vector<std::string_view> names;
  auto properties = Json::object();
  for (auto const& preset : shipped_exports()) {
    names.push_back(preset.name);
    properties[preset.name] = {{"description", preset.description}, {"$ref", "#/$defs/export"}};
  }
  // A name of one's own has to say what it is.
  Json const own{
      {"$ref", "#/$defs/export"}, {"type", "object"}, {"anyOf", {{{"required", {"preset"}}}, {{"required", {"resolution"}}}}}};
  Json const map{{"type", "object"},
                 {"properties", std::move(properties)},
                 {"additionalProperties", own},
                 {"propertyNames", {{"pattern", "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$"}}},
                 {"minProperties", 1},
                 {"maxProperties", 1}};
  return {{"description", "what is made of every source"},
          {"type", "array"},
          {"minItems", 1},
          {"uniqueItems", true},
          {"items", {{"anyOf", {schema::one_of(names), map}}}}};
}

Json normalize_schema() {
  return {
      {"description", "where an export says nothing else"},
      {"type", {"object", "null"}},
      {"properties",
       {{"fps", described(schema::frame_rate(), "frames a second")},
        {"sample_rate", described({{"anyOf", {schema::number({}, unit::hertz, true), {{"const", "source"}}}}}, "of the sound")},
        {"language", described(schema::text(), "of the sound track to take, such as en")}}},
      {"additionalProperties", false}};
}

}  // namespace

Json project_schema() {
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "Reelmill project"},
          {"type", "object"},
          {"required", {"reelmill", "exports"}},
          {"additionalProperties", false},
          {"properties",
           {{"reelmill", {{"description", "the version of this format"}, {"const", 1}}},
            {"name", described(schema::text(), "the project's name, {project} in 'deliver'")},
            {"sources", described(text_or_list(), "patterns of the files to work on, relative to this file")},
            {"normalize", normalize_schema()},
            {"retry", retry_schema()},
            {"video", steps_schema(Track::video, "what is done to the picture, in this order")},
            {"audio", steps_schema(Track::audio, "what is done to the sound, in this order")},
            {"subtitles", subtitles_schema()},
            {"exports", exports_schema()},
            {"deliver", described(text_or_list(), "where outputs go, with {platform}, {name}, {ext} and {project}")}}},
          {"$defs", {{"export", export_schema()}}}};
}

}  // namespace reelmill
