// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/audio_encoder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "av/audio_source.h"
#include "av/failure.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace reelmill::av {

Result<AudioEncoder> AudioEncoder::open(AudioEncode const& encode) {
  auto const* codec = encode.codec == "aac" ? avcodec_find_encoder_by_name("aac") : nullptr;
  if (!codec)
    return Error{.kind = ErrorKind::missing,
                 .what = fmt::format("encoding sound as {}: no such encoder in this build", encode.codec)};
  Codec context(avcodec_alloc_context3(codec));
  context->sample_fmt = AV_SAMPLE_FMT_FLTP;
  context->sample_rate = encode.sample_rate;
  context->time_base = {1, encode.sample_rate};
  context->bit_rate = encode.bitrate;
  av_channel_layout_default(&context->ch_layout, encode.channels);
  context->thread_count = 1;
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  if (int const code = avcodec_open2(context.get(), codec, nullptr); code < 0)
    return failure(code, fmt::format("opening the {} encoder at {} Hz", encode.codec, encode.sample_rate));
  Fifo fifo(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, encode.channels, 8192));
  if (!fifo) return Error{.kind = ErrorKind::full, .what = "making room for sound: out of memory"};
  AudioEncoder out(std::move(context), std::move(fifo), encode.lead);
  for (auto lead = std::max<std::int64_t>(0, encode.lead); lead > 0;) {
    auto const piece = static_cast<int>(std::min<std::int64_t>(lead, 8192));
    TRY(out.add(*TRY(make_samples({encode.sample_rate, encode.channels}, piece))));
    lead -= piece;
  }
  return out;
}

Result<void> AudioEncoder::add(AVFrame const& frame) {
  auto const skip = static_cast<int>(std::min<std::int64_t>(to_skip_, frame.nb_samples));
  to_skip_ -= skip;
  int const count = frame.nb_samples - skip;
  std::array<void*, AV_NUM_DATA_POINTERS> data{};
  for (int i = 0; i < frame.ch_layout.nb_channels && i < AV_NUM_DATA_POINTERS; ++i)
    data[static_cast<std::size_t>(i)] = frame.data[i] + static_cast<std::size_t>(skip) * sizeof(float);
  if (count > 0 && av_audio_fifo_write(fifo_.get(), data.data(), count) < count)
    return Error{.kind = ErrorKind::full, .what = "making room for sound: out of memory"};
  samples_ += count;
  return {};
}

Result<void> AudioEncoder::push(AVFrame const& frame, Take const& take) {
  TRY(add(frame));
  while (av_audio_fifo_size(fifo_.get()) >= context_->frame_size) TRY(encode(context_->frame_size, take));
  return {};
}

Result<void> AudioEncoder::finish(Take const& take) {
  while (av_audio_fifo_size(fifo_.get()) > 0) TRY(encode(std::min(context_->frame_size, av_audio_fifo_size(fifo_.get())), take));
  if (int const code = avcodec_send_frame(context_.get(), nullptr); code < 0) return failure(code, "encoding sound");
  return drain(take);
}

Result<void> AudioEncoder::encode(int samples, Take const& take) {
  auto frame = TRY(make_samples({context_->sample_rate, context_->ch_layout.nb_channels}, samples));
  av_audio_fifo_read(fifo_.get(), reinterpret_cast<void**>(frame->data), samples);
  frame->pts = sent_;
  sent_ += samples;
  if (int const code = avcodec_send_frame(context_.get(), frame.get()); code < 0) return failure(code, "encoding sound");
  return drain(take);
}

Result<void> AudioEncoder::drain(Take const& take) {
  while (true) {
    int const code = avcodec_receive_packet(context_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) return failure(code, "encoding sound");
    TRY(take(*packet_));
    av_packet_unref(packet_.get());
  }
}

Result<Parameters> AudioEncoder::parameters() const {
  Parameters out(avcodec_parameters_alloc());
  if (int const code = avcodec_parameters_from_context(out.get(), context_.get()); code < 0)
    return failure(code, "describing the sound's encode");
  return out;
}

}  // namespace reelmill::av
