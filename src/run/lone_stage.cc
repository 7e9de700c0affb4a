// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/lone_stage.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/process.h"
#include "run/interrupts.h"
#include "run/scheduler.h"
#include "run/worker_line.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

struct Attempt {
  std::size_t job = 0;
  fs::path folder;
  double last_sign = 0;
  bool is_done = false, is_stalled = false;
  std::optional<Error> error{};
};

class Lone {
 public:
  Lone(std::vector<LoneJob> const& jobs, fs::path folder, Events& events, TakeLone const& take)
      : jobs_(jobs), folder_(std::move(folder)), events_(events), take_(take) {}

  Result<void> run(int at_once) {
    for (std::size_t next = 0; next < jobs_.size() || !running_.empty();) {
      for (; next < jobs_.size() && static_cast<int>(running_.size()) < std::max(1, at_once); ++next) TRY(start(next));
      for (auto const& event : children_.poll(std::chrono::milliseconds(500), interrupts_.wake())) {
        if (auto const* line = std::get_if<ChildLine>(&event)) on_line(running_.at(line->child), line->text);
        if (auto const* ended = std::get_if<ChildEnded>(&event)) on_end(running_.extract(ended->child).mapped(), ended->exit);
      }
      if (interrupts_.count() > 0) return Error{ErrorKind::cancelled, "stopped on request"};
      look_for_stalls();
    }
    return {};
  }

 private:
  static std::string id_of(std::size_t job) { return std::to_string(job); }
  LoneOptions const& options_of(std::size_t job) const { return jobs_[job].options; }

  Result<void> start(std::size_t job) {
    auto const& [stage, options] = jobs_[job];
    auto const worker = options.worker.empty() ? TRY(find_worker()) : options.worker;
    auto const folder = folder_ / id_of(job);
    TRY(make_folders(folder));
    TRY(write_file_atomically(folder / "stage.json", stage_text(stage, limits_of(stage, options.expected, folder))));
    auto const child = TRY(children_.start({.arguments = {worker, folder / "stage.json", "--out", folder}}));
    events_.emit(StageStarted{id_of(job), options.label, std::string(walk_name(stage)), options.total, 0});
    running_.emplace(child, Attempt{.job = job, .folder = folder, .last_sign = steady_seconds()});
    return {};
  }

  void on_line(Attempt& attempt, std::string const& text) {
    attempt.last_sign = steady_seconds();
    auto const& options = options_of(attempt.job);
    auto const line = parse_worker_line(text);
    if (auto const* said = std::get_if<WorkerProgress>(&line))
      events_.emit(Progress{id_of(attempt.job), said->done, said->total, said->unit});
    if (auto const* said = std::get_if<WorkerUnit>(&line); said && said->key == unit_keys(jobs_[attempt.job].stage).front())
      attempt.is_done = true;
    if (auto const* said = std::get_if<WorkerWarning>(&line))
      events_.emit(Warning{id_of(attempt.job), said->what, options.label});
    if (auto const* said = std::get_if<WorkerError>(&line); said && !attempt.error) attempt.error = Error{said->kind, said->what};
  }

  void on_end(Attempt const& attempt, Exit const& exit) {
    auto const& options = options_of(attempt.job);
    events_.emit(StageFinished{id_of(attempt.job), options.label, exit.seconds, exit.cpu_seconds, exit.peak_memory});
    take_(attempt.job, result_of(attempt, exit));
    std::error_code ignored;
    fs::remove_all(attempt.folder, ignored);
  }

  Result<Json> result_of(Attempt const& attempt, Exit const& exit) const {
    auto const& options = options_of(attempt.job);
    if (attempt.is_done)
      return parse_json<Json>(TRY(read_file(attempt.folder / unit_keys(jobs_[attempt.job].stage).front() / "result.json")),
                              "the result of a worker");
    if (attempt.is_stalled)
      return Error{ErrorKind::failed,
                   fmt::format("{}: the worker made no progress for {:.0f} s and was given up; the file may be damaged",
                               options.label, options.stall_limit)};
    if (attempt.error) return *attempt.error;
    return Error{
        exit.signal != 0 ? ErrorKind::crashed : ErrorKind::failed,
        fmt::format("{}: the worker {}; the file may be damaged, try `reelmill check` on it", options.label, to_string(exit))};
  }

  void look_for_stalls() {
    auto const now = steady_seconds();
    for (auto& [child, attempt] : running_)
      if (!attempt.is_stalled && now - attempt.last_sign > options_of(attempt.job).stall_limit) {
        attempt.is_stalled = true;
        children_.kill(child);
      }
  }

  std::vector<LoneJob> const& jobs_;
  fs::path folder_;
  Events& events_;
  TakeLone const& take_;
  std::map<ChildId, Attempt> running_;
  Interrupts interrupts_;
  Children children_;  // last: whatever happens, workers are gone before what they use
};

}  // namespace

Result<void> run_each(std::vector<LoneJob> const& jobs, fs::path const& folder, int at_once, Events& events,
                      TakeLone const& take) {
  return Lone(jobs, folder, events, take).run(at_once);
}

Result<Json> run_alone(Stage const& stage, fs::path const& folder, LoneOptions options, Events& events) {
  std::optional<Result<Json>> found;
  TRY(run_each({{stage, std::move(options)}}, folder, 1, events,
               [&](std::size_t, Result<Json> result) { found = std::move(result); }));
  return *std::move(found);
}

}  // namespace reelmill
