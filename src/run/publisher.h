// SPDX-License-Identifier: GPL-3.0-or-later
// Puts finished files where the project wants them: 02_output/final, and the copies that `deliver` asks for, with
// 03_delivered/manifest.json telling size and SHA-256 of each. A file that is there already, unchanged, is left alone. Every
// file appears by a rename, whole.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "plan/plan.h"
#include "project/project.h"
#include "run/events.h"
#include "run/made_records.h"
#include "run/store.h"

namespace reelmill {

struct Published {
  std::int64_t bytes = 0;
  std::string sha256;
  bool was_there = true;                     // under every name, unchanged
  std::optional<LoudnessResult> loudness{};  // of its sound, where it was asked for and is still known
};

class Publisher {
 public:
  Publisher(Project const& project, Store& store, Events& events) : project_(project), store_(store), events_(events) {}

  // Before any work: kind usage when the project may not replace what lies where this output is to go.
  Result<void> check(std::string const& output) const;
  // `output` has its key, and the key's unit is in the store. Where the unit is found damaged it is gone from there afterwards,
  // and nothing was put anywhere.
  Result<Published> publish(SourcePlan const& plan, PlannedOutput const& output);
  // Tells how loud the source is, where the plan measures it. False: what was measured is not there any more.
  Result<bool> tell_loudness(SourcePlan const& plan);
  // Lists what lies in 03_delivered: what was delivered now, and what an earlier run delivered and is still there.
  Result<void> write_manifest();

 private:
  std::string record_of(std::string const& to) const { return "output " + output_id(project_, to); }
  // Whether the same file was there already.
  Result<bool> place(std::string const& key, std::filesystem::path const& from, std::string const& sha256, std::string const& to);
  std::optional<LoudnessResult> loudness_of(PlannedOutput const& output) const;
  bool is_still_there(Json const& entry) const;

  Project const& project_;
  Store& store_;
  Events& events_;
  Json delivered_ = Json::array();
  std::set<std::filesystem::path> swept_;  // folders, of what killed runs left
};

}  // namespace reelmill
