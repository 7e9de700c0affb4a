// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/pieces.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "captions/caption_file.h"
#include "captions/characters.h"
#include "captions/phrases.h"

namespace reelmill {

namespace {

constexpr double fair = 14, after_clause = 4, before_phrase = 8, after_phrase_word = 34, after_holding = 45, at_token = 10,
                 in_word = 24, by_force = 90;
constexpr std::int64_t audible_pause = 250;
constexpr std::size_t longest_gap = 6;  // bytes between two words of a segment's text

// What is written without a blank, with where it comes from.
struct Token {
  std::string text;
  std::int64_t from = 0, to = 0;
  bool is_spaced = true;
  bool begins_segment = false;
};

bool is_seen(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(first_character(text).bytes))
    if (columns_of(first_character(text).point) > 0) return true;
  return false;
}

char32_t last_character(std::string_view text) {
  char32_t last = 0;
  while (!text.empty()) {
    auto const character = first_character(text);
    if (columns_of(character.point) > 0) last = character.point;
    text.remove_prefix(character.bytes);
  }
  return last;
}

// The time of a word, shared out by the columns of what is in it.
struct Share {
  std::int64_t from = 0, to = 0;
  int columns = 0;

  std::int64_t at(int column) const {
    return from + static_cast<std::int64_t>(static_cast<double>(to - from) * column / std::max(1, columns));
  }
};

class Tokens {
 public:
  Tokens(Transcript const& transcript) : transcript_(transcript), is_unspaced_(is_unspaced_language(transcript.language)) {
    latest_ = transcript.length > 0 ? transcript.length : latest_caption;
  }

  std::vector<Token> take() {
    for (auto const& segment : transcript_.segments) {
      begins_segment_ = true;
      if (segment.words.empty()) {
        add_word(segment.text, segment.from, segment.to, true);
        continue;
      }
      std::size_t cursor = 0;
      for (std::size_t i = 0; i < segment.words.size(); ++i) {
        auto const& word = segment.words[i];
        auto const spaced = i == 0 ? std::optional<bool>() : space_before(segment.text, word.text, cursor);
        if (i == 0) space_before(segment.text, word.text, cursor);
        add_word(word.text, word.from, word.to, spaced ? *spaced : is_spaced_by_script(word.text));
      }
    }
    settle_times();
    return std::move(out_);
  }

 private:
  // Whether the segment's text has a blank there; nothing: the word is not to be found.
  static std::optional<bool> space_before(std::string_view text, std::string_view word, std::size_t& cursor) {
    if (word.empty()) return std::nullopt;
    auto const at = text.substr(cursor, word.size() + longest_gap).find(word);
    if (at == std::string_view::npos) return std::nullopt;
    auto const gap = text.substr(cursor, at);
    cursor += at + word.size();
    return gap.find_first_of(" \t\n") != std::string_view::npos || gap.find("\u3000") != std::string_view::npos;
  }

  bool is_spaced_by_script(std::string_view word) const {
    if (out_.empty() || word.empty()) return true;
    bool const either =
        is_of_unspaced_script(last_character(out_.back().text)) || is_of_unspaced_script(first_character(word).point);
    return !(is_unspaced_ && either);
  }

  // A word may have blanks in it.
  void add_word(std::string_view text, std::int64_t from, std::int64_t to, bool is_spaced) {
    Share const share{from, std::max(from, to), line_columns(text)};
    int begin = 0, columns = 0;
    std::string part;
    auto const finish = [&] {
      if (is_seen(part)) {
        out_.push_back({std::move(part), share.at(begin), share.at(columns), is_spaced, begins_segment_});
        begins_segment_ = false;
        is_spaced = true;
      }
      part.clear();
    };
    for (; !text.empty(); text.remove_prefix(first_character(text).bytes)) {
      auto const point = first_character(text).point;
      bool const is_gap = is_blank(point) || point == '\n';
      if (is_gap) finish();
      columns += columns_of(point);
      if (is_gap)
        begin = columns;
      else if (!is_control_character(point))
        append_utf8(part, point == unreadable_character ? U'?' : point);
    }
    finish();
  }

  void settle_times() {
    std::int64_t earliest = 0;
    for (auto& token : out_) {
      token.from = earliest = std::clamp(token.from, earliest, std::max(earliest, latest_));
      token.to = std::clamp(token.to, token.from, std::max(token.from, latest_));
    }
    for (std::size_t i = 0; i + 1 < out_.size(); ++i) out_[i].to = std::min(out_[i].to, std::max(out_[i].from, out_[i + 1].from));
  }

