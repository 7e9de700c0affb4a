// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/packets_file.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include <gtest/gtest.h>

#include "unit/in_temporary_folder.h"

namespace reelmill::av {
namespace {

namespace fs = std::filesystem;

struct Read {
  std::vector<std::string> payloads;
  std::vector<std::int64_t> pts, dts, durations;
  std::vector<bool> keys;
  std::string hash;
  Json description;
};

class PacketsFile : public InTemporaryFolder {
 protected:
  // Five packets, one of them empty.
  std::string write(fs::path const& file) {
    auto writer = PacketsWriter::create(file);
    EXPECT_TRUE(writer) << writer.error().text();
    for (int i = 0; i < 5; ++i) {
      auto packet = make_packet();
      av_new_packet(packet.get(), i * 7);
      std::memset(packet->data, 'a' + i, static_cast<std::size_t>(packet->size));
      packet->pts = i - 1, packet->dts = i - 2, packet->duration = 1;
      packet->flags = i == 0 ? AV_PKT_FLAG_KEY : 0;
      EXPECT_TRUE(writer->write(*packet));
    }
    EXPECT_EQ(writer->packets(), 5);
    EXPECT_EQ(writer->bytes(), 70);
    EXPECT_TRUE(writer->finish({{"codec", "h264"}, {"extradata", "00ff"}}));
    return writer->payload_hash();
  }

  static std::optional<Read> read(fs::path const& file) {
    auto reader = PacketsReader::open(file);
    if (!reader) return {};
    Read out;
    auto packet = make_packet();
    while (true) {
      auto const more = reader->read(*packet);
      if (!more) return {};
      if (!*more) break;
      out.payloads.emplace_back(reinterpret_cast<char const*>(packet->data), static_cast<std::size_t>(packet->size));
      out.pts.push_back(packet->pts), out.dts.push_back(packet->dts), out.durations.push_back(packet->duration);
      out.keys.push_back(packet->flags & AV_PKT_FLAG_KEY);
    }
    EXPECT_EQ(reader->packets(), static_cast<std::int64_t>(out.pts.size()));
    out.hash = reader->payload_hash();
    out.description = reader->description();
    return out;
  }

