// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/usage.h"

#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "cli/completions.h"
#include "cli/manual.h"
#include "ops/operation.h"

namespace reelmill {
namespace {

ArgumentUsage const* argument(Usage const& usage, std::string_view name) {
  for (auto const& candidate : usage.arguments)
    for (auto const& known : candidate.names)
      if (known == name) return &candidate;
  return nullptr;
}

TEST(Usage, IsWhatTheCommandDeclares) {
  auto const usage = usage_of(run_command);
  EXPECT_EQ(usage.name, "reelmill run");
  EXPECT_EQ(usage.synopsis(), "reelmill run [OPTION]... [PROJECT]");
  auto const* const jobs = argument(usage, "-j");
  ASSERT_NE(jobs, nullptr);
  EXPECT_EQ(jobs->names, (std::vector<std::string>{"-j", "--jobs"}));
  EXPECT_EQ(jobs->value, "N");
  auto const* const json = argument(usage, "--json");
  ASSERT_NE(json, nullptr);
  EXPECT_EQ(json->value, "") << "a flag takes nothing";
  auto const* const only = argument(usage, "--only");
  ASSERT_NE(only, nullptr);
  EXPECT_TRUE(only->repeats);
  EXPECT_EQ(argument(usage, "PROJECT")->standard, "reelmill.yaml");
}

TEST(Usage, RequiredAndRepeatedArgumentsShow) {
  EXPECT_EQ(usage_of(clean_command).synopsis(), "reelmill clean [OPTION]... IN...");
  EXPECT_EQ(usage_of(new_command).synopsis(), "reelmill new [OPTION]... NAME");
}

TEST(Usage, EveryCommandHasASummaryAnExampleAndHelpForEachArgument) {
  for (auto const* const command : commands()) {
    EXPECT_FALSE(command->summary.empty()) << command->name;
    EXPECT_NE(command->examples.find("reelmill " + std::string(command->name)), std::string_view::npos) << command->name;
    auto const usage = usage_of(*command);
    EXPECT_EQ(usage.name, "reelmill " + std::string(command->name));
    for (auto const& each : usage.arguments) EXPECT_FALSE(each.help.empty()) << command->name << " " << each.names.front();
  }
}

TEST(Usage, CleanHasAFlagForEveryOperationOnPictureAndSound) {
  auto const usage = usage_of(clean_command);
  for (auto const* const operation : operations())
    EXPECT_EQ(argument(usage, "--" + std::string(operation->name)) != nullptr, operation->track != Track::captions)
        << operation->name;
  EXPECT_NE(argument(usage, "--no-stabilize"), nullptr);
}

TEST(Manual, TextCannotBecomeARequest) {
  Command const odd{"odd", "Say\n.SH things", run_command.run, "'quoted -x \\ text"};
  auto const text = command_page(odd).text;
  EXPECT_EQ(text.find("\n.SH things"), std::string::npos);
  EXPECT_NE(text.find("\\&\\(aqquoted \\-x \\e text"), std::string::npos) << text;
}

TEST(Completions, NameEveryCommand) {
  for (auto const& script : {bash_completions(), zsh_completions(), fish_completions()})
    for (auto const* const command : commands()) EXPECT_NE(script.find(command->name), std::string::npos) << command->name;
}

}  // namespace
}  // namespace reelmill
