// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/characters.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace reelmill {

namespace {

struct Span {
  char32_t first, last;
};

bool is_in(std::span<Span const> table, char32_t point) {
  auto const after =
      std::upper_bound(table.begin(), table.end(), point, [](char32_t value, Span const& span) { return value < span.first; });
  return after != table.begin() && point <= std::prev(after)->last;
}

constexpr std::array without_width{
    Span{0x0300, 0x036f},   Span{0x0483, 0x0489},   Span{0x0591, 0x05bd}, Span{0x05bf, 0x05bf}, Span{0x05c1, 0x05c2},
    Span{0x05c4, 0x05c5},   Span{0x05c7, 0x05c7},   Span{0x0610, 0x061a}, Span{0x061c, 0x061c}, Span{0x064b, 0x065f},
    Span{0x0670, 0x0670},   Span{0x06d6, 0x06dc},   Span{0x06df, 0x06e4}, Span{0x06e7, 0x06e8}, Span{0x06ea, 0x06ed},
    Span{0x0711, 0x0711},   Span{0x0730, 0x074a},   Span{0x0900, 0x0902}, Span{0x093a, 0x093a}, Span{0x093c, 0x093c},
    Span{0x0941, 0x0948},   Span{0x094d, 0x094d},   Span{0x0951, 0x0957}, Span{0x0981, 0x0981}, Span{0x09bc, 0x09bc},
    Span{0x09c1, 0x09c4},   Span{0x09cd, 0x09cd},   Span{0x0a3c, 0x0a51}, Span{0x0b82, 0x0b82}, Span{0x0bc0, 0x0bc0},
    Span{0x0bcd, 0x0bcd},   Span{0x0e31, 0x0e31},   Span{0x0e34, 0x0e3a}, Span{0x0e47, 0x0e4e}, Span{0x0eb1, 0x0eb1},
    Span{0x0eb4, 0x0ebc},   Span{0x0ec8, 0x0ecd},   Span{0x102d, 0x1030}, Span{0x1032, 0x1037}, Span{0x1039, 0x103a},
    Span{0x103d, 0x103e},   Span{0x17b4, 0x17b5},   Span{0x17b7, 0x17bd}, Span{0x17c6, 0x17c6}, Span{0x17c9, 0x17d3},
    Span{0x1ab0, 0x1aff},   Span{0x1dc0, 0x1dff},   Span{0x200b, 0x200f}, Span{0x202a, 0x202e}, Span{0x2060, 0x206f},
    Span{0x20d0, 0x20ff},   Span{0x3099, 0x309a},   Span{0xfe00, 0xfe0f}, Span{0xfe20, 0xfe2f}, Span{0xfeff, 0xfeff},
    Span{0x1f3fb, 0x1f3ff}, Span{0xe0001, 0xe01ef},
};

constexpr std::array wide{
    Span{0x1100, 0x115f},   Span{0x231a, 0x231b},   Span{0x23e9, 0x23ec},   Span{0x2e80, 0x303e},   Span{0x3041, 0x33ff},
    Span{0x3400, 0x4dbf},   Span{0x4e00, 0xa4cf},   Span{0xa960, 0xa97f},   Span{0xac00, 0xd7a3},   Span{0xf900, 0xfaff},
    Span{0xfe30, 0xfe6f},   Span{0xff01, 0xff60},   Span{0xffe0, 0xffe6},   Span{0x1f300, 0x1f64f}, Span{0x1f680, 0x1f6ff},
    Span{0x1f900, 0x1f9ff}, Span{0x1fa70, 0x1faff}, Span{0x20000, 0x3fffd},
};

constexpr std::array unspaced{
    Span{0x0e00, 0x0eff}, Span{0x1000, 0x109f}, Span{0x1780, 0x17ff}, Span{0x2e80, 0x312f},   Span{0x31a0, 0x4dbf},
    Span{0x4e00, 0x9fff}, Span{0xf900, 0xfaff}, Span{0xff00, 0xff9f}, Span{0x20000, 0x3fffd},
};

constexpr std::u32string_view not_first =
    U"!%),.:;?]}\"'"
    U"·’”„…‥‰℃°—–―、。々〉》」』】〕〗〟〻ーぁぃぅぇぉっゃゅょゎゕゖ゛゜ゝゞァィゥェォッャュョヮヵヶヽヾ・！％），．：；？］｝～"
    U"｠｡｣､･"
    U"\x0e30\x0e32\x0e33\x0e2f\x0e46\x0e45\x0eb0\x0eb2\x0eb3";
constexpr std::u32string_view not_last =
    U"([{$£¥€\"'‘“〈《「『【〔〖〝（［｛｟｢＄￥￡\x0e40\x0e41\x0e42\x0e43\x0e44\x0ec0\x0ec1\x0ec2\x0ec3\x0ec4";

constexpr char32_t joiner = 0x200d;

}  // namespace

Character first_character(std::string_view text) {
  auto const bytes = utf8_length(text);
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  switch (bytes) {
    case 1:
      return {byte(0), 1};
    case 2:
      return {(byte(0) & 0x1fu) << 6 | (byte(1) & 0x3fu), 2};
    case 3:
      return {(byte(0) & 0x0fu) << 12 | (byte(1) & 0x3fu) << 6 | (byte(2) & 0x3fu), 3};
    case 4:
      return {(byte(0) & 0x07u) << 18 | (byte(1) & 0x3fu) << 12 | (byte(2) & 0x3fu) << 6 | (byte(3) & 0x3fu), 4};
    default:
      return {unreadable_character, 1};
  }
}

void append_utf8(std::string& text, char32_t point) {
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) point = unreadable_character;
  auto const add = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xc0 | point >> 6);
  } else {
    if (point < 0x10000) {
      add(0xe0 | point >> 12);
    } else {
      add(0xf0 | point >> 18);
      add(0x80 | (point >> 12 & 0x3f));
    }
    add(0x80 | (point >> 6 & 0x3f));
  }
  add(0x80 | (point & 0x3f));
}

bool is_control_character(char32_t point) {
  return (point < 0x20 && point != '\n') || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029 ||
         point == 0xfeff;
}

bool is_blank(char32_t point) {
  return point == ' ' || (point >= 0x09 && point <= 0x0d) || point == 0x85 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200a && point != 0x2007) || point == 0x2028 || point == 0x2029 || point == 0x205f ||
         point == 0x3000;
}

int columns_of(char32_t point) {
  if (point < 0x300) return is_control_character(point) || point == '\n' ? 0 : 1;
  if (is_in(without_width, point)) return 0;
  return is_in(wide, point) ? 2 : 1;
}

bool is_of_unspaced_script(char32_t point) { return point >= 0xe00 && is_in(unspaced, point); }

bool may_break_between(char32_t before, char32_t after) {
  if (!is_of_unspaced_script(before) && !is_of_unspaced_script(after)) return false;
  if (columns_of(after) == 0 || before == joiner) return false;
  return not_first.find(after) == std::u32string_view::npos && not_last.find(before) == std::u32string_view::npos;
}

std::size_t cluster_bytes(std::string_view text) {
  auto const first = first_character(text);
  std::size_t bytes = first.bytes;
  auto last = first.point;
  while (bytes < text.size()) {
    auto const next = first_character(text.substr(bytes));
    if (next.point == '\n' || is_blank(next.point) || (columns_of(next.point) > 0 && last != joiner)) break;
    if (is_control_character(next.point)) break;
    bytes += next.bytes;
    last = next.point;
  }
  return bytes;
}

}  // namespace reelmill
