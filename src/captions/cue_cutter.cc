// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/cue_cutter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace reelmill {

namespace {

constexpr double for_a_cue = 8, for_a_sentence_inside = 9, for_a_shot_inside = 50;
constexpr double line_share = 0.7;  // of what a bad end of a line costs beside a bad end of a cue
constexpr std::int64_t long_enough = 1300, unheard_pause = 400;

class Cutter {
 public:
  Cutter(std::vector<Piece> const& pieces, LineBreaker const& breaker, CuttingRules const& rules)
      : pieces_(pieces), breaker_(breaker), rules_(rules), inside_(pieces.size() + 1, 0) {
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      double cost = pieces[i - 1].ends_sentence ? for_a_sentence_inside : 0;
      if (auto const pause = pieces[i].from - pieces[i - 1].to; pause > unheard_pause)
        cost += static_cast<double>(pause - unheard_pause) / 40;
      inside_[i + 1] = inside_[i] + cost;
    }
  }

  std::vector<std::size_t> cut() const {
    auto const count = pieces_.size();
    std::vector<double> least(count + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> before(count + 1, 0);
    least[0] = 0;
    for (std::size_t begin = 0; begin < count; ++begin)
      for (auto end = begin + 1; end <= count; ++end) {
        if (end > begin + 1 && !is_allowed(begin, end)) break;
        double const lines = breaker_.cost(begin, end);
        if (std::isinf(lines)) break;
        double const cost = least[begin] + (rules_.as_few_as_can_be ? 1 : cost_of(begin, end, lines));
        if (cost < least[end]) least[end] = cost, before[end] = begin;
      }
    std::vector<std::size_t> begins;
    for (auto end = count; end > 0; end = before[end]) begins.push_back(before[end]);
    std::reverse(begins.begin(), begins.end());
    return begins;
  }

 private:
  bool is_allowed(std::size_t begin, std::size_t end) const {
    auto const& profile = rules_.profile;
    int const characters = breaker_.columns(begin, end) + profile.lines - 1;
    if (characters * 1000.0 > profile.reading_speed * static_cast<double>(profile.longest)) return false;
    return rules_.as_few_as_can_be || pieces_[end - 1].to - pieces_[begin].from <= profile.longest;
  }

  double cost_of(std::size_t begin, std::size_t end, double lines) const {
    auto const& profile = rules_.profile;
    double cost =
        for_a_cue + line_share * lines + inside_[end] - inside_[begin + 1] + for_a_shot_inside * shots_inside(begin, end);
    if (end < pieces_.size()) cost += pieces_[end].cue_cost;
    auto slot = profile.longest;
    if (end < pieces_.size())
      slot = std::min(slot, pieces_[end].from - rules_.gap - pieces_[begin].from);
    else if (rules_.end > 0)
      slot = std::min(slot, rules_.end - pieces_[begin].from);
    if (slot < long_enough) cost += static_cast<double>(long_enough - slot) * 0.015;
    if (slot < profile.shortest) cost += 100 + static_cast<double>(profile.shortest - slot);
    double const needed = breaker_.columns(begin, end) * 1000.0 / profile.reading_speed;
    if (double const lacking = needed - static_cast<double>(slot); lacking > 0) cost += 10 + 0.2 * lacking;
    return cost;
  }

  double shots_inside(std::size_t begin, std::size_t end) const {
    auto const& shots = rules_.shots;
    auto const first = std::upper_bound(shots.begin(), shots.end(), pieces_[begin].from + rules_.snap);
    auto const last = std::lower_bound(first, shots.end(), pieces_[end - 1].to - rules_.snap);
    return static_cast<double>(std::max<std::ptrdiff_t>(0, last - first));
  }

  std::vector<Piece> const& pieces_;
  LineBreaker const& breaker_;
  CuttingRules const& rules_;
  std::vector<double> inside_;  // of a cue that goes from before the first piece to behind the one before this
};

}  // namespace

std::vector<std::size_t> cut_into_cues(std::vector<Piece> const& pieces, LineBreaker const& breaker, CuttingRules const& rules) {
  return Cutter(pieces, breaker, rules).cut();
}

}  // namespace reelmill
