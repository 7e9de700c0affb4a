// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/completions.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/captions_tasks.h"
#include "cli/usage.h"
#include "plan/plan.h"
#include "project/caption_profiles.h"
#include "project/project.h"

namespace reelmill {

namespace {

std::string names_of_commands() {
  std::vector<std::string> names;
  for (auto const* const command : commands()) names.emplace_back(command->name);
  return join(names, " ");
}

// What an argument of this name can be; nothing: files or free text.
std::string words_for(std::string_view value) {
  std::vector<std::string> words;
  if (value == "PRESET")
    for (auto const& preset : shipped_exports()) words.push_back(preset.name);
  if (value == "OPERATION")
    for (auto const* const operation : operations())
      if (std::find(words.begin(), words.end(), operation->name) == words.end()) words.emplace_back(operation->name);
  if (value == "SHELL") words = {"bash", "zsh", "fish"};
  if (value == "ACTION") words = {"du", "gc", "verify"};
  if (value == "PASS")
    for (auto const pass : switchable_passes()) words.emplace_back(pass);
  if (value == "TASK")
    for (auto const* const task : captions_tasks()) words.emplace_back(task->name);
  if (value == "PROFILE")
    for (auto const& profile : shipped_caption_profiles()) words.push_back(profile.name);
  if (value == "COMMAND") return names_of_commands();
  return join(words, " ");
}

bool takes_files(std::string_view value) {
  return value == "PROJECT" || value == "IN" || value == "FILE" || value == "PATH" || value == "PLACE" || value == "FOLDER" ||
         value == "NAME";
}

std::string positional_value(Usage const& usage) {
  for (auto const& argument : usage.arguments)
    if (argument.is_positional) return argument.names.front();
  return "";
}

// Inside single quotes of every shell at hand.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (char const c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string bash_case(Command const& command) {
  auto const usage = usage_of(command);
  std::string options, values;
  for (auto const& argument : usage.arguments) {
    if (argument.is_positional) continue;
    for (auto const& name : argument.names) options += (options.empty() ? "" : " ") + name;
    if (argument.value.empty()) continue;
    auto const words = words_for(argument.value);
    values += fmt::format("        {}) {}; return ;;\n", join(argument.names, "|"),
                          !words.empty()                ? fmt::format("_reelmill_words {}", in_quotes(words))
                          : takes_files(argument.value) ? "_reelmill_files"
                                                        : "COMPREPLY=()");
  }
  auto const positional = positional_value(usage);
  auto const words = words_for(positional);
  std::string const rest = !words.empty()            ? fmt::format("_reelmill_words {}", in_quotes(words))
                           : takes_files(positional) ? "_reelmill_files"
                                                     : "COMPREPLY=()";
  std::string out = fmt::format("    {})\n", command.name);
  if (!values.empty()) out += fmt::format("      case $before in\n{}      esac\n", values);
  return out + fmt::format("      if [[ $word == -* ]]; then _reelmill_words {}; else {}; fi ;;\n", in_quotes(options), rest);
}

std::string zsh_escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(std::string_view value) {
  if (auto const words = words_for(value); !words.empty()) return fmt::format("({})", words);
  return takes_files(value) ? "_files" : " ";
}

std::string zsh_case(Command const& command) {
  auto const usage = usage_of(command);
  std::string out = fmt::format("    {})\n      _arguments", command.name);
  for (auto const& argument : usage.arguments) {
    if (argument.is_positional) {
      out += fmt::format(" \\\n        {}", in_quotes(fmt::format("{}:{}:{}", argument.repeats ? "*" : "", argument.names.front(),
                                                                  zsh_action(argument.names.front()))));
      continue;
    }
    for (auto const& name : argument.names) {
      auto spec = fmt::format("{}{}[{}]", argument.repeats ? "*" : "", name, zsh_escaped(argument.help));
      if (!argument.value.empty()) spec += fmt::format(":{}:{}", zsh_escaped(argument.value), zsh_action(argument.value));
      out += fmt::format(" \\\n        {}", in_quotes(spec));
    }
  }
  return out + " ;;\n";
}

std::string fish_lines(Command const& command) {
  auto const usage = usage_of(command);
  auto const when = fmt::format("-n '__fish_seen_subcommand_from {}'", command.name);
  std::string out;
  for (auto const& argument : usage.arguments) {
    auto const value = argument.is_positional ? argument.names.front() : argument.value;
    auto const words = words_for(value);
    std::string const takes = !words.empty() ? fmt::format(" -x -a {}", in_quotes(words)) : takes_files(value) ? " -F" : "";
    if (argument.is_positional) {
      if (!takes.empty()) out += fmt::format("complete -c reelmill {}{}\n", when, takes);
      continue;
    }
    std::string names;
    for (auto const& name : argument.names)
      names += name.starts_with("--") ? fmt::format(" -l {}", name.substr(2)) : fmt::format(" -s {}", name.substr(1));
    std::string const needs = argument.value.empty() ? "" : takes.empty() ? " -x" : takes == " -F" ? " -r -F" : takes;
    out += fmt::format("complete -c reelmill {}{}{} -d {}\n", when, names, needs, in_quotes(argument.help));
  }
  return out;
}

}  // namespace

std::string bash_completions() {
  std::string out = R"(# bash completion for reelmill; made by 'reelmill completions bash'
_reelmill_words() {
  local start= rest=$word
  # The last of a list with commas.
  if [[ $word == *,* ]]; then start=${word%,*}, rest=${word##*,}; fi
  COMPREPLY=($(compgen -P "$start" -W "$1" -- "$rest"))
}
_reelmill_files() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$word"))
}
_reelmill() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
)";
  out += fmt::format("    _reelmill_words {}\n    return\n  fi\n  case ${{COMP_WORDS[1]}} in\n",
                     in_quotes(names_of_commands() + " help --help --version"));
  out += fmt::format("    help) _reelmill_words {} ;;\n", in_quotes(names_of_commands()));
  for (auto const* const command : commands()) out += bash_case(*command);
  return out + "  esac\n}\ncomplete -F _reelmill reelmill\n";
}

std::string zsh_completions() {
  std::string out =
      "#compdef reelmill\n# zsh completion for reelmill; made by 'reelmill completions zsh'\n"
      "local -a commands\ncommands=(\n";
  for (auto const* const command : commands())
    out += fmt::format("  {}\n", in_quotes(fmt::format("{}:{}", command->name, zsh_escaped(command->summary))));
  out +=
      ")\nif ((CURRENT == 2)); then\n  _describe -t commands 'reelmill command' commands\n  return\nfi\n"
      "local command=$words[2]\nshift words\n((CURRENT--))\ncase $command in\n";
  for (auto const* const command : commands()) out += zsh_case(*command);
  return out + "esac\n";
}

std::string fish_completions() {
  std::string out = "# fish completion for reelmill; made by 'reelmill completions fish'\ncomplete -c reelmill -f\n";
  for (auto const* const command : commands())
    out += fmt::format("complete -c reelmill -n __fish_use_subcommand -a {} -d {}\n", command->name, in_quotes(command->summary));
  for (auto const* const command : commands()) out += fish_lines(*command);
  return out;
}

}  // namespace reelmill
