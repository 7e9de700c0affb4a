// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/subtitles.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "project/caption_profiles.h"
#include "project/schema.h"
#include "project/steps.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view any_name = "name";

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> names;
  for (auto const format : caption_formats) names.push_back(name_of(format));
  return names;
}

void read_file_key(Node const& node, Project& project, Mistakes& mistakes) {
  auto const text = read_text(node, "'file'", mistakes);
  if (!text) return;
  project.subtitles->file = *text;
  if (auto const file = caption_file_of(project, any_name); !file)
    mistakes.add(node.mark, file.error().what);
  else if (!caption_format_of(file->string()))
    mistakes.add(node.mark, fmt::format("'file' must end in one of .{}, not '{}'", fmt::join(format_names(), ", ."), *text));
}

void read_formats(Node const& node, Project& project, Mistakes& mistakes) {
  auto& formats = project.subtitles->formats;
  formats.clear();
  auto const names = format_names();
  auto const take = [&](Node const& item) {
    auto const name = read_choice(item, "'formats'", names, mistakes);
    if (name && std::find(formats.begin(), formats.end(), *name) == formats.end()) formats.push_back(*name);
  };
  if (node.kind == Node::Kind::scalar && node.text == "none") return;
  if (node.kind != Node::Kind::list) return take(node);
  for (auto const& item : node.items) take(item);
}

void read_to(Node const& node, Project& project, Mistakes& mistakes) {
  auto const text = read_text(node, "'to'", mistakes);
  if (!text) return;
  project.subtitles->to = *text;
  auto const sidecars = sidecars_of(project, any_name);
  if (!sidecars) return mistakes.add(node.mark, sidecars.error().what);
  if (text->find("{ext}") == std::string::npos && project.subtitles->formats.size() > 1)
    mistakes.add(node.mark, fmt::format("the path '{}' gives {} files one name, add {{ext}}", *text, sidecars->size()));
  for (auto const& sidecar : *sidecars)
    if (sidecar.file == project.file.filename() || sidecar.file.starts_with(".reelmill/"))
      mistakes.add(node.mark, fmt::format("the path '{}' would overwrite what Reelmill needs itself", *text));
}

void read_profile(Node const& node, Project& project, Mistakes& mistakes) {
  auto const text = read_text(node, "'profile'", mistakes);
  if (!text) return;
  bool const is_file = text->find_first_of("/.") != std::string::npos;
  auto const place = is_file ? (project.folder / *text).lexically_normal().string() : *text;
  if (auto const profile = caption_profile(place); !profile)
    mistakes.add(node.mark, fmt::format("'profile': {}", profile.error().what));
  else
    project.subtitles->profile = place;
}

void read_track(Node const& node, Project& project, Mistakes& mistakes) {
  constexpr std::array<std::string_view, 2> truths{"true", "false"};
  if (auto const text = read_choice(node, "'track'", truths, mistakes)) project.subtitles->track = *text == "true";
}

void read_encoding(Node const& node, Project& project, Mistakes& mistakes) {
  if (auto const text = read_text(node, "'encoding'", mistakes)) project.subtitles->encoding = *text;
}

struct SubtitlesKey {
  std::string_view name, help;
  void (*read)(Node const& node, Project& project, Mistakes& mistakes);
};
// In the order in which they are read: a template is judged with the formats.
constexpr std::array keys{
    SubtitlesKey{"file", "captions that are there, a template with {name}", read_file_key},
    SubtitlesKey{"encoding", "of that file, such as windows-1252, where it cannot be told", read_encoding},
    SubtitlesKey{"profile", "the rules by which captions are laid out, a name or a file", read_profile},
    SubtitlesKey{"formats", "of the files that are written: srt, vtt, ass, ttml, or none", read_formats},
    SubtitlesKey{"to", "where they are written, a template with {name} and {ext}", read_to},
    SubtitlesKey{"track", "whether films hold them as a track that can be switched on", read_track}};

Entry const* entry_named(Node const& map, std::string_view name) {
  for (auto const& entry : map.entries)
    if (entry.key == name) return &entry;
  return nullptr;
}
}  // namespace

void read_subtitles(Node const& node, Project& project, Mistakes& mistakes) {
  if (node.kind == Node::Kind::nothing) return;
  if (node.kind != Node::Kind::map)
    return mistakes.add(node.mark,
                        fmt::format("'subtitles' must be a map such as {{ transcribe: {{}}, formats: [srt] }}, not {}",
                                    node.kind_name()));
  project.subtitles.emplace();
  std::vector<std::string_view> names{"transcribe", "burn"};
  for (auto const& key : keys) names.push_back(key.name);
  for (auto const& entry : node.entries)
    if (first_of_name(node, entry, mistakes) && std::find(names.begin(), names.end(), entry.key) == names.end())
      unknown_key(entry, "'subtitles'", names, mistakes);
  for (auto const& key : keys)
    if (auto const* const entry = entry_named(node, key.name)) key.read(entry->value, project, mistakes);
  if (auto const* const entry = entry_named(node, "transcribe"))
    project.subtitles->transcribe = read_caption_step(*entry, project.folder, mistakes);
  if (auto const* const entry = entry_named(node, "burn"))
    project.video.push_back(read_caption_step(*entry, project.folder, mistakes));
  auto const* const file = entry_named(node, "file");
  if (file && project.subtitles->transcribe)
    mistakes.add(file->key_mark, "'file' stands beside 'transcribe': give one of them");
  if (!file && !project.subtitles->transcribe)
    mistakes.add(node.mark, "'subtitles' says nothing of where captions come from, add 'transcribe: {}' or 'file: …'");
}

Json subtitles_schema() {
  auto properties = Json::object();
  Json const text{{"type", "string"}, {"minLength", 1}};
  auto const formats = schema::one_of(format_names());
  for (auto const& key : keys) {
    auto& schema = properties[std::string(key.name)] = text;
    if (key.name == "formats") schema = {{"anyOf", {formats, {{"const", "none"}}, {{"type", "array"}, {"items", formats}}}}};
    if (key.name == "track") schema = {{"type", "boolean"}};
    schema["description"] = key.help;
  }
  for (auto const* const operation : operations())
    if (operation->track == Track::captions) properties[std::string(operation->name)] = parameters_schema(*operation);
  return {{"description", "captions of what is said, or of a file"},
          {"type", {"object", "null"}},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

Result<fs::path> caption_file_of(Project const& project, fs::path const& source) {
  auto const& pattern = project.subtitles->file;
  if (pattern.empty()) return fs::path();
  if (project.file.empty()) return fs::path(pattern);
  std::map<std::string, std::string> const parts{{"name", source.stem().string()}, {"project", project.name}};
  if (!pattern.starts_with('/')) return (project.folder / TRY(fill_template(pattern, parts))).lexically_normal();
  return fs::path("/" + TRY(fill_template(std::string_view(pattern).substr(1), parts))).lexically_normal();
}

Result<std::vector<Sidecar>> sidecars_of(Project const& project, fs::path const& source) {
  std::vector<Sidecar> out;
  for (auto const& name : project.subtitles->formats) {
    if (project.output_name) {
      out.push_back({*caption_format_named(name), fs::path(*project.output_name).replace_extension(name).string()});
      continue;
    }
    auto const file = TRY(fill_template(project.subtitles->to,
                                        {{"name", source.stem().string()}, {"project", project.name}, {"ext", name}}));
    out.push_back({*caption_format_named(name), file});
  }
  return out;
}

}  // namespace reelmill
