// SPDX-License-Identifier: GPL-3.0-or-later
// Progress for people: on a terminal a line that moves for each running stage, in a pipe plain lines.
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <unordered_map>

#include "report/lines.h"
#include "report/meters.h"
#include "run/events.h"

namespace reelmill {

struct Style {
  Letters letters = Letters::unicode;
  bool colour = false;
};
// What `out` and the environment (NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG) ask for.
Style style_for(std::FILE* out);
// Whether lines can be redrawn there.
bool is_live(std::FILE* out);

// Redraws at most ten times a second, and leaves the cursor as it was when the last stage ends or when destroyed.
class LiveProgress {
 public:
  // `width` asks the terminal by default, at each redraw.
  LiveProgress(std::FILE* out, Style style, std::function<int()> width = {});
  ~LiveProgress();
  LiveProgress(LiveProgress const&) = delete;
  LiveProgress& operator=(LiveProgress const&) = delete;

  void take(Event const& event);

 private:
  void erase(std::string& text);
  void draw(std::string& text, double now);
  void show(std::string const& text);

  std::FILE* out_;
  Style style_;
  std::function<int()> width_;
  Meters meters_;
  int drawn_ = 0;  // lines on the screen that are ours to redraw
  double began_ = 0, last_draw_ = 0;
};

// Start and end of each stage, and every tenth in between.
class PlainProgress {
 public:
  PlainProgress(std::FILE* out, Style style) : out_(out), style_(style) {}
  void take(Event const& event);

 private:
  std::FILE* out_;
  Style style_;
  Meters meters_;
  std::unordered_map<std::string, int> tenths_;
};

}  // namespace reelmill
