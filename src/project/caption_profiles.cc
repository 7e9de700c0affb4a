// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/caption_profiles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/text.h"
#include "project/diagnose.h"
#include "project/embedded.h"

namespace reelmill {

namespace {

struct Key {
  std::string_view name;
  void (*read)(Node const& node, std::string_view what, CaptionProfile& profile, Mistakes& mistakes);
};

template <auto Member>
void whole(Node const& node, std::string_view what, std::string_view unit, Range range, CaptionProfile& profile,
           Mistakes& mistakes) {
  if (auto const value = read_whole(node, what, unit, range, mistakes)) profile.*Member = static_cast<int>(*value);
}

template <auto Member>
void milliseconds(Node const& node, std::string_view what, Range range, CaptionProfile& profile, Mistakes& mistakes) {
  if (auto const value = read_number(node, what, unit::milliseconds, range, mistakes)) profile.*Member = std::llround(*value);
}

constexpr Range any_length{100, 60'000}, any_frames{0, 100}, any_shift{0, 5000};

constexpr std::array keys{
    Key{"description",
        [](auto& node, auto what, auto& profile, auto& mistakes) {
          if (auto const text = read_text(node, what, mistakes)) profile.description = *text;
        }},
    Key{"verified_on", [](auto& node, auto what, auto&, auto& mistakes) { read_text(node, what, mistakes); }},
    Key{"line_length",
        [](auto& node, auto what, auto& profile, auto& mistakes) {
          whole<&CaptionProfile::line_length>(node, what, unit::none, {8, 200}, profile, mistakes);
        }},
    Key{"lines",
        [](auto& node, auto what, auto& profile, auto& mistakes) {
          whole<&CaptionProfile::lines>(node, what, unit::none, {1, 5}, profile, mistakes);
        }},
    Key{"reading_speed",
        [](auto& node, auto what, auto& profile, auto& mistakes) {
          if (auto const value = read_number(node, what, unit::none, {1, 100}, mistakes)) profile.reading_speed = *value;
        }},
    Key{"shortest", [](auto& node, auto what, auto& profile,
                       auto& mistakes) { milliseconds<&CaptionProfile::shortest>(node, what, any_length, profile, mistakes); }},
    Key{"longest", [](auto& node, auto what, auto& profile,
                      auto& mistakes) { milliseconds<&CaptionProfile::longest>(node, what, any_length, profile, mistakes); }},
    Key{"gap",
        [](auto& node, auto what, auto& profile, auto& mistakes) {
          whole<&CaptionProfile::gap_frames>(node, what, unit::frames, any_frames, profile, mistakes);
        }},
    Key{"snap",
        [](auto& node, auto what, auto& profile, auto& mistakes) {
          whole<&CaptionProfile::snap_frames>(node, what, unit::frames, any_frames, profile, mistakes);
        }},
    Key{"chain",
        [](auto& node, auto what, auto& profile, auto& mistakes) {
          whole<&CaptionProfile::chain_frames>(node, what, unit::frames, any_frames, profile, mistakes);
        }},
    Key{"earlier", [](auto& node, auto what, auto& profile,
                      auto& mistakes) { milliseconds<&CaptionProfile::earlier>(node, what, any_shift, profile, mistakes); }},
    Key{"later", [](auto& node, auto what, auto& profile,
                    auto& mistakes) { milliseconds<&CaptionProfile::later>(node, what, any_shift, profile, mistakes); }},
};

CaptionProfile shipped(EmbeddedPreset const& preset) {
  auto profile = parse_caption_profile(preset.text, std::string(preset.name) + ".yaml");
  if (!profile) throw std::logic_error(profile.error().text());
  return std::move(profile).value();
}

}  // namespace

std::vector<CaptionProfile> const& shipped_caption_profiles() {
  static std::vector<CaptionProfile> const profiles = [] {
    std::vector<CaptionProfile> out;
    for (auto const& preset : embedded_caption_profiles()) out.push_back(shipped(preset));
    return out;
  }();
  return profiles;
}

CaptionProfile const* shipped_caption_profile(std::string_view name) {
  for (auto const& profile : shipped_caption_profiles())
    if (profile.name == name) return &profile;
  return nullptr;
}

std::string_view shipped_caption_profile_text(std::string_view name) {
  for (auto const& preset : embedded_caption_profiles())
    if (preset.name == name) return preset.text;
  return {};
}

Result<CaptionProfile> parse_caption_profile(std::string_view text, std::string const& file) {
  auto const document = TRY(parse_document(text, file));
  Mistakes mistakes(file);
  CaptionProfile profile;
  profile.name = std::filesystem::path(file).stem().string();
  std::vector<std::string_view> known;
  for (auto const& key : keys) known.push_back(key.name);
  if (document.kind != Node::Kind::map)
    mistakes.add(document.mark, fmt::format("a caption profile is a map, not {}", document.kind_name()));
  for (auto const& entry : document.entries) {
    if (!first_of_name(document, entry, mistakes)) continue;
    auto const* const key =
        std::find_if(keys.begin(), keys.end(), [&](Key const& candidate) { return candidate.name == entry.key; });
    if (key == keys.end())
      unknown_key(entry, "a caption profile", known, mistakes);
    else
      key->read(entry.value, fmt::format("'{}'", key->name), profile, mistakes);
  }
  // Between the two a caption's length must have room for whole frames, and for whole words.
  if (profile.longest < 2 * profile.shortest)
    mistakes.add(document.mark, fmt::format("'longest' is {} ms; it must be twice 'shortest' at least, which is {} ms",
                                            profile.longest, profile.shortest));
  if (!mistakes.empty()) return mistakes.error();
  return profile;
}

Result<CaptionProfile> caption_profile(std::string const& name_or_file) {
  if (auto const* const profile = shipped_caption_profile(name_or_file)) return *profile;
  if (name_or_file.find_first_of("/.") != std::string::npos) {
    auto const text = read_file(name_or_file, largest_document);
    if (!text) return Error{ErrorKind::usage, text.error().what};
    return parse_caption_profile(*text, name_or_file);
  }
  std::vector<std::string_view> names;
  for (auto const& profile : shipped_caption_profiles()) names.push_back(profile.name);
  return Error{ErrorKind::usage, fmt::format("there is no caption profile '{}'{}; there are {}, or give a file's path",
                                             printable(name_or_file), did_you_mean(name_or_file, names), fmt::join(names, ", "))};
}

}  // namespace reelmill
