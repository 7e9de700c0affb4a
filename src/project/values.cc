// SPDX-License-Identifier: GPL-3.0-or-later
// The values of parameters that need more than a number or a word.
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "project/diagnose.h"
#include "project/fonts.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

// "00:01:02.5" or "1:02.5"; nothing for anything else.
std::optional<double> clock_time(std::string_view text) {
  auto const parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  double seconds = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto const part = parse_number(parts[i]);
    bool const last = i + 1 == parts.size();
    if (!part || parts[i].find_first_not_of(last ? "0123456789." : "0123456789") != std::string_view::npos) return std::nullopt;
    if (i > 0 && *part >= 60) return std::nullopt;
    seconds = seconds * 60 + *part;
  }
  return seconds;
}

std::optional<std::string> read_colour(Node const& node, std::string_view what, Mistakes& mistakes) {
  // YAML takes what follows a bare # for a comment, so that the value is then nothing at all.
  auto const wrong = [&](std::string_view written) {
    mistakes.add(node.mark, fmt::format("{} must be a colour such as \"#ff8800\", in quotes, not {}", what, written));
    return std::nullopt;
  };
  if (node.kind != Node::Kind::scalar) return wrong(node.kind_name());
  auto const text = trim(node.text);
  if (text.size() != 7 || text[0] != '#') return wrong(fmt::format("'{}'", text));
  std::string colour;
  for (char const c : text) {
    if (c != '#' && !std::isxdigit(static_cast<unsigned char>(c))) return wrong(fmt::format("'{}'", text));
    colour += lower_case(c);
  }
  return colour;
}

bool leads_out(fs::path const& path) { return !path.empty() && *path.begin() == ".."; }

std::optional<std::string> read_path(Node const& node, std::string_view what, fs::path const& folder, Mistakes& mistakes) {
  auto const text = read_text(node, what, mistakes);
  if (!text) return std::nullopt;
  fs::path const written(*text);
  if (!written.is_absolute() && leads_out(written.lexically_normal())) {
    mistakes.add(
        node.mark,
        fmt::format("{} leads out of the project's folder: '{}', put the file inside or give its absolute path", what, *text));
    return std::nullopt;
  }
  auto const path = (folder / written).lexically_normal();
  std::error_code problem;
  auto const status = fs::status(path, problem);
  if (fs::is_regular_file(status)) return path.string();
  mistakes.add(node.mark, fs::exists(status) ? fmt::format("{}: '{}' is not a file", what, *text)
                          : written.is_absolute()
                              ? fmt::format("{}: there is no file '{}'", what, *text)
                              : fmt::format("{}: there is no file '{}' in '{}'", what, *text, folder.string()));
  return std::nullopt;
}

std::optional<std::string> read_font(Node const& node, std::string_view what, fs::path const& folder, Mistakes& mistakes) {
  auto const text = read_text(node, what, mistakes);
  if (!text) return std::nullopt;
  auto const extension = lower_case(fs::path(*text).extension().string());
  constexpr std::array<std::string_view, 3> files{".ttf", ".otf", ".ttc"};
  if (text->find('/') != std::string::npos || std::find(files.begin(), files.end(), extension) != files.end())
    return read_path(node, what, folder, mistakes);
  auto const found = find_font(*text, false);
  if (found) return text;
  mistakes.add(node.mark, fmt::format("{}: {}", what, found.error().what));
  return std::nullopt;
}

std::optional<std::string> read_offset(Node const& node, std::string_view what, Range range, Mistakes& mistakes) {
  if (node.kind == Node::Kind::scalar && trim(node.text) == "auto") return "auto";
  auto const seconds = read_time(node, what, range, mistakes);
  return seconds ? std::optional(shortest(*seconds)) : std::nullopt;
}

std::optional<std::string> read_lines(Node const& node, std::string_view what, Mistakes& mistakes) {
  if (node.kind != Node::Kind::scalar) return read_text(node, what, mistakes);
  std::string out;
  for (auto const line : split(trim(node.text), '\n')) {
    if (!out.empty()) out += '\n';
    out += trim(line);
  }
  auto plain = node;
  for (auto& c : plain.text)
    if (c == '\n') c = ' ';
  return read_text(plain, what, mistakes) ? std::optional(out) : std::nullopt;
}

}  // namespace

std::optional<double> read_time(Node const& node, std::string_view what, Range range, Mistakes& mistakes) {
  auto plain = node;
  if (node.kind == Node::Kind::scalar) {
    auto const text = trim(node.text);
    if (text.find(':') != std::string_view::npos) {
      auto const seconds = clock_time(text);
      if (!seconds) {
        mistakes.add(node.mark, fmt::format("{} must be a time such as 2.5 s or 00:01:02.5, not '{}'", what, text));
        return std::nullopt;
      }
      plain.text = shortest(*seconds);
    } else if (text.ends_with("ms")) {
      if (auto const number = parse_number(trim(text.substr(0, text.size() - 2)))) plain.text = shortest(*number / 1000);
    }
  }
  return read_number(plain, what, unit::seconds, range, mistakes);
}

std::optional<Value> read_value(Node const& node, Param const& param, Value const& like, fs::path const& folder,
                                Mistakes& mistakes) {
  auto const what = fmt::format("'{}'", param.name);
  auto const as_value = [](auto&& read) -> std::optional<Value> {
    if (!read) return std::nullopt;
    return Value(*std::forward<decltype(read)>(read));
  };
  switch (param.form) {
    case Form::time:
      return as_value(read_time(node, what, param.range, mistakes));
    case Form::colour:
      return as_value(read_colour(node, what, mistakes));
    case Form::path:
      return as_value(read_path(node, what, folder, mistakes));
    case Form::font:
      return as_value(read_font(node, what, folder, mistakes));
    case Form::lines:
      return as_value(read_lines(node, what, mistakes));
    case Form::offset:
      return as_value(read_offset(node, what, param.range, mistakes));
    case Form::plain:
      break;
  }
  if (std::holds_alternative<double>(like)) return as_value(read_number(node, what, param.unit, param.range, mistakes));
  if (std::holds_alternative<std::int64_t>(like)) return as_value(read_whole(node, what, param.unit, param.range, mistakes));
  if (std::holds_alternative<bool>(like)) {
    constexpr std::array<std::string_view, 2> truths{"true", "false"};
    auto const text = read_choice(node, what, truths, mistakes);
    return text ? std::optional<Value>(*text == "true") : std::nullopt;
  }
  if (!param.choices.empty()) return as_value(read_choice(node, what, param.choices, mistakes));
  return as_value(read_text(node, what, mistakes));
}

}  // namespace reelmill
