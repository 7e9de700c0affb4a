// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/environment.h"

namespace reelmill {
namespace {

constexpr double redraw_interval = 0.1;
constexpr std::size_t most_lines = 16;  // what has scrolled off the screen cannot be redrawn
constexpr std::string_view hide_cursor = "\x1b[?25l", show_cursor = "\x1b[?25h", erase_below = "\x1b[J", plain = "\x1b[0m";

std::string_view colour_of(Happening const& what) {
  if (std::holds_alternative<AttemptFailed>(what) || std::holds_alternative<SourceFailed>(what)) return "\x1b[31m";
  if (std::holds_alternative<Warning>(what)) return "\x1b[33m";
  if (std::holds_alternative<OutputWritten>(what) || std::holds_alternative<Delivered>(what) ||
      std::holds_alternative<SidecarWritten>(what)) return "\x1b[32m";
  return {};
}

std::string coloured(Happening const& what, Style const& style) {
  auto text = sentence(what, style.letters);
  auto colour = colour_of(what);
  if (text.empty() || !style.colour || colour.empty()) return text;
  return fmt::format("{}{}{}", colour, text, plain);
}

int width_of(std::FILE* out) {
  winsize size{};
  return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool changes_stages(Happening const& what) {
  return std::holds_alternative<StageStarted>(what) || std::holds_alternative<StageFinished>(what) ||
         std::holds_alternative<AttemptFailed>(what);
}

// With moving lines on the screen, a line for each start and end of a stage would only push them away.
bool stays_on_a_live_screen(Happening const& what) {
  return !std::holds_alternative<StageStarted>(what) && !std::holds_alternative<StageFinished>(what);
}

}  // namespace

Style style_for(std::FILE* out) {
  std::string locale;
  for (auto const* name : {"LANG", "LC_CTYPE", "LC_ALL"})
    if (auto value = environment(name); !value.empty()) locale = std::move(value);
  bool unicode = locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos ||
                 locale.find("UTF8") != std::string_view::npos || locale.find("utf-8") != std::string_view::npos;
  return {unicode ? Letters::unicode : Letters::ascii, is_live(out) && environment("NO_COLOR").empty()};
}

bool is_live(std::FILE* out) { return isatty(fileno(out)) && environment("TERM") != "dumb" && !environment("TERM").empty(); }

LiveProgress::LiveProgress(std::FILE* out, Style style, std::function<int()> width)
    : out_(out), style_(style), width_(width ? std::move(width) : [out] { return width_of(out); }) {}

LiveProgress::~LiveProgress() {
  std::string text;
  erase(text);
  show(text);
}

void LiveProgress::erase(std::string& text) {
  if (drawn_ == 0) return;
  text += fmt::format("\x1b[{}A\r{}{}", drawn_, erase_below, show_cursor);
  drawn_ = 0;
}

void LiveProgress::draw(std::string& text, double now) {
  erase(text);
  last_draw_ = now;
  if (meters_.running().empty()) return;
  text += hide_cursor;
  int width = std::max(1, width_() - 1);  // a full line would wrap on some terminals
  auto shown = std::min(meters_.running().size(), most_lines);
  for (std::size_t i = 0; i < shown; ++i) text += meter_line(meters_.running()[i], width, style_.letters) + "\n";
  text += summary_line(meters_, now - began_, width) + "\n";
  drawn_ = static_cast<int>(shown) + 1;
}

void LiveProgress::show(std::string const& text) {
  if (text.empty()) return;
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void LiveProgress::take(Event const& event) {
  if (began_ == 0) began_ = event.time;
  meters_.take(event);
  auto line = stays_on_a_live_screen(event.what) ? coloured(event.what, style_) : std::string();
  bool due = event.time - last_draw_ >= redraw_interval || (changes_stages(event.what) && meters_.running().empty());
  if (line.empty() && !due) return;
  std::string text;
  erase(text);
  if (!line.empty()) text += line + "\n";
  draw(text, event.time);
  show(text);
}

void PlainProgress::take(Event const& event) {
  meters_.take(event);
  auto text = coloured(event.what, style_);
  if (auto const* it = std::get_if<StageStarted>(&event.what)) tenths_[it->id] = 0;
  if (auto const* it = std::get_if<Progress>(&event.what)) {
    auto const* meter = meters_.running(it->id);
    auto fraction = meter ? meter->fraction() : std::nullopt;
    auto tenth = fraction ? static_cast<int>(*fraction * 10 + 1e-9) : 0;
    if (tenth > tenths_[it->id] && tenth < 10) {
      tenths_[it->id] = tenth;
      text = fmt::format("{}: {} %", meter->label, tenth * 10);
    }
  }
  if (text.empty()) return;
  fmt::print(out_, "{}\n", text);
  std::fflush(out_);
}

}  // namespace reelmill
