// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/limiter.h"

#include <algorithm>
#include <cmath>

#include "av/gain_shape.h"

namespace reelmill::av {

namespace {
constexpr std::int64_t one = std::int64_t{1} << 30;
constexpr std::size_t piece = 4096;  // frames worked on together
constexpr double heard = 0.98855;    // a tenth of a decibel
}  // namespace

Limiter::Limiter(AudioFormat format, double ceiling)
    : format_(format),
      ceiling_(static_cast<float>(factor_of(ceiling))),
      ahead_(std::max<std::int64_t>(2, std::lround(look_ahead * format.sample_rate))),
      release_(std::lround((1 - std::exp(-1 / (time_to_come_back * format.sample_rate))) * one)),
      // The gain is on its way down before the first sample, if it has to be.
      in_(static_cast<std::size_t>(format.channels), std::vector<float>(TruePeak::reach + static_cast<std::size_t>(ahead_))),
      now_(-ahead_),
      held_(one),
      first_{.ring = std::vector(static_cast<std::size_t>(ahead_ / 2 + 1), one), .sum = one * (ahead_ / 2 + 1)},
      second_{.ring = std::vector(static_cast<std::size_t>(ahead_ - ahead_ / 2 + 1), first_.sum),
              .sum = first_.sum * (ahead_ - ahead_ / 2 + 1)},
      lowest_(second_.sum) {}

std::int64_t Limiter::Mean::of(std::int64_t value) {
  sum += value - ring[at];
  ring[at] = value;
  if (++at == ring.size()) at = 0;
  return sum;
}

std::int64_t Limiter::whole() const {
  return one * static_cast<std::int64_t>(first_.ring.size() * second_.ring.size());
}

Result<void> Limiter::push(AVFrame const& frame, Take const& take) {
  taken_ += frame.nb_samples;
  for (std::size_t channel = 0; channel < in_.size(); ++channel) {
    auto const* data = reinterpret_cast<float const*>(frame.extended_data[channel]);
    in_[channel].insert(in_[channel].end(), data, data + frame.nb_samples);
  }
  return work(take);
}

Result<void> Limiter::finish(Take const& take) {
  auto const rest = static_cast<std::size_t>(ahead_) + TruePeak::reach + piece;
  for (auto& channel : in_) channel.resize(channel.size() + rest);
  return work(take);
}

Result<void> Limiter::work(Take const& take) {
  auto const needed = piece + static_cast<std::size_t>(ahead_) + TruePeak::reach;
  while (there() >= needed && given_ < taken_) {
    find_needs(piece);
    TRY(give(piece, take));
  }
  return {};
}

// Looks at everything up to `ahead_` after the next `count` frames.
void Limiter::find_needs(std::size_t count) {
  auto const end = count + static_cast<std::size_t>(ahead_);
  peaks_.assign(end - seen_, 0);
  for (auto const& channel : in_)
    true_peak_.raise(std::span(channel).subspan(seen_, peaks_.size() + 2 * TruePeak::reach), ceiling_, peaks_);
}

// Of frame `now_`; its and later needs are known.
std::int64_t Limiter::next_gain() {
  while (!needs_.empty() && needs_.front().at < now_) needs_.pop_front();
  held_ = std::min(one, held_ + ((one - held_) * release_ >> 30) + 1);
  if (!needs_.empty()) held_ = std::min(held_, needs_.front().gain);
  quiet_ = held_ == one ? quiet_ + 1 : 0;
  return second_.of(first_.of(held_));
}

// Nothing was taken away for so long that every gain in the means is 1, and nothing will be in the next frames.
bool Limiter::is_idle() const {
  return needs_.empty() && quiet_ > ahead_ &&
         std::none_of(peaks_.begin(), peaks_.end(), [&](float peak) { return peak > ceiling_; });
}

Result<void> Limiter::give(std::size_t count, Take const& take) {
  auto const whole = this->whole();
  bool const idle = is_idle();
  auto frame = TRY(make_samples(format_, static_cast<int>(count)));
  std::size_t given = 0;
  for (std::size_t i = 0, next = seen_; i < count; ++i, ++now_) {
    for (; next <= i + static_cast<std::size_t>(ahead_) && next - seen_ < peaks_.size(); ++next) {
      float const peak = peaks_[next - seen_];
      if (peak <= ceiling_) continue;
      auto const gain = static_cast<std::int64_t>(double{ceiling_} / peak * one);
      while (!needs_.empty() && needs_.back().gain >= gain) needs_.pop_back();
      needs_.push_back({now_ - static_cast<std::int64_t>(i) + static_cast<std::int64_t>(next), gain});
    }
    auto const gain = idle ? whole : next_gain();
    if (now_ < 0 || given_ == taken_) continue;
    auto const factor = static_cast<double>(gain) / static_cast<double>(whole);
    for (std::size_t channel = 0; channel < in_.size(); ++channel) {
      float const sample = in_[channel][TruePeak::reach + i];
      reinterpret_cast<float*>(frame->extended_data[channel])[given] =
          gain == whole ? sample : static_cast<float>(sample * factor);
    }
    lowest_ = std::min(lowest_, gain);
    if (factor < heard) ++limited_;
    ++given;
    ++given_;
  }
  seen_ = static_cast<std::size_t>(ahead_);
  for (auto& channel : in_) channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(count));
  if (given == 0) return {};
  frame->nb_samples = static_cast<int>(given);
  return take(*frame);
}

double Limiter::deepest() const {
  return lowest_ == whole() ? 0 : -20 * std::log10(static_cast<double>(lowest_) / static_cast<double>(whole()));
}

double Limiter::seconds() const { return static_cast<double>(limited_) / format_.sample_rate; }

}  // namespace reelmill::av
