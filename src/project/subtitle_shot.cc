// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/subtitle_shot.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "graph/codecs.h"
#include "project/exports.h"
#include "project/inputs.h"
#include "project/one_shot_places.h"
#include "project/subtitles.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view export_name = "subtitled";

Error refused(std::string what) { return Error{ErrorKind::usage, std::move(what)}; }

Node scalar(std::string_view text) { return {Node::Kind::scalar, {}, std::string(text), {}, {}}; }
Node empty_map() { return {Node::Kind::map, {}, {}, {}, {}}; }

struct Settings {
  Node burn = empty_map(), target = empty_map();
};

Result<Settings> parsed(SubtitleWishes const& wishes) {
  Settings out;
  for (std::string_view const text : wishes.settings) {
    auto const equals = text.find('='), dot = text.find('.');
    auto const name = trim(text.substr(0, dot));
    if (equals == std::string_view::npos || dot == std::string_view::npos || dot > equals || (name != "burn" && name != export_name))
      return refused(fmt::format("--set {}: write burn.PARAMETER=VALUE, such as burn.size=30, or {}.KEY=VALUE, such as {}.crf=20",
                                 printable(text), export_name, export_name));
    if (name == "burn" && !wishes.burn) return refused(fmt::format("--set {}: it needs --burn", printable(text)));
    auto& map = name == "burn" ? out.burn : out.target;
    map.entries.push_back({std::string(trim(text.substr(dot + 1, equals - dot - 1))), {}, scalar(text.substr(equals + 1))});
  }
  return out;
}

Node subtitles_node(SubtitleWishes const& wishes, Node burn) {
  auto node = empty_map();
  auto const add = [&](std::string_view key, Node value) { node.entries.push_back({std::string(key), {}, std::move(value)}); };
  std::error_code ignored;
  if (wishes.captions.empty()) {
    auto transcribe = empty_map();
    for (auto const& [name, value] : wishes.transcribing) transcribe.entries.push_back({name, {}, scalar(value)});
    add("transcribe", std::move(transcribe));
  } else {
    add("file", scalar(fs::absolute(wishes.captions, ignored).lexically_normal().string()));
  }
  if (!wishes.profile.empty()) add("profile", scalar(wishes.profile));
  if (!wishes.encoding.empty()) add("encoding", scalar(wishes.encoding));
  Node formats{Node::Kind::list, {}, {}, {}, {}};
  for (auto const format : split(wishes.formats, ','))
    if (!trim(format).empty()) formats.items.push_back(scalar(trim(format)));
  add("formats", wishes.formats == "none" ? scalar("none") : std::move(formats));
  if (wishes.burn)
    add("burn", std::move(burn));
  else
    add("track", scalar("true"));
  return node;
}
}  // namespace

Result<OneShot> subtitles_for(SubtitleWishes const& wishes) {
  auto const inputs = TRY(find_inputs(wishes.inputs));
  auto settings = TRY(parsed(wishes));
  bool const folder = is_folder(wishes.output, inputs.size());
  fs::path const output = wishes.output;
  if (!folder && inputs.size() > 1)
    return refused(fmt::format("-o {}: {} films cannot become one file, give a folder ('{}/')", printable(wishes.output),
                               inputs.size(), printable(output.stem().string())));
  if (!wishes.captions.empty() && inputs.size() > 1)
    return refused(fmt::format("--captions {}: it is of one film, and there are {}", printable(wishes.captions), inputs.size()));
  OneShot out;
  auto& project = out.project;
  project.name = "subtitle";
  project.may_replace = wishes.overwrite;
  project.output = "{name}_subtitled.{ext}";
  project.folder = folder ? TRY(output_folder(wishes.output)) : absolute_folder(output.parent_path());

  auto& map = settings.target;
  bool const has_preset =
      std::any_of(map.entries.begin(), map.entries.end(), [](Entry const& entry) { return entry.key == "preset"; });
  if (!has_preset) map.entries.insert(map.entries.begin(), {"preset", {}, scalar("as_source")});
  if (!wishes.burn) map.entries.push_back({"codec", {}, scalar(copy_codec)});
  if (!folder) {
    project.output_name = output.filename().string();
    auto const container = lower_case(output.extension().string().substr(1));
    map.entries.push_back({"container", {}, scalar(container)});
    if (container == "webm") map.entries.push_back({"audio_codec", {}, scalar("opus")});
    if (auto const* const known = container_named(container); known != nullptr && !wishes.burn && known->captions.empty())
      return refused(fmt::format("-o {}: {} holds no captions; choose .mp4, .mov, .mkv or .webm, or --burn", printable(wishes.output),
                                 container));
  }
  Mistakes mistakes("subtitle");
  Node const item{Node::Kind::map, {}, {}, {}, {{std::string(export_name), {}, std::move(map)}}};
  project.exports = read_exports({Node::Kind::list, {}, {}, {item}, {}}, {shipped_export, {}}, mistakes);
  read_subtitles(subtitles_node(wishes, std::move(settings.burn)), project, mistakes);
  if (!mistakes.empty()) return refused(join(mistakes.texts(), "; "));
  project.subtitles->to = "{name}_subtitled.{ext}";
  out.sources = TRY(sources_of(inputs, project));
  return out;
}

}  // namespace reelmill
