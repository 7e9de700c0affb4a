// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/caption_file.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "captions/tidy.h"

namespace reelmill {
namespace {

ReadCaptions read(std::string_view bytes, std::string const& name = "film.srt", std::string const& encoding = "") {
  auto result = read_captions(bytes, name, encoding);
  if (!result) {
    ADD_FAILURE() << result.error().text();
    return {};
  }
  return std::move(result).value();
}

std::vector<Cue> cues(std::string_view bytes, std::string const& name = "film.srt") { return read(bytes, name).captions.cues; }

TEST(CaptionFormats, AreKnownByNameAndExtension) {
  for (auto const format : caption_formats) {
    EXPECT_EQ(caption_format_named(name_of(format)), format);
    EXPECT_EQ(caption_format_of("A.b." + std::string(name_of(format))), format);
  }
  EXPECT_EQ(caption_format_of("x.SRT"), CaptionFormat::srt);
  EXPECT_EQ(caption_format_of("x.dfxp"), CaptionFormat::ttml);
  EXPECT_EQ(caption_format_of("x.mp4"), std::nullopt);
  EXPECT_EQ(caption_format_of("srt"), std::nullopt);
}

TEST(Srt, IsReadAsItShouldBe) {
  auto const found =
      read("1\n00:00:01,000 --> 00:00:02,500\nHello\nworld\n\n2\n00:00:03,000 --> 00:00:04,000\n<i>So</i> <b>be</b> it\n");
  EXPECT_EQ(found.format, CaptionFormat::srt);
  EXPECT_EQ(found.encoding, "UTF-8");
  EXPECT_TRUE(found.notes.empty());
  ASSERT_EQ(found.captions.cues.size(), 2u);
  EXPECT_EQ(found.captions.cues[0], (Cue{1000, 2500, "Hello\nworld"}));
  EXPECT_EQ(found.captions.cues[1], (Cue{3000, 4000, "So be it", {{0, 2, Emphasis::italic}, {3, 5, Emphasis::bold}}}));
}

TEST(Srt, IsReadWhateverIsWrongWithIt) {
  Cue const one{1000, 2000, "One"}, two{3000, 4000, "Two"};
  for (std::string_view const text :
       {"1\r\n00:00:01,000 --> 00:00:02,000\r\nOne\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nTwo\r\n",
        "1\r00:00:01,000 --> 00:00:02,000\rOne\r\r2\r00:00:03,000 --> 00:00:04,000\rTwo",
        "\xef\xbb\xbf"
        "1\n00:00:01.000 --> 00:00:02.000\nOne\n2\n00:00:03,0 --> 00:00:04,00\nTwo",
        "00:00:01,000 --> 00:00:02,000\nOne\n\n00:00:03,000 --> 00:00:04,000\nTwo",
        "00:00:01,000 --> 00:00:02,000\nOne\n00:00:03,000 --> 00:00:04,000\nTwo",
        "7\n0:0:1,000->0:0:2,000 X1:1 X2:2\n\nOne\n\n\n\n9\n00:03 -->  00:04\nTwo\n\n",
        "1\n00 : 00 : 01 , 000 --> 00:00:02:000\n  One  \n \n2\n00:00:03,000 -> 00:00:04,000\nTwo\n"})
    EXPECT_EQ(cues(text), (std::vector{one, two})) << text;
}

TEST(Srt, KeepsStrangeTimes) {
  auto const found = cues(
      "1\n100:00:01,000 --> 101:00:00,000\nlate?\n\n2\n99:59:59,999 --> 100:00:00,000\nlast\n\n3\n-00:00:01,500 --> "
      "00:00:01,000\nearly\n\n"
      "4\n00:00:05,000 --> 00:00:04,000\nback\n\n5\n00:00:05,000 --> 00:00:05,000\nnone\n\n6\n00:70:61,000 --> "
      "01:11:02,000\nsexagesimal\n");
  ASSERT_EQ(found.size(), 5u) << "times beyond 100 hours are no times";
  EXPECT_EQ(found[0].from, 359'999'999);
  EXPECT_EQ(found[1].from, -1500);
  EXPECT_EQ(found[2], (Cue{5000, 4000, "back"}));
  EXPECT_EQ(found[4].from, 4'261'000);
}

TEST(Srt, TagsGoAndTextStays) {
  auto const text = [](std::string_view line) {
    return cues("1\n00:00:01,000 --> 00:00:02,000\n" + std::string(line) + "\n").at(0).text;
  };
  EXPECT_EQ(text("<font color=\"#fff\">red</font> <u>line"), "red line");
  EXPECT_EQ(text("a <3 b, x < y > z, <not a tag>"), "a <3 b, x < y > z, <not a tag>");
  EXPECT_EQ(text("one<br>two<br/>three"), "one\ntwo\nthree");
  EXPECT_EQ(text("{\\an8}{\\i1}top{\\i0} {curly}"), "top {curly}");
  EXPECT_EQ(text("5 --> 6 & 7"), "5 --> 6 & 7");
  auto const cue = cues("1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<I>up</I>\n").at(0);
  EXPECT_TRUE(cue.at_top);
  EXPECT_EQ(cue.runs, (std::vector<EmphasisRun>{{0, 2, Emphasis::italic}}));
}

TEST(Srt, WhatIsNoneIsRefused) {
  for (std::string_view const bytes : {"", " \n\n", "just a text\n", "\x1a\x45\xdf\xa3 matroska", "\x00\x01\x02\x03"}) {
    auto const result = read_captions(bytes, "a.srt");
    ASSERT_FALSE(result) << bytes;
    EXPECT_EQ(result.error().kind, ErrorKind::media);
    EXPECT_NE(result.error().what.find("a.srt"), std::string::npos) << result.error().what;
  }
  EXPECT_FALSE(read_captions("hello", "a.txt"));
  EXPECT_TRUE(read_captions("00:01 --> 00:02\nhello", "a.txt"));
  EXPECT_FALSE(read_captions(std::string(10'000'001, ' '), "a.srt"));
  std::string many;
  for (int i = 0; i < 50'001; ++i) many += "00:01 --> 00:02\na\n\n";
  auto const result = read_captions(many, "a.srt");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("50000"), std::string::npos);
}

TEST(Encodings, AreFoundOut) {
  std::string const head = "1\n00:00:01,000 --> 00:00:02,000\n";
  EXPECT_EQ(read(head + "Gr\xc3\xbc\xc3\x9f\x65").encoding, "UTF-8");
  auto const latin = read(
      head + "Die gr\xf6\xdf\x65ren B\xe4ume stehen drau\xdf\x65n vor der T\xfcr, und \xfc\x62\x65r ihnen fliegen V\xf6gel.\n");
  EXPECT_EQ(latin.captions.cues.at(0).text, "Die größeren Bäume stehen draußen vor der Tür, und über ihnen fliegen Vögel.");
  EXPECT_FALSE(latin.notes.empty()) << "a guess is told";
  std::string little = "\xff\xfe", big;
  for (char const c : head + "\xe9") {
    little += c, little += '\0';
    big += '\0', big += c;
  }
  EXPECT_EQ(read(little).captions.cues.at(0).text, "\u00e9");
  EXPECT_EQ(read(little).encoding, "UTF-16LE");
  EXPECT_EQ(read(big).encoding, "UTF-16BE") << "by its zeros";
  EXPECT_EQ(read(head + "\xcf\xf0\xe8\xe2\xe5\xf2", "a.srt", "windows-1251").captions.cues.at(0).text, "Привет");
  EXPECT_EQ(read(head + "\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0? \xd3 \xec\xe5\xed\xff \xe2\xf1\xb8 "
                        "\xf5\xee\xf0\xee\xf8\xee, \xf1\xef\xe0\xf1\xe8\xe1\xee.")
                .captions.cues.at(0)
                .text,
            "Привет, как дела? У меня всё хорошо, спасибо.");
  auto const unknown = read_captions(head + "a", "a.srt", "klingon");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::usage);
  auto const broken = read(head +
                               "a\xff"
                               "b",
                           "a.srt", "utf-8");
  EXPECT_EQ(broken.captions.cues.at(0).text,
            "a\ufffd"
            "b");
  EXPECT_EQ(broken.notes.size(), 1u);
}

TEST(Vtt, IsReadAsItShouldBe) {
  auto const found = read(
      "WEBVTT - a title\nKind: captions\nLanguage: en-GB\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\nNOTE\n00:01 --> is "
      "no time\nhere\n\n"
      "intro\n00:01.000 --> 00:02.000 line:0 position:50%\n<v Bob>Hi &amp; <i.loud>bye</i>&lrm;\n\n01:00:00.000 --> 01:00:01.000 "
      "line:90%\n"
      "a <00:00:01.500><c>b</c> &lt;i&gt; &#x41;\nc\n",
      "film.vtt");
  EXPECT_EQ(found.format, CaptionFormat::vtt);
  EXPECT_EQ(found.captions.language, "en-GB");
  ASSERT_EQ(found.captions.cues.size(), 2u);
  EXPECT_EQ(found.captions.cues[0], (Cue{1000, 2000, "Hi & bye\u200e", {{5, 8, Emphasis::italic}}, true}));
  EXPECT_EQ(found.captions.cues[1], (Cue{3'600'000, 3'601'000, "a b <i> A\nc"}));
  EXPECT_EQ(found.notes.size(), 2u) << "styles; who speaks";
}

TEST(Vtt, IsKnownWhateverItIsCalled) {
  EXPECT_EQ(read("WEBVTT\n\n00:01.000 --> 00:02.000\na\n", "film.srt").format, CaptionFormat::vtt);
  EXPECT_EQ(read("1\n00:00:01,000 --> 00:00:02,000\na\n", "film.vtt").captions.cues.size(), 1u);
  EXPECT_EQ(read("1\n00:00:01,000 --> 00:00:02,000\na\n", "film.ass").format, CaptionFormat::srt);
  EXPECT_EQ(read("WEBVTT\n", "film.vtt").captions.cues.size(), 0u);
}

TEST(Ass, IsReadAsItShouldBe) {
  auto const found = read(
      "[Script Info]\nScriptType: v4.00+\nPlayResY: 400\n\n[V4+ Styles]\nFormat: Name, Fontname, Italic, Alignment\nStyle: "
      "Default,Arial,0,2\n"
      "Style: Thought,Arial,-1,2\nStyle: Sign,Arial,0,8\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
      "Comment: 0,0:00:00.00,0:00:01.00,Default,not shown\n"
      "Dialogue: 0,0:00:01.00,0:00:02.50,Default,one, two\\Nthree {\\b1}four{\\b0}\n"
      "Dialogue: 0,0:00:03.00,0:00:04.00,thought,so{\\i0} so\n"
      "Dialogue: 0,0:00:05.00,0:00:06.00,*Sign,up {a comment}\\{there\\}\n"
      "Dialogue: 0,0:00:05.00,0:00:06.00,Default,{\\pos(200,50)}also\\hup\n"
      "Dialogue: 0,0:00:07.00,0:00:08.00,Default,{\\p1}m 0 0 l 1 1{\\p0}\n",
      "film.ass");
  ASSERT_EQ(found.captions.cues.size(), 4u);
  EXPECT_EQ(found.captions.cues[0], (Cue{1000, 2500, "one, two\nthree four", {{15, 19, Emphasis::bold}}}));
  EXPECT_EQ(found.captions.cues[1], (Cue{3000, 4000, "so so", {{0, 2, Emphasis::italic}}}));
  EXPECT_EQ(found.captions.cues[2], (Cue{5000, 6000, "up {there}", {}, true}));
  EXPECT_EQ(found.captions.cues[3], (Cue{5000, 6000, "also\u00a0up", {}, true}));
  EXPECT_EQ(found.notes.size(), 1u) << "the drawing";
}

TEST(Ssa, HasAlignmentsOfItsOwn) {
  auto const found = cues(
      "[Script Info]\nScriptType: v4.00\n[V4 Styles]\nFormat: Name, Alignment\nStyle: Low,2\nStyle: High,6\n[Events]\n"
      "Format: Marked, Start, End, Style, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,Low,a\nDialogue: "
      "Marked=0,0:00:01.00,0:00:02.00,High,b\n",
      "film.ssa");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_FALSE(found[0].at_top);
  EXPECT_TRUE(found[1].at_top);
}

TEST(Ttml, IsReadAsItShouldBe) {
  auto const found = read(R"(<?xml version="1.0" encoding="UTF-8"?>
<tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling"
  xml:lang="de" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:tickRate="1000">
 <tt:head><tt:styling><tt:style xml:id="base" tts:fontStyle="italic"/><tt:style xml:id="quote" style="base loop"/>
  <tt:style xml:id="loop" style="loop quote"/></tt:styling>
  <tt:layout><tt:region xml:id="up" tts:origin="10% 5%" tts:extent="80% 20%"/>
   <tt:region xml:id="down" tts:displayAlign="after"><tt:style tts:origin="10% 10%"/></tt:region></tt:layout></tt:head>
 <tt:body begin="1s"><tt:div begin="00:00:01">
  <tt:p begin="00:00:01.500" end="00:00:03" region="down">  One
     line<tt:br/>and <tt:span style="quote">another <tt:span tts:fontStyle="normal">one</tt:span></tt:span> </tt:p>
  <tt:p begin="2500t" dur="1s" region="up">Ticks</tt:p>
  <tt:p begin="00:00:10:12" end="330f">Frames</tt:p>
  <tt:p begin="20s" end="30s"><tt:span begin="1s" end="2s">first</tt:span> <tt:span begin="2s">second</tt:span></tt:p>
  <tt:p begin="0.75m" end="46000ms">Offsets</tt:p>
  <tt:p begin="50s">Open</tt:p>
  <tt:p begin="soon" end="later">Never</tt:p>
 </tt:div></tt:body></tt:tt>)",
                          "film.ttml");
  EXPECT_EQ(found.captions.language, "de");
  auto const& all = found.captions.cues;
  ASSERT_EQ(all.size(), 7u);
  EXPECT_EQ(all[0], (Cue{3500, 5000, "One line\nand another one", {{13, 21, Emphasis::italic}}}));
  EXPECT_EQ(all[1], (Cue{4500, 5500, "Ticks", {}, true}));
  EXPECT_EQ(all[2].from, 2000 + 10'400) << "12 frames of 30000/1001";
  EXPECT_EQ(all[2].to, 2000 + 11'011);
  EXPECT_EQ(all[3], (Cue{23'000, 24'000, "first"}));
  EXPECT_EQ(all[4], (Cue{24'000, 32'000, "second"}));
  EXPECT_EQ(all[5], (Cue{47'000, 48'000, "Offsets"}));
  EXPECT_EQ(all[6], (Cue{52'000, 55'000, "Open"}));
  EXPECT_EQ(found.notes.size(), 2u);
}

TEST(Ttml, CountsFramesOfTimecode) {
  auto const from = [](std::string_view parameters, std::string_view begin) {
    return cues(R"(<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" )" +
                    std::string(parameters) + "><body><div><p begin=\"" + std::string(begin) +
                    "\" dur=\"1s\">a</p></div></body></tt>",
                "a.ttml")
        .at(0)
        .from;
  };
  EXPECT_EQ(from(R"(ttp:timeBase="smpte" ttp:frameRate="25")", "00:00:10:12"), 10'480);
  EXPECT_EQ(from(R"(ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001")", "01:00:00:00"), 3'603'600);
  EXPECT_EQ(from(R"(ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:dropMode="dropNTSC")",
                 "01:00:00:00"),
            3'599'996);
  EXPECT_EQ(from(R"(ttp:frameRate="24")", "12f"), 500);
}

TEST(Ttml, WhatIsDamagedIsRefusedWithItsLine) {
  auto const result = read_captions("<?xml version=\"1.0\"?>\n<tt>\n<body><p begin=\"1s\">a</body></tt>", "a.ttml");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::media);
  EXPECT_NE(result.error().what.find("a.ttml, line 3"), std::string::npos) << result.error().what;
  std::string deep = "<tt><body>";
  for (int i = 0; i < 200'000; ++i) deep += "<div>";
  for (int i = 0; i < 200'000; ++i) deep += "</div>";
  auto const nested = read_captions(deep + "</body></tt>", "a.ttml");
  ASSERT_FALSE(nested);
  EXPECT_NE(nested.error().what.find("deep"), std::string::npos);
  std::string const bomb =
      "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><tt><body><p begin='1s' end='2s'>&b;</p></body></tt>";
  EXPECT_EQ(cues(bomb, "a.ttml").at(0).text, "&b;") << "entities are not followed";
}

Captions hostile() {
  return {"en",
          {{1000, 2000, "plain"},
           {2000, 3000, "<i>not italic</i> & {\\an8}not up {\\i1}no\\Nbreak \\h C:\\new"},
           {3000, 4000, "00:00:01,000 --> 00:00:09,000\n-->\n--->"},
           {4000, 5000, "12\n13"},
           {5000, 6000, "NOTE this\nWEBVTT\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,x"},
           {6000, 7000, "&lt; &amp; &nbsp; ]]> <!-- x --> <br/> <"},
           {7000, 8000, "a  b   c < d <", {{3, 4, Emphasis::italic}}, true},
           {8000, 9000, "{ } \\{ \\} { \\ {"},
           {9000, 10'000, "first\nsecond", {{2, 9, Emphasis::italic}, {4, 12, Emphasis::bold}, {4, 6, Emphasis::underline}}},
           {359'990'000, 359'999'990, "日本語 \U0001f600 ไทย"}}};
}

TEST(Formats, KeepTextsEmphasisAndTimes) {
  auto const original = hostile();
  for (auto const format : caption_formats) {
    auto const text = captions_text(original, format);
    EXPECT_TRUE(is_utf8(text));
    auto const found = read(text, "film." + std::string(name_of(format)));
    EXPECT_EQ(found.format, format);
    EXPECT_TRUE(found.notes.empty()) << name_of(format) << ": " << (found.notes.empty() ? "" : found.notes[0]);
    ASSERT_EQ(found.captions.cues.size(), original.cues.size()) << text;
    for (std::size_t i = 0; i < original.cues.size(); ++i) {
      EXPECT_EQ(found.captions.cues[i].text, original.cues[i].text) << name_of(format);
      EXPECT_EQ(found.captions.cues[i], original.cues[i]) << name_of(format) << " " << i;
    }
    EXPECT_EQ(found.captions.language, format == CaptionFormat::srt ? "" : "en");
    EXPECT_EQ(captions_text(found.captions, format), text) << "writing again changes nothing";
  }
}

TEST(Formats, KeepEverythingAroundTheCircle) {
  auto captions = hostile();
  for (auto const format : {CaptionFormat::srt, CaptionFormat::vtt, CaptionFormat::ass, CaptionFormat::ttml, CaptionFormat::srt})
    captions = read(captions_text(captions, format), "film." + std::string(name_of(format))).captions;
  EXPECT_EQ(captions.cues, hostile().cues);
}

TEST(Formats, NoTextIsMarkupWhateverItIs) {
  std::mt19937 random(7);
  constexpr std::string_view letters[] = {"<",      ">",   "/",      "i",  "b",  "{",   "}",  "\\", "N",  "n",   "h",
                                          "&",      "lt;", "#65;",   "-",  "--", ">",   "\n", " ",  "1",  ":",   "00:00:01,000",
                                          "\u200b", "a",   "\u00a0", "\t", "日", "]]>", "\"", "'",  "p1", "an8", "br",
                                          "c"};
  for (int round = 0; round < 3000; ++round) {
    Captions captions;
    for (int i = 0; i < 3; ++i) {
      Cue cue{i * 1000, i * 1000 + 900, ""};
      for (unsigned n = random() % 14; n > 0; --n) cue.text += letters[random() % std::size(letters)];
      if (random() % 3 == 0 && cue.text.size() > 1) {
        auto const a = random() % cue.text.size(), b = random() % cue.text.size();
        cue.runs.push_back({std::min(a, b), std::max(a, b), static_cast<Emphasis>(random() % 3)});
      }
      captions.cues.push_back(cue);
    }
    auto const clean = tidy(captions).captions;
    for (auto const format : caption_formats) {
      auto const text = captions_text(clean, format);
      if (clean.cues.empty()) continue;
      auto const again = read(text, "x." + std::string(name_of(format)));
      ASSERT_EQ(again.captions.cues.size(), clean.cues.size()) << text;
      for (std::size_t i = 0; i < clean.cues.size(); ++i) ASSERT_EQ(again.captions.cues[i].text, clean.cues[i].text) << text;
      ASSERT_EQ(again.captions.cues, clean.cues) << name_of(format) << text;
    }
  }
}

TEST(Writers, WriteWhatIsNotInOrder) {
  Captions const odd{"a\nb\"><x",
                     {{-500, 300, "early"},
                      {5000, 4000, "back"},
                      {7, 7, "short"},
                      {1, 2, " \n\x01 "},
                      {10, 20,
                       "a\n\n \n\x02"
                       "b\n"}}};
  for (auto const format : caption_formats) {
    auto const found = cues(captions_text(odd, format), "x." + std::string(name_of(format)));
    ASSERT_EQ(found.size(), 4u) << name_of(format);
    EXPECT_EQ(found[0].from, 0);
    EXPECT_GE(found[1].to, found[1].from);
    EXPECT_EQ(found[3].text, "a\nb");
  }
}

TEST(Ass, RoundsTimesToCentisecondsHalfWayUp) {
  auto const found = cues(captions_text({"", {{1004, 1995, "a"}, {2005, 2006, "b"}}}, CaptionFormat::ass), "x.ass");
  EXPECT_EQ(found[0], (Cue{1000, 2000, "a"}));
  EXPECT_EQ(found[1], (Cue{2010, 2020, "b"}));
}

}  // namespace
}  // namespace reelmill
