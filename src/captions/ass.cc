// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "captions/ass_tags.h"
#include "captions/clock_text.h"
#include "captions/marked_text.h"
#include "captions/reading.h"

namespace reelmill {

namespace {

// A backslash has no escape in ASS: a character without width behind it keeps it from being one, and is taken out again.
constexpr std::string_view apart = "\u200b";
constexpr std::size_t longest_block = 4000;

struct AssStyle {
  Marks marks = 0;
  bool at_top = false;
};

// Which column of a line holds what, by its lower-case name.
class AssColumns {
 public:
  AssColumns() = default;
  explicit AssColumns(std::string_view names) {
    for (auto const name : split(names, ',')) names_.push_back(lower_case(trim(name)));
  }
  bool empty() const { return names_.empty(); }

  // The last column takes all that is left, commas too.
  std::map<std::string, std::string_view> values(std::string_view line) const {
    std::map<std::string, std::string_view> out;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      auto const comma = i + 1 < names_.size() ? line.find(',') : std::string_view::npos;
      out[names_[i]] = i + 1 < names_.size() ? trim(line.substr(0, comma)) : line;
      if (comma == std::string_view::npos) break;
      line.remove_prefix(comma + 1);
    }
    return out;
  }

 private:
  std::vector<std::string> names_;
};

std::string_view value_of(std::map<std::string, std::string_view> const& values, std::string const& name) {
  auto const found = values.find(name);
  return found == values.end() ? std::string_view() : found->second;
}

class AssReader {
 public:
  AssReader(std::string_view text, std::string const& name) : lines_(text), name_(name) {}

  Result<Reading> read() {
    while (auto const line = lines_.next()) {
      auto const text = trim(*line);
      if (text.starts_with('[') && text.ends_with(']')) {
        section_ = lower_case(text);
        if (section_ == "[fonts]" || section_ == "[graphics]")
          out_.notes.add("fonts and pictures inside of it were left out", lines_.number());
        continue;
      }
      auto const colon = text.find(':');
      if (colon == std::string_view::npos || text.starts_with(';') || section_ == "[fonts]" || section_ == "[graphics]") continue;
      take(lower_case(trim(text.substr(0, colon))), text.substr(colon + 1));
    }
    if (has_too_many_) return too_many_captions(name_);
    if (!has_events_ && out_.captions.cues.empty()) return damaged_captions(name_, 1, "it has no section [Events]");
    return std::move(out_);
  }

 private:
  void take(std::string const& key, std::string_view value) {
    if (section_ == "[events]") has_events_ = true;
    if (key == "dialogue") return take_event(value);
    if (key == "style") return take_style(value);
    if (key == "format") {
      (section_ == "[events]" ? event_columns_ : style_columns_) = AssColumns(value);
    } else if (key == "playresy") {
      height_ = parse_number(trim(value)).value_or(height_);
    } else if (key == "language" && section_ == "[script info]") {
      out_.captions.language = plain_language(trim(value));
    }
  }

  bool is_ssa() const { return section_ == "[v4 styles]"; }

  void take_style(std::string_view line) {
    if (style_columns_.empty()) return;
    auto const values = style_columns_.values(line);
    AssStyle style;
    if (auto const italic = parse_integer(value_of(values, "italic")); italic && *italic != 0)
      style.marks = marks_of(Emphasis::italic);
    if (auto const alignment = parse_integer(value_of(values, "alignment")))
      style.at_top = is_ssa() ? *alignment >= 5 && *alignment <= 7 : *alignment >= 7 && *alignment <= 9;
    auto const name = value_of(values, "name");
    if (styles_.size() < most_cues) styles_[style_name(name)] = style;
  }

  static std::string style_name(std::string_view name) {
    if (name.starts_with('*')) name.remove_prefix(1);
    return lower_case(name);
  }

  void take_event(std::string_view line) {
    has_too_many_ = has_too_many_ || out_.is_full();
    if (has_too_many_) return;
    static AssColumns const standard("Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,Effect,Text");
    auto const values = (event_columns_.empty() ? standard : event_columns_).values(line);
    auto start = value_of(values, "start"), end = value_of(values, "end");
    auto const from = take_clock(start), to = take_clock(end);
    if (!from || !to) {
      out_.notes.add("times that cannot be read; the caption was left out", lines_.number());
      return;
    }
    Cue cue{*from, *to, {}};
    auto const style = styles_.find(style_name(value_of(values, "style")));
    read_text(value_of(values, "text"), style == styles_.end() ? AssStyle{} : style->second, cue);
    if (!cue.text.empty() || !was_drawing_) out_.captions.cues.push_back(std::move(cue));
  }

