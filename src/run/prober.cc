// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/prober.h"

#include <sched.h>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/process.h"
#include "graph/stage.h"
#include "project/media_files.h"
#include "run/interrupts.h"
#include "run/limits.h"
#include "run/scheduler.h"
#include "run/temporary_folder.h"
#include "run/worker_line.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr char const* key = "probe";
constexpr std::int64_t memory_of_a_thread = 128 << 20;  // bytes

int cores() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

struct Attempt {
  std::size_t file = 0;
  fs::path folder;
  double last_sign = 0;
  bool is_done = false, is_stalled = false;
  std::optional<Error> error{};
};

class Pool {
 public:
  Pool(std::vector<fs::path> const& files, ProberOptions const& options, Events& events, fs::path folder)
      : options_(options), events_(events), folder_(std::move(folder)) {
    for (auto const& file : files) probed_.push_back({file, {}, {}});
    workers_ = std::clamp(static_cast<int>(std::min<std::size_t>(files.size(), 1024)), 1, std::max(1, options.jobs));
    // One more than the cores, as libav does by itself: some thread always waits for another.
    threads_ = std::max(1, cores() / workers_);
    if (threads_ > 1) ++threads_;
  }

  Result<std::vector<ProbedFile>> run() {
    for (std::size_t at = 0; at < probed_.size(); ++at) {
      auto const& file = probed_[at];
      events_.emit(StageQueued{id_of(at), label_of(at), key, 0, 0});
      probed_[at].faults = judge_unread(file.path);
      if (file.is_valid()) waiting_.push_back(at);
    }
    std::reverse(waiting_.begin(), waiting_.end());
    while (!waiting_.empty() || !running_.empty()) {
      while (!waiting_.empty() && static_cast<int>(running_.size()) < workers_) {
        TRY(start(waiting_.back()));
        waiting_.pop_back();
      }
      for (auto& event : children_.poll(std::chrono::milliseconds(500), interrupts_.wake())) {
        if (auto const* line = std::get_if<ChildLine>(&event)) on_line(running_.at(line->child), line->text);
        if (auto const* ended = std::get_if<ChildEnded>(&event)) on_end(running_.extract(ended->child).mapped(), ended->exit);
      }
      if (interrupts_.count() > 0) return Error{ErrorKind::cancelled, "stopped on request"};
      look_for_stalls();
    }
    return std::move(probed_);
  }

 private:
  std::string id_of(std::size_t at) const { return std::to_string(at); }
  std::string label_of(std::size_t at) const { return probed_[at].path.filename().string(); }

  Result<void> start(std::size_t at) {
    auto const folder = folder_ / id_of(at);
    TRY(make_folders(folder));
    auto const source = TRY(nameable(probed_[at].path, folder, "source"));
    Stage const stage = ProbeStage{.key = key, .source = source, .deep = options_.deep, .threads = threads_};
    TRY(write_file_atomically(folder / "stage.json",
                              stage_text(stage, limits_of(stage, {.memory = threads_ * memory_of_a_thread}, folder))));
    auto const child = TRY(children_.start({.arguments = {options_.worker, folder / "stage.json", "--out", folder}}));
    events_.emit(StageStarted{id_of(at), label_of(at), key, 0, 0});
    running_.emplace(child, Attempt{.file = at, .folder = folder, .last_sign = steady_seconds()});
    return {};
  }

  void on_line(Attempt& attempt, std::string const& text) {
    attempt.last_sign = steady_seconds();
    auto const line = parse_worker_line(text);
    if (auto const* said = std::get_if<WorkerProgress>(&line))
      events_.emit(Progress{id_of(attempt.file), said->done, said->total, said->unit});
    if (auto const* said = std::get_if<WorkerUnit>(&line); said && said->key == key) attempt.is_done = true;
    if (auto const* said = std::get_if<WorkerError>(&line); said && !attempt.error) attempt.error = Error{said->kind, said->what};
  }

  void on_end(Attempt attempt, Exit const& exit) {
    auto& file = probed_[attempt.file];
    events_.emit(StageFinished{id_of(attempt.file), label_of(attempt.file), exit.seconds, exit.cpu_seconds, exit.peak_memory});
    auto const read = [&]() -> Result<SourceProbe> {
      auto const result = TRY(parse_json<Json>(TRY(read_file(attempt.folder / key / "result.json")), "a probe"));
      if (!result.is_object() || !result.contains("probe")) return Error{ErrorKind::bug, "reading a probe: it is empty"};
      return parse_json<SourceProbe>(result["probe"].dump(), "a probe");
    };
    std::error_code ignored;
    if (attempt.is_done) {
      if (auto probe = read()) {
        file.probe = std::move(*probe);
        file.faults = judge(file.probe, file.path.extension().string());
      } else {
        file.faults = {{"failed", Severity::error, probe.error().what}};
      }
    } else {
      file.faults = {failed(attempt, exit)};
    }
    fs::remove_all(attempt.folder, ignored);
  }

  Fault failed(Attempt const& attempt, Exit const& exit) const {
    if (attempt.is_stalled)
      return {"stalled", Severity::error,
              fmt::format("the worker that read it made no progress for {:.0f} s and was given up; it may be damaged",
                          options_.stall_limit)};
    if (attempt.error) return {"failed", Severity::error, attempt.error->what};
    if (exit.signal != 0)
      return {"crashed", Severity::error,
              fmt::format("the worker that read it {}; it is damaged, or made to do harm", to_string(exit))};
    return {"failed", Severity::error, fmt::format("the worker that read it {} and said nothing", to_string(exit))};
  }

  void look_for_stalls() {
    auto const now = steady_seconds();
    for (auto& [child, attempt] : running_)
      if (!attempt.is_stalled && now - attempt.last_sign > options_.stall_limit) {
        attempt.is_stalled = true;
        children_.kill(child);
      }
  }

  ProberOptions const& options_;
  Events& events_;
  fs::path folder_;
  std::vector<ProbedFile> probed_;
  std::vector<std::size_t> waiting_;  // last first
  std::map<ChildId, Attempt> running_;
  int workers_ = 1, threads_ = 1;
  Interrupts interrupts_;
  Children children_;  // last: whatever happens, workers are gone before what they use
};

}  // namespace

Result<std::vector<ProbedFile>> probe_files(std::vector<fs::path> const& files, ProberOptions options, Events& events) {
  if (options.worker.empty()) options.worker = TRY(find_worker());
  auto const folder = TRY(TemporaryFolder::make());
  return Pool(files, options, events, folder.path()).run();
}

}  // namespace reelmill
