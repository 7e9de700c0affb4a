// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/models.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

std::string bytes_of(std::vector<std::int32_t> const& numbers) {
  return {reinterpret_cast<char const*>(numbers.data()), numbers.size() * sizeof(std::int32_t)};
}

std::string head(std::int32_t words) { return bytes_of({0x67676d6c, words, 1500, 64, 1, 1, 448, 64, 1, 1, 80, 1}); }

class Models : public InTemporaryFolder {
 protected:
  Models() { ::setenv("REELMILL_MODELS", folder_.c_str(), 1); }
  ~Models() override { ::unsetenv("REELMILL_MODELS"); }
  void write(std::string const& name, std::string bytes, std::size_t size) const {
    bytes.resize(size);
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
};

TEST_F(Models, AreFoundByNameAndByPath) {
  write("ggml-mine.bin", head(51865), 8'000'000);
  write("ggml-mine.en.bin", head(51864), 8'000'000);
  auto const model = find_model("mine");
  ASSERT_TRUE(model) << model.error().what;
  EXPECT_FALSE(model->is_english);
  EXPECT_TRUE(find_model("mine.en")->is_english);
  EXPECT_EQ(find_model((folder_ / "ggml-mine.bin").string())->name, "mine");
  EXPECT_FALSE(asset_of(*model)->hash.empty());
}

TEST_F(Models, ThatAreNotThereAreMissing) {
  write("ggml-mine.bin", head(51865), 8'000'000);
  auto const model = find_model("mina");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().kind, ErrorKind::missing);
  EXPECT_NE(model.error().what.find("did you mean 'mine'"), std::string::npos) << model.error().what;
  EXPECT_NE(model.error().what.find(folder_.string()), std::string::npos);
  EXPECT_EQ(find_model("./no.bin").error().kind, ErrorKind::missing);
}

TEST_F(Models, ThatAreDamagedSayHow) {
  write("ggml-cut.bin", head(51865), 100'000);
  write("ggml-other.bin", "something else that is long enough to be read as a head, and longer", 80);
  write("ggml-empty.bin", "", 0);
  for (auto const* name : {"cut", "other", "empty"}) {
    auto const model = find_model(name);
    ASSERT_FALSE(model) << name;
    EXPECT_EQ(model.error().kind, ErrorKind::media) << model.error().what;
  }
  EXPECT_NE(find_model("cut").error().what.find("too early"), std::string::npos);
}

}  // namespace
}  // namespace reelmill
