// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/marked_text.h"

#include <algorithm>
#include <vector>

#include "captions/characters.h"

namespace reelmill {

namespace {

std::vector<EmphasisRun> runs_of(std::basic_string<Marks> const& marks) {
  std::vector<EmphasisRun> runs;
  for (auto const kind : every_emphasis) {
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= marks.size(); ++at) {
      bool const is_on = at < marks.size() && (marks[at] & marks_of(kind)) != 0;
      if (is_on) continue;
      if (at > begin) runs.push_back({begin, at, kind});
      begin = at + 1;
    }
  }
  std::stable_sort(runs.begin(), runs.end(), [](EmphasisRun const& a, EmphasisRun const& b) { return a.begin < b.begin; });
  return runs;
}

// Tabs are spaces, and so are the controls that are blank, where none is kept; what is not UTF-8 is made so.
std::string_view as_written(std::string_view bytes, char32_t point, MarkedText::Controls controls) {
  if (point == '\t' || (controls == MarkedText::Controls::drop && is_control_character(point))) return " ";
  return point == unreadable_character ? std::string_view("\xef\xbf\xbd") : bytes;
}

}  // namespace

std::string escaped_for_xml(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

MarkedText::MarkedText(Cue const& cue) : text_(cue.text), marks_(cue.text.size(), Marks{0}) {
  for (auto const& run : cue.runs)
    for (auto at = run.begin; at < std::min(run.end, marks_.size()); ++at)
      marks_[at] = static_cast<Marks>(marks_[at] | marks_of(run.kind));
}

void MarkedText::add(std::string_view text, Marks marks) {
  text_ += text;
  marks_.append(text.size(), marks);
}

void MarkedText::put_into(Cue& cue, Controls controls) const {
  std::string out;
  std::basic_string<Marks> marks;
  std::size_t visible = 0;  // `out` without the blanks at its end
  bool in_line = false;     // something visible stands in this line
  Marks pending = 0;        // of the line end that is still to be written
  bool breaks = false;
  for (std::size_t at = 0; at < text_.size();) {
    auto const rest = std::string_view(text_).substr(at);
    auto const character = first_character(rest);
    auto const mark = marks_[at];
    at += character.bytes;
    if (character.point == '\n') {
      out.resize(visible), marks.resize(visible);
      if (in_line) breaks = true, pending = mark;
      in_line = false;
      continue;
    }
    bool const blank = character.point == '\t' || is_blank(character.point);
    if (!blank && controls == Controls::drop && is_control_character(character.point)) continue;
    if (blank && !in_line) continue;
    if (breaks) out += '\n', marks += pending, breaks = false;
    auto const written = as_written(rest.substr(0, character.bytes), character.point, controls);
    out += written;
    marks.append(written.size(), mark);
    if (!blank) in_line = true, visible = out.size();
  }
  out.resize(visible), marks.resize(visible);
  cue.text = std::move(out);
  cue.runs = runs_of(marks);
}

std::string MarkupWriter::write(Cue const& cue) const {
  Cue clean;
  MarkedText(cue).put_into(clean, MarkedText::Controls::drop);
  std::basic_string<Marks> marks(clean.text.size(), Marks{0});
  for (auto const& run : clean.runs)
    for (auto at = run.begin; at < run.end; ++at) marks[at] = static_cast<Marks>(marks[at] | marks_of(run.kind));
  std::string out;
  std::vector<Emphasis> open;
  auto const change_to = [&](Marks wanted) {
    auto const ends = [&](Emphasis kind) { return (wanted & marks_of(kind)) == 0; };
    while (std::any_of(open.begin(), open.end(), ends)) {
      out += closed(open.back());
      open.pop_back();
    }
    for (auto const kind : every_emphasis)
      if ((wanted & marks_of(kind)) != 0 && std::find(open.begin(), open.end(), kind) == open.end()) {
        out += opened(kind);
        open.push_back(kind);
      }
  };
  for (std::size_t at = 0; at < clean.text.size();) {
    auto end = at + 1;
    bool const is_line_end = clean.text[at] == '\n';
    while (!is_line_end && end < clean.text.size() && clean.text[end] != '\n' && marks[end] == marks[at]) ++end;
    change_to(marks[at]);
    out += is_line_end ? line_end() : escaped(std::string_view(clean.text).substr(at, end - at));
    at = end;
  }
  change_to(0);
  return out;
}

}  // namespace reelmill
