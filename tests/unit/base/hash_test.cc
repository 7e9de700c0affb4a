// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

TEST(Hasher, SeparatesValuesAndTypes) {
  EXPECT_NE(Hasher().add("ab").add("c").hex(), Hasher().add("a").add("bc").hex());
  EXPECT_NE(Hasher().add("1").hex(), Hasher().add(1).hex());
  EXPECT_NE(Hasher().add(1).hex(), Hasher().add(1.0).hex());
  EXPECT_NE(Hasher().add("").hex(), Hasher().hex());
  EXPECT_EQ(Hasher().add(1).hex(), Hasher().add(std::int64_t{1}).hex());
  EXPECT_EQ(Hasher().add(0.0).hex(), Hasher().add(-0.0).hex());
}

TEST(Hasher, BytesAreEqualHoweverTheyAreCut) {
  EXPECT_EQ(Hasher().add_bytes("abc", 1).add_bytes("bc", 2).hex(), Hasher().add_bytes("abc", 3).hex());
}

// Of XXH3-128 over nothing; keys must stay the same from build to build.
TEST(Hasher, IsXxh3) { EXPECT_EQ(Hasher().hex(), "99aa06d3014798d86001c324468d497f"); }

TEST(Hasher, CopiesGoTheirOwnWays) {
  auto base = Hasher().add("stage");
  auto const before = base.hex();
  auto copy = base;
  copy.add(1);
  EXPECT_EQ(base.hex(), before);
  EXPECT_EQ(copy.hex(), base.add(1).hex());
}

TEST(Hash, HexRoundTrips) {
  std::uint64_t back = 0;
  for (std::uint64_t const hash : {0ull, 1ull, ~0ull, 0xfedcba9876543210ull}) {
    ASSERT_TRUE(parse_hex(hex_of(hash), back));
    EXPECT_EQ(back, hash);
  }
  for (auto const* text : {"", "0", "00000000000000000", "000000000000000g", "-000000000000001"})
    EXPECT_FALSE(parse_hex(text, back));
}

// The standard's own example.
TEST(Sha256, KnownDigest) {
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256().add("a").add("bc").hex(), sha256_of("abc"));
}

}  // namespace
}  // namespace reelmill
