// SPDX-License-Identifier: GPL-3.0-or-later
// A cue's text while it is read or written: every byte knows its emphasis.
#pragma once

#include <string>
#include <string_view>

#include "captions/cue.h"

namespace reelmill {

using Marks = unsigned char;  // a bit for each Emphasis
constexpr Marks marks_of(Emphasis kind) { return static_cast<Marks>(1u << static_cast<unsigned>(kind)); }
inline constexpr Emphasis every_emphasis[] = {Emphasis::italic, Emphasis::bold, Emphasis::underline};

// As HTML's tags are called, which SubRip, WebVTT and ASS have too.
constexpr char letter_of(Emphasis kind) { return kind == Emphasis::italic ? 'i' : kind == Emphasis::bold ? 'b' : 'u'; }
std::string escaped_for_xml(std::string_view text);

class MarkedText {
 public:
  MarkedText() = default;
  explicit MarkedText(Cue const& cue);

  void add(std::string_view text, Marks marks);
  bool empty() const { return text_.empty(); }
  bool ends_with(char c) const { return text_.ends_with(c); }

  enum class Controls { keep, drop };
  // Sets text and runs of `cue`: without blank lines and blank ends of lines; tabs are spaces.
  void put_into(Cue& cue, Controls controls) const;

 private:
  std::string text_;
  std::basic_string<Marks> marks_;
};

// How a format spells them. A piece handed to `escaped` has no line end in it and is everything between two of the others.
class MarkupWriter {
 public:
  virtual std::string opened(Emphasis kind) const = 0;
  virtual std::string closed(Emphasis kind) const = 0;
  virtual std::string escaped(std::string_view piece) const = 0;
  virtual std::string line_end() const = 0;

  // The text of the cue, cleaned as above, without control characters; what opens inside of what closes first is closed and
  // opened again. Empty: nothing would be seen.
  std::string write(Cue const& cue) const;

 protected:
  ~MarkupWriter() = default;
};

}  // namespace reelmill
