// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/store.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>

#include "base/disk.h"
#include "graph/seal.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

class StoreTest : public InTemporaryFolder {
 protected:
  void SetUp() override {
    unsetenv("REELMILL_CACHE");
    open();
  }
  void TearDown() override { unsetenv("REELMILL_CACHE"); }

  void open() {
    auto workspace = Workspace::open(folder_);
    ASSERT_TRUE(workspace);
    workspace_.emplace(*std::move(workspace));
    store_.emplace(*workspace_);
  }

  fs::path unit(std::string const& key, std::string_view result = R"({"frames":3})") {
    auto attempt = workspace_->attempts() / "1-test";
    fs::create_directories(attempt / key);
    std::ofstream(attempt / key / "result.json") << result;
    std::ofstream(attempt / key / "video.pkts") << "packets of " << key;
    return attempt;
  }

  std::optional<Workspace> workspace_;
  std::optional<Store> store_;
};

TEST_F(StoreTest, CommittedUnitIsFoundAlsoByTheNextProcess) {
  EXPECT_FALSE(store_->has("abcd"));
  ASSERT_TRUE(store_->commit(unit("abcd"), "abcd"));
  open();
  EXPECT_TRUE(store_->has("abcd"));
  auto result = store_->result("abcd");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->at("frames"), 3);
  EXPECT_EQ(store_->file("abcd", "video.pkts"), folder_ / ".reelmill" / "cache" / "ab" / "abcd" / "video.pkts");
  EXPECT_TRUE(fs::exists(store_->file("abcd", "video.pkts")));
  EXPECT_EQ(store_->missing({"abcd", "efgh"}), std::vector<std::string>{"efgh"});
}

TEST_F(StoreTest, FirstToComeStays) {
  ASSERT_TRUE(store_->commit(unit("abcd", R"({"frames":1})"), "abcd"));
  open();
  ASSERT_TRUE(store_->commit(unit("abcd", R"({"frames":2})"), "abcd"));
  EXPECT_EQ(store_->result("abcd")->at("frames"), 1);
}

TEST_F(StoreTest, FolderWithoutReadableResultIsNoResultAndIsReplaced) {
  for (std::string_view text : {"", "{\"frames\":", "[1]"}) {
    auto folder = workspace_->cache() / "ab" / "abcd";
    fs::create_directories(folder);
    std::ofstream(folder / "result.json") << text;
    open();
    EXPECT_FALSE(store_->has("abcd")) << text;
    ASSERT_TRUE(store_->commit(unit("abcd"), "abcd"));
    EXPECT_TRUE(store_->has("abcd"));
    fs::remove_all(folder);
  }
}

TEST_F(StoreTest, CommittedUnitsAreSealed) {
  ASSERT_TRUE(store_->commit(unit("abcd"), "abcd"));
  auto const text = *read_file(store_->file("abcd", "result.json"));
  EXPECT_TRUE(seal_holds(text)) << text;
  EXPECT_TRUE(check_files(store_->file("abcd", ""), Json::parse(text), Look::at_contents));
}

TEST_F(StoreTest, UnitThatIsNotWhatItsMakerSealedIsRefused) {
  auto const attempt = unit("abcd");
  auto const sealed = *sealed_result(attempt / "abcd", {{"frames", 3}});
  std::ofstream(attempt / "abcd" / "result.json") << sealed;
  std::ofstream(attempt / "abcd" / "video.pkts", std::ios::app) << "more";
  EXPECT_FALSE(store_->commit(attempt, "abcd"));
  std::ofstream(attempt / "abcd" / "video.pkts") << "packets of abcd";
  auto flipped = sealed;
  flipped[60] = static_cast<char>(flipped[60] ^ 1);
  std::ofstream(attempt / "abcd" / "result.json") << flipped;
  EXPECT_FALSE(store_->commit(attempt, "abcd"));
  std::ofstream(attempt / "abcd" / "result.json") << sealed;
  EXPECT_TRUE(store_->commit(attempt, "abcd"));
}

TEST_F(StoreTest, DamageIsFoundByWhoComesLaterAndSetAside) {
  auto const damage = [&](std::string const& name, auto&& how) {
    ASSERT_TRUE(store_->commit(unit("abcd"), "abcd"));
    how(store_->file("abcd", name));
    open();
    std::string warning;
    store_->warn_by([&](std::string const& what) { warning = what; });
    EXPECT_FALSE(store_->intact("abcd")) << name;
    EXPECT_FALSE(store_->has("abcd")) << name;
    EXPECT_NE(warning.find(name), std::string::npos) << warning;
    EXPECT_NE(warning.find("quarantine"), std::string::npos) << warning;
  };
  auto const flip = [](fs::path const& file) {
    auto text = *read_file(file);
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 4);
    std::ofstream(file) << text;
  };
  auto const truncate = [](fs::path const& file) { fs::resize_file(file, fs::file_size(file) - 1); };
  for (auto const* name : {"video.pkts", "result.json"}) {
    damage(name, flip);
    damage(name, truncate);
  }
  damage("video.pkts", [](fs::path const& file) { fs::remove(file); });
  EXPECT_EQ(std::distance(fs::directory_iterator(workspace_->cache() / "quarantine"), fs::directory_iterator()), 5);
  ASSERT_TRUE(store_->commit(unit("abcd"), "abcd"));
  open();
  EXPECT_TRUE(store_->intact("abcd"));
}

