// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/cue_times.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace reelmill {

namespace {

constexpr double coarsest = 20, finest = 250;  // frames a second
constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max() / 4;

// Costs for each millisecond, and for having any of it.
constexpr double for_lack = 0.5, for_any_lack = 40, for_earliness = 0.06, for_lateness = 0.08, for_cut_speech = 0.02;
constexpr double for_a_shot_crossed = 30, for_a_shot_met = -30;

std::int64_t up(double frames) { return static_cast<std::int64_t>(std::ceil(frames - 1e-9)); }
std::int64_t down(double frames) { return static_cast<std::int64_t>(std::floor(frames + 1e-9)); }

// All in frames of the grid.
struct Rules {
  std::int64_t shortest = 1, longest = 1, gap = 0, end = no_end;
  std::int64_t snap = 0, chain = 0, earlier = 0, later = 0;

  Rules(CaptionProfile const& profile, FrameGrid const& grid, std::int64_t end_time) {
    double const length = grid.frame_length();
    shortest = std::max<std::int64_t>(1, up(static_cast<double>(profile.shortest) / length));
    longest = std::max(shortest, down(static_cast<double>(profile.longest) / length));
    gap = grid.from_clock_frames(profile.gap_frames);
    if (end_time > 0) end = grid.frame_at(end_time);
    snap = grid.from_clock_frames(profile.snap_frames);
    chain = grid.from_clock_frames(profile.chain_frames);
    earlier = down(static_cast<double>(profile.earlier) / length);
    later = down(static_cast<double>(profile.later) / length);
  }
  bool have_room(std::size_t cues) const {
    auto const count = static_cast<std::int64_t>(cues);
    return count * shortest + std::max<std::int64_t>(0, count - 1) * gap <= end;
  }
};

// The beginnings nearest to those wanted that are `apart` from each other: regression upon what remains when that is taken off.
std::vector<std::int64_t> spread(std::vector<std::int64_t> const& wanted, std::int64_t apart, std::int64_t latest) {
  struct Block {
    double sum = 0;
    std::size_t count = 0;
    double mean() const { return sum / static_cast<double>(count); }
  };
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Block block{static_cast<double>(wanted[i] - static_cast<std::int64_t>(i) * apart), 1};
    while (!blocks.empty() && blocks.back().mean() > block.mean()) {
      block.sum += blocks.back().sum;
      block.count += blocks.back().count;
      blocks.pop_back();
    }
    blocks.push_back(block);
  }
  auto const most = latest - static_cast<std::int64_t>(wanted.size() - 1) * apart;
  std::vector<std::int64_t> out;
  for (auto const& block : blocks)
    for (std::size_t i = 0; i < block.count; ++i)
      out.push_back(std::clamp<std::int64_t>(down(block.mean()), 0, std::max<std::int64_t>(0, most)) +
                    static_cast<std::int64_t>(out.size()) * apart);
  return out;
}

class Timer {
 public:
  Timer(std::vector<SpokenCue> const& cues, CaptionProfile const& profile, CueClock const& clock, std::int64_t end)
      : grid_(clock.rate), rules_(profile, grid_, end) {
    for (auto const& cue : cues) {
      begins_.push_back(grid_.frame_at(cue.from));
      ends_.push_back(grid_.frame_after(cue.to));
      reading_.push_back(up(cue.characters * 1000.0 / profile.reading_speed / grid_.frame_length()));
    }
    for (auto const shot : clock.shots) shots_.push_back(down(static_cast<double>(shot) / grid_.frame_length() + 0.5));
    std::sort(shots_.begin(), shots_.end());
    if (!rules_.have_room(cues.size())) give_way(static_cast<std::int64_t>(cues.size()));
  }

  std::vector<ShownCue> run() {
    auto const count = begins_.size();
    base_ = spread(begins_, rules_.shortest + rules_.gap, rules_.end - rules_.shortest);
    std::vector<std::vector<std::int64_t>> places(count);
    for (std::size_t i = 0; i < count; ++i) places[i] = places_of(i);
    auto const chosen = cheapest(places);
    std::vector<ShownCue> out;
    for (std::size_t i = 0; i < count; ++i) {
      auto const end = end_of(i, chosen[i], i + 1 < count ? std::optional(chosen[i + 1]) : std::nullopt);
      out.push_back({grid_.milliseconds(chosen[i]), grid_.milliseconds(end)});
    }
    return out;
  }

 private:
  // The film is too short for its words: cues are shorter than they may be, or, where even that is not enough, after its end.
  void give_way(std::int64_t count) {
    rules_.shortest = (rules_.end - (count - 1) * rules_.gap) / count;
    if (rules_.shortest >= 1) return;
    rules_.shortest = 1;
    rules_.end = no_end;
  }

