// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a stage file: refused, or read so that writing it and reading it again gives the same.
#include <cstddef>
#include <cstdint>

#include "fuzz/require.h"
#include "graph/stage.h"

using namespace reelmill;

namespace {
// "0*5000000" is a column of five million numbers. The front writes these files itself, so such a one in each of a hundred
// chunks is no danger, but it would be the first thing a fuzzer finds.
bool has_long_column(std::string_view text) {
  for (auto at = text.find('*'); at != std::string_view::npos; at = text.find('*', at + 1)) {
    auto const end = text.find_first_not_of("0123456789", at + 1);
    if ((end == std::string_view::npos ? text.size() : end) - at > 5) return true;
  }
  return false;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  if (has_long_column(text)) return 0;
  auto const file = parse_stage_file(text);
  if (!file) {
    REQUIRE(file.error().kind == ErrorKind::usage);
    return 0;
  }
  auto const written = stage_text(file->stage, file->limits);
  auto const again = parse_stage_file(written);
  REQUIRE(again);
  REQUIRE(stage_text(again->stage, again->limits) == written);
  for (auto const& key : unit_keys(file->stage)) REQUIRE(!key.empty() && key.find('/') == std::string::npos && key != "..");
  return 0;
}
