// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "project/project.h"

namespace reelmill {

namespace {

Result<std::string> filled_part(std::string_view pattern, std::string_view part,
                                std::map<std::string, std::string> const& parts) {
  auto const refused = [&](std::string_view what) {
    return Error{ErrorKind::project, fmt::format("the path '{}' {}", printable(pattern), what)};
  };
  std::string out;
  while (!part.empty()) {
    auto const open = part.find_first_of("{}");
    out += part.substr(0, open);
    if (open == std::string_view::npos) break;
    auto const close = part.find('}', open);
    if (part[open] == '}' || close == std::string_view::npos) return refused("has a brace without its partner");
    auto const name = part.substr(open + 1, close - open - 1);
    auto const value = parts.find(std::string(name));
    if (value == parts.end()) {
      std::vector<std::string_view> known;
      for (auto const& [key, unused] : parts) known.push_back(key);
      auto hint = did_you_mean(name, known);
      if (hint.empty()) hint = fmt::format(", there are {{{}}}", fmt::join(known, "}, {"));
      return refused(fmt::format("has an unknown part '{{{}}}'{}", printable(name), hint));
    }
    out += safe_name_part(value->second);
    part.remove_prefix(close + 1);
  }
  if (out.empty()) return refused("has an empty part, leave out the extra '/'");
  if (out == "." || out == "..") return refused("may not have '.' or '..' as a part");
  if (out.size() > 255) return refused("has a part of more than 255 bytes");
  return out;
}

}  // namespace

Result<std::string> fill_template(std::string_view pattern, std::map<std::string, std::string> const& parts) {
  auto const refused = [&](std::string_view what) {
    return Error{ErrorKind::project, fmt::format("the path '{}' {}", printable(pattern), what)};
  };
  if (pattern.empty()) return refused("is empty");
  if (printable(pattern) != pattern) return refused("has control characters in it");
  if (pattern.find('\\') != std::string_view::npos) return refused("has a '\\', separate folders with '/'");
  if (pattern.starts_with('/') || pattern.starts_with('~'))
    return refused("must lie inside the project folder, write it relative to that");
  std::string out;
  for (auto const part : split(pattern, '/')) {
    if (!out.empty()) out += '/';
    out += TRY(filled_part(pattern, part, parts));
  }
  if (out.size() > 4000) return refused("is longer than a path may be");
  return out;
}

std::string_view container_of(Export const& target, std::filesystem::path const& source) {
  if (!target.container.empty()) return target.container;
  auto const extension = lower_case(source.extension().string());
  auto const& container = container_of_extension(extension.empty() ? extension : std::string_view(extension).substr(1));
  auto const* const sound = target.has_sound ? audio_codec_named(target.audio_codec) : nullptr;
  return sound == nullptr || holds(container, *sound) ? container.name : "mkv";
}

std::map<std::string, std::string> template_parts(Project const& project, std::filesystem::path const& source,
                                                  Export const& target) {
  return {{"platform", target.name},
          {"name", source.stem().string()},
          {"ext", std::string(container_of(target, source))},
          {"project", project.name}};
}

Result<std::string> output_of(Project const& project, std::filesystem::path const& source, Export const& target) {
  if (project.output_name) return *project.output_name;
  return fill_template(project.output, template_parts(project, source, target));
}

}  // namespace reelmill
