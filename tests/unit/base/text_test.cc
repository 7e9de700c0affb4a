// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <array>
#include <clocale>

#include <gtest/gtest.h>

namespace reelmill {
namespace {

TEST(Closest, FindsSlipsAndNothingElse) {
  constexpr std::array<std::string_view, 5> names{"loudness", "youtube", "smoothing", "fit", "audio_bitrate"};
  EXPECT_EQ(closest("loudnes", names), "loudness");
  EXPECT_EQ(closest("yuotube", names), "youtube");
  EXPECT_EQ(closest("YouTube", names), "youtube");
  EXPECT_EQ(closest("audio-bitrate", names), "audio_bitrate");
  EXPECT_EQ(closest("smooth", names), "smoothing");
  EXPECT_EQ(closest("fot", names), "fit");
  EXPECT_EQ(closest("subtitles", names), std::nullopt);
  EXPECT_EQ(closest("", names), std::nullopt);
  EXPECT_EQ(closest("x", {}), std::nullopt);
  EXPECT_EQ(did_you_mean("loudnes", names), ", did you mean 'loudness'?");
  EXPECT_EQ(did_you_mean("subtitles", names), "");
}

TEST(Human, BytesAndDurations) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1000), "1.0 kB");
  EXPECT_EQ(human_bytes(999'950), "1.0 MB");
  EXPECT_EQ(human_bytes(1'350'000'000), "1.4 GB");
  EXPECT_EQ(human_bytes(INT64_MAX), "9.2 EB");
  EXPECT_EQ(human_duration(0.41), "0.4 s");
  EXPECT_EQ(human_duration(9.96), "10 s");
  EXPECT_EQ(human_duration(59.7), "1 min 00 s");
  EXPECT_EQ(human_duration(185), "3 min 05 s");
  EXPECT_EQ(human_duration(3599.6), "1 h 00 min");
  EXPECT_EQ(human_duration(7320), "2 h 02 min");
}

TEST(Numbers, AreExactAndComplete) {
  for (double const number : {0.05, 1.1, 30.0, 1.0 / 3, 1e-7, -50.0}) EXPECT_EQ(parse_number(shortest(number)), number);
  EXPECT_EQ(shortest(0.05), "0.05");
  EXPECT_EQ(shortest(30), "30");
  EXPECT_EQ(shortest(-0.0), "0");
  for (auto const* text : {"", "1x", "x", "1 ", " 1", "nan", "inf", "1e999", "0x10", "1,5", "+-1"})
    EXPECT_EQ(parse_number(text), std::nullopt) << text;
  EXPECT_EQ(parse_integer("-7"), -7);
  EXPECT_EQ(parse_integer("1.0"), std::nullopt);
  EXPECT_EQ(parse_integer("9223372036854775808"), std::nullopt);
}

TEST(Numbers, DoNotFollowTheLocale) {
  std::string const before = std::setlocale(LC_NUMERIC, nullptr);
  for (auto const* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"}) std::setlocale(LC_NUMERIC, name);
  EXPECT_EQ(shortest(0.5), "0.5");
  EXPECT_EQ(parse_number("0.5"), 0.5);
  std::setlocale(LC_NUMERIC, before.c_str());
}

TEST(Text, SplitsAndTrims) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, PrintableHidesWhatWouldSteerATerminal) {
  EXPECT_EQ(printable("film ü 映画.mp4"), "film ü 映画.mp4");
  EXPECT_EQ(printable("a\x1b[31mb\n"), "a?[31mb?");
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a?b");
  EXPECT_EQ(printable("\xff\xc0\xaf"), "???");
  EXPECT_TRUE(is_utf8("ü\n"));
  EXPECT_FALSE(is_utf8("\xc3"));
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
}

TEST(Text, SafeNamePartsStayInsideTheirFolder) {
  EXPECT_EQ(safe_name_part("My film (1)"), "My film (1)");
  EXPECT_EQ(safe_name_part("../../etc/passwd"), "_.._etc_passwd");
  EXPECT_EQ(safe_name_part("a\\b"), "a_b");
  EXPECT_EQ(safe_name_part("-rf"), "rf");
  EXPECT_EQ(safe_name_part(".."), "_");
  EXPECT_EQ(safe_name_part(""), "_");
  EXPECT_EQ(safe_name_part(std::string("a\0b\n", 4)), "a_b_");
  EXPECT_EQ(safe_name_part("\xff"
                           "a"),
            "_a");
  std::string umlauts;
  for (int i = 0; i < 150; ++i) umlauts += "ü";
  auto const cut = safe_name_part("x" + umlauts);
  EXPECT_LE(cut.size(), 200u);
  EXPECT_TRUE(is_utf8(cut));
}

}  // namespace
}  // namespace reelmill
