// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/diagnose.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {

constexpr std::size_t longest_list = 12, most_mistakes = 100, longest_mistake = 600;

struct Quantity {
  double number = 0;
  std::string_view unit;
};

// "200 Hz" → 200 and "Hz"; nothing when it does not begin with a number.
std::optional<Quantity> quantity(std::string_view text) {
  auto const end = text.find_first_not_of("+-.0123456789");
  auto number_text = text.substr(0, end);
  auto rest = end == std::string_view::npos ? std::string_view() : text.substr(end);
  // An exponent belongs to the number ("1e3"), other letters are the unit.
  if (rest.size() > 1 && (rest[0] == 'e' || rest[0] == 'E') && rest.find_first_of("+-0123456789") == 1) {
    auto const after = rest.find_first_not_of("+-0123456789", 1);
    number_text = text.substr(0, after == std::string_view::npos ? after : number_text.size() + after);
    rest = text.substr(number_text.size());
  }
  auto const number = parse_number(number_text);
  if (!number || rest.starts_with(',')) return std::nullopt;
  return Quantity{*number, trim(rest)};
}

// What the written unit multiplies by; nothing when it is another unit.
std::optional<double> unit_factor(std::string_view written, std::string_view unit) {
  if (written.empty() || written == unit) return 1;
  if (unit == unit::hertz && written == "kHz") return 1000;
  if (unit == unit::frames && written == "frame") return 1;
  if (unit == unit::seconds && written == "ms") return 0.001;
  if (unit == unit::milliseconds && written == "s") return 1000;
  if (unit == unit::octaves && written == "octave") return 1;
  return std::nullopt;
}

std::string with_unit(std::string_view unit) { return unit.empty() ? "" : fmt::format(" {}", unit); }

std::optional<std::string_view> scalar(Node const& node, std::string_view what, std::string_view wanted, Mistakes& mistakes) {
  if (node.kind == Node::Kind::scalar) return trim(node.text);
  mistakes.add(node.mark, fmt::format("{} must be {}, not {}", what, wanted, node.kind_name()));
  return std::nullopt;
}

bool within(double number, Range range, std::string_view what, std::string_view unit, Mark mark, Mistakes& mistakes) {
  if (range.low == range.high || (number >= range.low && number <= range.high)) return true;
  mistakes.add(mark, fmt::format("{} must be between {} and {}{}, not {}", what, shortest(range.low), shortest(range.high),
                                 with_unit(unit), shortest(number)));
  return false;
}

std::string listed(std::span<std::string_view const> names) {
  auto const shown = names.first(std::min(names.size(), longest_list));
  return fmt::format("{}{}", fmt::join(shown, ", "), shown.size() < names.size() ? ", …" : "");
}

}  // namespace

void Mistakes::add(Mark mark, std::string_view what) {
  if (++count_ > most_mistakes) return;
  auto text = printable(what.substr(0, longest_mistake));
  if (what.size() > longest_mistake) text += "…";
  found_.push_back({mark, std::move(text)});
}

std::vector<std::string> Mistakes::texts() const {
  std::vector<std::string> out;
  for (auto const& mistake : found_) out.push_back(mistake.what);
  return out;
}

Error Mistakes::error() const {
  auto sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(), [](Mistake const& a, Mistake const& b) {
    return std::pair(a.mark.line, a.mark.column) < std::pair(b.mark.line, b.mark.column);
  });
  std::string text;
  for (auto const& mistake : sorted)
    text += fmt::format("{}{}:{}:{}: {}", text.empty() ? "" : "\n", printable(file_), mistake.mark.line, mistake.mark.column,
                        mistake.what);
  if (count_ > most_mistakes) text += fmt::format("\n{}: and {} more", printable(file_), count_ - most_mistakes);
  return Error{ErrorKind::project, std::move(text)};
}

std::optional<std::string> read_text(Node const& node, std::string_view what, Mistakes& mistakes) {
  auto const text = scalar(node, what, "a text", mistakes);
  if (!text) return std::nullopt;
  if (text->empty()) {
    mistakes.add(node.mark, fmt::format("{} is empty", what));
    return std::nullopt;
  }
  if (printable(*text) != *text) {
    mistakes.add(node.mark, fmt::format("{} has control characters in it", what));
    return std::nullopt;
  }
  return std::string(*text);
}