  static std::string bytes_of(fs::path const& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
  }
};

TEST_F(PacketsFile, RoundTrips) {
  auto const hash = write(folder_ / "a");
  auto const back = read(folder_ / "a");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->hash, hash);
  EXPECT_EQ(hash.size(), 32u);
  ASSERT_EQ(back->payloads.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(back->payloads[i], std::string(i * 7, static_cast<char>('a' + i)));
    EXPECT_EQ(back->pts[i], static_cast<std::int64_t>(i) - 1);
    EXPECT_EQ(back->dts[i], static_cast<std::int64_t>(i) - 2);
    EXPECT_EQ(back->durations[i], 1);
    EXPECT_EQ(back->keys[i], i == 0);
  }
  EXPECT_EQ(back->description, (Json{{"codec", "h264"}, {"extradata", "00ff"}}));
}

TEST_F(PacketsFile, TheSamePacketsGiveTheSameBytes) {
  EXPECT_EQ(write(folder_ / "a"), write(folder_ / "b"));
  EXPECT_EQ(bytes_of(folder_ / "a"), bytes_of(folder_ / "b"));
}

TEST_F(PacketsFile, AnExistingFileIsNotOverwritten) {
  write(folder_ / "a");
  EXPECT_FALSE(PacketsWriter::create(folder_ / "a"));
}

TEST_F(PacketsFile, EveryFlippedByteOfAPacketIsNoticed) {
  auto const hash = write(folder_ / "a");
  auto const good = bytes_of(folder_ / "a");
  constexpr std::size_t magic = 8, record = 32, duration_at = 16, flags_at = 24;
  auto const packets_end = magic + 5 * record + 70;
  std::vector<bool> decides(packets_end, true);
  std::size_t at = magic;
  for (std::size_t i = 0; i < 5; ++i) {
    // The muxer sets durations anew, and of the flags only the lowest bit means anything.
    for (std::size_t k = 0; k < 8; ++k) decides[at + duration_at + k] = false;
    for (std::size_t k = 0; k < 4; ++k) decides[at + flags_at + k] = k == 0;
    at += record + i * 7;
  }
  ASSERT_EQ(at, packets_end);
  for (std::size_t i = 0; i < packets_end; ++i) {
    if (!decides[i]) continue;
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    std::ofstream(folder_ / "b", std::ios::binary | std::ios::trunc) << bad;
    auto const back = read(folder_ / "b");
    EXPECT_TRUE(!back || back->hash != hash) << "byte " << i;
  }
}

TEST_F(PacketsFile, ADamagedEndIsNoticed) {
  auto const hash = write(folder_ / "a");
  auto const good = bytes_of(folder_ / "a");
  auto const description = good.size() - 16 - Json{{"codec", "h264"}, {"extradata", "00ff"}}.dump().size();
  for (std::size_t i = description; i < good.size(); ++i)
    for (int const bit : {1, 64}) {
      auto bad = good;
      bad[i] = static_cast<char>(bad[i] ^ bit);
      std::ofstream(folder_ / "b", std::ios::binary | std::ios::trunc) << bad;
      auto const back = read(folder_ / "b");
      EXPECT_TRUE(!back || back->hash != hash || back->description != Json({{"codec", "h264"}, {"extradata", "00ff"}}))
          << "byte " << i << " of " << good.size();
    }
}

TEST_F(PacketsFile, EveryTruncationIsNoticed) {
  write(folder_ / "a");
  auto const good = bytes_of(folder_ / "a");
  for (std::size_t size = 0; size < good.size(); ++size) {
    std::ofstream(folder_ / "b", std::ios::binary | std::ios::trunc) << good.substr(0, size);
    EXPECT_FALSE(read(folder_ / "b")) << size;
  }
}

TEST_F(PacketsFile, AFileThatIsNotThereIsAnError) {
  auto const reader = PacketsReader::open(folder_ / "none");
  ASSERT_FALSE(reader);
  EXPECT_NE(reader.error().what.find("none"), std::string::npos);
}

TEST(Parameters, RoundTrip) {
  Parameters parameters(avcodec_parameters_alloc());
  parameters->codec_type = AVMEDIA_TYPE_VIDEO;
  parameters->codec_id = AV_CODEC_ID_H264;
  parameters->format = AV_PIX_FMT_YUV420P;
  parameters->width = 1080, parameters->height = 1920;
  parameters->profile = 100, parameters->level = 40, parameters->video_delay = 2;
  parameters->color_primaries = AVCOL_PRI_BT709, parameters->color_range = AVCOL_RANGE_MPEG;
  parameters->extradata_size = 3;
  parameters->extradata = static_cast<std::uint8_t*>(av_mallocz(3 + AV_INPUT_BUFFER_PADDING_SIZE));
  std::memcpy(parameters->extradata, "\x01\xfe\x00", 3);
  auto const back = parameters_of(describe(*parameters));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ((*back)->codec_id, AV_CODEC_ID_H264);
  EXPECT_EQ((*back)->width, 1080);
  EXPECT_EQ((*back)->height, 1920);
  EXPECT_EQ((*back)->level, 40);
  EXPECT_EQ((*back)->video_delay, 2);
  EXPECT_EQ((*back)->color_primaries, AVCOL_PRI_BT709);
  ASSERT_EQ((*back)->extradata_size, 3);
  EXPECT_EQ(std::memcmp((*back)->extradata, "\x01\xfe\x00", 3), 0);
  EXPECT_EQ(describe(**back).dump(), describe(*parameters).dump());
}

TEST(Parameters, OfACopiedStreamRoundTripWithWhatIsToldBesideThem) {
  OutputContext context;
  AVFormatContext* raw = nullptr;
  ASSERT_GE(avformat_alloc_output_context2(&raw, nullptr, "mov", "x.mov"), 0);
  context.reset(raw);
  auto& stream = *avformat_new_stream(raw, nullptr);
  stream.codecpar->codec_type = AVMEDIA_TYPE_VIDEO, stream.codecpar->codec_id = AV_CODEC_ID_H264;
  stream.codecpar->field_order = AV_FIELD_TT;
  stream.time_base = {1, 15360}, stream.sample_aspect_ratio = {16, 11};
  std::memset(av_stream_new_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, 36), 7, 36);
  std::memset(av_stream_new_side_data(&stream, AV_PKT_DATA_CPB_PROPERTIES, 40), 1, 40);
  auto const json = describe(stream);
  EXPECT_EQ(json["time_base"], (Json{1, 15360}));
  auto const parameters = parameters_of(json);
  ASSERT_TRUE(parameters);
  EXPECT_EQ((*parameters)->sample_aspect_ratio.num, 16);
  EXPECT_EQ((*parameters)->field_order, AV_FIELD_TT);

  auto& copy = *avformat_new_stream(raw, nullptr);
  ASSERT_TRUE(add_side_data(json, copy));
  ASSERT_EQ(copy.nb_side_data, 1) << "what belongs to an encoder is not told on";
  EXPECT_EQ(copy.side_data[0].type, AV_PKT_DATA_DISPLAYMATRIX);
  EXPECT_EQ(std::string(reinterpret_cast<char const*>(copy.side_data[0].data), 36), std::string(36, 7));
  auto broken = json;
  broken["side_data"][0][1] = "zz";
  EXPECT_FALSE(add_side_data(broken, copy));
}

TEST(Parameters, NonsenseIsAnError) {
  EXPECT_FALSE(parameters_of(Json::object()));
  Json json{{"codec", "h264"}, {"type", 5}};
  EXPECT_FALSE(parameters_of(json));
}

}  // namespace
}  // namespace reelmill::av
