// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct WhiteBalanceOptions {
  double temperature = 6500;
  double tint = 0;
  friend bool operator==(WhiteBalanceOptions const&, WhiteBalanceOptions const&) = default;
};

using Colour = std::array<double, 3>;

// Linear sRGB of a black body: its place on the Planckian locus by the cubic splines of Kang et al. (2002), at luminance 1.
Colour light_of(double kelvin) {
  double const t = 1000 / kelvin;
  double const x = kelvin < 4000 ? ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.179910
                                 : ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.240390;
  double const y = kelvin < 2222   ? ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683
                   : kelvin < 4000 ? ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
                                   : ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483;
  double const big_x = x / y, big_z = (1 - x - y) / y;
  return {3.2406 * big_x - 1.5372 - 0.4986 * big_z, -0.9689 * big_x + 1.8758 + 0.0415 * big_z,
          0.0557 * big_x - 0.2040 + 1.0570 * big_z};
}

// Factors on R'G'B' that turn the light of this temperature into that of 6500 K and keep the luma of grey.
Colour gains_for(WhiteBalanceOptions const& options) {
  constexpr double gamma = 2.2, least_light = 0.02, tint_of_an_octave = 200;
  constexpr Colour luma{0.2126, 0.7152, 0.0722};
  auto const from = light_of(options.temperature), to = light_of(6500);
  Colour gains{};
  double grey = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    double const tint = i == 1 ? std::exp2(-options.tint / tint_of_an_octave) : 1;
    gains[i] = std::pow(to[i] / std::max(from[i], least_light) * tint, 1 / gamma);
    grey += luma[i] * gains[i];
  }
  for (auto& gain : gains) gain /= grey;
  return gains;
}

constexpr std::array params{
    param<&WhiteBalanceOptions::temperature>(
        "temperature", "colour of the light that becomes white: below 6500 K the picture gets cooler, above it warmer",
        unit::kelvin, {2000, 15000}),
    param<&WhiteBalanceOptions::tint>("tint", "towards green (below 0) or magenta", unit::none, {-100, 100}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<WhiteBalanceOptions const&>(any);
  if (options == WhiteBalanceOptions{}) return;
  auto const gains = gains_for(options);
  LutNode node;
  node.size = 2;
  for (int corner = 0; corner < 8; ++corner)
    for (int channel = 0; channel < 3; ++channel)
      node.table.push_back(
          corner >> channel & 1 ? static_cast<std::int32_t>(std::lround(gains[static_cast<std::size_t>(channel)] * 65536)) : 0);
  lowering.video.push_back(std::move(node));
}

}  // namespace

extern Operation const white_balance;
constinit Operation const white_balance{.name = "white_balance",
                                        .summary = "Make what is white white under warm or cool light",
                                        .track = Track::video,
                                        .reach = {},
                                        .version = 1,
                                        .params = params,
                                        .defaults = make_defaults<WhiteBalanceOptions>,
                                        .lower = lower};

}  // namespace reelmill
