// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/scheduler.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "base/disk.h"
#include "base/process.h"
#include "base/slots.h"
#include "base/text.h"
#include "run/attempts.h"
#include "run/interrupts.h"
#include "run/limits.h"
#include "run/retry.h"
#include "run/worker_line.h"

namespace reelmill {
namespace fs = std::filesystem;
namespace {

struct Entry {
  Work work;
  int failures = 0;
  double first_failure = 0, not_before = 0;
  int overtaken = 0;
  bool alone = false;
};

struct Attempt {
  Entry entry;
  Slot slot;
  fs::path folder;
  std::vector<std::string> wanted;
  double last_sign = 0, progress = 0;
  bool stalled = false;
  std::optional<Error> error{};
};

constexpr auto all_memory = std::numeric_limits<std::int64_t>::max();

bool goes_before(Entry const& a, Entry const& b) { return a.work.cost > b.work.cost; }

std::string last_line(std::string_view text) {
  auto trimmed = trim(text);
  return printable(trimmed.substr(trimmed.rfind('\n') + 1));
}

// Everything that lives as long as one Scheduler::run.
class Run {
 public:
  Run(Store& store, Workspace const& workspace, Lease const& lease, Events& events, SchedulerOptions const& options,
      Scheduler::More more, Scheduler::Failed failed)
      : store_(store),
        workspace_(workspace),
        lease_(lease),
        events_(events),
        options_(options),
        more_(std::move(more)),
        failed_(std::move(failed)),
        slots_(std::max(1, options.jobs), options.memory > 0 ? options.memory : all_memory) {}

  Result<void> to_end(std::vector<Work> first);

 private:
  Result<void> admit(std::vector<Work> works);
  void enqueue(Entry entry);
  Result<void> start_what_fits();
  Result<void> start(Entry entry, Slot slot);
  bool reads_damage(Work const& work);
  Result<void> commit(Attempt const& attempt, std::string const& key);
  Result<void> on_line(ChildId child, Attempt& attempt, std::string const& text);
  Result<void> on_end(Attempt attempt, Exit const& exit);
  Result<void> retry_or_fail(Attempt attempt, Exit const& exit);
  bool gets_more(Entry& entry);
  void run_alone(Entry& entry);
  Error diagnose(Attempt const& attempt, Exit const& exit, std::size_t missing) const;
  void look_for_interrupts();
  void look_for_stalls();
  std::chrono::milliseconds time_to_wait() const;
  bool is_stopping() const { return failure_ || cancelled_; }
  void keep_first(Result<void> result) {
    if (!result && !failure_) failure_ = std::move(result).error();
  }

