// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/bed_mixer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "av/gain_shape.h"

namespace reelmill::av {

namespace {
constexpr std::size_t before = 10, after = 20, slope = 5;  // hops: ducked so long before and after, and half of a ramp
constexpr double knee = 6;                                 // dB from not at all to fully
}  // namespace

BedMixer::BedMixer(SoundBed const& bed, std::int64_t end, AudioFormat format, Fetch fetch)
    : format_(format),
      fetch_(std::move(fetch)),
      hop_(std::max(1, format.sample_rate / 50)),
      from_(std::llround(bed.from * format.sample_rate)),
      end_(end),
      fade_in_(std::llround(bed.fade_in * format.sample_rate)),
      fade_out_(std::llround(bed.fade_out * format.sample_rate)),
      gain_(factor_of(bed.gain)),
      duck_(bed.duck),
      threshold_(bed.threshold),
      in_(static_cast<std::size_t>(format.channels)) {}

Result<void> BedMixer::push(AVFrame const& frame, Take const& take) {
  taken_ += frame.nb_samples;
  for (std::size_t channel = 0; channel < in_.size(); ++channel) {
    auto const* data = reinterpret_cast<float const*>(frame.extended_data[channel]);
    in_[channel].insert(in_[channel].end(), data, data + frame.nb_samples);
  }
  auto const whole = static_cast<std::size_t>(taken_ / hop_);
  while (heard_.size() < whole) listen(heard_.size(), static_cast<std::size_t>(hop_));
  // A sample lies between its hop's room and the next one's.
  constexpr auto ahead = before + slope + 1;
  if (whole <= ahead) return {};
  room_up_to(whole - ahead + 1);
  return give(static_cast<std::int64_t>(whole - ahead) * hop_, take);
}

Result<void> BedMixer::finish(Take const& take) {
  auto const whole = static_cast<std::size_t>(taken_ / hop_);
  if (taken_ % hop_ != 0 && heard_.size() == whole) listen(whole, static_cast<std::size_t>(taken_ % hop_));
  room_up_to(heard_.size() + 1);
  return give(taken_, take);
}

// To the hop, of which so many samples are there.
void BedMixer::listen(std::size_t hop, std::size_t count) {
  auto const first = static_cast<std::size_t>(static_cast<std::int64_t>(hop) * hop_ - given_);
  double loudest = 0;
  for (auto const& channel : in_) {
    double sum = 0;
    for (std::size_t i = first; i < first + count; ++i) sum += double{channel[i]} * channel[i];
    loudest = std::max(loudest, sum / static_cast<double>(count));
  }
  double const level = 10 * std::log10(std::max(loudest, 1e-20));
  heard_.push_back(static_cast<float>(std::clamp((level - threshold_) / knee + 0.5, 0.0, 1.0)));
}

void BedMixer::room_up_to(std::size_t hops) {
  auto const held_at = [&](std::ptrdiff_t hop) {
    auto const from = std::max<std::ptrdiff_t>(0, hop - static_cast<std::ptrdiff_t>(after));
    auto const to = std::min(static_cast<std::ptrdiff_t>(heard_.size()), hop + static_cast<std::ptrdiff_t>(before) + 1);
    return from < to ? *std::max_element(heard_.begin() + from, heard_.begin() + to) : 0.0F;
  };
  while (room_.size() < hops) {
    auto const hop = static_cast<std::ptrdiff_t>(room_.size()), reach = static_cast<std::ptrdiff_t>(slope);
    float sum = 0;
    for (auto near = hop - reach; near <= hop + reach; ++near) sum += held_at(near);
    room_.push_back(sum / (2 * slope + 1));
  }
}

double BedMixer::gain_at(std::int64_t sample) const {
  auto const hop = static_cast<std::size_t>(sample / hop_);
  double const share = static_cast<double>(sample % hop_) / static_cast<double>(hop_);
  double const room = room_[hop] + (room_[hop + 1] - room_[hop]) * share;
  auto const since = sample - from_, left = end_ - sample;
  double gain = room == 0 || duck_ == 0 ? gain_ : gain_ * factor_of(-duck_ * room);
  if (since < fade_in_) gain *= static_cast<double>(since) / static_cast<double>(fade_in_);
  if (left < fade_out_) gain *= static_cast<double>(left) / static_cast<double>(fade_out_);
  return gain;
}

Result<void> BedMixer::give(std::int64_t end, Take const& take) {
  if (end <= given_) return {};
  auto const count = end - given_;
  auto out = TRY(make_samples(format_, static_cast<int>(count)));
  for (std::size_t channel = 0; channel < in_.size(); ++channel)
    std::copy_n(in_[channel].begin(), count, reinterpret_cast<float*>(out->extended_data[channel]));
  auto const first = std::max(given_, from_), last = std::min(end, end_);
  if (first < last) {
    auto bed = TRY(make_samples(format_, static_cast<int>(last - first)));
    TRY(fetch_(first - from_, *bed));
    for (auto sample = first; sample < last; ++sample) {
      auto const gain = gain_at(sample);
      for (std::size_t channel = 0; channel < in_.size(); ++channel)
        reinterpret_cast<float*>(out->extended_data[channel])[sample - given_] +=
            static_cast<float>(gain * reinterpret_cast<float const*>(bed->extended_data[channel])[sample - first]);
    }
  }
  for (auto& channel : in_) channel.erase(channel.begin(), channel.begin() + count);
  given_ = end;
  return take(*out);
}

}  // namespace reelmill::av
