// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <functional>
#include <thread>
#include <vector>

#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

// There is no way out of a sandbox, so each question is asked in a process of its own: the number of the first question
// answered with "no", or 0.
int in_child(std::function<int()> const& questions) {
  pid_t pid = fork();
  if (pid == 0) _exit(questions());
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int opening(fs::path const& path, int flags) {
  int file = open(path.c_str(), flags, 0600);
  if (file < 0) return errno;
  close(file);
  return 0;
}

class Sandbox : public InTemporaryFolder {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "attempt");
    fs::create_directories(folder_ / "other");
    std::ofstream(folder_ / "source.mp4") << "picture";
    std::ofstream(folder_ / "other" / "secret") << "secret";
    plan_.readable = {folder_ / "source.mp4"};
    plan_.writable = {folder_ / "attempt"};
    in_child([&] {
      auto level = enter_sandbox(plan_);
      if (level) std::ofstream(folder_ / "attempt" / "level") << *level;
      return 0;
    });
    std::getline(std::ifstream(folder_ / "attempt" / "level") >> std::ws, level_);
  }
  SandboxPlan plan_;
  std::string level_;
};

TEST_F(Sandbox, SaysItsLevel) {
  EXPECT_TRUE(level_ == "landlock+seccomp" || level_ == "landlock" || level_ == "seccomp" || level_ == "rlimits") << level_;
}

TEST_F(Sandbox, FilesOutsideThePlanAreClosed) {
  if (level_.find("landlock") == std::string::npos) GTEST_SKIP() << "this kernel has no Landlock";
  EXPECT_EQ(in_child([&] {
              if (!enter_sandbox(plan_)) return 1;
              if (opening(folder_ / "source.mp4", O_RDONLY) != 0) return 2;
              if (opening(folder_ / "source.mp4", O_WRONLY) != EACCES) return 3;
              if (opening(folder_ / "other" / "secret", O_RDONLY) != EACCES) return 4;
              if (opening(folder_ / "other" / "new", O_WRONLY | O_CREAT) != EACCES) return 5;
              if (opening("/etc/passwd", O_RDONLY) != EACCES) return 6;
              if (opening("/dev/urandom", O_RDONLY) != 0) return 7;
              if (opening("/dev/null", O_RDWR) != 0) return 8;
              return 0;
            }),
            0);
}

TEST_F(Sandbox, UnitsAreMadeAndRenamedInTheAttemptFolder) {
  EXPECT_EQ(in_child([&] {
              if (!enter_sandbox(plan_)) return 1;
              std::error_code failed;
              fs::create_directories(folder_ / "attempt" / "k.part" / "deep", failed);
              if (failed) return 2;
              std::ofstream(folder_ / "attempt" / "k.part" / "result.json") << "{}";
              fs::rename(folder_ / "attempt" / "k.part", folder_ / "attempt" / "k", failed);
              if (failed) return 3;
              int place = open((folder_ / "attempt").c_str(), O_RDONLY | O_DIRECTORY);
              if (place < 0 || fsync(place) != 0) return 4;
              fs::remove_all(folder_ / "attempt" / "k", failed);
              return failed ? 5 : 0;
            }),
            0);
}

TEST_F(Sandbox, CallsThatLeadOutAreRefused) {
  if (level_.find("seccomp") == std::string::npos) GTEST_SKIP() << "this kernel cannot filter system calls";
  EXPECT_EQ(in_child([&] {
              if (!enter_sandbox(plan_)) return 1;
              if (socket(AF_INET, SOCK_STREAM, 0) != -1 || errno != EPERM) return 2;
              if (socket(AF_UNIX, SOCK_STREAM, 0) != -1 || errno != EPERM) return 3;
              char* none[] = {nullptr};
              if (execve("/bin/true", none, none) != -1 || errno != EPERM) return 4;
              if (fork() != -1 || errno != EPERM) return 5;
              if (mount("none", "/mnt", "tmpfs", 0, nullptr) != -1 || errno != EPERM) return 6;
              if (kill(getppid(), 0) != -1 || errno != EPERM) return 7;
              siginfo_t signal{};
              if (syscall(SYS_rt_sigqueueinfo, getppid(), 0, &signal) != -1 || errno != EPERM) return 8;
              if (syscall(SYS_pidfd_send_signal, 0, 0, nullptr, 0) != -1 || errno != EPERM) return 9;
              rlimit limit{};
              if (prlimit(getppid(), RLIMIT_NOFILE, nullptr, &limit) != -1 || errno != EPERM) return 10;
              if (prlimit(0, RLIMIT_NOFILE, nullptr, &limit) != 0 || getrlimit(RLIMIT_CORE, &limit) != 0) return 11;
              return 0;
            }),
            0);
}

TEST_F(Sandbox, ThreadsWorkAndAreLockedInToo) {
  EXPECT_EQ(in_child([&] {
              if (!enter_sandbox(plan_)) return 1;
              int done = 0;
              bool refused = false;
              std::vector<std::thread> threads;
              threads.emplace_back([&] { done = 42; });
              threads.emplace_back([&] { refused = level_ == "rlimits" || opening("/etc/passwd", O_RDONLY) == EACCES; });
              for (auto& thread : threads) thread.join();
              if (done != 42) return 2;
              return refused || level_ == "seccomp" ? 0 : 3;
            }),
            0);
}

TEST_F(Sandbox, AbortStillEndsTheProcess) {
  EXPECT_EQ(in_child([&] {
              if (!enter_sandbox(plan_)) return 1;
              std::abort();
              return 2;
            }),
            1000 + SIGABRT);
}

TEST_F(Sandbox, LimitsHold) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the address sanitizer needs the address space";
#endif
  plan_.max_file_size = 4096;
  plan_.max_address_space = 512 << 20;
  EXPECT_EQ(in_child([&] {
              if (!enter_sandbox(plan_)) return 1;
              int file = open((folder_ / "attempt" / "big").c_str(), O_WRONLY | O_CREAT, 0600);
              std::vector<char> block(8192);
              if (write(file, block.data(), block.size()) != 4096) return 2;
              if (write(file, block.data(), block.size()) != -1 || errno != EFBIG) return 3;
              std::vector<int> files;
              while (files.size() < 1000) {
                int next = open("/dev/null", O_RDONLY);
                if (next < 0) break;
                files.push_back(next);
              }
              if (files.size() >= 256) return 4;
              if (std::malloc(1ull << 30) != nullptr) return 5;
              return 0;
            }),
            0);
}

TEST_F(Sandbox, ProcessorTimeEnds) {
  plan_.cpu_seconds = 1;
  EXPECT_EQ(in_child([&] {
              if (!enter_sandbox(plan_)) return 1;
              for (;;) std::atomic_signal_fence(std::memory_order_seq_cst);
            }),
            1000 + SIGXCPU);
}

TEST_F(Sandbox, InputThatIsNotThereIsAnError) {
  if (level_.find("landlock") == std::string::npos) GTEST_SKIP() << "this kernel has no Landlock";
  plan_.readable.push_back(folder_ / "nowhere.mp4");
  EXPECT_EQ(in_child([&] {
              auto level = enter_sandbox(plan_);
              return !level && level.error().what.find("nowhere.mp4") != std::string::npos ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace reelmill
