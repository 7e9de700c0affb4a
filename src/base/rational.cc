// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/rational.h"

#include <array>
#include <cassert>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace reelmill {

namespace {
__extension__ using Wide = __int128;

Wide wide_gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  while (b != 0) {
    Wide const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

Rational reduced(Wide num, Wide den) {
  assert(den != 0);
  if (den < 0) num = -num, den = -den;
  if (Wide const common = wide_gcd(num, den); common > 1) num /= common, den /= common;
  constexpr Wide limit = std::numeric_limits<std::int64_t>::max();
  if (num > limit || -num > limit || den > limit) throw std::overflow_error("time out of range");
  Rational out;
  out.num = static_cast<std::int64_t>(num);
  out.den = static_cast<std::int64_t>(den);
  return out;
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value == std::numeric_limits<std::int64_t>::min()) return std::nullopt;  // has no opposite
  return value;
}
}  // namespace

Rational::Rational(std::int64_t numerator, std::int64_t denominator) { *this = reduced(numerator, denominator); }

Rational operator+(Rational a, Rational b) { return reduced(Wide(a.num) * b.den + Wide(b.num) * a.den, Wide(a.den) * b.den); }
Rational operator-(Rational a, Rational b) { return reduced(Wide(a.num) * b.den - Wide(b.num) * a.den, Wide(a.den) * b.den); }
Rational operator*(Rational a, Rational b) { return reduced(Wide(a.num) * b.num, Wide(a.den) * b.den); }
Rational operator/(Rational a, Rational b) { return reduced(Wide(a.num) * b.den, Wide(a.den) * b.num); }

std::strong_ordering operator<=>(Rational a, Rational b) {
  Wide const left = Wide(a.num) * b.den;
  Wide const right = Wide(b.num) * a.den;
  return left < right ? std::strong_ordering::less : left > right ? std::strong_ordering::greater : std::strong_ordering::equal;
}

std::int64_t floor(Rational a) {
  std::int64_t const quotient = a.num / a.den;
  return a.num % a.den < 0 ? quotient - 1 : quotient;
}

std::int64_t round(Rational a) { return floor(a + Rational(1, 2)); }

std::string to_string(Rational a) {
  return a.den == 1 ? std::to_string(a.num) : std::to_string(a.num) + "/" + std::to_string(a.den);
}

std::optional<Rational> parse_rate(std::string_view text) {
  struct Ntsc {
    std::string_view text;
    std::int64_t num;
  };
  constexpr std::array ntsc{Ntsc{"23.976", 24000}, Ntsc{"23.98", 24000}, Ntsc{"29.97", 30000},
                            Ntsc{"47.952", 48000}, Ntsc{"59.94", 60000}, Ntsc{"119.88", 120000}};
  for (auto const& rate : ntsc)
    if (rate.text == text) return Rational(rate.num, 1001);
  if (auto const slash = text.find('/'); slash != std::string_view::npos) {
    auto const num = whole(text.substr(0, slash));
    auto const den = whole(text.substr(slash + 1));
    if (!num || !den || *den <= 0) return std::nullopt;
    return Rational(*num, *den);
  }
  if (auto const dot = text.find('.'); dot != std::string_view::npos) {
    auto const digits = text.substr(dot + 1);
    if (digits.empty() || digits.size() > 6) return std::nullopt;
    auto const all = whole(std::string(text.substr(0, dot)) + std::string(digits));
    std::int64_t scale = 1;
    for (std::size_t i = 0; i < digits.size(); ++i) scale *= 10;
    if (!all) return std::nullopt;
    return Rational(*all, scale);
  }
  if (auto const number = whole(text)) return Rational(*number);
  return std::nullopt;
}

void to_json(Json& json, Rational const& a) { json = to_string(a); }

void from_json(Json const& json, Rational& a) {
  auto const rate = parse_rate(json.get<std::string>());
  if (!rate) throw std::invalid_argument("not a fraction: " + json.get<std::string>());
  a = *rate;
}

}  // namespace reelmill
