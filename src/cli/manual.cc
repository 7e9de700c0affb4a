// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/manual.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/result.h"
#include "base/text.h"
#include "cli/usage.h"
#include "ops/reference.h"
#include "project/project.h"

namespace reelmill {

namespace {

struct Meaning {
  std::string_view name, means;
};

constexpr std::array exit_codes{Meaning{"0", "done"},
                                Meaning{"1", "rejected: a check said no"},
                                Meaning{"64", "the command line is wrong"},
                                Meaning{"65", "the project file is wrong"},
                                Meaning{"66", "a source is missing, damaged or not what was said"},
                                Meaning{"69", "something is missing here: a codec, a tool, a library"},
                                Meaning{"70", "the work failed"},
                                Meaning{"75", "try again: disk or memory is full, or the worker was lost"},
                                Meaning{"130", "cancelled"}};

constexpr std::array variables{
    Meaning{"REELMILL_CACHE", "where results are kept; several projects may share it"},
    Meaning{"XDG_CACHE_HOME", "its folder reelmill is where clean and export work, unless REELMILL_CACHE says another"},
    Meaning{"REELMILL_CACHE_QUOTA", "how much the cache may hold, as 20G; kept at the end of every run that made something"},
    Meaning{"REELMILL_STATE", "where the journals are; else reelmill in XDG_STATE_HOME"}, Meaning{"NO_COLOR", "no colours"}};

// Text of a paragraph: nothing in it is taken for a request or an escape.
std::string roff(std::string_view text) {
  std::string out;
  bool begins_line = true;
  for (char const c : text) {
    if (begins_line && (c == '.' || c == '\'')) out += "\\&";
    begins_line = c == '\n';
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '\'')
      out += "\\(aq";
    else if (c == '`')
      out += "\\(ga";
    else if (c == '^')
      out += "\\(ha";
    else if (c == '~')
      out += "\\(ti";
    else
      out += c;
  }
  return out;
}

std::string heading(std::string_view name, int section, std::string_view summary) {
  return fmt::format(".TH \"{}\" \"{}\" \"\" \"reelmill {}\" \"Reelmill\"\n.SH NAME\n{} \\- {}\n", upper_case(name), section,
                     REELMILL_VERSION, roff(name), roff(summary));
}

std::string section(std::string_view title) { return fmt::format(".SH {}\n", title); }

std::string item(std::string_view term, std::string_view text) {
  return fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(term), roff(text));
}

template <class Table>
std::string table(Table const& rows) {
  std::string out;
  for (auto const& row : rows) out += item(row.name, row.means);
  return out;
}

std::string argument_item(ArgumentUsage const& argument) {
  std::string term;
  for (auto const& name : argument.names) term += fmt::format("{}\\fB{}\\fR", term.empty() ? "" : ", ", roff(name));
  if (argument.is_positional && argument.repeats) term += "...";
  if (!argument.value.empty() && !argument.is_positional) term += fmt::format(" \\fI{}\\fR", roff(argument.value));
  auto help = argument.help;
  if (!argument.standard.empty()) help += fmt::format(" (default: {})", argument.standard);
  return fmt::format(".TP\n{}\n{}\n", term, roff(help));
}

std::string examples(std::string_view lines) {
  if (lines.empty()) return "";
  return section("EXAMPLES") + ".nf\n" + roff(trim(lines)) + "\n.fi\n";
}

}  // namespace

ManualPage program_page() {
  auto text = heading("reelmill", 1, "make for video: one file says what you want, reelmill does what is missing");
  text += section("SYNOPSIS") + "\\fBreelmill\\fR \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n";
  text +=
      section("DESCRIPTION") +
      roff(
          "A project file says what is wanted of footage: steady it, grade it, clean its sound, export it. reelmill works out "
          "the "
          "least work that gets there, does it on every core and keeps every result, so that after a change only what the change "
          "touches is made again. Without a project, clean and export do the everyday things to any number of files.\n");
  text += section("COMMANDS");
  for (auto const* const command : commands()) text += item(command->name, command->summary);
  text += section("FILES") +
          item("reelmill.yaml",
               "the project file; 'reelmill schema' prints its JSON Schema, reelmill-operations(7) "
               "lists what it can ask for") +
          item(".reelmill/", "what a project works with; may be deleted at the price of making it again") +
          item("~/.cache/reelmill/", "the same of clean and export");
  text += section("ENVIRONMENT") + table(variables);
  text += section("EXIT STATUS") + table(exit_codes);
  text += section("SEE ALSO");
  std::string others;
  for (auto const* const command : commands()) others += fmt::format("\\fBreelmill\\-{}\\fR(1), ", roff(command->name));
  return {"reelmill", 1, text + others + "\\fBreelmill\\-operations\\fR(7)\n"};
}

ManualPage command_page(Command const& command) {
  auto const usage = usage_of(command);
  auto const name = fmt::format("reelmill-{}", command.name);
  std::string summary(command.summary);
  if (!summary.empty()) summary[0] = lower_case(summary[0]);
  auto text = heading(name, 1, summary);
  text += section("SYNOPSIS") + roff(usage.synopsis()) + "\n";
  text += section("DESCRIPTION") + roff(usage.description) + ".\n";
  std::vector<std::string> groups;
  for (auto const& argument : usage.arguments) {
    auto const group = argument.is_positional ? std::string("Arguments") : argument.group;
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  for (auto const& group : groups) {
    text += section(roff(upper_case(group)));
    for (auto const& argument : usage.arguments)
      if ((argument.is_positional ? "Arguments" : argument.group) == group) text += argument_item(argument);
  }
  text += examples(usage.examples);
  text += section("EXIT STATUS") + "See \\fBreelmill\\fR(1).\n" + section("SEE ALSO") + "\\fBreelmill\\fR(1)\n";
  return {name, 1, std::move(text)};
}

ManualPage operations_page() {
  auto text = heading("reelmill-operations", 7, "what the lists 'video:' and 'audio:' of a reelmill project can hold");
  text +=
      section("DESCRIPTION") +
      roff(
          "Each item is an operation's name alone, or with the parameters that differ from the defaults. A number may carry its "
          "unit.\n");
  for (auto const* const operation : operations()) {
    text += section(fmt::format("{} ({})", roff(operation->name), name_of(operation->track)));
    text += roff(operation->summary) + ".\n";
    for (auto const& param : operation->params)
      text +=
          item(param.name, fmt::format("{}; {}, default {}", param.help, allowed_text(param), default_text(*operation, param)));
  }
  text += section("EXPORT PRESETS");
  for (auto const& preset : shipped_exports()) text += item(preset.name, preset.description);
  return {"reelmill-operations", 7, text + section("SEE ALSO") + "\\fBreelmill\\fR(1), \\fBreelmill\\-ops\\fR(1)\n"};
}

std::vector<ManualPage> every_page() {
  std::vector<ManualPage> pages{program_page()};
  for (auto const* const command : commands()) pages.push_back(command_page(*command));
  pages.push_back(operations_page());
  return pages;
}

}  // namespace reelmill
