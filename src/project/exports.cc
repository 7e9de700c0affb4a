// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/exports.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "graph/codecs.h"
#include "project/export_checks.h"

namespace reelmill {

namespace {

constexpr std::int64_t usual_audio_bitrate = 192'000;

using Read = void (*)(Node const& node, Export& out, Mistakes& mistakes);
struct Key {
  std::string_view name;
  Read read;
};

constexpr std::array<std::string_view, 4> fits{"pad", "crop", "blur", "stretch"};
constexpr std::array<std::string_view, 2> edit_list_choices{"auto", "none"};
constexpr std::array<std::string_view, 2> sound_choices{"auto", "none"};

// What a reader may be asked for: every row's name.
template <class Table>
std::vector<std::string_view> names_of(Table const& table) {
  std::vector<std::string_view> names;
  for (auto const& row : table) names.push_back(row.name);
  return names;
}

// The picture stays what it is.
void change_to_copy(Export& out) {
  out.video_codec = copy_codec;
  out.preset.clear();
  out.profile.clear();
  out.width = out.height = 0;
  out.rate.reset();
  out.keeps_rate = true;
  out.crf = 0;
  out.ceiling = 0;
}

bool is_pair(Entry const& entry, std::string_view key, std::string_view text) {
  return entry.key == key && entry.value.kind == Node::Kind::scalar && entry.value.text == text;
}

template <class Names>
bool is_one_of(std::string_view name, Names const& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether the key asks a copied picture to become another one.
bool changes_copy(Entry const& entry) {
  constexpr std::array<std::string_view, 7> of_encodes{"resolution", "fit", "fps", "speed", "profile", "crf", "bitrate"};
  if (entry.key == "preset") return is_one_of(entry.value.text, encoder_speeds());
  return is_one_of(entry.key, of_encodes) && !is_pair(entry, "resolution", "source") && !is_pair(entry, "fps", "source") &&
         !is_pair(entry, "bitrate", "none");
}

// Another codec brings its own quality, profile and speed; what the export says of them is read after it.
void change_codec(VideoCodec const& codec, Export& out) {
  if (out.video_codec == codec.name) return;
  out.video_codec = codec.name;
  out.profile = codec.profiles.empty() ? "" : codec.profiles.front();
  out.crf = codec.usual_crf;
  if (!codec.has_speeds) out.preset.clear();
  if (codec.has_speeds && out.preset.empty()) out.preset = "medium";
  if (!codec.has_crf()) out.ceiling = 0;
}

void change_audio_codec(AudioCodec const& codec, Export& out) {
  if (out.audio_codec == codec.name) return;
  out.audio_codec = codec.name;
  auto const wished = out.audio_bitrate > 0 ? out.audio_bitrate : usual_audio_bitrate;
  out.audio_bitrate = codec.is_lossless() ? 0 : std::clamp(wished, codec.lowest_bitrate, codec.highest_bitrate);
}

void read_codec(Node const& node, Export& out, Mistakes& mistakes) {
  auto const text = read_text(node, "'codec'", mistakes);
  if (!text) return;
  if (*text == copy_codec) return change_to_copy(out);
  if (auto const* const codec = video_codec_named(*text)) return change_codec(*codec, out);
  auto names = names_of(video_codecs());
  names.push_back(copy_codec);
  (void)read_choice(node, "'codec'", names, mistakes);
}

void read_audio_codec(Node const& node, Export& out, Mistakes& mistakes) {
  auto const text = read_text(node, "'audio_codec'", mistakes);
  if (!text) return;
  if (auto const* const codec = audio_codec_named(*text)) return change_audio_codec(*codec, out);
  (void)read_choice(node, "'audio_codec'", names_of(audio_codecs()), mistakes);
}

// Of the codec that has been read before.
void read_profile(Node const& node, Export& out, Mistakes& mistakes) {
  auto const profiles = video_codec_named(out.video_codec)->profiles;
  if (profiles.empty())
    return mistakes.add(node.mark, fmt::format("{} has no profiles to choose from, remove 'profile'", out.video_codec));
  if (auto const text = read_choice(node, "'profile'", profiles, mistakes)) out.profile = *text;
}

void read_speed(Node const& node, Export& out, Mistakes& mistakes) {
  if (!video_codec_named(out.video_codec)->has_speeds)
    return mistakes.add(node.mark, fmt::format("{} has one speed only, remove 'speed'", out.video_codec));
  if (auto const text = read_choice(node, "'speed'", encoder_speeds(), mistakes)) out.preset = *text;
}

void read_crf(Node const& node, Export& out, Mistakes& mistakes) {
  auto const& codec = *video_codec_named(out.video_codec);
  Range const range{codec.lowest_crf, codec.highest_crf};
  if (!codec.has_crf())
    return mistakes.add(node.mark, fmt::format("the quality of {} {}, remove 'crf'", codec.name,
                                               codec.profiles.empty() ? "is lossless" : "is decided by 'profile'"));
  if (codec.whole_crf) {
    if (auto const crf = read_whole(node, "'crf'", unit::none, range, mistakes)) out.crf = static_cast<double>(*crf);
  } else if (auto const crf = read_number(node, "'crf'", unit::none, range, mistakes)) {
    out.crf = *crf;
  }
}

void read_ceiling(Node const& node, Export& out, Mistakes& mistakes) {
  if (node.kind == Node::Kind::scalar && node.text == "none") {
    out.ceiling = 0;
    return;
  }
  if (auto const& codec = *video_codec_named(out.video_codec); !codec.has_crf())
    return mistakes.add(node.mark, fmt::format("the rate of {} cannot be limited, {}remove 'bitrate'", codec.name,
                                               codec.profiles.empty() ? "" : "choose another 'profile' and "));
  if (auto const bits = read_bitrate(node, "'bitrate'", {100e3, 240e6}, mistakes)) out.ceiling = *bits;
}

void read_audio_bitrate(Node const& node, Export& out, Mistakes& mistakes) {
  auto const& codec = *audio_codec_named(out.audio_codec);
  if (codec.is_lossless()) return mistakes.add(node.mark, fmt::format("{} is lossless, remove 'audio_bitrate'", codec.name));
  Range const range{static_cast<double>(codec.lowest_bitrate), static_cast<double>(codec.highest_bitrate)};
  if (auto const bits = read_bitrate(node, "'audio_bitrate'", range, mistakes)) out.audio_bitrate = *bits;
}

constexpr std::string_view as_source = "source";

void read_resolution(Node const& node, Export& out, Mistakes& mistakes) {
  auto const text = read_text(node, "'resolution'", mistakes);
  if (!text) return;
  if (*text == as_source) {
    out.width = out.height = 0;
    return;
  }
  auto const x = text->find_first_of("xX");
  auto const width = parse_integer(trim(std::string_view(*text).substr(0, x)));
  auto const height = x == std::string::npos ? std::nullopt : parse_integer(trim(std::string_view(*text).substr(x + 1)));
  if (!width || !height)
    return mistakes.add(node.mark,
                        fmt::format("'resolution' must be width x height such as 1920x1080, or 'source', not '{}'", *text));
  for (auto const side : {*width, *height})
    if (side < 32 || side > 8192 || side % 2 != 0)
      return mistakes.add(node.mark, fmt::format("the sides of 'resolution' must be even and between 32 and 8192, not {}", side));
  out.width = static_cast<int>(*width);
  out.height = static_cast<int>(*height);
}

template <std::string Export::*Member, auto const& choices>
void read_named(Node const& node, std::string_view what, Export& out, Mistakes& mistakes) {
  if (auto const text = read_choice(node, what, choices, mistakes)) out.*Member = *text;
}

constexpr std::array keys{
    Key{"resolution", read_resolution},
    Key{"fit",
        [](Node const& node, Export& out, Mistakes& mistakes) { read_named<&Export::fit, fits>(node, "'fit'", out, mistakes); }},
    Key{"fps",
        [](Node const& node, Export& out, Mistakes& mistakes) {
          out.keeps_rate = node.kind == Node::Kind::scalar && node.text == as_source;
          if (out.keeps_rate) return;
          if (auto const rate = read_frame_rate(node, "'fps'", mistakes)) out.rate = *rate;
        }},
    Key{"codec", read_codec},
    Key{"speed", read_speed},
    Key{"profile", read_profile},
    Key{"crf", read_crf},
    Key{"bitrate", read_ceiling},
    Key{"audio",
        [](Node const& node, Export& out, Mistakes& mistakes) {
          if (auto const choice = read_choice(node, "'audio'", sound_choices, mistakes)) out.has_sound = *choice == "auto";
        }},
    Key{"audio_codec", read_audio_codec},
    Key{"audio_bitrate", read_audio_bitrate},
    Key{"container",
        [](Node const& node, Export& out, Mistakes& mistakes) {
          if (auto const choice = read_choice(node, "'container'", names_of(containers()), mistakes)) out.container = *choice;
        }},
    Key{"edit_lists",
        [](Node const& node, Export& out, Mistakes& mistakes) {
          if (auto const choice = read_choice(node, "'edit_lists'", edit_list_choices, mistakes))
            out.edit_lists = *choice == "auto";
        }},
    Key{"description",
        [](Node const& node, Export& out, Mistakes& mistakes) {
          if (auto const text = read_text(node, "'description'", mistakes)) out.description = *text;
        }},
    Key{"verified_on", [](Node const& node, Export&, Mistakes& mistakes) { (void)read_text(node, "'verified_on'", mistakes); }},
};

// `preset` names a preset shipped, or the encoder's own (the two have no name in common).
void read_preset(Entry const& entry, ExportNames const& known, Export& out, Mistakes& mistakes) {
  auto const text = read_text(entry.value, "'preset'", mistakes);
  if (!text) return;
  auto const speeds = encoder_speeds();
  if (is_one_of(*text, speeds)) {
    out.preset = *text;
  } else if (auto const* const named = known.named != nullptr ? known.named(*text) : nullptr) {
    auto const name = out.name;
    out = *named;
    out.name = name;
  } else {
    auto choices = known.names;
    choices.insert(choices.end(), speeds.begin(), speeds.end());
    auto hint = did_you_mean(*text, choices);
    if (hint.empty()) hint = ", 'reelmill presets' lists them";
    mistakes.add(entry.value.mark, fmt::format("unknown preset '{}'{}", *text, hint));
  }
}

bool is_export_name(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !name.empty() && name.size() <= 64 && name[0] != '.' && name[0] != '-' &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

// A name of the person's own needs something that says what it is; otherwise it is a slip of a shipped one's.
bool stands_alone(Node const& map) {
  return std::any_of(map.entries.begin(), map.entries.end(), [](Entry const& entry) {
    return entry.key == "preset" || entry.key == "resolution" || is_pair(entry, "codec", copy_codec);
  });
}

std::optional<Export> read_item(Node const& item, ExportNames const& known, Mistakes& mistakes) {
  bool const bare = item.kind == Node::Kind::scalar;
  if (!bare && (item.kind != Node::Kind::map || item.entries.empty())) {
    mistakes.add(item.mark, fmt::format("an item of 'exports' must be a preset's name or a map, not {}", item.kind_name()));
    return std::nullopt;
  }
  auto const& name = bare ? item.text : item.entries.front().key;
  auto const mark = bare ? item.mark : item.entries.front().key_mark;
  Node const nothing;
  auto const& map = bare ? nothing : item.entries.front().value;
  for (std::size_t i = 1; i < item.entries.size(); ++i)
    mistakes.add(item.entries[i].key_mark, fmt::format("'{}' stands beside '{}', indent it further or begin a new item with '-'",
                                                       item.entries[i].key, name));
  if (map.kind != Node::Kind::map && map.kind != Node::Kind::nothing) {
    mistakes.add(map.mark, fmt::format("export '{}' must be a map such as {{ crf: 20 }}, not {}", name, map.kind_name()));
    return std::nullopt;
  }
  Export out;
  if (auto const* const shipped = known.named(name)) {
    out = *shipped;
  } else if (!stands_alone(map)) {
    auto hint = did_you_mean(name, known.names);
    if (hint.empty()) hint = ", 'reelmill presets' lists them; one of your own needs a 'preset' or a 'resolution'";
    mistakes.add(mark, fmt::format("unknown export '{}'{}", name, hint));
    return std::nullopt;
  } else if (!is_export_name(name)) {
    mistakes.add(mark, fmt::format("the name '{}' becomes part of file names, use letters, digits, '_', '-' and '.' only", name));
    return std::nullopt;
  }
  out.name = name;
  bool const has_preset = known.named(name) != nullptr || std::any_of(map.entries.begin(), map.entries.end(),
                                                                      [](Entry const& entry) { return entry.key == "preset"; });
  bool const copies =
      std::any_of(map.entries.begin(), map.entries.end(), [](Entry const& entry) { return is_pair(entry, "codec", copy_codec); });
  if (copies && !has_preset) out.container.clear();
  read_export(map, known, out, mistakes);
  out.line = mark.line;
  out.column = mark.column;
  return out;
}

}  // namespace

std::vector<std::string_view> export_key_names() {
  std::vector<std::string_view> names{"preset"};
  for (auto const& key : keys) names.push_back(key.name);
  return names;
}

void read_export(Node const& map, ExportNames const& known, Export& base, Mistakes& mistakes) {
  // First what the other keys change or are judged by.
  constexpr std::array<std::string_view, 3> leading{"preset", "codec", "audio_codec"};
  auto const is_leading = [&](Entry const& entry) { return is_one_of(entry.key, leading); };
  auto const read = [&](Entry const& entry) {
    auto const* const key =
        std::find_if(keys.begin(), keys.end(), [&](Key const& candidate) { return candidate.name == entry.key; });
    if (entry.key == "preset") return read_preset(entry, known, base, mistakes);
    if (base.copies() && changes_copy(entry)) return;
    if (key != keys.end()) return key->read(entry.value, base, mistakes);
    unknown_key(entry, fmt::format("export '{}'", base.name), export_key_names(), mistakes);
  };
  for (auto const name : leading)
    for (auto const& entry : map.entries)
      if (entry.key == name && first_of_name(map, entry, mistakes)) read(entry);
  for (auto const& entry : map.entries)
    if (!is_leading(entry) && first_of_name(map, entry, mistakes)) read(entry);
  for (auto const& entry : map.entries)
    if (base.copies() && changes_copy(entry))
      mistakes.add(entry.key_mark,
                   fmt::format("'codec: copy' leaves the picture as it is, remove '{}' or choose another codec", entry.key));
  check_export(map, base, mistakes);
}

std::vector<Export> read_exports(Node const& list, ExportNames const& known, Mistakes& mistakes) {
  std::vector<Export> exports;
  if (list.kind != Node::Kind::list || list.items.empty()) {
    mistakes.add(list.mark, fmt::format("'exports' must be a list of presets such as [youtube], not {}",
                                        list.kind == Node::Kind::list ? "an empty one" : list.kind_name()));
    return exports;
  }
  for (auto const& item : list.items) {
    auto made = read_item(item, known, mistakes);
    if (!made) continue;
    if (std::any_of(exports.begin(), exports.end(), [&](Export const& other) { return other.name == made->name; })) {
      mistakes.add(item.mark, fmt::format("export '{}' is listed twice, give one a name of its own: '- {}-2: {{ preset: {} }}'",
                                          made->name, made->name, made->name));
      continue;
    }
    exports.push_back(std::move(*made));
  }
  return exports;
}

}  // namespace reelmill
