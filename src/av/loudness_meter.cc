// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/loudness_meter.h"

#include <algorithm>
#include <cmath>

namespace reelmill::av {

namespace {
constexpr std::int64_t milliseconds = 1000;  // a second
constexpr int tenths_of_block = 4, tenths_of_range = 30;
constexpr double lowest_block = -100;  // LUFS; far below every gate, and what is below counts for nothing

Error out_of_memory() { return {.kind = ErrorKind::full, .what = "measuring loudness: out of memory"}; }
}  // namespace

void LoudnessMeter::Closes::operator()(ebur128_state* state) const { ebur128_destroy(&state); }

Result<LoudnessMeter> LoudnessMeter::open(AudioFormat format, Wishes wishes) {
  int mode = EBUR128_MODE_I;
  if (wishes.range || wishes.series) mode |= EBUR128_MODE_LRA;
  State state(ebur128_init(static_cast<unsigned>(format.channels), static_cast<unsigned long>(format.sample_rate), mode));
  if (!state) return out_of_memory();
  return LoudnessMeter(std::move(state), format, wishes);
}

Result<void> LoudnessMeter::add(AVFrame const& frame) {
  if (wishes_.true_peak || wishes_.outline)
    true_peaks_.add(frame, [this](std::span<float const> peaks) { note_peaks(peaks); });
  if (!wishes_.series && !wishes_.outline) return add_piece(frame, 0, frame.nb_samples);
  std::int64_t const steps = wishes_.outline ? milliseconds : 10;  // a second
  for (int from = 0; from < frame.nb_samples;) {
    // The next step begins at the first sample that is not before it.
    auto const step = frames_ * steps / format_.sample_rate + 1;
    auto const border = (step * format_.sample_rate + steps - 1) / steps;
    auto const count = static_cast<int>(std::min<std::int64_t>(border - frames_, frame.nb_samples - from));
    TRY(add_piece(frame, from, count));
    from += count;
    if (frames_ != border) continue;
    if (wishes_.outline) note_millisecond();
    if (wishes_.series && step % (steps / 10) == 0) note_block();
  }
  return {};
}

void LoudnessMeter::finish() {
  true_peaks_.finish([this](std::span<float const> peaks) { note_peaks(peaks); });
  outline_.peak.resize(outline_.power.size());
}

void LoudnessMeter::note_millisecond() {
  double loudness = -HUGE_VAL;
  ebur128_loudness_window(state_.get(), 1, &loudness);
  outline_.power.push_back(static_cast<float>(std::pow(10, (loudness - SoundOutline::weighting) / 10)));
}

void LoudnessMeter::note_peaks(std::span<float const> peaks) {
  if (!wishes_.outline) return;
  for (auto const peak : peaks) {
    auto const at = static_cast<std::size_t>(peaks_noted_++ * milliseconds / format_.sample_rate);
    if (at >= outline_.peak.size()) outline_.peak.resize(at + 1);
    outline_.peak[at] = std::max(outline_.peak[at], peak);
  }
}

Result<void> LoudnessMeter::add_piece(AVFrame const& frame, int from, int count) {
  auto const channels = static_cast<std::size_t>(format_.channels);
  interleaved_.resize(static_cast<std::size_t>(count) * channels);
  for (std::size_t channel = 0; channel < channels; ++channel) {
    auto const* in = reinterpret_cast<float const*>(frame.extended_data[channel]) + from;
    auto* out = interleaved_.data() + channel;
    for (int i = 0; i < count; ++i, out += channels) *out = in[i];
  }
  if (ebur128_add_frames_float(state_.get(), interleaved_.data(), static_cast<std::size_t>(count)) != EBUR128_SUCCESS)
    return out_of_memory();
  frames_ += count;
  return {};
}

void LoudnessMeter::note_block() {
  double momentary = -HUGE_VAL, short_term = -HUGE_VAL;
  auto const tenths = frames_ * 10 / format_.sample_rate;
  if (tenths >= tenths_of_block && ebur128_loudness_momentary(state_.get(), &momentary) == EBUR128_SUCCESS &&
      momentary > lowest_block)
    ++blocks_[static_cast<std::int32_t>(std::lround(momentary * 100))];
  ebur128_loudness_shortterm(state_.get(), &short_term);
  short_term_.push_back(static_cast<float>(short_term));
}

LoudnessFigures LoudnessMeter::figures() const {
  LoudnessFigures out;
  double value = 0;
  if (ebur128_loudness_global(state_.get(), &value) == EBUR128_SUCCESS && std::isfinite(value)) out.integrated = value;
  if (wishes_.range && out.integrated && frames_ * 10 >= std::int64_t{tenths_of_range} * format_.sample_rate &&
      ebur128_loudness_range(state_.get(), &value) == EBUR128_SUCCESS)
    out.range = value;
  if (!wishes_.true_peak) return out;
  auto rest = true_peaks_;
  rest.finish([](std::span<float const>) {});
  double const peak = rest.largest();
  if (peak > 0) out.true_peak = 20 * std::log10(peak);
  return out;
}

}  // namespace reelmill::av
