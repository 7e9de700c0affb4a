// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/colour.h"

#include <charconv>

#include <fmt/format.h>

namespace reelmill::av {

LumaWeights luma_weights(std::string_view matrix) {
  if (matrix == "bt709") return {0.2126f, 0.7152f, 0.0722f};
  if (matrix == "bt2020nc" || matrix == "bt2020c") return {0.2627f, 0.6780f, 0.0593f};
  if (matrix == "smpte240m") return {0.212f, 0.701f, 0.087f};
  if (matrix == "fcc") return {0.30f, 0.59f, 0.11f};
  return {0.299f, 0.587f, 0.114f};
}

Result<Rgb> parse_colour(std::string_view text) {
  std::uint32_t number = 0;
  auto const* const last = text.data() + text.size();
  if (text.size() == 7 && text[0] == '#') {
    auto const [end, failure] = std::from_chars(text.data() + 1, last, number, 16);
    if (failure == std::errc{} && end == last)
      return Rgb{static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
                 static_cast<std::uint8_t>(number)};
  }
  return Error{.kind = ErrorKind::bug, .what = fmt::format("'{}' is not a colour", text)};
}

Yuv yuv_of(float red, float green, float blue, float share, LumaWeights const& weights) {
  float const luma = weights.red * red + weights.green * green + weights.blue * blue;
  float const u = (blue - luma) / (2 * (1 - weights.blue)), v = (red - luma) / (2 * (1 - weights.red));
  return {16 * share + luma * (219.0f / 255), 128 * share + u * (224.0f / 255), 128 * share + v * (224.0f / 255)};
}

}  // namespace reelmill::av
