// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/audio_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "av/failure.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>
}

namespace reelmill::av {

namespace {
Rational const jitter{20, 1000};          // differences up to this are the clock's, not gaps
constexpr std::int64_t longest_gap = 60;  // seconds; more is a broken clock, not a gap
constexpr std::int64_t silence_piece = 8192;

std::int64_t samples_in(Rational seconds, int rate) { return round(seconds * Rational(rate)); }
}  // namespace

Result<Frame> make_samples(AudioFormat const& format, int samples) {
  auto frame = make_frame();
  frame->format = AV_SAMPLE_FMT_FLTP;
  frame->sample_rate = format.sample_rate;
  frame->nb_samples = samples;
  av_channel_layout_default(&frame->ch_layout, format.channels);
  if (int const code = av_frame_get_buffer(frame.get(), 0); code < 0) return failure(code, "making room for sound");
  av_samples_set_silence(frame->extended_data, 0, samples, format.channels, AV_SAMPLE_FMT_FLTP);
  return frame;
}

Result<AudioSource> AudioSource::open(std::string const& path, int stream, Rational start, AudioFormat format) {
  auto demuxer = TRY(Demuxer::open(path));
  if (stream < 0 || stream >= static_cast<int>(demuxer.context().nb_streams))
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading the sound of {}: it has no stream {}; has it changed?", demuxer.name(), stream)};
  demuxer.keep_only(stream);
  auto decoder = TRY(Decoder::open(*demuxer.stream(stream).codecpar, demuxer.stream(stream).time_base, demuxer.name()));
  return AudioSource(std::move(demuxer), std::move(decoder), stream, start, format);
}

Result<void> AudioSource::read(std::int64_t samples, Take const& take) {
  wanted_ = samples;
  take_ = &take;
  auto packet = make_packet();
  for (bool more = true; more && handed_out_ < wanted_;) {
    more = TRY(demuxer_.read(*packet))
    == Pull::item;
    TRY(decoder_.decode(more ? packet.get() : nullptr, [&](AVFrame& frame) { return place(frame); }));
  }
  if (resample_ && handed_out_ < wanted_) TRY(convert(nullptr));
  return {};
}

Result<void> AudioSource::place(AVFrame& frame) {
  if (frame.nb_samples <= 0 || frame.sample_rate <= 0 || handed_out_ >= wanted_) return {};
  int const rate = frame.sample_rate;
  if (frame.best_effort_timestamp != AV_NOPTS_VALUE) {
    auto const& base = demuxer_.stream(stream_).time_base;
    auto const at = samples_in(Rational(frame.best_effort_timestamp) * Rational(base.num, base.den) - start_, rate);
    auto const jump = at - clock_;
    auto const size = jump < 0 ? -jump : jump;
    if (!has_begun_ || (Rational(size, rate) > jitter && size < longest_gap * rate)) clock_ = at;
  }
  auto const gap = clock_ - position_;
  if (!has_begun_) {
    ledger_.late_by = std::max<std::int64_t>(0, gap);
    ledger_.before_start = std::max<std::int64_t>(0, -gap);
  } else {
    ledger_.filled += std::max<std::int64_t>(0, gap);
    if (clock_ >= 0) ledger_.cut += std::clamp<std::int64_t>(-gap, 0, frame.nb_samples);
  }
  has_begun_ = true;
  if (gap > 0) TRY(silence(gap, frame));
  std::int64_t const skip = std::max<std::int64_t>(0, -gap);
  clock_ += frame.nb_samples;
  position_ = std::max(position_, clock_);
  if (skip >= frame.nb_samples) return {};
  if (skip > 0) {
    auto rest = share(frame);
    int const bytes = av_get_bytes_per_sample(static_cast<AVSampleFormat>(frame.format));
    bool const planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format));
    int const planes = planar ? frame.ch_layout.nb_channels : 1;
    for (int i = 0; i < planes && i < AV_NUM_DATA_POINTERS; ++i)
      rest->data[i] += skip * bytes * (planar ? 1 : frame.ch_layout.nb_channels);
    if (rest->extended_data != rest->data)
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("reading the sound of {}: more than {} channels", name(), AV_NUM_DATA_POINTERS)};
    rest->nb_samples -= static_cast<int>(skip);
    return convert(rest.get());
  }
  return convert(&frame);
}

Result<void> AudioSource::silence(std::int64_t samples, AVFrame const& like) {
  while (samples > 0) {
    auto const piece = std::min(samples, silence_piece);
    auto frame = make_frame();
    frame->format = like.format;
    frame->sample_rate = like.sample_rate;
    frame->nb_samples = static_cast<int>(piece);
    av_channel_layout_copy(&frame->ch_layout, &like.ch_layout);
    if (int const code = av_frame_get_buffer(frame.get(), 0); code < 0) return failure(code, "making room for silence");
    av_samples_set_silence(frame->extended_data, 0, frame->nb_samples, frame->ch_layout.nb_channels,
                           static_cast<AVSampleFormat>(frame->format));
    TRY(convert(frame.get()));
    samples -= piece;
  }
  return {};
}

Result<void> AudioSource::convert(AVFrame const* frame) {
  if (!resample_ && frame) {
    AVChannelLayout in{}, out{};
    av_channel_layout_copy(&in, &frame->ch_layout);
    if (in.order == AV_CHANNEL_ORDER_UNSPEC) av_channel_layout_default(&in, frame->ch_layout.nb_channels);
    av_channel_layout_default(&out, format_.channels);
    SwrContext* raw = nullptr;
    int code = swr_alloc_set_opts2(&raw, &out, AV_SAMPLE_FMT_FLTP, format_.sample_rate, &in,
                                   static_cast<AVSampleFormat>(frame->format), frame->sample_rate, 0, nullptr);
    resample_.reset(raw);
    if (code >= 0) code = swr_init(raw);
    if (code < 0) return failure(code, fmt::format("resampling the sound of {}", name()));
  }
  while (true) {
    int const room = swr_get_out_samples(resample_.get(), frame ? frame->nb_samples : 0);
    if (room <= 0) return {};
    auto out = TRY(make_samples(format_, room));
    int const got =
        swr_convert(resample_.get(), out->extended_data, room,
                    frame ? const_cast<std::uint8_t const**>(frame->extended_data) : nullptr, frame ? frame->nb_samples : 0);
    if (got < 0) return failure(got, fmt::format("resampling the sound of {}", name()));
    if (got == 0) return {};
    out->nb_samples = got;
    TRY(hand_out(*out));
    if (frame) return {};
  }
}

Result<void> AudioSource::hand_out(AVFrame& frame) {
  frame.nb_samples = static_cast<int>(std::min<std::int64_t>(frame.nb_samples, wanted_ - handed_out_));
  if (frame.nb_samples <= 0) return {};
  handed_out_ += frame.nb_samples;
  return (*take_)(frame);
}

}  // namespace reelmill::av
