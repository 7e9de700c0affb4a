// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/audio_source.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "av/downmix.h"
#include "av/failure.h"

extern "C" {
#include <libavutil/samplefmt.h>
}

namespace reelmill::av {

namespace {
Rational const jitter{19, 1000};           // differences up to this are the clock's; a packet of 20 ms that is missing is a gap
Rational const jitter_at_change{1, 1000};  // where another recording begins there is no reason to trust the one before
constexpr std::int64_t longest_gap = 60;   // seconds; more is a broken clock, not a gap
constexpr std::int64_t silence_piece = 8192;
constexpr double latest_instant = 1e8;  // seconds; no recording is three years long
constexpr int most_channels = 64;       // of the resampler

std::int64_t samples_in(Rational seconds, int rate) { return round(seconds * Rational(rate)); }

struct Layout {
  Layout() = default;
  Layout(Layout const&) = delete;
  Layout& operator=(Layout const&) = delete;
  ~Layout() { av_channel_layout_uninit(&it); }
  AVChannelLayout it{};
};

AVSampleFormat format_of(AVFrame const& frame) { return static_cast<AVSampleFormat>(frame.format); }

Result<Frame> make_samples_like(AVFrame const& like, std::int64_t samples) {
  auto frame = make_frame();
  frame->format = like.format;
  frame->sample_rate = like.sample_rate;
  frame->nb_samples = static_cast<int>(samples);
  int code = av_channel_layout_copy(&frame->ch_layout, &like.ch_layout);
  if (code >= 0) code = av_frame_get_buffer(frame.get(), 0);
  if (code < 0) return failure(code, "making room for sound");
  return frame;
}
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

Result<AudioSource> AudioSource::open(std::string const& path, int stream, std::optional<Rational> start, AudioFormat format,
                                      Downmix const& downmix) {
  auto demuxer = TRY(Demuxer::open(path));
  if (stream < 0 || stream >= static_cast<int>(demuxer.context().nb_streams))
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading the sound of {}: it has no stream {}; has it changed?", demuxer.name(), stream)};
  demuxer.keep_only(stream);
  auto decoder = TRY(Decoder::open(*demuxer.stream(stream).codecpar, demuxer.stream(stream).time_base, demuxer.name()));
  return AudioSource(std::move(demuxer), std::move(decoder), stream, start, format, downmix);
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
  ledger_.damaged = decoder_.errors();
  if (!has_begun_ && wanted_ > 0)
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading the sound of {}: not one sample of stream {} ({}) could be decoded", name(),
                                     stream_, avcodec_get_name(demuxer_.stream(stream_).codecpar->codec_id))};
  return {};
}

Result<void> AudioSource::place(AVFrame& frame) {
  if (frame.nb_samples <= 0 || frame.sample_rate <= 0 || handed_out_ >= wanted_) return {};
  TRY(follow_format(frame));
  follow_clock(frame);
  auto const gap = clock_ - position_;
  // Where the rate changes, the old one's last sample and the new one's first meet within a sample or two.
  bool const is_rounding = has_changed_ && std::abs(gap) <= 2;
  if (!has_begun_) {
    ledger_.late_by = std::max<std::int64_t>(0, gap);
    ledger_.before_start = std::max<std::int64_t>(0, -gap);
  } else if (!is_rounding) {
    ledger_.filled += std::max<std::int64_t>(0, gap);
    if (clock_ >= 0) ledger_.cut += std::clamp<std::int64_t>(-gap, 0, frame.nb_samples);
  }
  has_begun_ = true;
  has_changed_ = false;
  if (gap > 0) TRY(silence(gap, frame));
  std::int64_t const skip = std::max<std::int64_t>(0, -gap);
  clock_ += frame.nb_samples;
  position_ = std::max(position_, clock_);
  if (skip >= frame.nb_samples) return {};
  if (skip == 0) return convert(&frame);
  auto rest = TRY(make_samples_like(frame, frame.nb_samples - skip));
  av_samples_copy(rest->extended_data, frame.extended_data, 0, static_cast<int>(skip), rest->nb_samples,
                  frame.ch_layout.nb_channels, format_of(frame));
  return convert(rest.get());
}

