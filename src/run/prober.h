// SPDX-License-Identifier: GPL-3.0-or-later
// Probes many files at once, one locked-in worker a file, so that whatever a file does to its decoder is a finding about that
// file and nothing else. Needs no project: what the workers write goes to a temporary folder that is removed.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "graph/probe.h"
#include "run/events.h"

namespace reelmill {

struct ProberOptions {
  int jobs = 1;                    // workers at once
  bool deep = false;               // decode everything
  std::filesystem::path worker{};  // empty: reelmill-worker beside this program
  double stall_limit = 60;         // seconds without a sign from a worker before it is given up
};

struct ProbedFile {
  std::filesystem::path path;
  SourceProbe probe;          // empty where the file could not be opened
  std::vector<Fault> faults;  // all of them, the worst first
  bool is_valid() const { return reelmill::is_valid(faults); }
};

// In the order of `files`. Nothing about a file is an error here; errors are about this machine (no worker, no temporary
// folder) or `cancelled` on SIGINT and SIGTERM. Emits the events of stages. To be called from the main thread.
Result<std::vector<ProbedFile>> probe_files(std::vector<std::filesystem::path> const& files, ProberOptions options,
                                            Events& events);

}  // namespace reelmill
