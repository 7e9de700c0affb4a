// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/columns.h"

#include <charconv>
#include <stdexcept>

#include "base/hash.h"

namespace reelmill {

namespace {

template <class Number>
Number take_number(char const*& at, char const* end) {
  Number number{};
  auto const [next, failure] = std::from_chars(at, end, number);
  if (failure != std::errc{}) throw std::invalid_argument("a column holds something that is not a number");
  at = next;
  return number;
}

}  // namespace

// Differences wrap around, so that every column of 64-bit numbers has a text.
std::string write_column(std::vector<std::int64_t> const& numbers) {
  std::string out;
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < numbers.size();) {
    auto const step = static_cast<std::uint64_t>(numbers[i]) - last;
    std::size_t repeats = 0;
    while (i < numbers.size() && static_cast<std::uint64_t>(numbers[i]) - last == step) {
      last += step;
      ++repeats, ++i;
    }
    if (!out.empty()) out += ' ';
    out += std::to_string(static_cast<std::int64_t>(step));
    if (repeats > 1) out += '*' + std::to_string(repeats);
  }
  return out;
}

std::vector<std::int64_t> read_column(std::string_view text) {
  std::vector<std::int64_t> numbers;
  std::uint64_t last = 0;
  char const* at = text.data();
  char const* const end = at + text.size();
  while (at != end) {
    auto const step = static_cast<std::uint64_t>(take_number<std::int64_t>(at, end));
    std::size_t repeats = 1;
    if (at != end && *at == '*') repeats = take_number<std::size_t>(++at, end);
    if (repeats == 0 || repeats > longest_column - numbers.size()) throw std::invalid_argument("a column is too long");
    for (; repeats > 0; --repeats) numbers.push_back(static_cast<std::int64_t>(last += step));
    if (at != end && (*at != ' ' || ++at == end)) throw std::invalid_argument("a column has a stray character");
  }
  return numbers;
}

std::string write_hashes(std::vector<std::uint64_t> const& hashes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(hashes.size() * 16, '0');
  for (std::size_t i = 0; i < hashes.size(); ++i)
    for (std::size_t digit = 0; digit < 16; ++digit) out[16 * i + digit] = digits[hashes[i] >> (60 - 4 * digit) & 15];
  return out;
}

std::vector<std::uint64_t> read_hashes(std::string_view text) {
  if (text.size() % 16 != 0) throw std::invalid_argument("hashes are not 16 digits each");
  if (text.size() / 16 > longest_column) throw std::invalid_argument("a column is too long");
  std::vector<std::uint64_t> hashes(text.size() / 16);
  for (std::size_t i = 0; i < hashes.size(); ++i)
    if (!parse_hex(text.substr(16 * i, 16), hashes[i])) throw std::invalid_argument("a hash is not 16 hexadecimal digits");
  return hashes;
}

}  // namespace reelmill
