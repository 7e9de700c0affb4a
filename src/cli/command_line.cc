// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command_line.h"

#include <cstdio>
#include <utility>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/usage.h"
#include "report/complain.h"

namespace reelmill {

namespace {

// Where usage_of waits for a command's declaration.
Usage* asked_for = nullptr;

std::string unexpected(CLI::App const& app) {
  auto const rest = app.remaining();
  if (rest.empty()) return "an argument was not expected";
  auto const word = rest.front().substr(0, rest.front().find('='));
  if (word.size() < 2 || word[0] != '-') return fmt::format("there is no place for '{}'", printable(rest.front()));
  std::vector<std::string> options;
  for (auto const& argument : usage_of(app).arguments)
    if (!argument.is_positional) options.insert(options.end(), argument.names.begin(), argument.names.end());
  std::vector<std::string_view> const names(options.begin(), options.end());
  return fmt::format("unknown option '{}'{}", printable(word), word.starts_with("--") ? did_you_mean(word, names) : "");
}

std::string mistake_text(CLI::App const& app, CLI::ParseError const& mistake) {
  // A misspelt option explains why another is missing.
  bool const lacks = dynamic_cast<CLI::RequiredError const*>(&mistake) != nullptr && !app.remaining().empty();
  if (lacks || dynamic_cast<CLI::ExtrasError const*>(&mistake) != nullptr) return unexpected(app);
  std::string text = mistake.what();
  auto const replace = [&](std::string_view from, std::string_view to) {
    if (auto const at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  };
  replace("Could not convert: ", "not understood: ");
  replace(": Value ", ": value ");
  return printable(text);
}

// `name` is "reelmill COMMAND", or "reelmill COMMAND TASK", which has those of its command that show it.
std::string examples_of(std::string_view name) {
  auto const words = split(name, ' ');
  auto const* const command = words.size() > 1 ? command_named(words[1]) : nullptr;
  if (command == nullptr) return {};
  if (words.size() == 2) return std::string(command->examples);
  std::string out;
  for (auto const line : split(command->examples, '\n'))
    if (line.starts_with(name)) out.append(line).push_back('\n');
  return out;
}

}  // namespace

Usage usage_of(int (*run)(std::vector<std::string> const& arguments)) {
  Usage out;
  auto* const before = std::exchange(asked_for, &out);
  run({});
  asked_for = before;
  return out;
}

Usage usage_of(Command const& command) {
  auto out = usage_of(command.run);
  out.examples = command.examples;
  return out;
}

std::optional<int> parse_arguments(CLI::App& app, std::vector<std::string> const& arguments) {
  if (asked_for != nullptr) {
    *asked_for = usage_of(app);
    return 0;
  }
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return std::nullopt;
  } catch (CLI::CallForHelp const&) {
    auto usage = usage_of(app);
    usage.examples = examples_of(usage.name);
    fmt::print("{}", help_text(usage));
    return 0;
  } catch (CLI::ParseError const& mistake) {
    std::fflush(stdout);
    fmt::print(stderr, "{}: {}; '{} --help' says what it takes\n", app.get_name(), mistake_text(app, mistake), app.get_name());
    return exit_code_of(ErrorKind::usage);
  }
}

int print_json(Json const& document) {
  fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
  return 0;
}

int fail(Error const& error, bool json) {
  if (!json) return complain(error);
  print_json({{"error", {{"kind", name_of(error.kind)}, {"what", error.text()}}}});
  return exit_code_of(error.kind);
}

}  // namespace reelmill
