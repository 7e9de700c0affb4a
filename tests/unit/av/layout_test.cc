// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/layout.h"

#include <fstream>

#include <gtest/gtest.h>

#include "unit/in_temporary_folder.h"

namespace reelmill::av {
namespace {

using namespace std::string_literals;

std::string number(std::uint64_t value, int bytes, bool is_big) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * (is_big ? bytes - 1 - i : i));
  return text;
}
std::string box(std::string const& type, std::string const& body) { return number(body.size() + 8, 4, true) + type + body; }
std::string chunk(std::string const& type, std::string const& body) { return type + number(body.size(), 4, false) + body; }

class LayoutTest : public InTemporaryFolder {
 protected:
  Layout layout_of(std::string const& bytes) const {
    auto const layout = read_layout(written(bytes));
    EXPECT_TRUE(layout.has_value());
    return layout ? *layout : Layout{};
  }

  bool is_cut(std::string const& bytes) const { return !judge_layout(layout_of(bytes)).empty(); }

  std::filesystem::path written(std::string const& bytes) const {
    auto file = folder_ / "film";
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }
};

TEST_F(LayoutTest, BoxesOfMp4) {
  auto const movie = box("moov", box("trak", box("edts", box("elst", std::string(20, '\0')))) + box("trak", ""));
  auto const media = box("mdat", std::string(500, 'x'));
  auto const first = layout_of(box("ftyp", "isom") + movie + media);
  EXPECT_EQ(first.index, "first");
  EXPECT_EQ(first.tracks, 2);
  EXPECT_EQ(first.edit_lists, 1);
  EXPECT_EQ(first.needed, first.size);
  EXPECT_EQ(layout_of(box("ftyp", "isom") + media + movie).index, "last");
  EXPECT_EQ(layout_of(box("ftyp", "isom") + media).index, "missing");
  auto const whole = box("ftyp", "isom") + movie + media;
  for (std::size_t missing : {1u, 100u, 499u}) EXPECT_TRUE(is_cut(whole.substr(0, whole.size() - missing))) << missing;
  EXPECT_FALSE(is_cut(whole + "rubbish"));
}

TEST_F(LayoutTest, LargeAndOpenBoxes) {
  auto const movie = box("moov", box("trak", ""));
  auto const large = number(1, 4, true) + "mdat" + number(16 + 100, 8, true) + std::string(100, 'x');
  EXPECT_FALSE(is_cut(box("ftyp", "isom") + movie + large));
  EXPECT_TRUE(is_cut(box("ftyp", "isom") + movie + large.substr(0, 60)));
  EXPECT_FALSE(is_cut(box("ftyp", "isom") + movie + number(0, 4, true) + "mdat" + std::string(33, 'x')));
  EXPECT_TRUE(is_cut(box("ftyp", "isom") + movie + number(1, 4, true) + "mdat" + number(~0ull, 8, true)));
}

TEST_F(LayoutTest, ManyBoxesEnd) {
  std::string bytes = box("ftyp", "isom") + box("moov", "");
  for (int i = 0; i < 5000; ++i) bytes += box("free", "");
  EXPECT_EQ(layout_of(bytes).needed, static_cast<std::int64_t>(bytes.size()));
}

TEST_F(LayoutTest, Riff) {
  auto const avi = "RIFF" + number(4 + 300, 4, false) + "AVI " + std::string(300, 'x');
  EXPECT_FALSE(is_cut(avi));
  EXPECT_FALSE(is_cut(avi + chunk("RIFF", "AVIX" + std::string(96, 'y'))));
  EXPECT_TRUE(is_cut(avi.substr(0, 200)));
  EXPECT_TRUE(is_cut((avi + chunk("RIFF", "AVIX" + std::string(96, 'y'))).substr(0, 350)));
  EXPECT_FALSE(is_cut("RIFF" + number(0xffffffff, 4, false) + "WAVE" + std::string(50, 'x')));
}

TEST_F(LayoutTest, Ebml) {
  auto const header =
      "\x1a\x45\xdf\xa3\x84"
      "webm"s;
  auto const segment = "\x18\x53\x80\x67\x40\x64"s + std::string(100, 'x');
  EXPECT_FALSE(is_cut(header + segment));
  EXPECT_TRUE(is_cut((header + segment).substr(0, 60)));
  EXPECT_FALSE(is_cut(header + "\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"s + std::string(10, 'x')));
}

TEST_F(LayoutTest, TransportStream) {
  auto const packet = "\x47"s + std::string(187, '\1');
  std::string stream;
  for (int i = 0; i < 30; ++i) stream += packet;
  EXPECT_FALSE(is_cut(stream));
  EXPECT_TRUE(is_cut(stream.substr(0, stream.size() - 5)));
}

TEST_F(LayoutTest, OggEndsWithItsLastPage) {
  auto const page = [](int flags, std::string const& body) {
    return "OggS\0"s + static_cast<char>(flags) + std::string(20, '\0') + '\1' + static_cast<char>(body.size()) + body;
  };
  auto const whole = page(2, std::string(50, 'a')) + page(0, std::string(60, 'b')) + page(4, std::string(70, 'c'));
  EXPECT_FALSE(is_cut(whole));
  EXPECT_TRUE(is_cut(whole.substr(0, whole.size() - 1)));
  EXPECT_TRUE(is_cut(page(2, std::string(50, 'a')) + page(0, std::string(60, 'b'))));
}

TEST_F(LayoutTest, ProgramStream) {
  auto const pack = "\0\0\1\xba\x44"s + std::string(8, '\0') + "\xf8"s;
  auto const packet = "\0\0\1\xe0"s + number(200, 2, true) + std::string(200, 'x');
  auto const whole = pack + packet + pack + packet;
  EXPECT_FALSE(is_cut(whole));
  EXPECT_FALSE(is_cut(whole + "\0\0\1\xb9"s));
  EXPECT_TRUE(is_cut(whole.substr(0, whole.size() - 3)));
}

TEST_F(LayoutTest, TheNoteOfAnMp3) {
  auto const sound =
      "\xff\xfb\x90\x44"s + std::string(17, '\0') + "Info" + number(3, 4, true) + number(10, 4, true) + number(1000, 4, true);
  auto const whole = sound + std::string(1000 - sound.size(), 'x');
  EXPECT_FALSE(is_cut(whole));
  EXPECT_TRUE(is_cut(whole.substr(0, 990)));
  auto const tag = "ID3\4\0\0"s + "\0\0\1\0"s + std::string(128, 't');
  EXPECT_FALSE(is_cut(tag + whole));
  EXPECT_TRUE(is_cut(tag + whole.substr(0, 990)));
}

TEST_F(LayoutTest, OfWhatCannotBeOpenedSaysWhatItIs) {
  auto const code = [&](std::string const& bytes, std::string_view said = "") {
    auto const faults = judge_unopened(written(bytes), said);
    return faults.empty() ? "" : faults.front().code;
  };
  EXPECT_EQ(code("#EXTM3U\n"), "playlist");
  EXPECT_EQ(code(box("ftyp", "isom") + box("mdat", "x")), "no_index");
  EXPECT_EQ(code(box("ftyp", "isom") + box("moov", "")), "damaged_header");
  EXPECT_EQ(code(box("ftyp", "isom") + box("moov", ""), "Number of streams exceeds max_streams parameter"), "too_many_streams");
  EXPECT_EQ(code(std::string(100, '\0')), "not_media");
  EXPECT_EQ(judge_unopened("/nonexistent/file", "").front().code, "unreadable");
}

}  // namespace
}  // namespace reelmill::av
