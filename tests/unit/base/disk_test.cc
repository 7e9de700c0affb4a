// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include <gtest/gtest.h>

#include "base/drafts.h"
#include "base/hash.h"
#include "unit/in_temporary_folder.h"

namespace reelmill {
namespace {

namespace fs = std::filesystem;

class Disk : public InTemporaryFolder {
 protected:
  void touch(fs::path const& relative) {
    fs::create_directories((folder_ / relative).parent_path());
    std::ofstream(folder_ / relative) << relative.string();
  }
  std::vector<std::string> glob(std::string_view pattern) {
    auto const found = expand_glob(folder_, pattern);
    if (!found) return {found.error().text()};
    std::vector<std::string> names;
    for (auto const& path : *found) names.push_back(path.lexically_relative(folder_).string());
    return names;
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  using Names = std::vector<std::string>;
};

TEST_F(Disk, WritesWholeFilesAndLeavesNoDrafts) {
  auto const file = folder_ / "a.json";
  ASSERT_TRUE(write_file_atomically(file, "one"));
  ASSERT_TRUE(write_file_atomically(file, std::string("two\0three", 9)));
  EXPECT_EQ(*read_file(file), std::string("two\0three", 9));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Disk, AFailedWriteLeavesTheOldFileAndNoDraft) {
  fs::create_directories(folder_ / "taken" / "inside");
  auto const written = write_file_atomically(folder_ / "taken", "x");
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().what.find("taken"), std::string::npos);
  EXPECT_EQ(entries(), 1u);
  EXPECT_FALSE(write_file_atomically(folder_ / "absent" / "a", "x"));
}

TEST_F(Disk, AFullDiskIsOfItsOwnKind) {
  EXPECT_EQ(disk_error("writing", ENOSPC).kind, ErrorKind::full);
  EXPECT_EQ(disk_error("writing", EDQUOT).kind, ErrorKind::full);
  EXPECT_EQ(disk_error("reading", ESTALE).kind, ErrorKind::lost);
  EXPECT_EQ(disk_error("reading", EIO).kind, ErrorKind::failed);
}

TEST_F(Disk, CopiesWithDigest) {
  std::string const bytes(3'000'000, 'x');
  ASSERT_TRUE(write_file_atomically(folder_ / "from", bytes));
  auto const copied = copy_file_atomically(folder_ / "from", folder_ / "to");
  ASSERT_TRUE(copied) << copied.error().text();
  EXPECT_EQ(copied->sha256, sha256_of(bytes));
  EXPECT_EQ(copied->size, 3'000'000);
  EXPECT_EQ(*read_file(folder_ / "to"), bytes);
  EXPECT_EQ(*sha256_of_file(folder_ / "to"), copied->sha256);
  EXPECT_FALSE(copy_file_atomically(folder_ / "absent", folder_ / "to"));
  EXPECT_EQ(*read_file(folder_ / "to"), bytes);
}

TEST_F(Disk, CopiesAlsoToAnotherFileSystem) {
  auto const elsewhere = fs::path("/dev/shm") / folder_.filename();
  std::error_code failed;
  if (!fs::create_directory(elsewhere, failed)) GTEST_SKIP() << "no /dev/shm here";
  std::string bytes(2'500'001, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i >> 7);
  for (auto const size : {std::size_t{0}, std::size_t{1}, bytes.size()}) {
    auto const part = bytes.substr(0, size);
    ASSERT_TRUE(write_file_atomically(folder_ / "from", part));
    for (auto const& to : {folder_ / "to", elsewhere / "to"}) {
      auto const copied = copy_file_atomically(folder_ / "from", to);
      ASSERT_TRUE(copied) << copied.error().text();
      EXPECT_EQ(*read_file(to), part);
      EXPECT_EQ(copied->sha256, sha256_of(part));
      EXPECT_TRUE(copied->shared || copied->by_kernel || to.parent_path() == elsewhere);
    }
  }
  fs::remove_all(elsewhere);
}

TEST_F(Disk, StampsTellChangesApart) {
  touch("a");
  auto const before = stamp_of(folder_ / "a");
  ASSERT_TRUE(before);
  EXPECT_EQ(*stamp_of(folder_ / "a"), *before);
  ASSERT_TRUE(write_file_atomically(folder_ / "a", "b"));
  EXPECT_NE(*stamp_of(folder_ / "a"), *before);
  EXPECT_FALSE(stamp_of(folder_ / "absent"));
}

TEST_F(Disk, FreeSpaceIsKnown) {
  auto const space = free_space(folder_);
  ASSERT_TRUE(space);
  EXPECT_GT(*space, 0);
}

TEST_F(Disk, GlobsNamesBracesAndFolders) {
  for (auto const* name :
       {"a.mp4", "b.MOV", "c.txt", ".hidden.mp4", "film [4K] {1}.mp4", "sub/d.mp4", "sub/deep/e.mp4", ".git/f.mp4"})
    touch(name);
  EXPECT_EQ(glob("*.{mp4,mov}"), (Names{"a.mp4", "b.MOV", "film [4K] {1}.mp4"}));
  EXPECT_EQ(glob("?.mp4"), (Names{"a.mp4"}));
  EXPECT_EQ(glob("film [4K] {1}.mp4"), (Names{"film [4K] {1}.mp4"}));
  EXPECT_EQ(glob("**/*.mp4"), (Names{"a.mp4", "film [4K] {1}.mp4", "sub/d.mp4", "sub/deep/e.mp4"}));
  EXPECT_EQ(glob("{sub,absent}/{d,x}.{mp4,mov}"), (Names{"sub/d.mp4"}));
  EXPECT_EQ(glob("sub/**"), (Names{"sub/d.mp4", "sub/deep/e.mp4"}));
  EXPECT_EQ(glob("sub/../a.mp4"), (Names{"a.mp4"}));
  EXPECT_EQ(glob("sub/*/../*.mp4"), (Names{"sub/d.mp4"}));
  EXPECT_EQ(glob("{a,{b,c}}.{mp4,mov,txt}"), (Names{"a.mp4", "b.MOV", "c.txt"}));
  EXPECT_EQ(glob(".h*.mp4"), (Names{".hidden.mp4"}));
  EXPECT_EQ(glob("A.mp4"), (Names{}));
  EXPECT_EQ(glob("sub"), (Names{}));
  EXPECT_EQ(glob((folder_ / "sub" / "*.mp4").string()), (Names{"sub/d.mp4"}));
}

TEST_F(Disk, GlobsEndWhateverThePattern) {
  touch(std::string(200, 'a'));
  EXPECT_TRUE(glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b").empty());
  fs::create_directory_symlink(folder_, folder_ / "loop");
  EXPECT_EQ(glob("**").size(), 1u);
  std::string many;
  for (int i = 0; i < 12; ++i) many += "{a,b}";
  EXPECT_FALSE(expand_glob(folder_, many));
  EXPECT_TRUE(is_pattern(many));
  EXPECT_FALSE(is_pattern("film {1}.mp4"));
}

TEST_F(Disk, DraftsOfTheDeadAreSweptThoseOfTheLivingAreNot) {
  auto const dead = folder_ / ".reelmill-00.tmp", living = folder_ / ".reelmill-01.tmp", mine = folder_ / "film.mp4";
  for (auto const& file : {dead, living, mine}) ASSERT_TRUE(write_file_atomically(file, "half"));
  int const held = ::open(living.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  sweep_drafts(folder_);
  ::close(held);
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(living));
  EXPECT_TRUE(fs::exists(mine));
}

}  // namespace
}  // namespace reelmill
