// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/usage.h"

#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"

namespace reelmill {

namespace {

constexpr std::size_t widest = 110, most_left = 30;

// CLI11 says "INT:INT in [1 - 1024]" where nothing else was declared.
std::string value_name(std::string type) {
  type = type.substr(0, type.find(':'));
  if (type == "INT" || type == "UINT" || type == "FLOAT") return "N";
  return type == "TEXT" ? "TEXT" : type;
}

ArgumentUsage argument_of(CLI::Option const& option) {
  ArgumentUsage out;
  out.is_positional = option.get_positional() && !option.nonpositional();
  if (out.is_positional) {
    out.names = {option.get_name(true)};
  } else {
    for (auto const& name : option.get_snames()) out.names.push_back("-" + name);
    for (auto const& name : option.get_lnames()) out.names.push_back("--" + name);
  }
  if (option.get_expected_max() > 0 && option.get_type_size() != 0) out.value = value_name(option.get_type_name());
  out.help = option.get_description();
  out.standard = option.get_default_str();
  out.group = option.get_group();
  out.is_required = option.get_required();
  out.repeats = option.get_items_expected_max() > 1;
  return out;
}

std::string left_column(ArgumentUsage const& argument) {
  auto text = join(argument.names, ", ");
  if (argument.is_positional) return argument.repeats ? text + "..." : text;
  return argument.value.empty() ? text : text + " " + argument.value;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (auto const word : split(text, ' ')) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

std::string entry(ArgumentUsage const& argument, std::size_t column) {
  auto const left = "  " + left_column(argument);
  auto help = argument.help;
  if (!argument.standard.empty()) help += fmt::format(" (default: {})", argument.standard);
  std::string out = left;
  bool begins_a_line = left.size() + 2 > column;
  if (begins_a_line) out += '\n';
  for (auto const& line : wrapped(help, widest - column)) {
    out += fmt::format("{:{}}{}\n", "", begins_a_line ? column : column - left.size(), line);
    begins_a_line = true;
  }
  return out;
}

}  // namespace

std::string Usage::synopsis() const {
  auto out = name;
  if (std::any_of(arguments.begin(), arguments.end(), [](auto const& a) { return !a.is_positional; })) out += " [OPTION]...";
  for (auto const& argument : arguments) {
    if (!argument.is_positional) continue;
    auto const text = argument.names.front() + (argument.repeats ? "..." : "");
    out += argument.is_required ? " " + text : fmt::format(" [{}]", text);
  }
  return out;
}

Usage usage_of(CLI::App const& app) {
  Usage out{app.get_name(), app.get_description(), {}, {}};
  auto const add = [&](bool positional) {
    for (auto const* const option : app.get_options()) {
      if (option->get_group().empty()) continue;
      auto argument = argument_of(*option);
      if (argument.is_positional == positional) out.arguments.push_back(std::move(argument));
    }
  };
  add(true);
  add(false);
  return out;
}

std::string help_text(Usage const& usage) {
  std::string out;
  for (auto const& line : wrapped(usage.description, widest)) out += line + "\n";
  out += fmt::format("\nusage: {}\n", usage.synopsis());
  std::size_t column = 0;
  for (auto const& argument : usage.arguments)
    if (auto const width = left_column(argument).size(); width <= most_left) column = std::max(column, width + 4);
  std::vector<std::string> groups;
  for (auto const& argument : usage.arguments) {
    auto const group = argument.is_positional ? std::string() : argument.group;
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  for (auto const& group : groups) {
    out += group.empty() ? "\n" : fmt::format("\n{}:\n", group);
    for (auto const& argument : usage.arguments)
      if ((argument.is_positional ? std::string() : argument.group) == group) out += entry(argument, column);
  }
  if (!usage.examples.empty()) {
    out += "\nexamples:\n";
    for (auto const line : split(trim(usage.examples), '\n')) out += fmt::format("  {}\n", line);
  }
  return out;
}

}  // namespace reelmill
