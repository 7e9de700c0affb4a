// SPDX-License-Identifier: GPL-3.0-or-later
// Which films a source came to, by everything that they hang on and that can be seen without planning: the project file's bytes,
// the files that it names, the source's stamp, the program and its libraries. A run in which none of these changed has nothing to
// plan, however long the films are.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "plan/plan.h"
#include "project/project.h"
#include "run/store.h"

namespace reelmill {

class FilmMemo {
 public:
  // All but the options must outlive it. Of a project without a file nothing is remembered.
  FilmMemo(Project const& project, PlanOptions const& options, Store& store);

  // A plan in which everything is cached: its outputs have their keys, its stages their names and numbers. Nothing: plan anew.
  std::optional<SourcePlan> recall(std::filesystem::path const& source) const;
  // `plan` has all its outputs' keys.
  Result<void> remember(SourcePlan const& plan) const;

 private:
  std::string record_of(std::filesystem::path const& source) const;
  std::optional<std::string> inputs_of(std::filesystem::path const& source) const;

  Project const& project_;
  Store& store_;
  std::optional<std::string> common_;  // of the inputs, what is the same for all sources
};

}  // namespace reelmill
