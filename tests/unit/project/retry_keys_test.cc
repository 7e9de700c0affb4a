// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/retry_keys.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

Result<Project> project_with(std::string const& retry) {
  return read_project("reelmill: 1\nexports: [youtube]\nretry: " + retry + "\n", "/film/reelmill.yaml");
}

TEST(RetryKeys, EveryKeyIsRead) {
  auto const project = project_with("{ attempts: 5, delay: 500 ms, growth: 2.5, jitter: 10%, deadline: 1h, stall: 90 }");
  ASSERT_TRUE(project) << project.error().text();
  auto const& policy = project->retry;
  EXPECT_EQ(policy.attempts, 5);
  EXPECT_DOUBLE_EQ(policy.delay, 0.5);
  EXPECT_DOUBLE_EQ(policy.growth, 2.5);
  EXPECT_DOUBLE_EQ(policy.jitter, 0.1);
  EXPECT_DOUBLE_EQ(policy.deadline, 3600);
  EXPECT_DOUBLE_EQ(policy.stall, 90);
}

TEST(RetryKeys, DurationsMayBeWrittenAsPeopleDo) {
  for (auto const& [text, seconds] :
       {std::pair{"5s", 5.0}, {"5 s", 5.0}, {"10m", 600.0}, {"10 min", 600.0}, {"0.5h", 1800.0}, {"7", 7.0}}) {
    auto const project = project_with(std::string("{ delay: ") + text + " }");
    ASSERT_TRUE(project) << text;
    EXPECT_DOUBLE_EQ(project->retry.delay, seconds) << text;
  }
}

TEST(RetryKeys, WhatIsNotSaidStaysAsItIs) {
  auto const project = project_with("{ attempts: 1 }");
  ASSERT_TRUE(project);
  EXPECT_EQ(project->retry.attempts, 1);
  EXPECT_DOUBLE_EQ(project->retry.growth, RetryPolicy().growth);
}

TEST(RetryKeys, MistakesAreNamed) {
  for (auto const& [text, part] : {std::pair{"{ attemps: 3 }", "did you mean 'attempts'"},
                                   {"{ attempts: 0 }", "between 1 and 100"},
                                   {"{ delay: soon }", "'delay'"},
                                   {"{ jitter: 300% }", "between 0 and 100"},
                                   {"5", "must be a map"},
                                   {"{ delay: 10 days }", "'delay'"}}) {
    auto const project = project_with(text);
    ASSERT_FALSE(project) << text;
    EXPECT_NE(project.error().what.find(part), std::string::npos) << project.error().what;
  }
}

}  // namespace
}  // namespace reelmill
