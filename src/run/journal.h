// SPDX-License-Identifier: GPL-3.0-or-later
// What was done in a project, run by run: attempts, units, retries, outputs. An index for people and programs that look back; the
// truth is in the results, and a journal that is lost or damaged is begun anew from them. One SQLite file for each project, in
// the user's state folder on this host; rows are committed in groups, each group synced.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "run/events.h"

namespace reelmill {

struct JournalRun {
  std::int64_t id = 0, fence = 0, pid = 0;
  std::string host, outcome;      // running, done, failed, killed
  double started = 0, ended = 0;  // seconds since 1970; 0: not yet, or nobody knows
  std::int64_t units = 0, attempts = 0, failures = 0, outputs = 0;
};
struct JournalAttempt {
  std::int64_t run = 0;
  std::string label, walk, outcome;  // running, done, failed, retried, lost
  std::string kind, what;            // of a failure
  double started = 0, ended = 0, cpu_seconds = 0;
  std::int64_t peak_memory = 0;
};

// Where and why a journal cannot be: on a file system of the network SQLite's log of changes does not work. Empty: it can.
std::string refusal_of(std::filesystem::path const& folder);

class Journal {
 public:
  // To be read only; kind missing where there is none.
  static Result<Journal> read(std::filesystem::path const& file);
  // To be written, by who holds the project's lease: runs that never ended are noted as killed. A damaged file is set aside as
  // FILE.damaged; `was_damaged` (may be null) says so. A new journal begins with the units that lie in `cache`, unless that is
  // empty.
  static Result<Journal> write(std::filesystem::path const& file, std::filesystem::path const& cache,
                               bool* was_damaged = nullptr);
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();  // commits

  // The newest first.
  Result<std::vector<JournalRun>> runs(int most) const;
  Result<std::vector<JournalAttempt>> attempts(std::int64_t run) const;
  Result<std::vector<std::string>> units() const;

  Result<void> begin_run(double now, std::int64_t fence);
  Result<void> take(Event const& event);
  // Commits what was taken.
  Result<void> commit();

 private:
  struct Database;
  explicit Journal(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

// Keeps the journal of a run, from its first attempt on: a run that finds all made never touches the file. Trouble with the
// journal is told once, by a Warning, and is no trouble for the run.
class JournalKeeper {
 public:
  // `cache` as Journal::write has it.
  JournalKeeper(Events& events, Result<std::filesystem::path> file, std::filesystem::path cache);
  JournalKeeper(JournalKeeper const&) = delete;
  JournalKeeper& operator=(JournalKeeper const&) = delete;
  ~JournalKeeper();

 private:
  Result<void> take(Event const& event);
  Result<void> open(Event const& event, std::int64_t fence);

  Events& events_;
  Result<std::filesystem::path> file_;
  std::filesystem::path cache_;
  std::unique_ptr<Journal> journal_;
  bool has_given_up_ = false;
};

}  // namespace reelmill
