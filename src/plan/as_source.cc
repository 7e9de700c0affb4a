// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/as_source.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "plan/borders.h"

namespace reelmill {

namespace {
constexpr int smallest_side = 32, largest_side = 8192;
constexpr double same_rate = 0.0005, near_rate = 0.02;

std::array const usual_rates{Rational(24000, 1001), Rational(24), Rational(25),          Rational(30000, 1001), Rational(30),
                             Rational(48),          Rational(50), Rational(60000, 1001), Rational(60),          Rational(120)};

int even_side(double side) { return std::clamp(static_cast<int>(std::lround(side / 2)) * 2, smallest_side, largest_side); }
}  // namespace

ShownSize shown_size(VideoStreamInfo const& source) {
  // The side that makes the picture larger is stretched, so that no detail is lost.
  double const aspect = std::max(1e-3, source.sample_aspect.value());
  auto width = even_side(source.width * std::max(1.0, aspect)), height = even_side(source.height * std::max(1.0, 1 / aspect));
  if (source.rotation % 180 != 0) std::swap(width, height);
  return {width, height};
}

Rational constant_rate(SourceIndex const& index) {
  auto const [first, end] = shown(index);
  auto const frames =
      std::count_if(index.packets.begin(), index.packets.end(), [](auto const& packet) { return !packet.discard; });
  auto const seconds = Rational(end - first) * index.video.front().time_base;
  auto const claimed = index.video.front().average_rate;
  if (frames == 0 || seconds <= Rational(0)) return claimed > Rational(0) ? claimed : Rational(30);
  auto const measured = Rational(frames) / seconds;
  auto const distance = [&](Rational rate) { return std::abs(measured.value() / rate.value() - 1); };
  auto const nearest = *std::min_element(usual_rates.begin(), usual_rates.end(),
                                         [&](Rational a, Rational b) { return distance(a) < distance(b); });
  if (distance(nearest) < same_rate) return nearest;
  if (claimed > Rational(0) && claimed.den <= 1001 && distance(claimed) < same_rate)
    return std::clamp(claimed, Rational(1), Rational(240));
  if (distance(nearest) < near_rate) return nearest;
  for (auto const rate : usual_rates)
    if (rate > measured) return rate;
  return std::min(Rational(240), Rational(floor(measured) + 1));
}

std::string size_text(Export const& target) {
  return target.width == 0 ? "as the source" : fmt::format("{}x{}", target.width, target.height);
}

Export for_source(Export target, SourceIndex const& index, Reshape const& reshape) {
  if (index.video.empty()) return target;
  if (target.width == 0) {
    auto [width, height] = shown_size(index.video.front());
    if (reshape.turned) std::swap(width, height);
    double const share = target.halves ? 0.5 : 1;
    target.width = even_side(width * reshape.width * share);
    target.height = even_side(height * reshape.height * share);
  }
  if (target.keeps_rate) target.rate = constant_rate(index);
  return target;
}

}  // namespace reelmill
