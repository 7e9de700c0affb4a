// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/find_sync.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sync/anchors.h"
#include "sync/cut_place.h"
#include "sync/lag_finder.h"
#include "sync/lag_lines.h"

namespace reelmill {

namespace {
constexpr double nearest_windows = 1;  // seconds from one window to the next, at least
constexpr std::size_t most_windows = 360;
constexpr double same_lag = 0.02;     // seconds: two guesses that are one
constexpr double crowd_width = 0.02;  // seconds: anchors of one take are no further apart
constexpr double silence = 1e-4;      // of the energy of a loud window
constexpr double loud_share = 0.95;   // of the windows are softer than a loud one
constexpr double least_share = 0.35;  // of the windows with sound that must agree
constexpr double least_seconds = 5;   // of windows that agree
constexpr std::size_t least_windows = 4;
constexpr double half_window = 0.5 * LagFinder::window / compared_rate;

struct Window {
  double at = 0;
  std::vector<Peak> peaks;
  double energy = 0, other = 0;
};

// The shorter recording is x, and lags are what to add to its instants to come to y's.
class Search {
 public:
  Search(Recording const& x, Recording const& y, LagFinder finder, TellShare const& tell)
      : x_(x), y_(y), finder_(std::move(finder)), tell_(tell) {}

  Result<LagLines> run() {
    auto const all = TRY(find_anchors(TRY(onsets_of(x_)), TRY(onsets_of(y_)), {}, part(0, 0.5)));
    anchors_ = borne_out(all);
    auto const slopes = slopes_of_anchors();
    place_windows(slopes.middle);
    look([&](double at) { return guesses(at, slopes.middle); }, slopes.middle, part(0.5, 0.75));
    auto lines = fit_lines(lags(), slopes);
    if (lines.lines.empty()) return lines;
    auto const first = lines;
    look([&](double at) { return lags_on(first, at); }, first.slope, part(0.75, 1));
    double const span = windows_.back().at - windows_.front().at;
    return fit_lines(lags(), {first.slope, span > 0 ? 2 * line_width / span : 0});
  }

  std::vector<Window> const& windows() const { return windows_; }
  double hop() const { return hop_; }

  // Whether there is sound to compare.
  std::vector<bool> sounding() const {
    double const loud = loud_energy(&Window::energy), other = loud_energy(&Window::other);
    std::vector<bool> out;
    for (auto const& window : windows_)
      out.push_back(window.energy > silence * loud && window.other > silence * other && !window.peaks.empty());
    return out;
  }

 private:
  TellShare part(double from, double to) const {
    return [this, from, to](double share) { tell_(from + share * (to - from)); };
  }

  std::vector<WindowLags> lags() const {
    std::vector<WindowLags> out;
    for (auto const& window : windows_) out.push_back({window.at, window.peaks});
    return out;
  }

  double loud_energy(double Window::*member) const {
    std::vector<double> energies;
    for (auto const& window : windows_) energies.push_back(window.*member);
    if (energies.empty()) return 0;
    auto const at = static_cast<std::ptrdiff_t>(loud_share * static_cast<double>(energies.size() - 1));
    std::nth_element(energies.begin(), energies.begin() + at, energies.end());
    return energies[static_cast<std::size_t>(at)];
  }

  // The slope at which the anchors crowd most: those of each take lie together then. Anchors on either side of a cut say
  // nothing of the slope.
  SlopeRange slopes_of_anchors() const {
    if (anchors_.size() < 2) return {0, steepest_drift};
    double const span = anchors_.back().at - anchors_.front().at;
    if (span <= 0) return {0, steepest_drift};
    double const step = 0.25 * crowd_width / span;
    auto const steps = static_cast<int>(std::ceil(steepest_drift / step));
    Crowding best;
    for (int i = -steps; i <= steps; ++i) {
      auto const here = crowding_at(step * i);
      bool const is_flatter = here.score == best.score && std::abs(here.slope) < std::abs(best.slope);
      if (here.score > best.score || is_flatter) best = here;
    }
    if (best.span <= 0) return {0, steepest_drift};
    return {best.slope, std::min(steepest_drift, std::max(30e-6, crowd_width / best.span))};
  }

