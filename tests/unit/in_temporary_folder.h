// SPDX-License-Identifier: GPL-3.0-or-later
// A fixture with a folder of its own, `folder_`, which is removed after the test.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace reelmill {

class InTemporaryFolder : public testing::Test {
 protected:
  InTemporaryFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "reelmill-unit-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the test");
    folder_ = pattern;
  }
  ~InTemporaryFolder() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path folder_;
};

}  // namespace reelmill
