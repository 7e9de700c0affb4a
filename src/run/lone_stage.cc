// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/lone_stage.h"

#include <optional>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/process.h"
#include "run/interrupts.h"
#include "run/scheduler.h"
#include "run/worker_line.h"

namespace reelmill {

namespace {
constexpr char const* id = "alone";

Error told(std::optional<Error> const& error, Exit const& exit, bool is_stalled, LoneOptions const& options) {
  if (is_stalled)
    return Error{ErrorKind::failed,
                 fmt::format("{}: the worker made no progress for {:.0f} s and was given up; the file may be damaged",
                             options.label, options.stall_limit)};
  if (error) return *error;
  return Error{
      exit.signal != 0 ? ErrorKind::crashed : ErrorKind::failed,
      fmt::format("{}: the worker {}; the file may be damaged, try `reelmill check` on it", options.label, to_string(exit))};
}
}  // namespace

Result<Json> run_alone(Stage const& stage, std::filesystem::path const& folder, LoneOptions options, Events& events) {
  if (options.worker.empty()) options.worker = TRY(find_worker());
  auto const key = unit_keys(stage).front();
  std::string const walk(walk_name(stage));
  TRY(write_file_atomically(folder / "stage.json", stage_text(stage, limits_of(stage, options.expected, folder))));
  Interrupts interrupts;
  Children children;
  auto const child = TRY(children.start({.arguments = {options.worker, folder / "stage.json", "--out", folder}}));
  events.emit(StageStarted{id, options.label, walk, options.total, 0});
  std::optional<Error> error;
  bool is_done = false, is_stalled = false;
  double last_sign = steady_seconds();
  while (true) {
    for (auto const& event : children.poll(std::chrono::milliseconds(500), interrupts.wake())) {
      if (auto const* ended = std::get_if<ChildEnded>(&event)) {
        events.emit(StageFinished{id, options.label, ended->exit.seconds, ended->exit.cpu_seconds, ended->exit.peak_memory});
        if (!is_done) return told(error, ended->exit, is_stalled, options);
        return parse_json<Json>(TRY(read_file(folder / key / "result.json")), "the result of a worker");
      }
      last_sign = steady_seconds();
      auto const line = parse_worker_line(std::get<ChildLine>(event).text);
      if (auto const* said = std::get_if<WorkerProgress>(&line)) events.emit(Progress{id, said->done, said->total, said->unit});
      if (auto const* said = std::get_if<WorkerUnit>(&line); said && said->key == key) is_done = true;
      if (auto const* said = std::get_if<WorkerWarning>(&line)) events.emit(Warning{id, said->what, options.label});
      if (auto const* said = std::get_if<WorkerError>(&line); said && !error) error = Error{said->kind, said->what};
    }
    if (interrupts.count() > 0) return Error{ErrorKind::cancelled, "stopped on request"};
    if (!is_stalled && steady_seconds() - last_sign > options.stall_limit) {
      is_stalled = true;
      children.kill(child);
    }
  }
}

}  // namespace reelmill
