// SPDX-License-Identifier: GPL-3.0-or-later
// What a run did and why, as JSON beside its log: decisions, versions, timings, retries, how much was there already, and the
// hashes of what came out. docs/formats.md has the fields.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "plan/plan.h"
#include "project/project.h"
#include "run/events.h"
#include "run/publisher.h"

namespace reelmill {

class Receipt {
 public:
  // Listens to `events` for as long as they live.
  static std::shared_ptr<Receipt> open(Project const& project, Builds const& builds, Events& events);
  Receipt(Receipt const&) = delete;
  Receipt& operator=(Receipt const&) = delete;

  // A plan of a source; of several, each stage counts as it was when it was first known.
  void planned(SourcePlan const& plan);
  void published(SourcePlan const& plan, PlannedOutput const& output, Published const& published);

  bool has_work() const { return !work_.empty(); }
  // Appears whole or not at all; only that of a run that did something is also synced to the disk.
  Result<void> write(std::filesystem::path const& file, Result<void> const& outcome) const;

 private:
  struct Attempts {
    std::string label, walk;
    int attempts = 0;
    std::size_t units = 0;
    double seconds = 0, cpu_seconds = 0;
    std::int64_t peak_memory = 0;
    bool is_done = false;
  };
  Receipt(Project const& project, Builds const& builds);
  void take(Event const& event);
  Json counts() const;

  double const began_, began_steady_;
  Json project_, builds_;
  std::map<std::string, Json> sources_;  // by path
  std::map<std::string, Attempts> work_;
  Json retries_ = Json::array(), warnings_ = Json::array(), failures_ = Json::array(), outputs_ = Json::array(),
       delivered_ = Json::array();
};

}  // namespace reelmill