TEST_F(StoreTest, AResultIsDamagedBeforeAnythingIsPlannedWithIt) {
  ASSERT_TRUE(store_->commit(unit("abcd"), "abcd"));
  std::ofstream(store_->file("abcd", "result.json")) << R"({"frames":4})";
  open();
  EXPECT_FALSE(store_->has("abcd"));
  EXPECT_FALSE(store_->result("abcd"));
}

TEST_F(StoreTest, UseIsMarkedAtMostOnceAnHour) {
  ASSERT_TRUE(store_->commit(unit("abcd"), "abcd"));
  auto const file = store_->file("abcd", "result.json");
  auto const now = fs::file_time_type::clock::now();
  for (auto const age : {std::chrono::minutes(30), std::chrono::minutes(90)}) {
    fs::last_write_time(file, now - age);
    open();
    EXPECT_TRUE(store_->has("abcd"));
    EXPECT_EQ(fs::last_write_time(file) < now - std::chrono::minutes(29), age < std::chrono::hours(1));
  }
}

TEST_F(StoreTest, UnitWithUnreadableResultIsRefused) {
  auto result = store_->commit(unit("abcd", "not json"), "abcd");
  EXPECT_FALSE(result);
  EXPECT_FALSE(fs::exists(workspace_->cache() / "ab" / "abcd"));
}

TEST_F(StoreTest, LinksInAUnitAreRefused) {
  auto attempt = unit("abcd");
  fs::create_symlink("/etc/passwd", attempt / "abcd" / "captions.srt");
  auto result = store_->commit(attempt, "abcd");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("captions.srt"), std::string::npos);
  fs::create_directory_symlink("/etc", attempt / "efgh");
  EXPECT_FALSE(store_->commit(attempt, "efgh"));
}

TEST_F(StoreTest, KeysCannotLeaveTheCache) {
  for (auto const* key : {"../../evil", "a/b", "", ".", "..", "with space"}) {
    EXPECT_FALSE(store_->commit(workspace_->attempts(), key)) << key;
    EXPECT_FALSE(store_->has(key)) << key;
  }
}

TEST_F(StoreTest, LargeResultsAreFoundButNotKept) {
  ASSERT_TRUE(store_->commit(unit("abcd", R"({"text":")" + std::string(100000, 'x') + "\"}"), "abcd"));
  EXPECT_TRUE(store_->has("abcd"));
  EXPECT_EQ(store_->result("abcd")->at("text").get<std::string>().size(), 100000u);
  fs::remove_all(workspace_->cache() / "ab");
  EXPECT_FALSE(store_->result("abcd"));
}

TEST_F(StoreTest, CacheElsewhereEvenOnAnotherFileSystem) {
  auto const elsewhere = fs::path("/dev/shm") / folder_.filename();
  std::error_code failed;
  if (!fs::create_directory(elsewhere, failed)) GTEST_SKIP() << "no /dev/shm here";
  setenv("REELMILL_CACHE", elsewhere.c_str(), 1);
  open();
  ASSERT_TRUE(store_->commit(unit("abcd"), "abcd"));
  EXPECT_EQ(store_->file("abcd", "video.pkts"), elsewhere / "ab" / "abcd" / "video.pkts");
  std::ifstream file(store_->file("abcd", "video.pkts"));
  std::string text;
  std::getline(file, text);
  EXPECT_EQ(text, "packets of abcd");
  fs::remove_all(elsewhere);
}

TEST_F(StoreTest, RecordsAreRememberedByName) {
  EXPECT_EQ(store_->recall("stamp of film.mp4"), std::nullopt);
  ASSERT_TRUE(store_->remember("stamp of film.mp4", {{"key", "abcd"}}));
  ASSERT_TRUE(store_->remember("other", 7));
  open();
  ASSERT_TRUE(store_->recall("stamp of film.mp4"));
  EXPECT_EQ(store_->recall("stamp of film.mp4")->at("key"), "abcd");
  EXPECT_EQ(store_->recall("other"), Json(7));
  for (auto const& entry : fs::recursive_directory_iterator(workspace_->memory()))
    if (entry.is_regular_file()) std::ofstream(entry.path()) << "torn{";
  EXPECT_EQ(store_->recall("other"), std::nullopt);
}

TEST_F(StoreTest, AttemptsNeverShareAFolder) {
  auto first = workspace_->new_attempt("film/one");
  auto second = workspace_->new_attempt("film/one");
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  EXPECT_EQ(first->parent_path(), workspace_->attempts());
  EXPECT_TRUE(fs::is_directory(*second));
}

TEST_F(StoreTest, LeaseIsGivenBack) {
  {
    auto held = workspace_->lease();
    ASSERT_TRUE(held);
    EXPECT_FALSE(workspace_->lease());
  }
  EXPECT_TRUE(workspace_->lease());
}

}  // namespace
}  // namespace reelmill
