// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/text_packets.h"

#include <gtest/gtest.h>

namespace reelmill {
namespace {

struct Seen {
  std::int64_t from, to;
  std::string bytes;
  friend bool operator==(Seen const&, Seen const&) = default;
};

std::vector<Seen> packets(TextTrack const& track, std::string_view codec) {
  TextPackets all(track, codec);
  auto packet = av::make_packet();
  std::vector<Seen> out;
  while (all.read(*packet))
    out.push_back({packet->pts, packet->pts + packet->duration,
                   std::string(reinterpret_cast<char const*>(packet->data), static_cast<std::size_t>(packet->size))});
  return out;
}

TextTrack const track{"en", {{500, 1000, "one"}, {1000, 2000, "two & <3>"}, {2500, 2600, "é"}}};

TEST(TextPackets, FillTheGapsOfTimedText) {
  EXPECT_EQ(packets(track, "mov_text"), (std::vector<Seen>{{0, 500, {"\0\0", 2}},
                                                           {500, 1000, {"\0\3one", 5}},
                                                           {1000, 2000, {"\0\11two & <3>", 11}},
                                                           {2000, 2500, {"\0\0", 2}},
                                                           {2500, 2600, {"\0\2\xc3\xa9", 4}}}));
}

TEST(TextPackets, AreTheTextsElsewhere) {
  EXPECT_EQ(packets(track, "subrip").size(), 3u);
  EXPECT_EQ(packets(track, "subrip")[1].bytes, "two & <3>");
  EXPECT_EQ(packets(track, "webvtt")[1].bytes, "two &amp; &lt;3&gt;");
}

TEST(TextPackets, NeverGoBack) {
  EXPECT_EQ(packets({"", {{0, 1000, "a"}, {500, 800, "inside"}, {900, 1500, "b"}}}, "subrip"),
            (std::vector<Seen>{{0, 1000, "a"}, {1000, 1500, "b"}}));
}

TEST(TextPackets, CutLongTextsBetweenCharacters) {
  std::string long_text;
  while (long_text.size() < 70'000) long_text += "é";
  auto const bytes = packets({"", {{0, 10, long_text}}}, "mov_text").front().bytes;
  EXPECT_EQ(bytes.size(), 2u + 65'534u);
}

}  // namespace
}  // namespace reelmill
