// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/packets_file.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include <fmt/format.h>

#include "av/failure.h"
#include "base/disk.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace reelmill::av {

namespace {
constexpr std::array<char, 8> magic{'R', 'M', 'P', 'K', 'T', 'S', '0', '1'};
constexpr std::uint32_t largest_packet = 256u << 20;

struct Record {  // little-endian, as x86-64 has it
  std::int64_t pts, dts, duration;
  std::uint32_t flags, size;
};
struct Trailer {
  std::int64_t packets;
  std::uint32_t description_size, mark;
};
constexpr std::uint32_t trailer_mark = 0x544b4352;

// What of a stream is told beside its packets and belongs to its picture.
constexpr std::array kept_side_data{AV_PKT_DATA_DISPLAYMATRIX,
                                    AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
                                    AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
                                    AV_PKT_DATA_DOVI_CONF,
                                    AV_PKT_DATA_STEREO3D,
                                    AV_PKT_DATA_SPHERICAL};

void add_packet(Hasher& hash, AVPacket const& packet) {
  std::array<std::int64_t, 4> const head{packet.pts, packet.dts, packet.duration, packet.flags & AV_PKT_FLAG_KEY};
  hash.add_bytes(head.data(), sizeof head).add_bytes(packet.data, static_cast<std::size_t>(packet.size));
}

Error io_error(std::string const& doing) { return disk_error(doing, errno); }
}  // namespace

Json describe(AVCodecParameters const& parameters) {
  auto const extradata = hex_of_bytes({parameters.extradata, static_cast<std::size_t>(parameters.extradata_size)});
  Json json{{"codec", avcodec_get_name(parameters.codec_id)},
            {"type", av_get_media_type_string(parameters.codec_type)},
            {"profile", parameters.profile},
            {"level", parameters.level},
            {"format", parameters.format},
            {"bit_rate", parameters.bit_rate},
            {"tag", parameters.codec_tag},
            {"bits", parameters.bits_per_raw_sample},
            {"coded_bits", parameters.bits_per_coded_sample},
            {"extradata", extradata}};
  if (parameters.codec_type == AVMEDIA_TYPE_VIDEO) {
    json["width"] = parameters.width;
    json["height"] = parameters.height;
    json["delay"] = parameters.video_delay;
    json["colours"] = {static_cast<int>(parameters.color_primaries), static_cast<int>(parameters.color_trc),
                       static_cast<int>(parameters.color_space), static_cast<int>(parameters.color_range),
                       static_cast<int>(parameters.chroma_location)};
  } else {
    json["sample_rate"] = parameters.sample_rate;
    json["channels"] = parameters.ch_layout.nb_channels;
    json["frame_size"] = parameters.frame_size;
    json["priming"] = parameters.initial_padding;
    json["block_align"] = parameters.block_align;
  }
  return json;
}

Json describe(AVStream const& stream) {
  auto const& parameters = *stream.codecpar;
  auto json = describe(parameters);
  auto const aspect = stream.sample_aspect_ratio.num > 0 ? stream.sample_aspect_ratio : parameters.sample_aspect_ratio;
  json["time_base"] = {stream.time_base.num, stream.time_base.den};
  json["aspect"] = {aspect.num, aspect.den};
  json["field_order"] = static_cast<int>(parameters.field_order);
  auto& told = json["side_data"] = Json::array();
  for (auto const type : kept_side_data) {
    std::size_t size = 0;
    if (auto const* data = av_stream_get_side_data(&stream, type, &size))
      told.push_back({static_cast<int>(type), hex_of_bytes({data, size})});
  }
  return json;
}

Result<void> add_side_data(Json const& description, AVStream& stream) try {
  for (auto const& told : description.at("side_data")) {
    auto const bytes = bytes_of_hex(told.at(1).get<std::string>());
    if (!bytes || bytes->empty()) throw std::invalid_argument("what is told beside the packets is not in hex");
    auto const type = static_cast<AVPacketSideDataType>(told.at(0).get<int>());
    auto* const data = allocated(av_stream_new_side_data(&stream, type, bytes->size()));
    std::copy(bytes->begin(), bytes->end(), data);
  }
  return {};
} catch (std::exception const& problem) {
  return Error{.kind = ErrorKind::bug, .what = fmt::format("reading the description of a packets file: {}", problem.what())};
}

