// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace reelmill {
namespace {

using namespace std::chrono_literals;

Invocation shell(std::string script) { return {.arguments = {"sh", "-c", std::move(script)}}; }

bool is_alive(pid_t pid) { return kill(pid, 0) == 0; }

// A killed process that nobody waits for stays visible until init takes it, so this asks a few times.
bool goes_away(pid_t pid) {
  for (int i = 0; i < 200 && is_alive(pid); ++i) std::this_thread::sleep_for(10ms);
  return !is_alive(pid);
}

TEST(Process, OutputCodeAndErrorsOfOneCommand) {
  auto finished = run_to_end(shell("echo one; echo two; printf three; echo oops >&2; exit 3"));
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->output, "one\ntwo\nthree\n");
  EXPECT_EQ(finished->exit.code, 3);
  EXPECT_EQ(finished->exit.signal, 0);
  EXPECT_EQ(finished->exit.stderr_tail, "oops\n");
  EXPECT_GT(finished->exit.peak_memory, 100 << 10);
  EXPECT_EQ(to_string(finished->exit), "exited with code 3");
}

TEST(Process, FolderAndEnvironment) {
  auto command = shell("pwd; echo $REELMILL_TEST_WORD; echo ${HOME:+home}");
  command.folder = "/usr";
  command.environment = {{"REELMILL_TEST_WORD", "green apples"}};
  auto finished = run_to_end(command);
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->output.substr(0, 18), "/usr\ngreen apples\n");
}

TEST(Process, ProgramThatIsNotThereIsAnError) {
  auto finished = run_to_end({.arguments = {"/nowhere/at-all"}});
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::missing);
  EXPECT_NE(finished.error().what.find("/nowhere/at-all"), std::string::npos);
}

TEST(Process, SignalIsToldApartFromCode) {
  auto finished = run_to_end(shell("kill -SEGV $$"));
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->exit.signal, SIGSEGV);
  EXPECT_NE(to_string(finished->exit).find("signal 11"), std::string::npos);
}

TEST(Process, OnlyTheTailOfErrorsIsKept) {
  auto finished = run_to_end(shell("i=0; while [ $i -lt 20000 ]; do echo line-$i-xxxxxxxxxx >&2; i=$((i+1)); done"));
  ASSERT_TRUE(finished);
  auto const& tail = finished->exit.stderr_tail;
  EXPECT_EQ(tail.size(), 64u << 10);
  EXPECT_EQ(tail.substr(tail.size() - 11), "xxxxxxxxxx\n");
  EXPECT_NE(tail.find("line-19999-"), std::string::npos);
}

TEST(Process, OverlongLineIsCutInPiecesWithoutLoss) {
  auto command = shell("head -c 2500000 /dev/zero | tr '\\0' a; echo; echo end");
  Children children;
  ASSERT_TRUE(children.start(command));
  std::vector<std::string> lines;
  while (children.running() > 0) {
    for (auto& event : children.poll(1000ms))
      if (auto* line = std::get_if<ChildLine>(&event)) lines.push_back(line->text);
  }
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0].size() + lines[1].size() + lines[2].size(), 2500000u);
  EXPECT_EQ(lines[3], "end");
}

TEST(Process, ManyChildrenAtOnceKeepTheirLinesInOrder) {
  Children children;
  std::map<ChildId, std::vector<std::string>> lines;
  std::map<ChildId, int> codes;
  for (int i = 0; i < 8; ++i) {
    auto id = children.start(shell("for n in 1 2 3; do echo $n; sleep 0.01; done; exit " + std::to_string(i)));
    ASSERT_TRUE(id);
    codes[*id] = i;
  }
  while (children.running() > 0) {
    for (auto& event : children.poll(1000ms)) {
      if (auto* line = std::get_if<ChildLine>(&event)) lines[line->child].push_back(line->text);
      if (auto* ended = std::get_if<ChildEnded>(&event)) {
        EXPECT_EQ(ended->exit.code, codes.at(ended->child));
      }
    }
  }
  ASSERT_EQ(lines.size(), 8u);
  for (auto const& [id, said] : lines) EXPECT_EQ(said, (std::vector<std::string>{"1", "2", "3"}));
}

TEST(Process, PollReturnsWhenTheTimeIsOverOrTheWakerIsReadable) {
  Children children;
  ASSERT_TRUE(children.start(shell("sleep 30")));
  auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(children.poll(30ms).empty());
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  EXPECT_TRUE(children.poll(20s, ends[0]).empty());
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
  close(ends[0]);
  close(ends[1]);
}

TEST(Process, TerminateReachesTheWholeGroupAndNothingSurvivesTheLeader) {
  Children children;
  auto id = children.start(shell("trap 'exit 7' TERM; sleep 60 & echo $!; wait"));
  ASSERT_TRUE(id);
  pid_t grandchild = 0;
  Exit exit;
  while (children.running() > 0) {
    for (auto& event : children.poll(1000ms)) {
      if (auto* line = std::get_if<ChildLine>(&event)) {
        grandchild = std::stoi(line->text);
        children.terminate(*id);
      }
      if (auto* ended = std::get_if<ChildEnded>(&event)) exit = ended->exit;
    }
  }
  EXPECT_EQ(exit.code, 7);
  ASSERT_GT(grandchild, 0);
  EXPECT_TRUE(goes_away(grandchild));
}

TEST(Process, GrandchildHoldingThePipeDoesNotDelayTheEnd) {
  auto start = std::chrono::steady_clock::now();
  auto finished = run_to_end(shell("sleep 60 & echo started"));
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->output, "started\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(Process, DestructionKillsWhatStillRuns) {
  pid_t pid = 0;
  {
    Children children;
    ASSERT_TRUE(children.start(shell("trap '' TERM; echo $$; sleep 60")));
    while (pid == 0) {
      for (auto& event : children.poll(1000ms))
        if (auto* line = std::get_if<ChildLine>(&event)) pid = std::stoi(line->text);
    }
  }
  EXPECT_FALSE(is_alive(pid));
}

TEST(Process, ChildDiesWithItsParent) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that the orphan is seen to die even where nobody is init
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  pid_t front = fork();
  if (front == 0) {
    Children children;
    if (!children.start(shell("echo $$; exec sleep 60"))) _exit(1);
    for (;;) {
      for (auto& event : children.poll(1000ms)) {
        if (auto* line = std::get_if<ChildLine>(&event)) {
          int pid = std::stoi(line->text);
          if (write(ends[1], &pid, sizeof pid) != sizeof pid) _exit(1);
          kill(getpid(), SIGKILL);
        }
      }
    }
  }
  int pid = 0;
  ASSERT_EQ(read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  int status = 0;
  waitpid(front, nullptr, 0);
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  close(ends[0]);
  close(ends[1]);
}

TEST(Process, ChildInheritsNoOpenFiles) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);  // without O_CLOEXEC
  auto finished = run_to_end(shell("ls /proc/self/fd | wc -l"));
  ASSERT_TRUE(finished);
  EXPECT_EQ(std::stoi(finished->output), 4);  // 0, 1, 2 and the folder ls reads
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace reelmill
