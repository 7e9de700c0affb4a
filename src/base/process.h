// SPDX-License-Identifier: GPL-3.0-or-later
// Child processes: started in a group of their own, watched many at once with poll(2), and never outliving us.
//
// Children die with the *thread* that started them (PR_SET_PDEATHSIG), so start them from the main thread. A child gets
// no standard input, none of our open files, no core dumps and default signal handling. One thread uses a Children.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

namespace reelmill {

struct Invocation {
  std::vector<std::string> arguments;                // [0] is the program: a path, or a name looked for in PATH
  std::filesystem::path folder{};                    // to run in; empty: ours
  std::map<std::string, std::string> environment{};  // added to ours
};

// How a child ended. Either `signal` is set, or `code` is its exit code.
struct Exit {
  int code = 0;
  int signal = 0;
  double seconds = 0;            // wall clock
  double cpu_seconds = 0;        // user and system, with its own waited-for children
  std::int64_t peak_memory = 0;  // bytes, resident
  std::string stderr_tail;       // the last 64 KiB
};

// "exited with code 3", "was killed by signal 11 (Segmentation fault)"
std::string to_string(Exit const& exit);

using ChildId = int;  // never used twice by a Children

struct ChildLine {  // a line of standard output, without its end; beyond 1 MiB a line is cut in pieces
  ChildId child = 0;
  std::string text;
};
struct ChildEnded {  // the last thing said of a child; what is left of its group has been killed
  ChildId child = 0;
  Exit exit;
};
using ChildEvent = std::variant<ChildLine, ChildEnded>;

class Children {
 public:
  Children();
  ~Children();  // kills what still runs

  // Fails if the program cannot be executed.
  Result<ChildId> start(Invocation const& invocation);

  // Waits until something happens, the time is over or `wake` (a file descriptor, or -1) is readable. Lines of one child
  // come in order and before its end.
  std::vector<ChildEvent> poll(std::chrono::milliseconds timeout, int wake = -1);

  void terminate(ChildId child);  // SIGTERM to its group
  void kill(ChildId child);       // SIGKILL to its group
  std::size_t running() const;

 private:
  struct Child;
  void read_lines(Child& child, std::vector<ChildEvent>& events, int rounds);
  void read_errors(Child& child, int rounds);
  bool reap(Child& child, std::vector<ChildEvent>& events);
  void signal(ChildId id, int number);

  std::map<ChildId, std::unique_ptr<Child>> children_;
  ChildId next_ = 1;
};

// Starts one command, gathers its output and waits for its end.
struct Finished {
  Exit exit;
  std::string output;
};
Result<Finished> run_to_end(Invocation const& invocation);

}  // namespace reelmill
