// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/sharing_notes.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

Export target(std::string name, std::int64_t ceiling, double crf = 23) {
  Export out;
  out.name = std::move(name);
  out.width = 1280, out.height = 720, out.ceiling = ceiling, out.crf = crf;
  return out;
}

std::vector<std::string> notes(std::vector<Export> exports) {
  Project project;
  project.exports = std::move(exports);
  VideoStreamInfo source;
  source.width = 1920, source.height = 1080;
  auto const graph = pass_share(pass_common(lower_picture(project, source, {}).value()));
  return sharing_notes(graph, project);
}

TEST(SharingNotes, CeilingsThatNeedDifferentLevelsAreTold) {
  auto const told = notes({target("a", 5'000'000), target("b", 50'000'000), target("c", 5'000'000)});
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told.front(), "encoded apart, because their ceilings need different levels: a, c (3.1); b (4.2)");
}

TEST(SharingNotes, OthersAreNot) {
  EXPECT_TRUE(notes({target("a", 5'000'000), target("b", 4'000'000)}).empty()) << "shared";
  EXPECT_TRUE(notes({target("a", 5'000'000), target("b", 50'000'000, 20)}).empty()) << "another quality";
}

}  // namespace
}  // namespace reelmill