Result<Parameters> parameters_of(Json const& json) try {
  Parameters out(avcodec_parameters_alloc());
  auto const* codec = avcodec_descriptor_get_by_name(json.at("codec").get<std::string>().c_str());
  if (!codec) return Error{.kind = ErrorKind::bug, .what = "a packets file names an unknown codec"};
  out->codec_id = codec->id;
  out->codec_type = codec->type;
  out->profile = json.at("profile");
  out->level = json.at("level");
  out->format = json.at("format");
  out->bit_rate = json.at("bit_rate");
  out->codec_tag = json.at("tag");
  out->bits_per_raw_sample = json.at("bits");
  out->bits_per_coded_sample = json.at("coded_bits");
  auto const extradata = bytes_of_hex(json.at("extradata").get<std::string>());
  if (!extradata) throw std::invalid_argument("the extradata is not in hex");
  if (!extradata->empty()) {
    out->extradata_size = static_cast<int>(extradata->size());
    out->extradata = static_cast<std::uint8_t*>(allocated(av_mallocz(extradata->size() + AV_INPUT_BUFFER_PADDING_SIZE)));
    std::copy(extradata->begin(), extradata->end(), out->extradata);
  }
  if (codec->type == AVMEDIA_TYPE_VIDEO) {
    out->width = json.at("width");
    out->height = json.at("height");
    out->video_delay = json.at("delay");
    auto const& colours = json.at("colours");
    out->color_primaries = static_cast<AVColorPrimaries>(colours.at(0).get<int>());
    out->color_trc = static_cast<AVColorTransferCharacteristic>(colours.at(1).get<int>());
    out->color_space = static_cast<AVColorSpace>(colours.at(2).get<int>());
    out->color_range = static_cast<AVColorRange>(colours.at(3).get<int>());
    out->chroma_location = static_cast<AVChromaLocation>(colours.at(4).get<int>());
    auto const aspect = json.value("aspect", Json{1, 1});
    out->sample_aspect_ratio = {aspect.at(0), aspect.at(1)};
    out->field_order = static_cast<AVFieldOrder>(json.value("field_order", static_cast<int>(AV_FIELD_PROGRESSIVE)));
  } else {
    out->sample_rate = json.at("sample_rate");
    av_channel_layout_default(&out->ch_layout, json.at("channels").get<int>());
    out->frame_size = json.at("frame_size");
    out->initial_padding = json.at("priming");
    out->block_align = json.at("block_align");
  }
  return out;
} catch (std::exception const& problem) {
  return Error{.kind = ErrorKind::bug, .what = fmt::format("reading the description of a packets file: {}", problem.what())};
}

PacketsWriter::PacketsWriter(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}
PacketsReader::PacketsReader(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}

Result<PacketsWriter> PacketsWriter::create(std::filesystem::path const& path) {
  auto* file = std::fopen(path.c_str(), "wbx");
  if (!file) return io_error(fmt::format("creating {}", path.string()));
  PacketsWriter writer(file, path.string());
  TRY(writer.put(magic.data(), magic.size()));
  return writer;
}

Result<void> PacketsWriter::put(void const* data, std::size_t size) {
  if (std::fwrite(data, 1, size, file_.get()) != size) return io_error(fmt::format("writing {}", name_));
  return {};
}

Result<void> PacketsWriter::write(AVPacket const& packet) {
  Record const record{packet.pts, packet.dts, packet.duration, static_cast<std::uint32_t>(packet.flags & AV_PKT_FLAG_KEY),
                      static_cast<std::uint32_t>(packet.size)};
  TRY(put(&record, sizeof record));
  TRY(put(packet.data, static_cast<std::size_t>(packet.size)));
  add_packet(hash_, packet);
  ++packets_;
  bytes_ += packet.size;
  return {};
}

Result<void> PacketsWriter::finish(Json const& description) {
  auto const text = description.dump();
  TRY(put(text.data(), text.size()));
  hash_.add_bytes(text.data(), text.size());
  Trailer const trailer{packets_, static_cast<std::uint32_t>(text.size()), trailer_mark};
  TRY(put(&trailer, sizeof trailer));
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0) return io_error(fmt::format("writing {}", name_));
  if (std::fclose(file_.release()) != 0) return io_error(fmt::format("closing {}", name_));
  return {};
}

Result<PacketsReader> PacketsReader::open(std::filesystem::path const& path) {
  auto* file = std::fopen(path.c_str(), "rbe");
  if (!file) return io_error(fmt::format("opening {}", path.string()));
  PacketsReader reader(file, path.string());
  auto const damaged = [&] {
    return Error{.kind = ErrorKind::failed, .what = fmt::format("reading {}: damaged", path.string())};
  };
  std::array<char, 8> head{};
  Trailer trailer{};
  if (std::fread(head.data(), 1, head.size(), file) != head.size() || head != magic) return damaged();
  if (std::fseek(file, -static_cast<long>(sizeof trailer), SEEK_END) != 0) return damaged();
  auto const trailer_at = std::ftell(file);
  if (std::fread(&trailer, sizeof trailer, 1, file) != 1 || trailer.mark != trailer_mark) return damaged();
  if (trailer_at < static_cast<long>(trailer.description_size)) return damaged();
  std::string text(trailer.description_size, '\0');
  if (std::fseek(file, trailer_at - static_cast<long>(text.size()), SEEK_SET) != 0) return damaged();
  if (std::fread(text.data(), 1, text.size(), file) != text.size()) return damaged();
  reader.description_ = Json::parse(text, nullptr, false);
  if (reader.description_.is_discarded()) return damaged();
  reader.text_ = std::move(text);
  reader.total_ = trailer.packets;
  if (std::fseek(file, static_cast<long>(magic.size()), SEEK_SET) != 0) return damaged();
  return reader;
}

Result<bool> PacketsReader::read(AVPacket& packet) {
  av_packet_unref(&packet);
  if (packets_ == total_) {
    if (!at_end_) hash_.add_bytes(text_.data(), text_.size());
    at_end_ = true;
    return false;
  }
  auto const damaged = [&] { return Error{.kind = ErrorKind::failed, .what = fmt::format("reading {}: damaged", name_)}; };
  Record record{};
  if (std::fread(&record, sizeof record, 1, file_.get()) != 1 || record.size > largest_packet) return damaged();
  if (int const code = av_new_packet(&packet, static_cast<int>(record.size)); code < 0)
    return failure(code, fmt::format("reading {}", name_));
  if (std::fread(packet.data, 1, record.size, file_.get()) != record.size) return damaged();
  packet.pts = record.pts;
  packet.dts = record.dts;
  packet.duration = record.duration;
  packet.flags = static_cast<int>(record.flags);
  add_packet(hash_, packet);
  ++packets_;
  return true;
}

}  // namespace reelmill::av
