// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/clock.h"
#include "base/disk.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_arguments.h"
#include "run/engine.h"
#include "run/made_records.h"

namespace reelmill {

namespace {

namespace fs = std::filesystem;

struct Answer {
  std::string output, source, target;
  enum class State { same, lost, changed, unknown, never } state = State::never;
  double since = 0;
  std::vector<Difference> differences;
};

std::string_view name_of(Answer::State state) {
  switch (state) {
    case Answer::State::same:
      return "same";
    case Answer::State::lost:
      return "lost";
    case Answer::State::changed:
      return "changed";
    case Answer::State::unknown:
      return "unknown";
    case Answer::State::never:
      return "never";
  }
  return "";
}

struct Asked {
  fs::path source;
  Export const* target = nullptr;
  std::string output;
};

// An output's file, as people write paths, or SOURCE/EXPORT.
Result<Asked> find_output(Project const& project, std::vector<fs::path> const& sources, std::string const& wanted) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (auto const& source : sources)
    for (auto const& target : project.exports) {
      auto const output = TRY(output_of(project, source, target));
      auto const short_name = fmt::format("{}/{}", source.stem().string(), target.name);
      names.push_back(short_name);
      bool is_it = wanted == short_name || wanted == fs::path(output).filename();
      std::vector<std::string> files{output};
      for (auto const& pattern : project.deliver)
        files.push_back(TRY(fill_template(pattern, template_parts(project, source, target))));
      for (auto const& file : files)
        is_it = is_it || wanted == file ||
                fs::weakly_canonical(wanted, ignored) == fs::weakly_canonical(project.folder / file, ignored);
      if (is_it) return Asked{source, &target, output};
    }
  std::vector<std::string_view> const views(names.begin(), names.end());
  return Error{ErrorKind::usage,
               fmt::format("looking for the output '{}': the project makes no such file{}; say SOURCE/EXPORT, such as '{}'",
                           printable(wanted), did_you_mean(wanted, views), names.empty() ? "" : names.front())};
}

Result<Answer> answer(ProjectArguments const& arguments, Project const& project, std::string const& wanted) {
  auto options = TRY(arguments.plan_options());
  options.explain = true;
  auto const asked = TRY(find_output(project, TRY(find_sources(project)), wanted));
  auto const workspace = TRY(Workspace::open(project.folder));
  Store store(workspace);
  auto const plans = TRY(plan_project(project, {asked.source}, store, std::move(options)));
  auto const& output = *std::find_if(plans.front().outputs.begin(), plans.front().outputs.end(),
                                     [&](PlannedOutput const& each) { return each.target->name == asked.target->name; });
  Answer out;
  out.output = asked.output;
  out.source = asked.source.filename().string();
  out.target = asked.target->name;
  auto const made = recall_made(store, project, asked.output);
  if (!made) return out;
  out.since = made->when;
  out.differences = differences(made->made_of, output.made_of);
  std::error_code ignored;
  bool const is_there = fs::exists(project.folder / asked.output, ignored);
  if (!out.differences.empty())
    out.state = Answer::State::changed;
  else if (output.key != made->key)
    out.state = Answer::State::unknown;
  else
    out.state = is_there ? Answer::State::same : Answer::State::lost;
  return out;
}

std::string text_of(Difference const& difference) {
  auto const quoted = [](std::string const& value) { return value.empty() ? std::string("nothing") : printable(value); };
  auto text =
      fmt::format("{}: {}: {} → {}", difference.stage, difference.field, quoted(difference.before), quoted(difference.now));
  if (difference.of > 0) text += fmt::format(" ({} of {} chunks)", difference.chunks, difference.of);
  return text;
}

void tell(Answer const& answer, bool all) {
  auto const since = answer.since > 0 ? utc_time(answer.since) : "";
  auto const file = printable(answer.output);
  switch (answer.state) {
    case Answer::State::never:
      fmt::print("{}: never made here, as far as is remembered\n", file);
      return;
    case Answer::State::same:
      fmt::print("{}: nothing has changed since it was made, {}\n", file, since);
      return;
    case Answer::State::lost:
      fmt::print("{}: nothing has changed since it was made, {}, but the file is gone; `reelmill run` puts it back\n", file,
                 since);
      return;
    case Answer::State::unknown:
      fmt::print("{}: nothing that it is made of has changed since {}, but parts of it are no longer in the cache\n", file,
                 since);
      return;
    case Answer::State::changed:
      break;
  }
  fmt::print("{}: changed since it was made, {}\n", file, since);
  for (auto const& difference : answer.differences) {
    fmt::print("  {}\n", text_of(difference));
    if (!all) break;
  }
  if (!all && answer.differences.size() > 1) fmt::print("  and {} more (--all)\n", answer.differences.size() - 1);
}

Json json_of(Answer const& answer) {
  auto differences = Json::array();
  for (auto const& it : answer.differences)
    differences.push_back({{"stage", it.stage},
                           {"field", it.field},
                           {"before", it.before},
                           {"now", it.now},
                           {"chunks", it.of > 0 ? Json(it.chunks) : Json()},
                           {"of", it.of > 0 ? Json(it.of) : Json()}});
  return {{"output", answer.output},
          {"source", answer.source},
          {"export", answer.target},
          {"state", name_of(answer.state)},
          {"since", answer.since > 0 ? Json(utc_time(answer.since)) : Json()},
          {"differences", std::move(differences)}};
}

int run(std::vector<std::string> const& arguments) {
  ProjectArguments project_arguments;
  std::string output;
  bool json = false, all = false;
  CLI::App app("Say why an output would be made again: what it is made of that is not as it was last time", "reelmill why");
  app.add_option("OUTPUT", output, "the output's file, or SOURCE/EXPORT")->required();
  project_arguments.add_to(app);
  app.add_flag("--all", all, "everything that differs, not only the first");
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const project = project_arguments.load();
  if (!project) return fail(project.error(), json);
  auto const found = answer(project_arguments, *project, output);
  if (!found) return fail(found.error(), json);
  if (json) return print_json(json_of(*found));
  tell(*found, all);
  return 0;
}

}  // namespace

Command const why_command{"why", "Say why an output is made again", run,
                          "reelmill why film/youtube              # SOURCE/EXPORT\n"
                          "reelmill why 02_output/final/film_youtube.mp4 --all"};

}  // namespace reelmill