  Transcript const& transcript_;
  bool is_unspaced_;
  bool begins_segment_ = false;
  std::int64_t latest_ = 0;
  std::vector<Token> out_;
};

class Cutter {
 public:
  Cutter(Transcript const& transcript, int widest) : language_(transcript.language), widest_(std::max(2, widest)) {}

  std::vector<Piece> cut(std::vector<Token> const& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      auto const& token = tokens[i];
      bool const is_glued = i > 0 && !token.is_spaced && !may_break_at(tokens[i - 1].text, token.text);
      if (is_glued && out_.back().columns + line_columns(token.text) <= widest_) {
        auto& last = out_.back();
        last.text += token.text;
        last.columns = line_columns(last.text);
        last.to = token.to;
        last.ends_sentence = ending_of(last.text, language_) == Ending::sentence;
        continue;
      }
      add(token, is_glued);
    }
    return std::move(out_);
  }

 private:
  static bool may_break_at(std::string_view before, std::string_view after) {
    return may_break_between(last_character(before), first_character(after).point);
  }

  void add(Token const& token, bool is_glued) {
    auto const costs = out_.empty() ? std::pair(0.0, 0.0)
                       : is_glued   ? std::pair(by_force, by_force)
                                    : costs_between(out_.back(), token);
    auto const begin = out_.size();
    split(token);
    out_[begin].is_spaced = token.is_spaced;
    out_[begin].cue_cost = costs.first;
    out_[begin].line_cost = costs.second;
    out_.back().ends_sentence = ending_of(token.text, language_) == Ending::sentence;
  }

  std::pair<double, double> costs_between(Piece const& before, Token const& after) const {
    auto const ending = ending_of(before.text, language_);
    double cost = after.is_spaced ? fair : at_token;
    if (ending == Ending::sentence)
      cost = 0;
    else if (ending == Ending::clause)
      cost = after_clause;
    else if (holds_to_next(before.text, language_))
      cost = after_holding;
    else if (begins_phrase(before.text, language_))
      cost = after_phrase_word;
    else if (begins_phrase(after.text, language_))
      cost = before_phrase;
    else if (is_name(before.text) && is_name(after.text))
      cost += 8;
    double const line = cost;
    if (auto const pause = after.from - before.to; pause >= audible_pause)
      cost -= std::min(cost, static_cast<double>(pause) / 50);
    if (after.begins_segment) cost /= 2;
    return {cost, line};
  }

  // Two capitals beside each other, in languages that have them for names only.
  bool is_name(std::string_view word) const {
    return !language_.starts_with("de") && word.size() > 1 && word[0] >= 'A' && word[0] <= 'Z';
  }

  // At every place where its script lets a line end, and where it is wider than a line.
  void split(Token const& token) {
    std::string_view const text = token.text;
    Share const share{token.from, token.to, line_columns(text)};
    std::size_t begin = 0, at = 0;
    int columns = 0, columns_before = 0;
    char32_t before = 0;
    bool is_forced = false;
    auto const finish = [&](std::size_t end) {
      double const cost = is_forced ? by_force : in_word;
      auto const until = columns_before + columns;
      out_.push_back({std::string(text.substr(begin, end - begin)), columns, share.at(columns_before), share.at(until), false,
                      false, cost, cost});
      begin = end;
      columns_before = until;
      columns = 0;
    };
    while (at < text.size()) {
      auto bytes = cluster_bytes(text.substr(at));
      if (line_columns(text.substr(at, bytes)) > widest_) bytes = first_character(text.substr(at)).bytes;
      auto const cluster = text.substr(at, bytes);
      int const wide = line_columns(cluster);
      bool const may = columns > 0 && may_break_between(before, first_character(cluster).point);
      bool const must = columns > 0 && columns + wide > widest_;
      if (may || must) {
        finish(at);
        is_forced = !may;
      }
      columns += wide;
      before = last_character(cluster);
      at += bytes;
    }
    finish(text.size());
  }

  std::string language_;
  int widest_;
  std::vector<Piece> out_;
};

}  // namespace

std::vector<Piece> pieces_of(Transcript const& transcript, int widest) {
  return Cutter(transcript, widest).cut(Tokens(transcript).take());
}

}  // namespace reelmill
