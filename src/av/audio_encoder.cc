// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/audio_encoder.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "av/audio_source.h"
#include "av/failure.h"
#include "graph/codecs.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

namespace reelmill::av {

namespace {
constexpr int frame_of_pcm = 1024;  // samples of a packet, where the codec has no frames of its own

Error out_of_memory() { return {.kind = ErrorKind::full, .what = "making room for sound: out of memory"}; }

// The encoder's own format with the finest samples; 24 bits are the upper ones of 32.
AVSampleFormat format_for(AVCodec const& codec) {
  auto best = AV_SAMPLE_FMT_NONE;
  for (auto const* format = codec.sample_fmts; format && *format != AV_SAMPLE_FMT_NONE; ++format) {
    if (*format == AV_SAMPLE_FMT_FLTP) return *format;
    if (best == AV_SAMPLE_FMT_NONE || av_get_bytes_per_sample(*format) > av_get_bytes_per_sample(best)) best = *format;
  }
  return best;
}

// Between planar float and `format`, at one rate; nothing where they are the same.
Result<Swresample> converter(AVCodecContext& context) {
  Swresample out;
  if (context.sample_fmt == AV_SAMPLE_FMT_FLTP) return out;
  SwrContext* raw = nullptr;
  int code = swr_alloc_set_opts2(&raw, &context.ch_layout, context.sample_fmt, context.sample_rate, &context.ch_layout,
                                 AV_SAMPLE_FMT_FLTP, context.sample_rate, 0, nullptr);
  out.reset(raw);
  if (code >= 0 && context.sample_fmt == AV_SAMPLE_FMT_S16) code = av_opt_set_int(raw, "dither_method", SWR_DITHER_TRIANGULAR, 0);
  if (code >= 0) code = swr_init(raw);
  if (code < 0) return failure(code, "converting sound for its encoder");
  return out;
}
}  // namespace

Result<AudioEncoder> AudioEncoder::open(AudioEncode const& encode) {
  auto const* const row = audio_codec_named(encode.codec);
  auto const* codec = row ? avcodec_find_encoder_by_name(std::string(row->encoder).c_str()) : nullptr;
  if (!codec)
    return Error{.kind = ErrorKind::missing,
                 .what = fmt::format("encoding sound as {}: this build of FFmpeg has no encoder {}; install one that has, or "
                                     "choose another codec",
                                     encode.codec, row ? row->encoder : encode.codec)};
  Codec context(avcodec_alloc_context3(codec));
  context->sample_fmt = format_for(*codec);
  if (context->sample_fmt == AV_SAMPLE_FMT_S32) context->bits_per_raw_sample = 24;
  context->sample_rate = encode.sample_rate;
  context->time_base = {1, encode.sample_rate};
  if (!row->is_lossless()) context->bit_rate = encode.bitrate;
  av_channel_layout_default(&context->ch_layout, encode.channels);
  context->thread_count = 1;
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  if (int const code = avcodec_open2(context.get(), codec, nullptr); code < 0)
    return failure(code, fmt::format("opening the {} encoder at {} Hz", encode.codec, encode.sample_rate));
  if (auto const planned = priming_of(*row, encode.sample_rate); context->initial_padding != planned)
    return Error{.kind = ErrorKind::bug,
                 .what = fmt::format("the {} encoder primes with {} samples, not with {} as was planned for", encode.codec,
                                     context->initial_padding, planned)};
  Fifo fifo(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, encode.channels, 8192));
  if (!fifo) return out_of_memory();
  auto resample = TRY(converter(*context));
  AudioEncoder out(std::move(context), std::move(fifo), std::move(resample), encode.lead);
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
  if (count > 0 && av_audio_fifo_write(fifo_.get(), data.data(), count) < count) return out_of_memory();
  samples_ += count;
  return {};
}

int AudioEncoder::frame_size() const { return context_->frame_size > 0 ? context_->frame_size : frame_of_pcm; }

Result<void> AudioEncoder::push(AVFrame const& frame, Take const& take) {
  TRY(add(frame));
  while (av_audio_fifo_size(fifo_.get()) >= frame_size()) TRY(encode(frame_size(), take));
  return {};
}

Result<void> AudioEncoder::finish(Take const& take) {
  while (av_audio_fifo_size(fifo_.get()) > 0) TRY(encode(std::min(frame_size(), av_audio_fifo_size(fifo_.get())), take));
  if (int const code = avcodec_send_frame(context_.get(), nullptr); code < 0) return failure(code, "encoding sound");
  return drain(take);
}

Result<void> AudioEncoder::encode(int samples, Take const& take) {
  auto frame = TRY(make_samples({context_->sample_rate, context_->ch_layout.nb_channels}, samples));
  av_audio_fifo_read(fifo_.get(), reinterpret_cast<void**>(frame->data), samples);
  if (resample_) frame = TRY(converted(*frame));
  frame->pts = sent_;
  sent_ += samples;
  if (int const code = avcodec_send_frame(context_.get(), frame.get()); code < 0) return failure(code, "encoding sound");
  return drain(take);
}

Result<Frame> AudioEncoder::converted(AVFrame const& in) {
  auto out = make_frame();
  out->format = context_->sample_fmt;
  out->sample_rate = context_->sample_rate;
  out->nb_samples = in.nb_samples;
  av_channel_layout_copy(&out->ch_layout, &context_->ch_layout);
  if (av_frame_get_buffer(out.get(), 0) < 0) return out_of_memory();
  int const given = swr_convert(resample_.get(), out->extended_data, out->nb_samples,
                                const_cast<std::uint8_t const**>(in.extended_data), in.nb_samples);
  if (given != in.nb_samples) return failure(given < 0 ? given : AVERROR_EXTERNAL, "converting sound for its encoder");
  return out;
}

Result<void> AudioEncoder::drain(Take const& take) {
  while (true) {
    int const code = avcodec_receive_packet(context_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) return failure(code, "encoding sound");
    // FLAC's last one is empty: it carries the extradata, which parameters() has as well.
    if (packet_->size > 0) TRY(take(*packet_));
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
