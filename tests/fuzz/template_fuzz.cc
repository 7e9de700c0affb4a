// SPDX-License-Identifier: GPL-3.0-or-later
// Any template, filled with any names (lines of the input): refused, or a path that stays inside its folder.
#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "fuzz/require.h"
#include "project/project.h"

using namespace reelmill;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const lines = split(text, '\n');
  auto const line = [&](std::size_t at) { return std::string(at < lines.size() ? lines[at] : std::string_view("x")); };
  auto const path = fill_template(lines[0], {{"name", line(1)}, {"platform", line(2)}, {"project", line(3)}, {"ext", "mp4"}});
  if (!path) {
    REQUIRE(path.error().kind == ErrorKind::project);
    REQUIRE(printable(path.error().what) == path.error().what);
    return 0;
  }
  REQUIRE(path->size() <= 4000 && printable(*path) == *path && path->find('\\') == std::string::npos);
  for (auto const part : split(*path, '/')) REQUIRE(!part.empty() && part != "." && part != ".." && part.size() <= 255);
  return 0;
}
