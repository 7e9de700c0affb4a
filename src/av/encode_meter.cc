// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/encode_meter.h"

#include <algorithm>
#include <optional>

#include "av/decoder.h"
#include "av/failure.h"
#include "av/loudness_meter.h"
#include "av/packets_file.h"

extern "C" {
#include <libavutil/samplefmt.h>
}

namespace reelmill::av {

namespace {

// What a decoder gives, as the meter wants it.
class Heard {
 public:
  Heard(AVCodecParameters const& parameters, std::int64_t samples)
      : rate_(parameters.sample_rate), to_drop_(parameters.initial_padding), left_(samples) {}

  Result<void> take(AVFrame const& frame) {
    if (!meter_) TRY(open(frame));
    auto out = TRY(make_samples(format_, frame.nb_samples));
    int const given = swr_convert(resample_.get(), out->extended_data, frame.nb_samples,
                                  const_cast<std::uint8_t const**>(frame.extended_data), frame.nb_samples);
    if (given != frame.nb_samples) return failure(given < 0 ? given : AVERROR_EXTERNAL, "measuring an encode");
    auto const drop = std::min<std::int64_t>(to_drop_, given);
    to_drop_ -= drop;
    out->nb_samples = static_cast<int>(std::min(left_, given - drop));
    if (out->nb_samples <= 0) return {};
    for (int channel = 0; channel < format_.channels; ++channel)
      out->extended_data[channel] += static_cast<std::size_t>(drop) * sizeof(float);
    left_ -= out->nb_samples;
    return meter_->add(*out);
  }

  LoudnessFigures figures() const { return meter_ ? meter_->figures() : LoudnessFigures(); }

 private:
  Result<void> open(AVFrame const& frame) {
    format_ = {frame.sample_rate, frame.ch_layout.nb_channels};
    meter_ = TRY(LoudnessMeter::open(format_));
    // Some decoders know one rate only.
    to_drop_ = to_drop_ * format_.sample_rate / rate_;
    left_ = left_ * format_.sample_rate / rate_;
    SwrContext* raw = nullptr;
    auto* const layout = const_cast<AVChannelLayout*>(&frame.ch_layout);  // which it only reads
    int code = swr_alloc_set_opts2(&raw, layout, AV_SAMPLE_FMT_FLTP, frame.sample_rate, layout,
                                   static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
    resample_.reset(raw);
    if (code >= 0) code = swr_init(raw);
    if (code < 0) return failure(code, "measuring an encode");
    return {};
  }

  int rate_;
  std::int64_t to_drop_, left_;
  AudioFormat format_;
  std::optional<LoudnessMeter> meter_;
  Swresample resample_;
};

}  // namespace

Result<LoudnessFigures> measure_encode(std::filesystem::path const& packets, std::int64_t samples,
                                       std::function<void(double done)> const& tick) {
  auto reader = TRY(PacketsReader::open(packets));
  auto const parameters = TRY(parameters_of(reader.description()));
  auto decoder = TRY(Decoder::open(*parameters, {1, parameters->sample_rate}, "the encoded sound", {.strict = true}));
  Heard heard(*parameters, samples);
  auto const take = [&](AVFrame& frame) { return heard.take(frame); };
  auto packet = make_packet();
  while (TRY(reader.read(*packet))) {
    TRY(decoder.decode(packet.get(), take));
    tick(std::min(1.0, static_cast<double>(packet->pts) / static_cast<double>(std::max<std::int64_t>(1, samples))));
  }
  TRY(decoder.decode(nullptr, take));
  return heard.figures();
}

}  // namespace reelmill::av
