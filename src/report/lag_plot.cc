// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/lag_plot.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {
constexpr double width = 960, height = 420, left = 90, right = 20, top = 56, bottom = 52;
constexpr double least_span = 0.004;  // seconds of delay

struct Axis {
  double low = 0, high = 1, from = 0, to = 1;  // of values, and in the picture
  double place(double value) const { return from + (value - low) / (high - low) * (to - from); }
  bool holds(double value) const { return value >= low && value <= high; }

  // Round numbers, about `count` of them.
  std::vector<double> ticks(double count) const {
    double const raw = (high - low) / count, power = std::pow(10, std::floor(std::log10(raw)));
    double step = power;
    for (double const factor : {1.0, 2.0, 5.0, 10.0})
      if (step = power * factor; step >= raw) break;
    std::vector<double> out;
    for (auto i = std::ceil(low / step); i * step <= high + step * 1e-6; ++i) out.push_back(i * step);
    return out;
  }
};

std::string xml(std::string const& text) {
  std::string out;
  for (char const c : printable(text)) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

class Plot {
 public:
  explicit Plot(SyncFinding const& finding) : finding_(finding) {
    time_ = {0, std::max(finding.length_a, 1e-3), left, width - right};
    double low = 1e300, high = -1e300;
    auto const see = [&](double delay) { low = std::min(low, delay), high = std::max(high, delay); };
    for (auto const& segment : finding.segments)
      for (auto const t : {segment.from, segment.to}) see(segment.offset + finding.drift * t);
    for (auto const& window : finding.windows)
      if (window.agrees || finding.segments.empty()) see(window.delay);
    if (low > high) low = high = 0;
    double const spare = std::max(least_span - (high - low), (high - low) * 0.2) / 2;
    delay_ = {low - spare, high + spare, height - bottom, top};
  }

  std::string draw(std::string const& a, std::string const& b) {
    fmt::format_to(into(),
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
                   "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n",
                   width, height);
    fmt::format_to(into(), "<text x=\"{}\" y=\"22\" font-size=\"15\">How much {} has to be delayed to match {}</text>\n", left,
                   xml(b), xml(a));
    fmt::format_to(into(), "<text x=\"{}\" y=\"42\" fill=\"#555\">{}</text>\n", left, xml(subtitle()));
    grid();
    for (auto const& window : finding_.windows) point(window);
    for (auto const& segment : finding_.segments) line(segment);
    return text_ + "</svg>\n";
  }

 private:
  std::back_insert_iterator<std::string> into() { return std::back_inserter(text_); }

  std::string subtitle() const {
    if (finding_.outcome == SyncOutcome::refused) return "refused: " + finding_.reason;
    auto const cuts = finding_.segments.size() - 1;
    return fmt::format("{}, drift {:+.2f} ppm, {} cut{}, confidence {:.2f}",
                       finding_.outcome == SyncOutcome::in_sync ? "in sync" : "offset", finding_.drift * 1e6, cuts,
                       cuts == 1 ? "" : "s", finding_.confidence);
  }

  void grid() {
    for (auto const value : delay_.ticks(6))
      fmt::format_to(
          into(), "<path d=\"M{} {:.1f}H{}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", left,
          delay_.place(value), width - right, left - 8, delay_.place(value) + 4, shortest(std::round(value * 1e6) / 1e3));
    for (auto const value : time_.ticks(10))
      fmt::format_to(into(),
                     "<path d=\"M{:.1f} {}V{}\" stroke=\"#eee\"/><text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                     time_.place(value), top, height - bottom, time_.place(value), height - bottom + 18,
                     shortest(std::round(value * 1e3) / 1e3));
    fmt::format_to(into(), "<path d=\"M{0} {1}V{2}H{3}\" fill=\"none\" stroke=\"#888\"/>\n", left, top, height - bottom,
                   width - right);
    fmt::format_to(into(), "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">seconds</text>\n", (left + width - right) / 2,
                   height - 10);
    fmt::format_to(into(), "<text transform=\"translate(18 {}) rotate(-90)\" text-anchor=\"middle\">milliseconds</text>\n",
                   (top + height - bottom) / 2);
  }

  void point(SyncWindow const& window) {
    if (!delay_.holds(window.delay) || !time_.holds(window.at)) return;
    fmt::format_to(into(), "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" {}/>\n", time_.place(window.at),
                   delay_.place(window.delay), window.agrees ? "fill=\"#1769aa\"" : "fill=\"none\" stroke=\"#bbb\"");
  }

  void line(SyncSegment const& segment) {
    auto const y = [&](double t) { return delay_.place(segment.offset + finding_.drift * t); };
    fmt::format_to(into(), "<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"#d9480f\" stroke-width=\"1.5\"/>\n",
                   time_.place(segment.from), y(segment.from), time_.place(segment.to), y(segment.to));
  }

  SyncFinding const& finding_;
  Axis time_, delay_;
  std::string text_;
};
}  // namespace

std::string lag_plot(SyncFinding const& finding, std::string const& a, std::string const& b) { return Plot(finding).draw(a, b); }

}  // namespace reelmill
