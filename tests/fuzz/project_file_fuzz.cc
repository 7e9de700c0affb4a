// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a project file: a project in which everything holds, or mistakes that each say where they are.
#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "fuzz/require.h"
#include "project/project.h"

using namespace reelmill;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const project = read_project({reinterpret_cast<char const*>(data), size}, "/film/reelmill.yaml");
  if (!project) {
    REQUIRE(project.error().kind == ErrorKind::project);
    auto const text = project.error().text();
    for (auto const line : split(text, '\n')) {
      REQUIRE(line.starts_with("/film/reelmill.yaml:"));
      REQUIRE(printable(line) == line);
      REQUIRE(line.size() < 2000);
    }
    return 0;
  }
  REQUIRE(!project->exports.empty() && !project->sources.empty() && !project->deliver.empty());
  for (auto const* steps : {&project->video, &project->audio})
    for (auto const& step : *steps) REQUIRE(!step.text().empty());
  for (auto const& target : project->exports) {
    REQUIRE(target.width % 2 == 0 && target.width > 0 && target.height % 2 == 0 && target.height > 0);
    for (auto const& pattern : project->deliver)
      REQUIRE(fill_template(pattern,
                            {{"platform", target.name}, {"name", "n"}, {"ext", target.container}, {"project", project->name}}));
  }
  return 0;
}
