// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"
#include "project/export_checks.h"
#include "project/exports.h"
#include "project/language.h"
#include "project/retry_keys.h"
#include "project/steps.h"
#include "project/subtitles.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr int newest_version = 1;
constexpr std::size_t longest_name = 200, longest_pattern = 4096;
constexpr std::string_view default_sources = "00_source/video/raw/*.{mp4,mov,mkv,webm,avi,mxf,m4v,mpg,ts}";
constexpr std::string_view default_delivery = "03_delivered/{platform}/{name}_{platform}.{ext}";
constexpr std::array sample_rates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000};

// The texts of a node that is one text or a list of them, with where each stands.
std::vector<std::pair<Mark, std::string>> read_texts(Node const& node, std::string_view what, Mistakes& mistakes) {
  std::vector<std::pair<Mark, std::string>> texts;
  auto const take = [&](Node const& item) {
    if (auto const text = read_text(item, what, mistakes)) texts.emplace_back(item.mark, *text);
  };
  if (node.kind != Node::Kind::list)
    take(node);
  else
    for (auto const& item : node.items) take(item);
  if (node.kind == Node::Kind::list && node.items.empty()) mistakes.add(node.mark, fmt::format("{} is an empty list", what));
  return texts;
}

void read_version(Node const& node, Mistakes& mistakes) {
  auto const version = read_whole(node, "'reelmill'", unit::none, {}, mistakes);
  if (!version || *version == newest_version) return;
  if (*version > newest_version)
    mistakes.add(node.mark, fmt::format("this project is of version {}, this program knows version {}, install a newer one",
                                        *version, newest_version));
  else
    mistakes.add(node.mark, fmt::format("there is no version {}, write 'reelmill: {}'", *version, newest_version));
}

void read_name(Node const& node, Project& project, Mistakes& mistakes) {
  auto const name = read_text(node, "'name'", mistakes);
  if (!name) return;
  if (name->size() > longest_name)
    return mistakes.add(node.mark, fmt::format("'name' has {} bytes, more than {}, shorten it", name->size(), longest_name));
  project.name = *name;
}

void read_sources(Node const& node, Project& project, Mistakes& mistakes) {
  project.sources.clear();
  for (auto const& [mark, pattern] : read_texts(node, "'sources'", mistakes)) {
    if (pattern.size() > longest_pattern)
      mistakes.add(mark, fmt::format("the pattern has {} bytes, more than {}, use '*'", pattern.size(), longest_pattern));
    if (pattern.find("{}") != std::string::npos) mistakes.add(mark, fmt::format("the pattern '{}' has empty braces", pattern));
    project.sources.push_back(pattern);
  }
}

void read_sample_rate(Node const& node, Project& project, Mistakes& mistakes) {
  if (node.kind == Node::Kind::scalar && node.text == "source") {
    project.normalize.sample_rate = 0;
    return;
  }
  auto const rate = read_whole(node, "'sample_rate'", unit::hertz, {}, mistakes);
  if (!rate) return;
  for (auto const known : sample_rates)
    if (*rate == known) project.normalize.sample_rate = known;
  if (project.normalize.sample_rate != *rate)
    mistakes.add(node.mark,
                 fmt::format("'sample_rate' must be one of {} Hz or source, not {}", fmt::join(sample_rates, ", "), *rate));
}

void read_language(Node const& node, Project& project, Mistakes& mistakes) {
  auto const language = read_text(node, "'language'", mistakes);
  if (!language) return;
  if (looks_like_language(*language))
    project.normalize.language = *language;
  else
    mistakes.add(node.mark, fmt::format("'language' must be a language such as en, deu or pt-BR, not '{}'", *language));
}

void read_normalize(Node const& node, Project& project, Mistakes& mistakes) {
  if (node.kind == Node::Kind::nothing) return;
  if (node.kind != Node::Kind::map)
    return mistakes.add(node.mark, fmt::format("'normalize' must be a map such as {{ fps: 30 }}, not {}", node.kind_name()));
  constexpr std::array<std::string_view, 3> known{"fps", "sample_rate", "language"};
  for (auto const& entry : node.entries) {
    if (!first_of_name(node, entry, mistakes)) continue;
    if (entry.key == "fps") {
      if (auto const rate = read_frame_rate(entry.value, "'fps'", mistakes)) project.normalize.rate = *rate;
    } else if (entry.key == "sample_rate") {
      read_sample_rate(entry.value, project, mistakes);
    } else if (entry.key == "language") {
      read_language(entry.value, project, mistakes);
    } else {
      unknown_key(entry, "'normalize'", known, mistakes);
    }
  }
}

void read_video(Node const& node, Project& project, Mistakes& mistakes) {
  project.video = read_steps(node, Track::video, project.folder, mistakes);
}
void read_audio(Node const& node, Project& project, Mistakes& mistakes) {
  project.audio = read_steps(node, Track::audio, project.folder, mistakes);
}

