// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/clock.h"

extern char** environ;

namespace reelmill {
namespace {

constexpr std::size_t tail_size = 64 << 10;
constexpr std::size_t longest_line = 1 << 20;
constexpr int few = 16,
              until_empty = 1 << 20;  // reads at once: a child that never stops talking must not keep us from the others

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    close();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }
  ~Descriptor() { close(); }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor read, write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return Error{ErrorKind::full, fmt::format("cannot make a pipe to a child process: {}", std::strerror(errno))};
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

void stop_blocking(Descriptor const& descriptor) {
  fcntl(descriptor.number(), F_SETFL, fcntl(descriptor.number(), F_GETFL) | O_NONBLOCK);
}

std::vector<std::string> environment_with(std::map<std::string, std::string> const& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry; ++entry) {
    std::string_view text = *entry;
    if (!added.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
  }
  for (auto const& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct Launch {
  char** arguments;
  char** environment;
  char const* folder;
  pid_t parent;
  int output, errors, failure;
};

// Between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(Launch const& launch) {
  auto give_up = [&] {
    int number = errno;
    [[maybe_unused]] auto written = write(launch.failure, &number, sizeof number);
    _exit(127);
  };
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != launch.parent) _exit(127);
  rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);

  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD, SIGXFSZ}) sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);

  int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(launch.output, 1) < 0 || dup2(launch.errors, 2) < 0) give_up();
  constexpr unsigned mark_close_on_exec = 1u << 2;
  syscall(SYS_close_range, 3u, ~0u, mark_close_on_exec);
  if (launch.folder && chdir(launch.folder) != 0) give_up();
  execvpe(launch.arguments[0], launch.arguments, launch.environment);
  give_up();
  _exit(127);
}

double seconds_of(timeval const& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6; }

}  // namespace

struct Children::Child {
  ChildId id = 0;
  pid_t pid = -1;
  Descriptor output, errors, process;  // process: a pidfd, closed where the kernel has none
  std::string line, tail;
  double started = 0;
};

std::string to_string(Exit const& exit) {
  if (exit.signal != 0) return fmt::format("was killed by signal {} ({})", exit.signal, strsignal(exit.signal));
  return fmt::format("exited with code {}", exit.code);
}

Children::Children() = default;

Children::~Children() {
  for (auto const& [id, child] : children_) {
    ::kill(-child->pid, SIGKILL);
    waitpid(child->pid, nullptr, 0);
  }
}

std::size_t Children::running() const { return children_.size(); }

Result<ChildId> Children::start(Invocation const& invocation) {
  if (invocation.arguments.empty()) return Error{ErrorKind::bug, "starting a child process without a program"};
  auto output = TRY(make_pipe());
  auto errors = TRY(make_pipe());
  auto failure = TRY(make_pipe());
  auto arguments = invocation.arguments;
  auto environment = environment_with(invocation.environment);
  auto argument_pointers = pointers(arguments);
  auto environment_pointers = pointers(environment);
  Launch launch{argument_pointers.data(),
                environment_pointers.data(),
                invocation.folder.empty() ? nullptr : invocation.folder.c_str(),
                getpid(),
                output.write.number(),
                errors.write.number(),
                failure.write.number()};

  auto child = std::make_unique<Child>();
  child->started = steady_seconds();
  child->pid = fork();
  if (child->pid < 0)
    return Error{ErrorKind::full, fmt::format("cannot start '{}': {}", invocation.arguments[0], std::strerror(errno))};
  if (child->pid == 0) become(launch);
  setpgid(child->pid, child->pid);  // in both processes, so that neither can be too late

  failure.write.close();
  int number = 0;
  ssize_t got = 0;
  while ((got = read(failure.read.number(), &number, sizeof number)) < 0 && errno == EINTR) {
  }
  if (got == sizeof number) {
    waitpid(child->pid, nullptr, 0);
    return Error{ErrorKind::missing, fmt::format("cannot start '{}': {}", invocation.arguments[0], std::strerror(number))};
  }

  child->id = next_++;
  child->process = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, child->pid, 0)));
  child->output = std::move(output.read);
  child->errors = std::move(errors.read);
  stop_blocking(child->output);
  stop_blocking(child->errors);
  auto id = child->id;
  children_.emplace(id, std::move(child));
  return id;
}

