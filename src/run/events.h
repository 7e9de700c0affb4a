// SPDX-License-Identifier: GPL-3.0-or-later
// What happens while a project runs. Upward talk is by events only: the engine tells, the terminal, the log and the report
// listen. An event that the texts for people and for JSON forget does not compile.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "graph/loudness.h"

namespace reelmill {

struct RunStarted {
  std::string project;
  int jobs = 1;
  std::int64_t memory = 0;  // bytes that may be used at once
};
struct StageQueued {
  std::string id, label, walk;
  double total = 0;          // progress to expect, in the walk's own unit; 0: unknown
  double media_seconds = 0;  // of film or sound that it makes; 0: unknown
};
struct StageStarted {  // again for each attempt
  std::string id, label, walk;
  double total = 0;
  double media_seconds = 0;
  std::int64_t fence = 0;  // of the lease it was started under; 0: it needs none
};
struct Progress {
  std::string id;
  double done = 0, total = 0;
  std::string unit;  // "frames", "seconds", "bytes"
};
struct UnitDone {
  std::string id, key;
};
struct StageFinished {
  std::string id, label;
  double seconds = 0, cpu_seconds = 0;  // of the attempt that succeeded
  std::int64_t peak_memory = 0;
};
struct AttemptFailed {
  std::string id, label;
  ErrorKind kind = ErrorKind::failed;
  std::string what;
  bool will_retry = false;
  std::string details;  // the end of what the worker wrote to standard error
};
struct SourceFailed {
  std::string source;  // its file name
  ErrorKind kind = ErrorKind::failed;
  std::string what;
};
struct Warning {
  std::string id;  // the stage or the source; empty: the whole run
  std::string what;
  std::string label{};  // of the stage, for people
};
struct OutputWritten {
  std::string path;
  std::int64_t bytes = 0;
  double duration = 0;
  std::int64_t frames = 0;
  std::string export_name;
  std::optional<LoudnessResult> loudness{};  // where it was asked for
};
struct Delivered {
  std::string path, from;
  std::int64_t bytes = 0;
};
struct SidecarWritten {
  std::string path;
  std::int64_t bytes = 0;
};
struct SoundMeasured {
  std::string source;  // its path
  Measurement measurement;
};
struct RunFinished {
  bool ok = false;
  double seconds = 0;
};

using Happening = std::variant<RunStarted, StageQueued, StageStarted, Progress, UnitDone, StageFinished, AttemptFailed,
                               SourceFailed, Warning, OutputWritten, Delivered, SidecarWritten, SoundMeasured, RunFinished>;

struct Event {
  std::int64_t n = 0;  // 1, 2, 3 …
  double time = 0;     // wall clock, seconds since 1970
  Happening what;
};

// "run_started", "stage_queued", …
std::string_view name_of(Happening const& what);
// {"event","n","time", then the members}
Json json_of(Event const& event);

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

// Numbers events and hands them to every listener, in the order of subscription. Progress of a stage is passed on at most
// every 100 ms, and always when it is complete.
class Events {
 public:
  void subscribe(std::function<void(Event const&)> listener);
  void emit(Happening what);

 private:
  std::vector<std::function<void(Event const&)>> listeners_;
  std::unordered_map<std::string, double> last_progress_;
  std::int64_t next_ = 1;
};

}  // namespace reelmill
