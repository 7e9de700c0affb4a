// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <deque>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/captions_tasks.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/usage.h"

namespace reelmill {

namespace {

constexpr std::array table{&captions_check, &captions_convert, &captions_sync};

CaptionsTask const* task_named(std::string_view name) {
  for (auto const* const task : table)
    if (task->name == name) return task;
  return nullptr;
}

// An option of one task or several; `help` says what it is for in each where that differs.
struct SharedOption {
  ArgumentUsage usage;
  std::string tasks;
};

std::vector<SharedOption> options_of_tasks() {
  std::vector<SharedOption> out;
  for (auto const* const task : table)
    for (auto const& argument : usage_of(task->run).arguments) {
      if (argument.is_positional || argument.names.front() == "-h") continue;
      auto const known =
          std::find_if(out.begin(), out.end(), [&](auto const& each) { return each.usage.names == argument.names; });
      if (known == out.end()) {
        out.push_back({argument, std::string(task->name)});
        continue;
      }
      auto& [usage, tasks] = *known;
      if (usage.help != argument.help) usage.help = fmt::format("{}: {}; {}: {}", tasks, usage.help, task->name, argument.help);
      if (usage.standard != argument.standard) usage.standard.clear();
      tasks += fmt::format(", {}", task->name);
    }
  return out;
}

// So that help, completions and the manual page know them; each under the tasks that take it.
void show_options(CLI::App& app, std::deque<std::string>& values) {
  for (auto const& [usage, tasks] : options_of_tasks()) {
    auto const names = join(usage.names, ",");
    auto* const added = usage.value.empty() ? app.add_flag(names, usage.help)
                                            : app.add_option(names, values.emplace_back(), usage.help)->type_name(usage.value);
    if (!usage.standard.empty()) added->default_str(usage.standard);
    added->group(tasks);
  }
}

int run(std::vector<std::string> const& arguments) {
  if (!arguments.empty())
    if (auto const* const task = task_named(arguments.front())) return task->run({arguments.begin() + 1, arguments.end()});
  std::string task;
  std::vector<std::string> rest;
  std::deque<std::string> values;
  std::string known;
  for (auto const* const each : table) known += fmt::format("{}{}: {}", known.empty() ? "" : "; ", each->name, each->summary);
  CLI::App app("Work on caption files: SubRip, WebVTT, ASS, TTML", "reelmill captions");
  app.add_option("TASK", task, known + "; 'reelmill captions TASK --help' says more")->required();
  app.add_option("FILE", rest, "what the task works on");
  show_options(app, values);
  if (auto const done = parse_arguments(app, arguments)) return *done;
  std::vector<std::string_view> names;
  for (auto const* const each : table) names.push_back(each->name);
  return fail({ErrorKind::usage, fmt::format("reelmill captions: there is no task '{}'{}; there are {}", printable(task),
                                             did_you_mean(task, names), fmt::join(names, ", "))});
}

}  // namespace

std::span<CaptionsTask const* const> captions_tasks() { return table; }

Command const captions_command{"captions", "Check, convert and synchronise caption files", run,
                               "reelmill captions check film.srt --profile netflix --rate 23.976\n"
                               "reelmill captions check subs/*.vtt --json\n"
                               "reelmill captions convert film.ass -o film.srt\n"
                               "reelmill captions convert old.srt -o film.vtt --encoding windows-1251 --tidy\n"
                               "reelmill captions sync downloaded.srt film.mp4 -o film.srt\n"
                               "reelmill captions sync german.ass film.mkv -o german.vtt --model base    # compares words too"};

}  // namespace reelmill