  Store& store_;
  Workspace const& workspace_;
  Lease const& lease_;
  Events& events_;
  SchedulerOptions const& options_;
  Scheduler::More more_;
  Scheduler::Failed failed_;
  Slots slots_;
  Interrupts interrupts_;
  std::vector<Entry> ready_;
  std::unordered_set<std::string> known_;
  std::map<ChildId, Attempt> running_;
  std::optional<Error> failure_;
  bool cancelled_ = false, killed_ = false, told_of_sandbox_ = false;
  double kill_at_ = 0;
  Children children_;  // last: whatever happens, workers are gone before what they use
};

void Run::enqueue(Entry entry) {
  auto place = std::upper_bound(ready_.begin(), ready_.end(), entry, goes_before);
  ready_.insert(place, std::move(entry));
}

Result<void> Run::admit(std::vector<Work> works) {
  std::deque<Work> waiting(std::make_move_iterator(works.begin()), std::make_move_iterator(works.end()));
  while (!waiting.empty()) {
    auto work = std::move(waiting.front());
    waiting.pop_front();
    if (!known_.insert(work.id).second) continue;
    if (auto const source = source_of(work.stage); !source.empty() && !work.stamp)
      if (auto const stamp = stamp_of(source)) work.stamp = *stamp;
    if (auto const other = other_source_of(work.stage); !other.empty() && !work.other_stamp)
      if (auto const stamp = stamp_of(other)) work.other_stamp = *stamp;
    if (store_.missing(work.keys).empty()) {
      for (auto& next : TRY(more_(work))) waiting.push_back(std::move(next));
      continue;
    }
    events_.emit(StageQueued{work.id, work.label, std::string(walk_name(work.stage)), work.total, work.media_seconds});
    enqueue({.work = std::move(work)});
  }
  return Done{};
}

// A work that waits for memory may be overtaken by smaller ones, but not forever.
Result<void> Run::start_what_fits() {
  auto now = steady_seconds();
  int const patience = 2 * std::max(1, options_.jobs);
  for (std::size_t i = 0; i < ready_.size() && slots_.held() < slots_.count();) {
    auto& entry = ready_[i];
    if (entry.not_before > now) {
      ++i;
      continue;
    }
    auto slot = slots_.take(entry.alone ? all_memory : entry.work.memory);
    if (!slot) {
      if (entry.overtaken >= patience) return Done{};
      ++i;
      continue;
    }
    for (std::size_t passed = 0; passed < i; ++passed) ++ready_[passed].overtaken;
    auto chosen = std::move(entry);
    ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(i));
    TRY(start(std::move(chosen), *std::move(slot)));
    i = 0;  // starting may have found results already there, and with them new works
  }
  return Done{};
}

Result<void> Run::start(Entry entry, Slot slot) {
  auto& work = entry.work;
  auto wanted = store_.missing(work.keys);
  if (wanted.empty()) return admit(TRY(more_(work)));
  if (reads_damage(work)) {
    known_.erase(work.id);
    return admit(TRY(more_(work)));
  }

  auto folder = TRY(workspace_.new_attempt(work.id));
  bool whole = wanted.size() == work.keys.size();
  auto const stage = whole ? work.stage : options_.narrow(work.stage, wanted);
  TRY(write_file_atomically(folder / "stage.json", stage_text(stage, limits_of(stage, {work.memory, work.cost}, folder))));
  note_attempt(folder, lease_.fence(), source_of(work.stage), work.stamp);
  Invocation invocation{.arguments = {options_.worker, folder / "stage.json", "--out", folder}};
  auto child = TRY(children_.start(invocation));
  events_.emit(
      StageStarted{work.id, work.label, std::string(walk_name(work.stage)), work.total, work.media_seconds, lease_.fence()});
  running_.emplace(child, Attempt{std::move(entry), std::move(slot), std::move(folder), std::move(wanted), steady_seconds()});
  return Done{};
}

// Cached units that a join reads. What is not there any more was found damaged a moment ago.
bool Run::reads_damage(Work const& work) {
  auto const* mux = std::get_if<MuxStage>(&work.stage);
  if (!mux) return false;
  bool damaged = false;
  for (auto const* inputs : {&mux->video, &mux->audio})
    for (auto const& input : *inputs) damaged |= !store_.intact(fs::path(input.path).parent_path().filename());
  return damaged;
}

Result<void> Run::commit(Attempt const& attempt, std::string const& key) {
  TRY(lease_.check());
  auto const& work = attempt.entry.work;
  for (auto const& [source, stamp] : {std::pair(source_of(work.stage), work.stamp), {other_source_of(work.stage), work.other_stamp}})
    if (!is_as_planned(source, stamp))
      return Error{ErrorKind::media,
                   fmt::format("reading '{}': the file changed while it was worked on, so nothing of this was kept; wait until it "
                               "is complete and run again",
                               source)};
  return store_.commit(attempt.folder, key);
}

Result<void> Run::on_line(ChildId child, Attempt& attempt, std::string const& text) {
  auto const& work = attempt.entry.work;
  return std::visit(
      Overloaded{
          [&](WorkerProgress const& said) -> Result<void> {
            if (said.done != attempt.progress) attempt.last_sign = steady_seconds();
            attempt.progress = said.done;
            events_.emit(Progress{work.id, said.done, said.total > 0 ? said.total : work.total, said.unit});
            return Done{};
          },
          [&](WorkerUnit const& said) -> Result<void> {
            if (std::find(attempt.wanted.begin(), attempt.wanted.end(), said.key) == attempt.wanted.end()) {
              events_.emit(
                  Warning{work.id, fmt::format("the worker announced '{}', which nobody asked for", said.key), work.label});
              return Done{};
            }
            attempt.last_sign = steady_seconds();
            if (attempt.error) return Done{};
            auto committed = commit(attempt, said.key);
            if (!committed) {
              children_.terminate(child);
              attempt.error = std::move(committed).error();
              return lease_.check();
            }
            events_.emit(UnitDone{work.id, said.key});
            return Done{};
          },
          [&](WorkerWarning const& said) -> Result<void> {
            events_.emit(Warning{work.id, said.what, work.label});
            return Done{};
          },
          [&](WorkerError const& said) -> Result<void> {
            if (!attempt.error) attempt.error = Error{said.kind, said.what};
            return Done{};
          },
          [&](WorkerSandbox const& said) -> Result<void> {
            if (said.level != "landlock+seccomp" && !std::exchange(told_of_sandbox_, true))
              events_.emit(Warning{{}, fmt::format("workers are locked in by {} only: this kernel offers no more", said.level)});
            return Done{};
          },
          [&](NotAnEvent const& said) -> Result<void> {
            events_.emit(Warning{work.id, fmt::format("the worker said what is not an event: {}", said.line), work.label});
            return Done{};
          }},
      parse_worker_line(text));
}

Result<void> Run::on_end(Attempt attempt, Exit const& exit) {
  auto& work = attempt.entry.work;
  TRY(lease_.check());
  if (is_as_planned(source_of(work.stage), work.stamp) && is_as_planned(other_source_of(work.stage), work.other_stamp)) {
    auto adopted = adopt_complete(store_, attempt.folder, attempt.wanted);
    for (auto const& key : adopted.keys) events_.emit(UnitDone{work.id, key});
    if (!attempt.error) attempt.error = std::move(adopted.error);
  }
  drop_attempt(attempt.folder);
  if (!store_.missing(work.keys).empty()) return retry_or_fail(std::move(attempt), exit);

  if (exit.signal != 0 || exit.code != 0)
    events_.emit(Warning{work.id, fmt::format("the worker made all its units, but then it {}", to_string(exit)), work.label});
  events_.emit(StageFinished{work.id, work.label, exit.seconds, exit.cpu_seconds, exit.peak_memory});
  auto finished = std::move(work);
  if (is_stopping()) return Done{};
  return admit(TRY(more_(finished)));
}

Error Run::diagnose(Attempt const& attempt, Exit const& exit, std::size_t missing) const {
  if (attempt.error) return *attempt.error;
  auto source = source_of(attempt.entry.work.stage);
  auto reading = source.empty() ? std::string("joining results") : fmt::format("reading '{}'", source);
  if (attempt.stalled)
    return Error{ErrorKind::failed,
                 fmt::format("{}: the worker made no progress for {:.0f} s and was given up", reading, options_.retry.stall)};
  if (exit.signal == SIGXCPU)
    return Error{ErrorKind::failed,
                 fmt::format("{}: the worker took {:.0f} s of processor time, far more than this work should, and was ended; "
                             "the file may be damaged",
                             reading, exit.cpu_seconds)};
  if (exit.signal != 0) {
    auto advice = exit.signal == SIGKILL ? "memory may have run out; try fewer --jobs"
                                         : "the file may be damaged; try `reelmill check` on it";
    return Error{ErrorKind::crashed, fmt::format("{}: the worker {}; {}", reading, to_string(exit), advice)};
  }
  if (exit.code == 0)
    return Error{ErrorKind::failed, fmt::format("{}: the worker ended well but left {} of {} units unmade", reading, missing,
                                                attempt.wanted.size())};
  auto said = last_line(exit.stderr_tail);
  return Error{ErrorKind::failed, fmt::format("{}: the worker {}{}{}", reading, to_string(exit), said.empty() ? "" : ": ", said)};
}

Result<void> Run::retry_or_fail(Attempt attempt, Exit const& exit) {
  auto& entry = attempt.entry;
  auto error = diagnose(attempt, exit, store_.missing(attempt.wanted).size());
  if (cancelled_) return Done{};
  auto const now = steady_seconds();
  if (++entry.failures == 1) entry.first_failure = now;
  auto const& policy = options_.retry;
  bool const is_lost = error.kind == ErrorKind::lost, is_full = error.kind == ErrorKind::full;
  bool const once_more = error.kind == ErrorKind::crashed || is_full;
  int const allowed = is_lost ? policy.attempts : once_more ? std::min(2, policy.attempts) : 1;
  double const wait = is_lost ? seconds_before_retry(entry.work.id, entry.failures, policy) : 0;
  bool const in_time = now + wait - entry.first_failure <= policy.deadline;
  bool const will_retry = entry.failures < allowed && in_time && !is_stopping() && (!is_full || gets_more(entry));
  events_.emit(AttemptFailed{entry.work.id, entry.work.label, error.kind, error.what, will_retry, exit.stderr_tail});
  if (!will_retry) {
    error = std::move(error).with_note(fmt::format("while working on '{}' ({})", entry.work.label, walk_name(entry.work.stage)));
    if (!failed_ || !failed_(entry.work, error)) return error;
    std::erase_if(ready_, [&](Entry const& other) { return other.work.group == entry.work.group; });
    return Done{};
  }

  // Most likely the kernel's choice when memory ran out.
  if (exit.signal == SIGKILL) run_alone(entry);
  entry.not_before = now + wait;
  enqueue(std::move(entry));
  return Done{};
}

// Whether the disk or the machine has more for it than it had; which of them it fell short of, nobody can tell.
bool Run::gets_more(Entry& entry) {
  if (options_.make_room && options_.make_room(entry.work)) return true;
  if (running_.empty()) return false;
  run_alone(entry);
  return true;
}

void Run::run_alone(Entry& entry) {
  entry.alone = true;
  auto const before = slots_.count();
  slots_.lower();
  if (slots_.count() < before)
    events_.emit(
        Warning{entry.work.id,
                fmt::format("memory or disk fell short: at most {} of {} workers at once from here on", slots_.count(), before),
                entry.work.label});
}

void Run::look_for_interrupts() {
  int count = interrupts_.count();
  if (count == 0 || killed_) return;
  auto now = steady_seconds();
  if (!std::exchange(cancelled_, true)) {
    kill_at_ = now + options_.patience;
    for (auto const& [child, attempt] : running_) children_.terminate(child);
  }
  if (count > 1 || now >= kill_at_) {
    killed_ = true;
    for (auto const& [child, attempt] : running_) children_.kill(child);
  }
}

void Run::look_for_stalls() {
  auto now = steady_seconds();
  for (auto& [child, attempt] : running_) {
    if (attempt.stalled || now - attempt.last_sign < options_.retry.stall) continue;
    attempt.stalled = true;
    children_.kill(child);
  }
}

std::chrono::milliseconds Run::time_to_wait() const {
  auto now = steady_seconds();
  double until = now + 1;
  if (cancelled_ && !killed_) until = std::min(until, kill_at_);
  if (!is_stopping())
    for (auto const& entry : ready_)
      if (entry.not_before > now) until = std::min(until, entry.not_before);
  for (auto const& [child, attempt] : running_)
    if (!attempt.stalled) until = std::min(until, attempt.last_sign + options_.retry.stall);
  return std::chrono::milliseconds(static_cast<int>(std::ceil(std::max(0.0, until - now) * 1000)));
}

Result<void> Run::to_end(std::vector<Work> first) {
  adopt_leftovers(store_, workspace_);
  TRY(admit(std::move(first)));
  for (;;) {
    if (!is_stopping()) keep_first(start_what_fits());
    if (running_.empty() && (is_stopping() || ready_.empty())) break;
    store_.settle();
    for (auto& event : children_.poll(time_to_wait(), interrupts_.wake())) {
      if (auto* line = std::get_if<ChildLine>(&event)) keep_first(on_line(line->child, running_.at(line->child), line->text));
      if (auto* ended = std::get_if<ChildEnded>(&event))
        keep_first(on_end(std::move(running_.extract(ended->child).mapped()), ended->exit));
    }
    look_for_interrupts();
    look_for_stalls();
  }
  if (failure_) return *std::move(failure_);
  if (cancelled_)
    return Error{ErrorKind::cancelled, "stopped on request; what was finished is kept, and the next run goes on from there"};
  return Done{};
}

}  // namespace

Result<fs::path> find_worker() {
  std::error_code failed;
  auto ourselves = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return disk_error("looking for this program's own path", failed.value());
  auto worker = ourselves.parent_path() / "reelmill-worker";
  if (!fs::exists(worker, failed))
    return Error{ErrorKind::missing, fmt::format("looking for the worker: '{}' is not there; it belongs beside '{}'",
                                                 worker.string(), ourselves.filename().string())};
  return worker;
}

Scheduler::Scheduler(Store& store, Workspace const& workspace, Events& events, Options options)
    : store_(store), workspace_(workspace), events_(events), options_(std::move(options)) {}

Result<void> Scheduler::run(std::vector<Work> first, More more, Failed failed) {
  auto const lease = TRY(workspace_.lease());
  if (!lease.taken_from().empty())
    events_.emit(
        Warning{{}, fmt::format("the last run here ({}) was broken off; going on from what it finished", lease.taken_from())});
  if (options_.worker.empty()) options_.worker = TRY(find_worker());
  return Run(store_, workspace_, lease, events_, options_, std::move(more), std::move(failed)).to_end(std::move(first));
}

}  // namespace reelmill