  struct Crowding {
    double slope = 0;
    std::size_t score = 0;  // sum of the squares of how many lie together
    double span = 0;        // seconds from the first to the last of the greatest crowd
  };
  Crowding crowding_at(double slope) const {
    struct Level {
      double lag, at;
    };
    std::vector<Level> levels;
    for (auto const& anchor : anchors_) levels.push_back({anchor.lag - slope * anchor.at, anchor.at});
    std::sort(levels.begin(), levels.end(), [](Level const& a, Level const& b) { return a.lag < b.lag; });
    Crowding out{slope};
    std::size_t greatest = 0;
    for (std::size_t from = 0; from < levels.size();) {
      auto to = from;
      double first = levels[from].at, last = first;
      for (; to < levels.size() && levels[to].lag <= levels[from].lag + crowd_width; ++to)
        first = std::min(first, levels[to].at), last = std::max(last, levels[to].at);
      if (to - from > greatest) greatest = to - from, out.span = last - first;
      out.score += (to - from) * (to - from);
      from = to;
    }
    return out;
  }

  std::vector<double> guesses(double at, double slope) const {
    Anchor const *before = nullptr, *after = nullptr;
    for (auto const& anchor : anchors_) {
      if (anchor.at <= at) before = &anchor;
      if (anchor.at > at && !after) after = &anchor;
    }
    std::vector<double> out;
    for (auto const* anchor : {before, after})
      if (anchor) out.push_back(anchor->lag + slope * (at - anchor->at));
    if (out.size() == 2 && std::abs(out[0] - out[1]) < same_lag) out = {(out[0] + out[1]) / 2};
    return out;
  }

  static std::vector<double> lags_on(LagLines const& lines, double at) {
    std::vector<double> out;
    for (auto const& line : lines.lines) {
      double const lag = line.offset + lines.slope * at;
      bool const is_new = std::none_of(out.begin(), out.end(), [&](double other) { return std::abs(other - lag) < same_lag; });
      if (is_new) out.push_back(lag);
    }
    return out;
  }

  bool is_inside(double at, double lag) const { return at + lag >= half_window && at + lag <= y_.seconds() - half_window; }

  // Evenly over what may overlap.
  void place_windows(double slope) {
    constexpr double step = 0.25;
    std::vector<double> places;
    for (double at = half_window; at <= x_.seconds() - half_window + 1e-9; at += step) {
      auto const lags = guesses(at, slope);
      if (std::any_of(lags.begin(), lags.end(), [&](double lag) { return is_inside(at, lag); })) places.push_back(at);
    }
    hop_ = std::max(nearest_windows, step * static_cast<double>(places.size()) / most_windows);
    double next = -1;
    for (auto const at : places)
      if (at >= next - 1e-9) {
        windows_.push_back({at, {}, 0, 0});
        next = next < 0 ? at + hop_ : next + hop_;
        if (next < at) next = at + hop_;
      }
  }

  template <class Guess>
  void look(Guess const& guess, double slope, TellShare const& tell) {
    for (std::size_t i = 0; i < windows_.size(); ++i) {
      auto& window = windows_[i];
      window.peaks.clear();
      window.energy = window.other = 0;
      for (auto const lag : guess(window.at)) {
        if (!is_inside(window.at, lag)) continue;
        auto found = finder_.find(x_, window.at, y_, lag, 1 + slope);
        window.energy = std::max(window.energy, found.energy);
        window.other = std::max(window.other, found.other);
        window.peaks.insert(window.peaks.end(), found.peaks.begin(), found.peaks.end());
      }
      std::stable_sort(window.peaks.begin(), window.peaks.end(),
                       [](auto const& a, auto const& b) { return a.strength > b.strength; });
      tell(static_cast<double>(i + 1) / static_cast<double>(windows_.size()));
    }
  }