  void read_text(std::string_view text, AssStyle const& style, Cue& cue) {
    MarkedText out;
    AssTags tags{.marks = style.marks, .style = style.marks, .at_top = {}, .y = {}};
    was_drawing_ = false;
    auto const add = [&](std::string_view piece) {
      if (!tags.is_drawing) out.add(piece, tags.marks);
    };
    while (!text.empty()) {
      auto const stop = text.find_first_of("{\\");
      add(text.substr(0, stop));
      if (stop == std::string_view::npos) break;
      text.remove_prefix(stop);
      std::size_t used = 1;
      if (text[0] == '{') {
        if (auto const end = text.substr(0, longest_block).find('}'); end != std::string_view::npos) {
          apply_ass_tags(text.substr(1, end - 1), tags);
          used = end + 1;
        } else {
          add("{");
        }
        if (tags.is_drawing && !was_drawing_) {
          was_drawing_ = true;
          out_.notes.add("a drawing was left out", lines_.number());
        }
      } else {
        used = 2;
        char const next = text.size() > 1 ? text[1] : ' ';
        if (next == 'N' || next == 'n')
          add("\n");
        else if (next == 'h')
          add("\u00a0");
        else if (next == '{' || next == '}')
          add(text.substr(1, 1));
        else
          add("\\"), used = text.substr(1).starts_with(apart) ? 1 + apart.size() : 1;
      }
      text.remove_prefix(std::min(used, text.size()));
    }
    out.put_into(cue, MarkedText::Controls::keep);
    cue.at_top = tags.at_top.value_or(tags.y ? *tags.y < height_ / 2 : style.at_top);
  }

  LineReader lines_;
  std::string const& name_;
  Reading out_;
  std::string section_;
  AssColumns event_columns_, style_columns_;
  std::map<std::string, AssStyle> styles_;
  double height_ = 288;
  bool has_events_ = false, was_drawing_ = false, has_too_many_ = false;
};

class AssMarkup final : public MarkupWriter {
 public:
  std::string opened(Emphasis kind) const override { return fmt::format("{{\\{}1}}", letter_of(kind)); }
  std::string closed(Emphasis kind) const override { return fmt::format("{{\\{}0}}", letter_of(kind)); }
  std::string line_end() const override { return "\\N"; }
  std::string escaped(std::string_view piece) const override {
    std::string out;
    for (char const c : piece) {
      if (c == '{' || c == '}') out += '\\';
      out += c;
      if (c == '\\') out += apart;
    }
    return out;
  }
};

std::string ass_clock(std::int64_t centiseconds) {
  return fmt::format("{}:{:02}:{:02}.{:02}", centiseconds / 360'000, centiseconds / 6000 % 60, centiseconds / 100 % 60,
                     centiseconds % 100);
}

constexpr std::string_view head =
    "ScriptType: v4.00+\n"
    "PlayResX: 1920\n"
    "PlayResY: 1080\n"
    "WrapStyle: 0\n"
    "ScaledBorderAndShadow: yes\n"
    "\n"
    "[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
    "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
    "Style: Default,Sans,60,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,3,0,2,96,96,54,1\n"
    "\n"
    "[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n";

}  // namespace

Result<Reading> read_ass(std::string_view text, std::string const& name) { return AssReader(text, name).read(); }

std::string ass_text(Captions const& captions) {
  std::string out = "[Script Info]\n";
  if (!captions.language.empty()) out += fmt::format("Language: {}\n", plain_language(captions.language));
  out += head;
  AssMarkup const markup;
  for (auto const& cue : captions.cues) {
    auto const text = markup.write(cue);
    if (text.empty()) continue;
    auto const from = (std::max<std::int64_t>(0, cue.from) + 5) / 10;
    auto const to = std::max((std::max<std::int64_t>(0, cue.to) + 5) / 10, from + 1);
    out += fmt::format("Dialogue: 0,{},{},Default,,0,0,0,,{}{}\n", ass_clock(from), ass_clock(to), cue.at_top ? "{\\an8}" : "",
                       text);
  }
  return out;
}

}  // namespace reelmill
