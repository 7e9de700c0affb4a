// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of all formats share: lines with their numbers, cues with their limit, notes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "captions/caption_file.h"

namespace reelmill {

// Lines of a text whose line ends are \n; numbers count from 1.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}
  std::optional<std::string_view> next();
  int number() const { return number_; }  // of the line given last

 private:
  std::string_view rest_;
  bool at_end_ = false;
  int number_ = 0;
};

// "line 3: …", or "…, 7 times, first in line 3".
class ReadingNotes {
 public:
  void add(std::string what, int line);
  std::vector<std::string> take() &&;

 private:
  struct Note {
    std::string what;
    int line = 0, count = 1;
  };
  std::vector<Note> notes_;
};

// What one reader makes.
struct Reading {
  Captions captions;
  ReadingNotes notes;

  bool is_full() const { return captions.cues.size() >= most_cues; }
};

Error damaged_captions(std::string const& name, int line, std::string_view what);
Error too_many_captions(std::string const& name);
// A language tag as files write it: letters, digits and hyphens of it, 35 at most.
std::string plain_language(std::string_view language);

// One reader and one writer for each format; texts are UTF-8, their lines end at \n, without a byte order mark.
Result<Reading> read_srt(std::string_view text, std::string const& name);
Result<Reading> read_vtt(std::string_view text, std::string const& name);
Result<Reading> read_ass(std::string_view text, std::string const& name);
Result<Reading> read_ttml(std::string_view text, std::string const& name);
std::string srt_text(Captions const& captions);
std::string vtt_text(Captions const& captions);
std::string ass_text(Captions const& captions);
std::string ttml_text(Captions const& captions);

}  // namespace reelmill