void Children::read_lines(Child& child, std::vector<ChildEvent>& events, int rounds) {
  std::array<char, 64 << 10> buffer;
  while (child.output.is_open() && rounds-- > 0) {
    auto got = read(child.output.number(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return child.output.close();
    std::string_view rest(buffer.data(), static_cast<std::size_t>(got));
    while (!rest.empty()) {
      auto end = rest.find('\n');
      auto piece = rest.substr(0, std::min(end, longest_line - child.line.size()));
      child.line += piece;
      rest.remove_prefix(piece.size());
      bool complete = piece.size() == end;
      if (complete) rest.remove_prefix(1);
      if (complete || child.line.size() == longest_line) events.push_back(ChildLine{child.id, std::exchange(child.line, {})});
    }
  }
}

void Children::read_errors(Child& child, int rounds) {
  std::array<char, 16 << 10> buffer;
  while (child.errors.is_open() && rounds-- > 0) {
    auto got = read(child.errors.number(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return child.errors.close();
    child.tail.append(buffer.data(), static_cast<std::size_t>(got));
    if (child.tail.size() > 2 * tail_size) child.tail.erase(0, child.tail.size() - tail_size);
  }
}

bool Children::reap(Child& child, std::vector<ChildEvent>& events) {
  siginfo_t info{};
  if (waitid(P_PID, static_cast<id_t>(child.pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return false;
  ::kill(-child.pid, SIGKILL);  // while the leader is unreaped its number cannot belong to a stranger

  int status = 0;
  rusage usage{};
  while (wait4(child.pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  read_lines(child, events, until_empty);
  read_errors(child, until_empty);
  if (!child.line.empty()) events.push_back(ChildLine{child.id, std::exchange(child.line, {})});
  if (child.tail.size() > tail_size) child.tail.erase(0, child.tail.size() - tail_size);

  Exit exit;
  if (WIFSIGNALED(status))
    exit.signal = WTERMSIG(status);
  else
    exit.code = WEXITSTATUS(status);
  exit.seconds = steady_seconds() - child.started;
  exit.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  exit.peak_memory = static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
  exit.stderr_tail = std::move(child.tail);
  events.push_back(ChildEnded{child.id, std::move(exit)});
  return true;
}

std::vector<ChildEvent> Children::poll(std::chrono::milliseconds timeout, int wake) {
  std::vector<pollfd> watched;
  auto watch = [&](int number) {
    if (number >= 0) watched.push_back({number, POLLIN, 0});
  };
  watch(wake);
  bool must_ask = false;
  for (auto const& [id, child] : children_) {
    watch(child->output.number());
    watch(child->errors.number());
    watch(child->process.number());
    must_ask = must_ask || !child->process.is_open();
  }
  constexpr int asking_interval = 20;  // milliseconds, where the kernel has no pidfd to wait for
  auto limit = static_cast<int>(timeout.count());
  if (must_ask) limit = limit < 0 ? asking_interval : std::min(limit, asking_interval);
  ::poll(watched.data(), watched.size(), limit);

  std::vector<ChildEvent> events;
  for (auto entry = children_.begin(); entry != children_.end();) {
    read_lines(*entry->second, events, few);
    read_errors(*entry->second, few);
    entry = reap(*entry->second, events) ? children_.erase(entry) : std::next(entry);
  }
  return events;
}

void Children::signal(ChildId id, int number) {
  if (auto found = children_.find(id); found != children_.end()) ::kill(-found->second->pid, number);
}

void Children::terminate(ChildId child) { signal(child, SIGTERM); }
void Children::kill(ChildId child) { signal(child, SIGKILL); }

Result<Finished> run_to_end(Invocation const& invocation) {
  Children children;
  TRY(children.start(invocation));
  Finished finished;
  for (;;) {
    for (auto& event : children.poll(std::chrono::milliseconds(-1))) {
      if (auto* line = std::get_if<ChildLine>(&event)) finished.output += line->text + "\n";
      if (auto* ended = std::get_if<ChildEnded>(&event)) {
        finished.exit = std::move(ended->exit);
        return finished;
      }
    }
  }
}

}  // namespace reelmill
