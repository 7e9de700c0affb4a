// SPDX-License-Identifier: GPL-3.0-or-later
// What has to be done for one source, given what earlier runs found. Planning is staged: the index says where chunks may
// begin, the analysis what is in the frames, and only then can the render be planned; what cannot be planned yet is
// `waiting`. Planning again after each measurement gives the rest. Nothing depends on the number of jobs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "graph/stage.h"
#include "plan/libraries.h"
#include "plan/made_of.h"
#include "project/project.h"

namespace reelmill {

// Results of earlier work, by key.
struct Known {
  std::function<bool(std::string const& key)> has;
  std::function<Result<Json>(std::string const& key)> result;
  std::function<std::filesystem::path(std::string const& key, std::string_view file)> file;
  // Whether what lies there in the project's folder is as Reelmill wrote it; may be empty: it is not.
  std::function<bool(std::string const& file)> written{};
  bool has_written(std::string const& path) const { return written && written(path); }
};

enum class StageState { run, copy, cached, waiting };  // copy: to run, but takes what is there instead of making it
std::string_view name_of(StageState state);

struct PlannedStage {
  std::string id;  // "render", "sound", "join youtube"; unique within the source
  std::string walk;
  std::vector<std::string> tasks;  // what is fused into it, for people
  std::vector<std::string> inputs, outputs;
  StageState state = StageState::waiting;
  std::string reason;
  std::vector<std::string> keys;  // of the units still to be made
  std::size_t units = 0;          // in all
  std::optional<Stage> stage;     // with states run and copy
  double total = 0;               // progress to expect, in the walk's own unit
  double media_seconds = 0;       // of film or sound that it makes
  std::int64_t memory = 0;        // bytes one worker of it may need
  double cost = 0;                // estimate, in seconds of one core
  std::int64_t disk = 0;          // estimate of what it will store, bytes; `disk_least` is surely needed
  std::int64_t disk_least = 0;
};

// To run where keys are given, else cached.
PlannedStage planned_stage(std::string id, Stage stage, std::vector<std::string> missing_keys);

struct PlannedOutput {
  Export const* target = nullptr;  // into the project
  std::string file;                // relative to the project's folder, as output_of has it
  std::string key;                 // of the joined file, once it can be known
  std::string sound{};             // key of its sound, where its loudness was asked for
  MadeOf made_of{};                // with PlanOptions::explain
  std::int64_t disk_least = 0;     // bytes of the film, at least; 0: not known yet
};

// A small file that the front writes by itself.
struct PlannedSidecar {
  std::string file;  // relative to the project's folder
  std::string text;
};

struct SourcePlan {
  std::filesystem::path source;
  std::string name;  // the stem, {name} of templates
  std::vector<PlannedStage> stages;
  std::vector<PlannedOutput> outputs;
  std::vector<std::string> notes;  // what a person should know of what was chosen: "no picture: …"
  std::vector<std::string> hints;  // the same for who looks at the plan; a run is silent about it
  std::vector<PlannedSidecar> sidecars{};
  std::string measurement{};       // key of what Project::measures asks for
};

struct PlanOptions {
  std::set<std::string> without;  // passes switched off: common, copy, share
  Builds builds{};                // of the worker's libraries
  bool explain = false;           // fills PlannedOutput::made_of
};

// The names that PlanOptions::without may hold.
std::vector<std::string_view> switchable_passes();

Result<SourcePlan> plan_source(Project const& project, std::filesystem::path const& source, Known const& known,
                               PlanOptions const& options);

// Cuts a render into works of at most `chunks` consecutive chunks; chunks far inside one group of pictures stay together.
std::vector<VideoStage> batches(VideoStage const& stage, std::size_t chunks);

}  // namespace reelmill