void read_export_list(Node const& node, Project& project, Mistakes& mistakes) {
  ExportNames known{shipped_export, {}};
  for (auto const& preset : embedded_presets()) known.names.push_back(preset.name);
  project.exports = read_exports(node, known, mistakes);
}

// Runs last, because it needs the exports: every template must give every export a path of its own.
void read_deliver(Node const& node, Project& project, Mistakes& mistakes) {
  project.deliver.clear();
  std::set<std::string> taken;
  auto exports = project.exports;
  if (exports.empty()) exports.emplace_back().name = "youtube";
  for (auto const& [mark, pattern] : read_texts(node, "'deliver'", mistakes)) {
    project.deliver.push_back(pattern);
    for (auto const& made : exports) {
      auto const path = fill_template(pattern, template_parts(project, "name.mp4", made));
      if (!path) {
        mistakes.add(mark, path.error().what);
        break;
      }
      if (*path == project.file.filename() || path->starts_with(".reelmill/")) {
        mistakes.add(mark, fmt::format("the path '{}' would overwrite what Reelmill needs itself", pattern));
        break;
      }
      if (!taken.insert(*path).second) {
        mistakes.add(
            mark,
            fmt::format("the path '{}' gives two outputs one name, add {{platform}} to it or choose another folder", pattern));
        break;
      }
    }
  }
}

struct Key {
  std::string_view name;
  void (*read)(Node const& node, Project& project, Mistakes& mistakes);
};
constexpr std::array keys{
    Key{"reelmill", [](Node const& node, Project&, Mistakes& mistakes) { read_version(node, mistakes); }},
    Key{"name", read_name},
    Key{"sources", read_sources},
    Key{"normalize", read_normalize},
    Key{"retry", [](Node const& node, Project& project, Mistakes& mistakes) { read_retry(node, project.retry, mistakes); }},
    Key{"video", read_video},
    Key{"audio", read_audio},
    Key{"subtitles", read_subtitles},
    Key{"exports", read_export_list},
    Key{"deliver", read_deliver}};

Entry const* entry_named(Node const& map, std::string_view name) {
  for (auto const& entry : map.entries)
    if (entry.key == name) return &entry;
  return nullptr;
}

void read_project(Node const& document, Project& project, Mistakes& mistakes) {
  if (document.kind != Node::Kind::map)
    return mistakes.add(
        document.mark,
        fmt::format("a project file is a map that begins with 'reelmill: {}', this is {}; 'reelmill new NAME' writes one",
                    newest_version, document.kind_name()));
  std::vector<std::string_view> names;
  for (auto const& key : keys) names.push_back(key.name);
  for (auto const& entry : document.entries)
    if (first_of_name(document, entry, mistakes) && std::find(names.begin(), names.end(), entry.key) == names.end())
      unknown_key(entry, "", names, mistakes);
  for (auto const& key : keys)
    if (auto const* const entry = entry_named(document, key.name)) key.read(entry->value, project, mistakes);
  for (auto const& made : project.exports) check_rates(made, project.normalize, mistakes);
  if (entry_named(document, "reelmill") == nullptr)
    mistakes.add(document.mark, fmt::format("the version is missing, begin the file with 'reelmill: {}'", newest_version));
  if (entry_named(document, "exports") == nullptr)
    mistakes.add(document.mark, "nothing is asked for, add a list such as 'exports: [youtube]'");
}

}  // namespace

Result<Project> load_project(fs::path const& file) {
  std::error_code ignored;
  auto const status = fs::status(file, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status))
    return Error{ErrorKind::project, fmt::format("reading '{}': it is not a regular file, give the project file or its folder",
                                                 printable(file.string()))};
  auto const text = read_file(file, largest_document);
  if (!text) {
    bool const large = fs::exists(status) && fs::file_size(file, ignored) > static_cast<std::uintmax_t>(largest_document);
    auto const advice = !fs::exists(status) ? ", 'reelmill new NAME' makes a project with a file to start from"
                        : large             ? ", which no project file is"
                                            : "";
    return Error{ErrorKind::project, text.error().what + advice};
  }
  return read_project(*text, file);
}

Result<Project> read_project(std::string_view text, fs::path const& file) {
  Project project;
  project.file = fs::absolute(file).lexically_normal();
  project.folder = project.file.parent_path();
  project.name = project.folder.filename().string();
  if (project.name.empty()) project.name = "project";
  project.sources = {std::string(default_sources)};
  project.deliver = {std::string(default_delivery)};

  auto const document = TRY(parse_document(text, file.string()));
  Mistakes mistakes(file.string());
  read_project(document, project, mistakes);
  if (!mistakes.empty()) return mistakes.error();
  return project;
}

}  // namespace reelmill