  Recording const &x_, &y_;
  LagFinder finder_;
  TellShare const& tell_;
  std::vector<Anchor> anchors_;
  std::vector<Window> windows_;
  double hop_ = nearest_windows;
};

// Of x and y, or where these are b and a, the other way round.
struct Turned {
  bool is_turned = false;
  double at(double x, double lag) const { return is_turned ? x + lag : x; }
  double delay(double lag) const { return is_turned ? lag : -lag; }
};
// Whether what comes later in A comes later in B.
bool is_in_order(SyncFinding const& finding) {
  auto const heard = [&](SyncSegment const& segment, double t) { return t - segment.offset - finding.drift * t; };
  for (std::size_t i = 1; i < finding.segments.size(); ++i) {
    auto const &before = finding.segments[i - 1], &after = finding.segments[i];
    // Their ends are not placed yet: windows that reach over a cut may count to either side.
    if (heard(after, after.from) < heard(before, before.from) || heard(after, after.to) < heard(before, before.to)) return false;
  }
  return true;
}
}  // namespace

Result<SyncFinding> find_sync(Recording const& a, Recording const& b, TellShare const& tell) {
  SyncFinding out;
  out.length_a = a.seconds();
  out.length_b = b.seconds();
  Turned const turned{b.samples.size() < a.samples.size()};
  auto const &x = turned.is_turned ? b : a, &y = turned.is_turned ? a : b;
  Search search(x, y, TRY(LagFinder::open()), tell);
  auto const lines = TRY(search.run());
  auto const sounding = search.sounding();
  auto const& windows = search.windows();

  std::size_t heard = 0, agreeing = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (!sounding[i]) continue;
    ++heard;
    bool const agrees = lines.line_of[i] >= 0;
    if (agrees) ++agreeing;
    double const lag = agrees ? lines.lag_of[i] : windows[i].peaks.front().lag;
    out.windows.push_back({turned.at(windows[i].at, lag), turned.delay(lag), windows[i].peaks.front().strength, agrees});
  }
  std::sort(out.windows.begin(), out.windows.end(), [](auto const& p, auto const& q) { return p.at < q.at; });
  out.confidence = heard > 0 ? static_cast<double>(agreeing) / static_cast<double>(heard) : 0;

  if (heard == 0) {
    out.reason = "there is no sound that could be compared";
    return out;
  }
  auto const is_little = [&](std::size_t count) {
    return count < least_windows || static_cast<double>(count) * search.hop() < least_seconds;
  };
  if (is_little(heard)) {
    out.reason = fmt::format("they are too short to be sure: {} of the places compared, a second apart, have sound, and it takes {}",
                             heard, least_seconds);
    return out;
  }
  if (is_little(agreeing) || out.confidence < least_share) {
    out.reason = fmt::format("only {} of {} places agree: it is not the same sound, or there is too much noise", agreeing, heard);
    return out;
  }

  // x + lag = y; with a line lag = offset + slope · x, in the clock of a.
  double const slope = lines.slope;
  out.drift = turned.is_turned ? slope / (1 + slope) : -slope;
  for (auto const& line : lines.lines) {
    double const from = windows[line.first].at, to = windows[line.last].at;
    double const lag_from = line.offset + slope * from, lag_to = line.offset + slope * to;
    double const offset = turned.is_turned ? line.offset / (1 + slope) : -line.offset;
    out.segments.push_back({turned.at(from, lag_from), turned.at(to, lag_to), offset});
  }
  std::sort(out.segments.begin(), out.segments.end(), [](auto const& p, auto const& q) { return p.from < q.from; });
  if (!is_in_order(out)) {
    out.segments.clear();
    out.reason = "what they have in common comes in another order in one of them";
    return out;
  }
  TRY(place_cuts(out, a, b));
  bool const is_still = std::all_of(out.segments.begin(), out.segments.end(), [&](SyncSegment const& segment) {
    return std::max(std::abs(segment.offset + out.drift * segment.from), std::abs(segment.offset + out.drift * segment.to)) <=
           in_sync_within;
  });
  out.outcome = is_still && out.segments.size() == 1 ? SyncOutcome::in_sync : SyncOutcome::offset;
  return out;
}

}  // namespace reelmill