std::optional<double> read_number(Node const& node, std::string_view what, std::string_view unit, Range range,
                                  Mistakes& mistakes) {
  auto const text = scalar(node, what, "a number", mistakes);
  if (!text) return std::nullopt;
  auto const found = quantity(*text);
  if (!found) {
    bool const comma = text->find(',') != std::string_view::npos;
    mistakes.add(node.mark,
                 fmt::format("{} must be a number{}, not '{}'{}", what, unit.empty() ? "" : fmt::format(" in {}", unit), *text,
                             comma ? ", write fractions with a point" : ""));
    return std::nullopt;
  }
  auto const factor = unit_factor(found->unit, unit);
  if (!factor) {
    mistakes.add(node.mark, unit.empty() ? fmt::format("{} is a number without a unit, not '{}'", what, *text)
                                         : fmt::format("{} is in {}, not in '{}'", what, unit, found->unit));
    return std::nullopt;
  }
  double const number = found->number * *factor;
  if (!within(number, range, what, unit, node.mark, mistakes)) return std::nullopt;
  return number;
}

std::optional<std::int64_t> read_whole(Node const& node, std::string_view what, std::string_view unit, Range range,
                                       Mistakes& mistakes) {
  auto const number = read_number(node, what, unit, range, mistakes);
  if (!number) return std::nullopt;
  if (*number != std::trunc(*number) || std::abs(*number) > 9e15) {
    mistakes.add(node.mark, fmt::format("{} must be a whole number, not {}", what, shortest(*number)));
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

std::optional<std::int64_t> read_bitrate(Node const& node, std::string_view what, Range range, Mistakes& mistakes) {
  auto const text = scalar(node, what, "a bit rate", mistakes);
  if (!text) return std::nullopt;
  auto const found = quantity(*text);
  auto factor = [&]() -> std::optional<double> {
    if (!found) return std::nullopt;
    auto unit = found->unit;
    double times = 1;
    if (!unit.empty() && (unit[0] == 'k' || unit[0] == 'K'))
      times = 1e3, unit.remove_prefix(1);
    else if (unit.starts_with('M'))
      times = 1e6, unit.remove_prefix(1);
    constexpr std::array<std::string_view, 4> bits{"", "b/s", "bit/s", "bps"};
    return std::find(bits.begin(), bits.end(), unit) == bits.end() ? std::nullopt : std::optional(times);
  }();
  if (!factor) {
    mistakes.add(node.mark, fmt::format("{} must be a bit rate such as 8M or 192k, not '{}'", what, *text));
    return std::nullopt;
  }
  double const bits = found->number * *factor;
  if (!within(bits, range, what, "bits a second", node.mark, mistakes)) return std::nullopt;
  return std::llround(bits);
}

std::optional<Rational> read_frame_rate(Node const& node, std::string_view what, Mistakes& mistakes) {
  auto const text = scalar(node, what, "a frame rate", mistakes);
  if (!text) return std::nullopt;
  auto digits = *text;
  if (digits.ends_with("fps")) digits = trim(digits.substr(0, digits.size() - 3));
  auto const rate = parse_rate(digits);
  if (!rate || rate->den > 1'000'000) {
    mistakes.add(node.mark, fmt::format("{} must be a frame rate such as 30, 29.97 or 30000/1001, not '{}'", what, *text));
    return std::nullopt;
  }
  if (*rate < Rational(1) || *rate > Rational(240)) {
    mistakes.add(node.mark, fmt::format("{} must be between 1 and 240 frames a second, not {}", what, *text));
    return std::nullopt;
  }
  return rate;
}

std::optional<std::string> read_choice(Node const& node, std::string_view what, std::span<std::string_view const> choices,
                                       Mistakes& mistakes) {
  auto const text = scalar(node, what, "a text", mistakes);
  if (!text) return std::nullopt;
  if (std::find(choices.begin(), choices.end(), *text) != choices.end()) return std::string(*text);
  mistakes.add(node.mark,
               fmt::format("{} must be one of {}, not '{}'{}", what, listed(choices), *text, did_you_mean(*text, choices)));
  return std::nullopt;
}

void unknown_key(Entry const& entry, std::string_view where, std::span<std::string_view const> known, Mistakes& mistakes) {
  auto hint = did_you_mean(entry.key, known);
  if (hint.empty()) hint = known.empty() ? ", it takes none" : fmt::format(", there are {}", listed(known));
  mistakes.add(entry.key_mark,
               fmt::format("unknown key '{}'{}{}", entry.key, where.empty() ? "" : fmt::format(" in {}", where), hint));
}

bool first_of_name(Node const& map, Entry const& entry, Mistakes& mistakes) {
  for (auto const& other : map.entries) {
    if (&other == &entry) return true;
    if (other.key != entry.key) continue;
    mistakes.add(entry.key_mark,
                 fmt::format("'{}' stands here a second time, the first is on line {}", entry.key, other.key_mark.line));
    return false;
  }
  return true;
}

}  // namespace reelmill
