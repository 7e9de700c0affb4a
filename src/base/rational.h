// SPDX-License-Identifier: GPL-3.0-or-later
// Exact time: a fraction of two 64-bit integers, always reduced, denominator positive.
// Intermediate products are 128 bits wide; a result that does not fit throws std::overflow_error,
// which walks and planner report as damaged media.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace reelmill {

struct Rational {
  std::int64_t num = 0;
  std::int64_t den = 1;

  constexpr Rational() = default;
  constexpr Rational(std::int64_t whole) : num(whole) {}
  Rational(std::int64_t numerator, std::int64_t denominator);

  double value() const { return static_cast<double>(num) / static_cast<double>(den); }
  friend bool operator==(Rational, Rational) = default;
};

Rational operator+(Rational a, Rational b);
Rational operator-(Rational a, Rational b);
Rational operator*(Rational a, Rational b);
Rational operator/(Rational a, Rational b);
std::strong_ordering operator<=>(Rational a, Rational b);

std::int64_t floor(Rational a);
// Half way goes up (towards +infinity), so that equal intervals round alike wherever they lie.
std::int64_t round(Rational a);

// "30", "30000/1001"; parse also reads "29.97" and "23.976" as the NTSC rates they stand for.
std::string to_string(Rational a);
std::optional<Rational> parse_rate(std::string_view text);

void to_json(Json& json, Rational const& a);
void from_json(Json const& json, Rational& a);

}  // namespace reelmill
