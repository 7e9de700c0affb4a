// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/sound_packets.h"

#include <algorithm>

#include "av/failure.h"
#include "exec/joined_chunks.h"

namespace reelmill {

namespace {
constexpr std::size_t size_of_skip_note = 10;  // libavcodec's AV_PKT_DATA_SKIP_SAMPLES
}

Result<SoundPackets> SoundPackets::open(PacketsInput const& input) {
  auto reader = TRY(av::PacketsReader::open(input.path));
  auto parameters = TRY(av::parameters_of(reader.description()));
  auto const* codec = audio_codec_named(avcodec_get_name(parameters->codec_id));
  if (!codec) return damaged("the sound is of an unknown codec");
  return SoundPackets(std::move(reader), std::move(parameters), codec, input.payload_hash);
}

void SoundPackets::cut_to_pictures(Rational rate, std::int64_t frames) {
  cut_rate_ = rate;
  frames_ = frames;
}

Result<bool> SoundPackets::read(AVPacket& packet) { return cut_rate_ ? read_cut(packet) : read_whole(packet); }

Result<bool> SoundPackets::read_whole(AVPacket& packet) {
  if (!TRY(reader_.read(packet))) {
    if (reader_.payload_hash() != hash_) return damaged("the cached sound is not what was made");
    return false;
  }
  // The last packet of Opus is filled up by its encoder: how much of it is not meant, Matroska wants to be told.
  auto const surplus = parameters_->frame_size - packet.duration;
  if (parameters_->codec_id == AV_CODEC_ID_OPUS && surplus > 0 && packet.duration > 0) {
    auto* note = av_packet_new_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, size_of_skip_note);
    if (!note) return Error{.kind = ErrorKind::full, .what = "joining the chunks: out of memory"};
    std::fill_n(note, size_of_skip_note, std::uint8_t{0});
    for (int byte = 0; byte < 4; ++byte) note[4 + byte] = static_cast<std::uint8_t>(surplus >> 8 * byte);  // little-endian
  }
  return true;
}

Result<bool> SoundPackets::read_cut(AVPacket& packet) {
  auto const begin_of = [&](std::int64_t frame) { return round(Rational(frame) / *cut_rate_ * Rational(sample_rate())); };
  auto const begin = begin_of(frame_), samples = begin_of(frame_ + 1) - begin;
  auto const wanted =
      static_cast<std::size_t>(samples * parameters_->ch_layout.nb_channels * av_get_bits_per_sample(parameters_->codec_id) / 8);
  bool const is_over = frame_ == frames_;
  while (!at_end_ && (is_over || waiting_.size() < wanted)) {
    at_end_ = !TRY(read_whole(packet));
    if (!at_end_ && !is_over) waiting_.insert(waiting_.end(), packet.data, packet.data + packet.size);
  }
  av_packet_unref(&packet);
  if (is_over) return false;
  if (int const code = av_new_packet(&packet, static_cast<int>(wanted)); code < 0) return av::failure(code, "joining the chunks");
  auto const there = std::min(wanted, waiting_.size());
  std::fill(std::copy_n(waiting_.begin(), there, packet.data), packet.data + wanted, std::uint8_t{0});
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(there));
  packet.pts = packet.dts = begin;
  packet.duration = samples;
  packet.flags = AV_PKT_FLAG_KEY;
  ++frame_;
  return true;
}

}  // namespace reelmill
