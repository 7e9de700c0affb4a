// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "ops/operation.h"

namespace reelmill {

extern Operation const stabilize, grade;
extern Operation const highpass, lowpass, denoise;

std::span<Operation const* const> operations() {
  static constexpr std::array table{&stabilize, &grade, &highpass, &lowpass, &denoise};
  return table;
}

Operation const* operation_named(std::string_view name) {
  for (auto const* const operation : operations())
    if (operation->name == name) return operation;
  return nullptr;
}

}  // namespace reelmill
