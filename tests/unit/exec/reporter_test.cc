// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/reporter.h"

#include <sstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

// What `tell` prints, a document a line.
template <class Tell>
std::vector<Json> told(Tell tell) {
  testing::internal::CaptureStdout();
  Reporter reporter;
  tell(reporter);
  std::istringstream text(testing::internal::GetCapturedStdout());
  std::vector<Json> lines;
  for (std::string line; std::getline(text, line);) {
    lines.push_back(Json::parse(line, nullptr, false));
    EXPECT_FALSE(lines.back().is_discarded()) << line;
  }
  return lines;
}

TEST(Reporter, TellsOneEventALine) {
  auto const lines = told([](Reporter& reporter) {
    reporter.unit_done("0123");
    reporter.warning("two\nlines and \"quotes\"");
    reporter.sandbox("full");
    reporter.error({.kind = ErrorKind::media, .what = "reading a.mp4: damaged", .notes = {"while indexing"}});
  });
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], (Json{{"event", "done"}, {"key", "0123"}}));
  EXPECT_EQ(lines[1], (Json{{"event", "warning"}, {"what", "two\nlines and \"quotes\""}}));
  EXPECT_EQ(lines[2], (Json{{"event", "sandbox"}, {"level", "full"}}));
  EXPECT_EQ(lines[3].at("event"), "error");
  EXPECT_EQ(lines[3].at("kind"), "media");
  EXPECT_NE(lines[3].at("what").get<std::string>().find("damaged"), std::string::npos);
  EXPECT_NE(lines[3].at("what").get<std::string>().find("while indexing"), std::string::npos);
}

TEST(Reporter, BytesThatAreNotUtf8BecomeReplacements) {
  auto const lines = told([](Reporter& reporter) { reporter.warning("reading caf\xe9\xff.mp4"); });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("what"), "reading caf\xef\xbf\xbd\xef\xbf\xbd.mp4");
}

TEST(Reporter, ProgressIsRareButTheLastIsTold) {
  auto const lines = told([](Reporter& reporter) {
    for (int i = 0; i <= 1000; ++i) reporter.progress(i, 1000, "frames");
  });
  ASSERT_GE(lines.size(), 2u);
  EXPECT_LT(lines.size(), 30u);
  EXPECT_EQ(lines.back(), (Json{{"event", "progress"}, {"done", 1000.0}, {"of", 1000.0}, {"unit", "frames"}}));
}

TEST(Reporter, MoreThanAllIsRareToo) {
  auto const lines = told([](Reporter& reporter) {
    for (int i = 0; i <= 1000; ++i) reporter.progress(2, 1, "seconds");
    reporter.progress(1, 3, "frames");
    reporter.progress(3, 3, "frames");
  });
  EXPECT_LT(lines.size(), 30u);
  EXPECT_EQ(lines.front().at("unit"), "seconds");
  EXPECT_EQ(lines.back().at("unit"), "frames");
}

TEST(Reporter, LinesOfManyThreadsDoNotMix) {
  auto const lines = told([](Reporter& reporter) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) reporter.warning(std::string(500, static_cast<char>('a' + t)));
      });
    for (auto& thread : threads) thread.join();
  });
  EXPECT_EQ(lines.size(), 800u);
  for (auto const& line : lines) {
    auto const what = line.at("what").get<std::string>();
    EXPECT_EQ(what, std::string(500, what.at(0)));
  }
}

}  // namespace
}  // namespace reelmill
