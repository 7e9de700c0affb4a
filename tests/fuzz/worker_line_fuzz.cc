// SPDX-License-Identifier: GPL-3.0-or-later
// Any line that a worker may say: nothing of it reaches a terminal raw, and no number of it is nonsense.
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "fuzz/require.h"
#include "run/worker_line.h"

using namespace reelmill;

namespace {
void check(std::string const& text) { REQUIRE(printable(text) == text); }

struct Check {
  void operator()(WorkerProgress const& said) const {
    REQUIRE(std::isfinite(said.done) && said.done >= 0 && std::isfinite(said.total) && said.total >= 0);
    check(said.unit);
  }
  void operator()(WorkerUnit const& said) const { check(said.key); }
  void operator()(WorkerWarning const& said) const { check(said.what); }
  void operator()(WorkerError const& said) const {
    check(said.what);
    REQUIRE(exit_code_of(said.kind) > 0);
  }
  void operator()(WorkerSandbox const& said) const { check(said.level); }
  void operator()(NotAnEvent const& said) const { check(said.line); }
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::visit(Check(), parse_worker_line({reinterpret_cast<char const*>(data), size}));
  return 0;
}
