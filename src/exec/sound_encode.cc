// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/sound_encode.h"

namespace reelmill {

namespace {
constexpr char const* packets_name = "audio.pkts";
}

std::filesystem::path SoundEncode::file_in(UnitFolder const& unit) { return unit.path(packets_name); }

Result<SoundEncode> SoundEncode::begin(AudioEncode const& encode, UnitFolder const& unit) {
  std::error_code ignored;
  std::filesystem::remove(file_in(unit), ignored);
  auto encoder = TRY(av::AudioEncoder::open(encode));
  return SoundEncode(std::move(encoder), TRY(av::PacketsWriter::create(file_in(unit))));
}

Result<void> SoundEncode::push(AVFrame const& frame) {
  return encoder_.push(frame, [&](AVPacket& packet) { return writer_.write(packet); });
}

Result<void> SoundEncode::finish() {
  TRY(encoder_.finish([&](AVPacket& packet) { return writer_.write(packet); }));
  return writer_.finish(av::describe(*TRY(encoder_.parameters())));
}

Json SoundEncode::result() const {
  return {{"packets", packets_name},
          {"samples", encoder_.samples()},
          {"priming", encoder_.priming()},
          {"bytes", writer_.bytes()},
          {"payload_hash", writer_.payload_hash()}};
}

}  // namespace reelmill