  std::vector<std::int64_t> places_of(std::size_t i) const {
    std::vector<std::int64_t> out{base_[i]};
    auto const step = std::max<std::int64_t>(1, (rules_.earlier + rules_.later) / 48);
    for (auto at = begins_[i]; at >= begins_[i] - rules_.earlier; at -= step) out.push_back(at);
    for (auto at = begins_[i]; at <= begins_[i] + rules_.later; at += step) out.push_back(at);
    auto shot = std::lower_bound(shots_.begin(), shots_.end(), begins_[i] - rules_.snap);
    for (; shot != shots_.end() && *shot <= begins_[i] + rules_.snap && out.size() < 150; ++shot) out.push_back(*shot);
    std::erase_if(out, [&](std::int64_t at) { return at < 0 || at > rules_.end - rules_.shortest; });
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  // When the cue that begins then ends, if the next one begins at `next`.
  std::int64_t end_of(std::size_t i, std::int64_t begin, std::optional<std::int64_t> next) const {
    auto const limit = std::min({begin + rules_.longest, next ? *next - rules_.gap : no_end, rules_.end});
    auto end = std::min(limit, std::max({ends_[i], begin + rules_.shortest, begin + reading_[i]}));
    if (auto const shot = shot_near(end)) {
      auto const before = *shot - rules_.gap;
      bool const is_readable = before >= end || before - begin >= reading_[i];
      if (before <= limit && before - begin >= rules_.shortest && is_readable) end = before;
    }
    if (next && *next - end <= rules_.chain && limit == *next - rules_.gap && shots_between(end, *next) == 0) end = limit;
    return end;
  }

  std::optional<std::int64_t> shot_near(std::int64_t frame) const {
    auto const after = std::lower_bound(shots_.begin(), shots_.end(), frame);
    std::optional<std::int64_t> nearest;
    if (after != shots_.end()) nearest = *after;
    if (after != shots_.begin() && (!nearest || frame - *std::prev(after) < *nearest - frame)) nearest = *std::prev(after);
    if (nearest && std::abs(*nearest - frame) > rules_.snap) nearest.reset();
    return nearest;
  }

  // Without those at either frame.
  std::int64_t shots_between(std::int64_t from, std::int64_t to) const {
    if (from >= to) return 0;
    return std::max<std::ptrdiff_t>(
        0, std::lower_bound(shots_.begin(), shots_.end(), to) - std::upper_bound(shots_.begin(), shots_.end(), from));
  }

  double cost_of(std::size_t i, std::int64_t begin, std::optional<std::int64_t> next) const {
    auto const end = end_of(i, begin, next);
    double const length = grid_.frame_length();
    double cost = for_a_shot_crossed * static_cast<double>(shots_between(begin, end));
    if (auto const lack = begin + reading_[i] - end; lack > 0)
      cost += for_any_lack + for_lack * length * static_cast<double>(lack);
    if (auto const late = begin - begins_[i]; late > 0)
      cost += for_lateness * length * static_cast<double>(late);
    else
      cost += for_earliness * length * static_cast<double>(-late);
    if (auto const cut = ends_[i] - end; cut > 0) cost += for_cut_speech * length * static_cast<double>(cut);
    bool const is_near = std::abs(begin - begins_[i]) <= rules_.snap;
    if (is_near && std::binary_search(shots_.begin(), shots_.end(), begin)) cost += for_a_shot_met;
    return cost;
  }

  // One place for each cue. `base_` is always among them and leaves room for all, so there is a way.
  std::vector<std::int64_t> cheapest(std::vector<std::vector<std::int64_t>> const& places) const {
    auto const count = places.size();
    constexpr double impossible = std::numeric_limits<double>::infinity();
    std::vector<double> least(places[0].size(), 0);
    std::vector<std::vector<std::uint32_t>> before(count);
    for (std::size_t i = 0; i + 1 < count; ++i) {
      std::vector<double> next(places[i + 1].size(), impossible);
      before[i + 1].assign(places[i + 1].size(), 0);
      for (std::size_t from = 0; from < places[i].size(); ++from) {
        if (std::isinf(least[from])) continue;
        for (std::size_t to = 0; to < places[i + 1].size(); ++to) {
          if (places[i + 1][to] < places[i][from] + rules_.shortest + rules_.gap) continue;
          double const cost = least[from] + cost_of(i, places[i][from], places[i + 1][to]);
          if (cost < next[to]) next[to] = cost, before[i + 1][to] = static_cast<std::uint32_t>(from);
        }
      }
      least = std::move(next);
    }
    std::size_t at = 0;
    double best = impossible;
    for (std::size_t last = 0; last < least.size(); ++last) {
      double const cost =
          std::isinf(least[last]) ? impossible : least[last] + cost_of(count - 1, places[count - 1][last], std::nullopt);
      if (cost < best) best = cost, at = last;
    }
    std::vector<std::int64_t> out(count);
    for (auto i = count; i-- > 0;) {
      out[i] = places[i][at];
      if (i > 0) at = before[i][at];
    }
    return out;
  }

  FrameGrid grid_;
  Rules rules_;
  std::vector<std::int64_t> begins_, ends_, reading_, shots_, base_;
};

}  // namespace

FrameGrid::FrameGrid(Rational rate) : rate_(rate) {
  constexpr std::int64_t largest = 1'000'000;
  if (rate_.num <= 0 || rate_.num > largest || rate_.den <= 0 || rate_.den > largest) rate_ = 25;
  while (rate_.value() < coarsest) rate_ = rate_ * 2, multiple_ *= 2;
  while (rate_.value() > finest) rate_ = rate_ / 2, fraction_ *= 2;
}

std::int64_t FrameGrid::frame_at(std::int64_t milliseconds) const {
  return down(static_cast<double>(milliseconds) * rate_.value() / 1000);
}
std::int64_t FrameGrid::frame_after(std::int64_t milliseconds) const {
  return up(static_cast<double>(milliseconds) * rate_.value() / 1000);
}
std::int64_t FrameGrid::milliseconds(std::int64_t frame) const { return round(Rational(frame) * Rational(1000) / rate_); }
std::int64_t FrameGrid::from_clock_frames(int frames) const {
  return (std::max(0, frames) * multiple_ + fraction_ - 1) / fraction_;
}

bool have_room(std::size_t cues, CaptionProfile const& profile, FrameGrid const& grid, std::int64_t end) {
  return Rules(profile, grid, end).have_room(cues);
}

std::vector<ShownCue> times_of(std::vector<SpokenCue> const& cues, CaptionProfile const& profile, CueClock const& clock,
                               std::int64_t end) {
  if (cues.empty()) return {};
  return Timer(cues, profile, clock, end).run();
}

}  // namespace reelmill
