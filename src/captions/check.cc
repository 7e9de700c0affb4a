// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/check.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "captions/characters.h"

namespace reelmill {

namespace {

// Times are rounded to milliseconds, of ASS to centiseconds: so much of a frame may a time lie behind its frame.
constexpr double rounding = 0.3;
// Beyond this rate a millisecond is too much of a frame to count them.
constexpr double countable_rate = 250;

double frames_between(std::int64_t to, std::int64_t from, double rate) {
  if (rate > countable_rate) return static_cast<double>(from - to + 1) * rate / 1000;
  auto const first_frame_at = [&](std::int64_t time) { return std::ceil(static_cast<double>(time) * rate / 1000 - rounding); };
  return first_frame_at(from) - first_frame_at(to);
}

double tenths(double value) { return std::round(value * 10) / 10; }

class Checker {
 public:
  Checker(Captions const& captions, CaptionProfile const& profile, Rational rate, std::int64_t length)
      : captions_(captions), profile_(profile), rate_(rate.num > 0 ? rate.value() : 25), length_(length) {}

  std::vector<CaptionFinding> run() {
    std::array<Cue const*, 2> before{};
    std::int64_t latest_begin = 0;
    for (std::size_t i = 0; i < captions_.cues.size(); ++i) {
      cue_ = &captions_.cues[i];
      number_ = i + 1;
      if (i > 0 && cue_->from < latest_begin)
        add("captions.order", static_cast<double>(latest_begin - cue_->from), 0, "begins before the caption before it");
      latest_begin = std::max(i > 0 ? latest_begin : cue_->from, cue_->from);
      check_text();
      check_times();
      auto& other = before[cue_->at_top ? 1 : 0];
      if (other != nullptr) check_neighbour(*other);
      if (other == nullptr || cue_->to > other->to) other = cue_;
    }
    return std::move(out_);
  }

 private:
  void add(std::string_view code, double measured, double limit, std::string message) {
    out_.push_back({code, number_, cue_->from, cue_->to, measured, limit, std::move(message)});
  }

  void check_text() {
    int visible = 0, controls = 0, unreadable = 0, widest = 0;
    for (std::string_view rest = cue_->text; !rest.empty();) {
      auto const character = first_character(rest);
      if (is_control_character(character.point)) ++controls;
      if (character.point == unreadable_character) ++unreadable;
      if (columns_of(character.point) > 0 && !is_blank(character.point)) ++visible;
      rest.remove_prefix(character.bytes);
    }
    if (visible == 0) add("captions.empty", 0, 1, "nothing to be seen");
    auto const lines = split(cue_->text, '\n');
    for (auto const line : lines) widest = std::max(widest, line_columns(line));
    if (widest > profile_.line_length)
      add("captions.line_length", widest, profile_.line_length,
          fmt::format("a line of {} characters; {} are allowed", widest, profile_.line_length));
    if (static_cast<int>(lines.size()) > profile_.lines)
      add("captions.lines", static_cast<double>(lines.size()), profile_.lines,
          fmt::format("{} lines; {} are allowed", lines.size(), profile_.lines));
    if (controls > 0) add("captions.control_characters", controls, 0, "control characters in its text");
    if (unreadable > 0) add("captions.unreadable", unreadable, 0, "characters that could not be read; is the encoding right?");
  }

  void check_times() {
    auto const length = cue_->to - cue_->from;
    if (length < profile_.shortest)
      add("captions.too_short", static_cast<double>(length), static_cast<double>(profile_.shortest),
          length <= 0 ? std::string("ends when it begins, or before")
                      : fmt::format("shown for {} ms; {} ms at least", length, profile_.shortest));
    if (length > profile_.longest)
      add("captions.too_long", static_cast<double>(length), static_cast<double>(profile_.longest),
          fmt::format("shown for {} ms; {} ms at most", length, profile_.longest));
    auto const characters = reading_length(cue_->text);
    if (length > 0 && characters * 1000.0 > profile_.reading_speed * static_cast<double>(length + 1)) {
      double const speed = tenths(characters * 1000.0 / static_cast<double>(length));
      add("captions.reading_speed", speed, profile_.reading_speed,
          fmt::format("{} characters a second; {} at most", shortest(speed), shortest(profile_.reading_speed)));
    }
    if (cue_->from < 0) add("captions.before_beginning", static_cast<double>(cue_->from), 0, "begins before the film");
    if (length_ > 0 && cue_->to > length_ + 1)
      add("captions.beyond_end", static_cast<double>(cue_->to), static_cast<double>(length_),
          fmt::format("ends {} ms after the film", cue_->to - length_));
  }

  void check_neighbour(Cue const& before) {
    if (cue_->from < before.to) {
      if (cue_->to > before.from)
        add("captions.overlap", static_cast<double>(std::min(before.to, cue_->to) - std::max(before.from, cue_->from)), 0,
            "another caption is shown at the same time");
      return;
    }
    double const frames = frames_between(before.to, cue_->from, rate_);
    if (frames >= profile_.gap_frames || (cue_->from == before.to && profile_.gap_frames == 0)) return;
    add("captions.gap", tenths(frames), profile_.gap_frames,
        fmt::format("{} frames after the caption before; {} at least", shortest(tenths(frames)), profile_.gap_frames));
  }

  Captions const& captions_;
  CaptionProfile const& profile_;
  double rate_;
  std::int64_t length_;
  Cue const* cue_ = nullptr;
  std::size_t number_ = 0;
  std::vector<CaptionFinding> out_;
};

}  // namespace

std::vector<CaptionFinding> check_captions(Captions const& captions, CaptionProfile const& profile, Rational rate,
                                           std::int64_t length) {
  return Checker(captions, profile, rate, length).run();
}

}  // namespace reelmill
