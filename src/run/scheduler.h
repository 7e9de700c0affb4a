// SPDX-License-Identifier: GPL-3.0-or-later
// Runs stages in worker processes: many at once, within the cores and the memory given, each unit committed to the store
// as soon as it is announced. What a crash, a kill or an error leaves behind is never done twice.
//
//   Scheduler scheduler(store, workspace, events, {.jobs = 2, .memory = 8 << 30});
//   TRY(scheduler.run(first, [&](Work const& finished) -> Result<std::vector<Work>> { … what that made possible … }));
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "graph/stage.h"
#include "project/project.h"
#include "run/events.h"
#include "run/narrow.h"
#include "run/store.h"
#include "run/workspace.h"

namespace reelmill {

struct Work {
  std::string id, label;  // the id is unique in a run; the label is for people
  Stage stage;
  double cost = 1;                // estimate, in any one unit: heavier works start first
  std::int64_t memory = 0;        // bytes it may need
  double total = 0;               // progress to expect, in the walk's own unit
  std::vector<std::string> keys;  // of the units to make
  double media_seconds = 0;       // of film or sound that it makes, for showing speed; 0: unknown
  std::string group{};            // works of one group are of no use without each other
  // Of the stage's source, from before it was planned; nothing: what it is when the work is handed over. A work whose source is
  // another when it ends has failed.
  std::optional<Stamp> stamp{}, other_stamp{};
};

struct SchedulerOptions {
  int jobs = 1;
  std::int64_t memory = 0;         // bytes all workers may need together; 0: no limit
  std::filesystem::path worker{};  // empty: reelmill-worker beside this program
  RetryPolicy retry{};
  double patience = 5;  // seconds between asking workers to end and killing them
  // Called when a work fell short of disk or memory; true: the disk has more room now. Empty: it never has.
  std::function<bool(Work const&)> make_room{};
  std::function<Stage(Stage, std::vector<std::string> const& missing)> narrow = narrow_stage;
};

// The worker executable beside this program.
Result<std::filesystem::path> find_worker();

class Scheduler {
 public:
  using Options = SchedulerOptions;
  // Called on the calling thread when all keys of a work are in the store, also when they were there before; and when something
  // that the work reads was found damaged, so that it has to be planned anew.
  using More = std::function<Result<std::vector<Work>>(Work const& finished)>;
  // Called when a work has failed for good. True: the rest goes on, without what is left of the work's group.
  using Failed = std::function<bool(Work const& failed, Error const& error)>;

  Scheduler(Store& store, Workspace const& workspace, Events& events, Options options);

  // Returns when `first` and all that `more` added are done. An id that is already known is ignored.
  //
  // A failure that `failed` (empty: none) takes upon itself ends only its group. On any other error nothing new is started,
  // what runs may end, and the first error is returned. On SIGINT or SIGTERM workers
  // are asked to end (on the second, killed) and the error is `cancelled`. Either way finished units stay. Retried: what was
  // lost as `retry` says; a crash once; what fell short of disk or memory once, if room could be made or others ran beside it
  // (then alone, and with one worker less from then on); anything else never. A retry gets only what is missing.
  //
  // Holds the workspace's lease meanwhile, and first adopts the units that a killed run left. Emits stage events, not
  // RunStarted and RunFinished. To be called from the main thread.
  Result<void> run(std::vector<Work> first, More more, Failed failed = {});

 private:
  Store& store_;
  Workspace const& workspace_;
  Events& events_;
  Options options_;
};

}  // namespace reelmill
