// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "captions/ass_tags.h"
#include "captions/clock_text.h"
#include "captions/html_tags.h"
#include "captions/marked_text.h"
#include "captions/reading.h"

namespace reelmill {

namespace {

// SubRip has no escapes: a character without width keeps apart what would be markup together, and is taken out again.
constexpr std::string_view apart = "\u200b";
constexpr std::size_t longest_override = 1000;

bool is_number(std::string_view line) {
  auto const text = trim(line);
  return !text.empty() && text.size() <= 9 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool begins_with_a_time(std::string_view line) {
  auto const text = trim(line);
  bool const is_digit = !text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '-' || text[0] == ':');
  return is_digit && text.substr(0, text.find("-->")).find(':') != std::string_view::npos;
}

void read_text(std::string_view text, Cue& cue) {
  MarkedText out;
  HtmlMarks html;
  AssTags tags;
  while (!text.empty()) {
    auto const marks = static_cast<Marks>(html.marks() | tags.marks);
    auto const stop = text.find_first_of("<{-");
    out.add(text.substr(0, stop), marks);
    if (stop == std::string_view::npos) break;
    text.remove_prefix(stop);
    std::size_t used = 1;
    bool is_text = true;
    if (text[0] == '<') {
      if (auto const tag = html_tag(text); tag && is_html_name(tag->name)) {
        html.apply(*tag);
        used = tag->bytes;
        is_text = false;
        if (lower_case(tag->name) == "br") out.add("\n", marks);
      }
    } else if (text.starts_with("{\\")) {
      if (auto const end = text.substr(0, longest_override).find('}'); end != std::string_view::npos) {
        apply_ass_tags(text.substr(1, end - 1), tags);
        used = end + 1;
        is_text = false;
      }
    } else if (text.starts_with("--")) {
      used = 2;
    }
    if (is_text) out.add(text.substr(0, used), marks);
    text.remove_prefix(used);
    if (is_text && text.starts_with(apart)) text.remove_prefix(apart.size());
  }
  out.put_into(cue, MarkedText::Controls::keep);
  cue.at_top = tags.at_top.value_or(false);
}

class SrtMarkup final : public MarkupWriter {
 public:
  std::string opened(Emphasis kind) const override { return fmt::format("<{}>", letter_of(kind)); }
  std::string closed(Emphasis kind) const override { return fmt::format("</{}>", letter_of(kind)); }
  std::string line_end() const override { return "\n"; }
  std::string escaped(std::string_view piece) const override {
    std::string out;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      out += piece[i];
      auto const next = piece.substr(i + 1);
      bool const is_markup =
          (piece[i] == '<' && begins_tag(next)) || piece[i] == '{' || (piece[i] == '-' && next.starts_with('>'));
      bool const is_taken_out = (piece[i] == '<' || piece[i] == '-') && next.starts_with(apart);
      if (is_markup || is_taken_out) out += apart;
    }
    return out;
  }

 private:
  static bool begins_tag(std::string_view text) {
    return !text.empty() && ((lower_case(text[0]) >= 'a' && lower_case(text[0]) <= 'z') || text[0] == '/' || text[0] == '!');
  }
};

}  // namespace

Result<Reading> read_srt(std::string_view text, std::string const& name) {
  Reading out;
  LineReader lines(text);
  std::optional<TimeLine> times;
  std::vector<std::string_view> pending;
  bool is_left_out = false;  // what follows belongs to times that could not be read
  auto const finish = [&](bool before_times) {
    if (before_times && !pending.empty() && is_number(pending.back())) pending.pop_back();
    if (times) {
      std::string joined;
      for (auto const line : pending) joined.append(line).push_back('\n');
      Cue cue{times->from, times->to, {}};
      read_text(joined, cue);
      out.captions.cues.push_back(std::move(cue));
    }
    pending.clear();
    times.reset();
  };
  while (auto const line = lines.next()) {
    if (auto const found = time_line(*line)) {
      finish(true);
      if (out.is_full()) return too_many_captions(name);
      times = *found;
      is_left_out = false;
    } else if (begins_with_a_time(*line) && line->find("-->") != std::string_view::npos) {
      finish(true);
      out.notes.add("times that cannot be read; the caption was left out", lines.number());
      is_left_out = true;
    } else if (times || is_number(*line)) {
      pending.push_back(*line);
    } else if (!trim(*line).empty() && !is_left_out) {
      out.notes.add("text before the first caption was left out", lines.number());
    }
  }
  finish(false);
  if (out.captions.cues.empty())
    return damaged_captions(name, 1, "there are no times in it: it is no SubRip file, or nothing of one");
  return out;
}

std::string srt_text(Captions const& captions) {
  std::string out;
  std::size_t number = 0;
  SrtMarkup const markup;
  for (auto const& cue : captions.cues) {
    auto const text = markup.write(cue);
    if (text.empty()) continue;
    out += fmt::format("{}{}\n{} --> {}\n{}{}\n", number == 0 ? "" : "\n", number + 1, caption_clock(cue.from, ','),
                       caption_clock(std::max(cue.from, cue.to), ','), cue.at_top ? "{\\an8}" : "", text);
    ++number;
  }
  return out;
}

}  // namespace reelmill
