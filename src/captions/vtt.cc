// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "captions/clock_text.h"
#include "captions/html_tags.h"
#include "captions/marked_text.h"
#include "captions/reading.h"

namespace reelmill {

namespace {

// A line of the picture counted from the top, or a share of its height.
bool is_top(std::string_view settings) {
  constexpr std::string_view key = "line:";
  constexpr double most_lines = 5;
  for (auto const word : split(settings, ' ')) {
    auto const setting = trim(word);
    if (!setting.starts_with(key)) continue;
    auto value = setting.substr(key.size());
    value = value.substr(0, value.find(','));
    bool const is_share = value.ends_with('%');
    if (is_share) value.remove_suffix(1);
    auto const number = parse_number(value);
    return number && *number >= 0 && (is_share ? *number < 50 : *number <= most_lines);
  }
  return false;
}

bool begins_block(std::string_view line, std::string_view word) {
  return line.starts_with(word) && (line.size() == word.size() || line[word.size()] == ' ' || line[word.size()] == '\t');
}

void read_text(std::string_view text, Cue& cue, ReadingNotes& notes, int line) {
  MarkedText out;
  HtmlMarks html;
  while (!text.empty()) {
    auto const stop = text.find_first_of("<&");
    out.add(text.substr(0, stop), html.marks());
    if (stop == std::string_view::npos) break;
    text.remove_prefix(stop);
    if (text[0] == '<') {
      if (auto const tag = html_tag(text)) {
        if (lower_case(tag->name) == "v" && !tag->is_end) notes.add("the name of who speaks was left out", line);
        html.apply(*tag);
        text.remove_prefix(tag->bytes);
        continue;
      }
    } else if (auto const entity = html_entity(text)) {
      out.add(entity->text, html.marks());
      text.remove_prefix(entity->bytes);
      continue;
    }
    out.add(text.substr(0, 1), html.marks());
    text.remove_prefix(1);
  }
  out.put_into(cue, MarkedText::Controls::keep);
}

class VttMarkup final : public MarkupWriter {
 public:
  std::string opened(Emphasis kind) const override { return fmt::format("<{}>", letter_of(kind)); }
  std::string closed(Emphasis kind) const override { return fmt::format("</{}>", letter_of(kind)); }
  std::string line_end() const override { return "\n"; }
  std::string escaped(std::string_view piece) const override { return escaped_for_xml(piece); }
};

class VttReader {
 public:
  VttReader(std::string_view text, std::string const& name) : lines_(text), name_(name) {}

  Result<Reading> read() {
    auto line = lines_.next();
    if (line && line->starts_with("WEBVTT"))
      line = read_header();
    else
      out_.notes.add("it does not begin with WEBVTT", 1);
    for (; line; line = lines_.next()) {
      if (auto const times = time_line(*line)) {
        finish();
        if (out_.is_full()) return too_many_captions(name_);
        cue_ = Cue{times->from, times->to, {}};
        cue_->at_top = is_top(times->rest);
        line_ = lines_.number();
        continue;
      }
      if (line->find("-->") != std::string_view::npos) {
        finish();
        out_.notes.add("times that cannot be read; the caption was left out", lines_.number());
        skip_block();
      } else if (cue_) {
        if (trim(*line).empty())
          finish();
        else
          text_.append(*line).push_back('\n');
      } else if (begins_block(*line, "NOTE") || begins_block(*line, "STYLE") || begins_block(*line, "REGION")) {
        if (!line->starts_with("NOTE")) out_.notes.add("styles and regions were left out", lines_.number());
        skip_block();
      }
    }
    finish();
    return std::move(out_);
  }

 private:
  // Up to the empty line after it; gives a line of times that stands where it should not.
  std::optional<std::string_view> read_header() {
    while (auto const line = lines_.next()) {
      if (trim(*line).empty() || time_line(*line)) return line;
      constexpr std::string_view language = "language:";
      if (lower_case(*line).starts_with(language)) out_.captions.language = plain_language(trim(line->substr(language.size())));
      if (line->starts_with("X-TIMESTAMP-MAP"))
        out_.notes.add("its times may be shifted: X-TIMESTAMP-MAP is of a stream", lines_.number());
    }
    return std::nullopt;
  }

  void skip_block() {
    while (auto const line = lines_.next())
      if (trim(*line).empty()) return;
  }

  void finish() {
    if (!cue_) return;
    read_text(text_, *cue_, out_.notes, line_);
    out_.captions.cues.push_back(std::move(*cue_));
    cue_.reset();
    text_.clear();
  }

  LineReader lines_;
  std::string const& name_;
  Reading out_;
  std::optional<Cue> cue_;
  std::string text_;
  int line_ = 0;
};

}  // namespace

Result<Reading> read_vtt(std::string_view text, std::string const& name) { return VttReader(text, name).read(); }

std::string vtt_text(Captions const& captions) {
  std::string out = "WEBVTT\n";
  if (!captions.language.empty()) out += fmt::format("Language: {}\n", plain_language(captions.language));
  VttMarkup const markup;
  for (auto const& cue : captions.cues) {
    auto const text = markup.write(cue);
    if (text.empty()) continue;
    out += fmt::format("\n{} --> {}{}\n{}\n", caption_clock(cue.from, '.'), caption_clock(std::max(cue.from, cue.to), '.'),
                       cue.at_top ? " line:0" : "", text);
  }
  return out;
}

}  // namespace reelmill