std::optional<std::int64_t> AudioSource::instant_of(AVFrame const& frame) {
  if (frame.best_effort_timestamp == AV_NOPTS_VALUE) return std::nullopt;
  auto const& base = demuxer_.stream(stream_).time_base;
  if (std::abs(static_cast<double>(frame.best_effort_timestamp) * av_q2d(base)) > latest_instant) return std::nullopt;
  auto const instant = Rational(frame.best_effort_timestamp) * Rational(base.num, base.den);
  if (!start_) start_ = instant - Rational(clock_, frame.sample_rate);
  return samples_in(instant - *start_, frame.sample_rate);
}

void AudioSource::follow_clock(AVFrame const& frame) {
  auto const at = instant_of(frame);
  if (!at) return;
  if (!has_begun_) {
    clock_ = *at;
    return;
  }
  auto const jump = *at + shift_ - clock_;
  if (std::abs(jump) >= longest_gap * frame.sample_rate) {
    shift_ -= jump;
    ++ledger_.jumps;
  } else if (Rational(std::abs(jump), frame.sample_rate) > (has_changed_ ? jitter_at_change : jitter)) {
    clock_ += jump;
  }
}

Result<void> AudioSource::follow_format(AVFrame const& frame) {
  if (!like_) {
    like_ = make_frame();
  } else {
    bool const is_same = like_->format == frame.format && like_->sample_rate == frame.sample_rate &&
                         av_channel_layout_compare(&like_->ch_layout, &frame.ch_layout) == 0;
    if (is_same) return {};
    // What the old resampler holds goes out first; from there on the new rate counts.
    if (resample_) TRY(convert(nullptr));
    auto const ratio = Rational(frame.sample_rate, like_->sample_rate);
    clock_ = round(Rational(clock_) * ratio);
    shift_ = round(Rational(shift_) * ratio);
    position_ = round(Rational(handed_out_) * Rational(frame.sample_rate, format_.sample_rate));
    has_changed_ = true;
    ++ledger_.changes;
  }
  like_->format = frame.format;
  like_->sample_rate = frame.sample_rate;
  if (int const code = av_channel_layout_copy(&like_->ch_layout, &frame.ch_layout); code < 0)
    return failure(code, fmt::format("resampling the sound of {}", name()));
  return open_resampler(frame);
}

Result<void> AudioSource::open_resampler(AVFrame const& frame) {
  Layout in, out;
  av_channel_layout_copy(&in.it, &frame.ch_layout);
  if (in.it.order == AV_CHANNEL_ORDER_UNSPEC) av_channel_layout_default(&in.it, frame.ch_layout.nb_channels);
  av_channel_layout_default(&out.it, format_.channels);
  int const count = in.it.nb_channels;
  if (count < 1 || count > most_channels)
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading the sound of {}: {} channels, more than {}", name(), count, most_channels)};
  Matrix matrix;
  bool const is_one_side = takes_one_side(in.it, downmix_) && format_.channels <= 2;
  if (is_one_side || av_channel_layout_compare(&in.it, &out.it) != 0) {
    matrix = format_.channels > 2 ? placing_matrix(in.it, out.it) : downmix_matrix(in.it, format_.channels, downmix_);
    ledger_.downmix = matrix.text;
    // The matrix says all about places, so any will do for the resampler, which knows no others than these.
    if (in.it.order != AV_CHANNEL_ORDER_NATIVE) {
      av_channel_layout_uninit(&in.it);
      av_channel_layout_from_mask(&in.it, ~0ULL >> (64 - count));
    }
  }
  SwrContext* raw = nullptr;
  int code = swr_alloc_set_opts2(&raw, &out.it, AV_SAMPLE_FMT_FLTP, format_.sample_rate, &in.it, format_of(frame),
                                 frame.sample_rate, 0, nullptr);
  resample_.reset(raw);
  if (code >= 0 && !matrix.factors.empty()) code = swr_set_matrix(raw, matrix.factors.data(), count);
  if (code >= 0) code = swr_init(raw);
  if (code < 0) return failure(code, fmt::format("resampling the sound of {}", name()));
  return {};
}

Result<void> AudioSource::silence(std::int64_t samples, AVFrame const& like) {
  while (samples > 0 && handed_out_ < wanted_) {
    auto const piece = std::min(samples, silence_piece);
    auto frame = TRY(make_samples_like(like, piece));
    av_samples_set_silence(frame->extended_data, 0, frame->nb_samples, frame->ch_layout.nb_channels, format_of(*frame));
    TRY(convert(frame.get()));
    samples -= piece;
  }
  return {};
}

Result<void> AudioSource::convert(AVFrame const* frame) {
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
