// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into reelmill and its workers, it counts the calls that change files, and at the N-th kills the process or makes the
// call fail. Calls on standard output, pipes and devices do not count.
//
//   FAULT_PROGRAM  whose calls count: reelmill or reelmill-worker
//   FAULT_CALLS    which: any of write, fsync, rename, with commas
//   FAULT_AT       the call at which it happens, over all processes; 0 or nothing: never
//   FAULT_DO       kill (before the call is made), killed (after), ENOSPC, EIO, short (half of a write)
//   FAULT_COUNT    file that holds the count so far, as 8 bytes
//   FAULT_LOG      file that gets a line for each call of any program: "W PATH", "S PATH" (synced), "R FROM<tab>TO", "M FOLDER"
//   (made), "K" (killed)
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum class Deed { none, kill, killed, fail, half };

template <class F>
F next(char const* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

struct Shim {
  bool counts = false;
  char calls[64] = "";
  long at = 0;
  Deed deed = Deed::none;
  int number = 0;
  std::atomic<std::int64_t>* count = nullptr;
  int log = -1;

  Shim() {
    auto const text = [](char const* name) { return std::getenv(name) ? std::getenv(name) : ""; };
    char program[4096] = "";
    if (readlink("/proc/self/exe", program, sizeof program - 1) < 0) return;
    char const* const slash = std::strrchr(program, '/');
    counts = slash && std::strcmp(slash + 1, text("FAULT_PROGRAM")) == 0;
    std::snprintf(calls, sizeof calls, ",%s,", text("FAULT_CALLS"));
    at = std::atol(text("FAULT_AT"));
    char const* const what = text("FAULT_DO");
    if (!std::strcmp(what, "kill")) deed = Deed::kill;
    if (!std::strcmp(what, "killed")) deed = Deed::killed;
    if (!std::strcmp(what, "short")) deed = Deed::half;
    if (!std::strcmp(what, "ENOSPC")) deed = Deed::fail, number = ENOSPC;
    if (!std::strcmp(what, "EIO")) deed = Deed::fail, number = EIO;
    if (int const file = open(text("FAULT_COUNT"), O_RDWR | O_CLOEXEC); file >= 0) {
      void* const memory = mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
      if (memory != MAP_FAILED) count = static_cast<std::atomic<std::int64_t>*>(memory);
      close(file);
    }
    log = open(text("FAULT_LOG"), O_WRONLY | O_APPEND | O_CLOEXEC);
  }

  void say(char what, char const* path, char const* to = nullptr) const {
    if (log < 0) return;
    char line[9000];
    int const size = to ? std::snprintf(line, sizeof line, "%c %s\t%s\n", what, path, to)
                        : std::snprintf(line, sizeof line, "%c %s\n", what, path);
    syscall(SYS_write, log, line, static_cast<std::size_t>(size));
  }
  void say(char what, int file) const {
    if (log < 0) return;
    char link[64], path[4096] = "";
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    if (readlink(link, path, sizeof path - 1) > 0) say(what, path);
  }

  void die() const {
    say('K', "");
    raise(SIGKILL);  // the sandbox refuses kill
    for (;;) pause();
  }

  // What is to happen at this call.
  Deed meet(char const* name) const {
    char listed[32];
    std::snprintf(listed, sizeof listed, ",%s,", name);
    if (!counts || !count || !std::strstr(calls, listed)) return Deed::none;
    if (++*count != at) return Deed::none;
    if (deed == Deed::kill) die();
    return deed;
  }
};

Shim const& shim() {
  static Shim const one;
  return one;
}

__attribute__((constructor)) void begin() { shim(); }

bool is_watched(int file) {
  struct stat status {};
  return file > 2 && file != shim().log && fstat(file, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

template <class Call>
auto guarded(char const* name, int file, char what, Call const& call) -> decltype(call()) {
  if (!is_watched(file)) return call();
  auto const deed = shim().meet(name);
  if (deed == Deed::fail) {
    errno = shim().number;
    return -1;
  }
  auto const done = call();
  if (done >= 0) shim().say(what, file);
  if (deed == Deed::killed) shim().die();
  return done;
}

template <class Call>
ssize_t guarded_write(int file, std::size_t size, Call const& call) {
  if (!is_watched(file)) return call(size);
  auto const deed = shim().meet("write");
  if (deed == Deed::fail) {
    errno = shim().number;
    return -1;
  }
  auto const done = call(deed == Deed::half ? (size + 1) / 2 : size);
  shim().say('W', file);
  if (deed == Deed::killed) shim().die();
  return done;
}

}  // namespace

extern "C" {

ssize_t write(int file, void const* data, size_t size) {
  static auto const real = next<ssize_t (*)(int, void const*, size_t)>("write");
  return guarded_write(file, size, [&](size_t n) { return real(file, data, n); });
}
ssize_t pwrite(int file, void const* data, size_t size, off_t where) {
  static auto const real = next<ssize_t (*)(int, void const*, size_t, off_t)>("pwrite");
  return guarded_write(file, size, [&](size_t n) { return real(file, data, n, where); });
}
ssize_t pwrite64(int file, void const* data, size_t size, off64_t where) {
  static auto const real = next<ssize_t (*)(int, void const*, size_t, off64_t)>("pwrite64");
  return guarded_write(file, size, [&](size_t n) { return real(file, data, n, where); });
}
ssize_t copy_file_range(int from, off64_t* from_where, int to, off64_t* to_where, size_t size, unsigned flags) {
  static auto const real = next<ssize_t (*)(int, off64_t*, int, off64_t*, size_t, unsigned)>("copy_file_range");
  return guarded_write(to, size, [&](size_t n) { return real(from, from_where, to, to_where, n, flags); });
}
size_t fwrite(void const* data, size_t size, size_t count, FILE* stream) {
  static auto const real = next<size_t (*)(void const*, size_t, size_t, FILE*)>("fwrite");
  int const file = fileno(stream);
  if (size == 0 || !is_watched(file)) return real(data, size, count, stream);
  auto const deed = shim().meet("write");
  if (deed == Deed::fail) {
    errno = shim().number;
    return 0;
  }
  auto const done = real(data, size, deed == Deed::half ? count / 2 : count, stream);
  if (deed == Deed::half) errno = ENOSPC;
  shim().say('W', file);
  if (deed == Deed::killed) shim().die();
  return done;
}
int fsync(int file) {
  static auto const real = next<int (*)(int)>("fsync");
  return guarded("fsync", file, 'S', [&] { return real(file); });
}
int fdatasync(int file) {
  static auto const real = next<int (*)(int)>("fdatasync");
  return guarded("fsync", file, 'S', [&] { return real(file); });
}
int rename(char const* from, char const* to) {
  static auto const real = next<int (*)(char const*, char const*)>("rename");
  auto const deed = shim().meet("rename");
  if (deed == Deed::fail) {
    errno = shim().number;
    return -1;
  }
  int const done = real(from, to);
  if (done == 0) shim().say('R', from, to);
  if (deed == Deed::killed) shim().die();
  return done;
}
int mkdir(char const* path, mode_t mode) {
  static auto const real = next<int (*)(char const*, mode_t)>("mkdir");
  int const done = real(path, mode);
  if (done == 0) shim().say('M', path);
  return done;
}
}
