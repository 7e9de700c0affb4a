// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/replaced_sound.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace reelmill::av {

namespace {
constexpr std::int64_t silence_piece = 8192;
constexpr double same_place = 1e-6;  // samples

// Takes a recording's samples as they come and gives those of the piece as soon as all that they are made of is there.
class Between {
 public:
  // Piece sample i lies at `first` + i · `rate` of what will come.
  Between(Sinc const& sinc, AudioFormat format, double first, double rate, std::int64_t wanted)
      : sinc_(sinc),
        format_(format),
        first_(first),
        rate_(rate),
        wanted_(wanted),
        held_(static_cast<std::size_t>(format.channels)) {
    is_copy_ = rate == 1 && std::abs(first - std::round(first)) < same_place;
    if (is_copy_) first_ = std::round(first);
  }

  Result<void> push(AVFrame const& frame, AudioSource::Take const& take) {
    auto const count = static_cast<std::size_t>(frame.nb_samples);
    for (std::size_t channel = 0; channel < held_.size(); ++channel) {
      auto const* const samples = reinterpret_cast<float const*>(frame.extended_data[channel]);
      held_[channel].insert(held_[channel].end(), samples, samples + count);
    }
    end_ += frame.nb_samples;
    return give(take);
  }

  // What is missing is silence.
  Result<void> finish(AudioSource::Take const& take) {
    while (given_ < wanted_) {
      for (auto& channel : held_) channel.insert(channel.end(), silence_piece, 0.0F);
      end_ += silence_piece;
      TRY(give(take));
    }
    return {};
  }

 private:
  double place(std::int64_t sample) const { return first_ + static_cast<double>(sample) * rate_; }

  Result<void> give(AudioSource::Take const& take) {
    // The last that is wholly there.
    auto ready = given_;
    while (ready < wanted_ && std::floor(place(ready)) + Sinc::half < static_cast<double>(end_)) ++ready;
    if (ready == given_) return {};
    auto frame = TRY(make_samples(format_, static_cast<int>(ready - given_)));
    std::array<float, Sinc::taps> weights{};
    for (auto sample = given_; sample < ready; ++sample) {
      double const at = place(sample), whole = std::floor(at);
      auto const begin = static_cast<std::int64_t>(whole) - (Sinc::half - 1) - begin_;
      if (!is_copy_) sinc_.weights(at - whole, weights);
      for (std::size_t channel = 0; channel < held_.size(); ++channel) {
        auto const* const from = held_[channel].data() + begin;
        auto* const to = reinterpret_cast<float*>(frame->extended_data[channel]) + (sample - given_);
        if (is_copy_) {
          *to = from[Sinc::half - 1];
          continue;
        }
        float sum = 0;
        for (std::size_t tap = 0; tap < Sinc::taps; ++tap) sum += weights[tap] * from[tap];
        *to = sum;
      }
    }
    given_ = ready;
    forget();
    return take(*frame);
  }

  void forget() {
    auto const needed = static_cast<std::int64_t>(std::floor(place(given_))) - (Sinc::half - 1);
    auto const count = std::clamp<std::int64_t>(needed - begin_, 0, end_ - begin_);
    for (auto& channel : held_) channel.erase(channel.begin(), channel.begin() + count);
    begin_ += count;
  }

  Sinc const& sinc_;
  AudioFormat format_;
  double first_, rate_;
  std::int64_t wanted_, given_ = 0;
  bool is_copy_ = false;
  std::vector<std::vector<float>> held_;  // samples begin_ to end_ of what came
  std::int64_t begin_ = 0, end_ = 0;
};

void add(AudioSource::Ledger& sum, AudioSource::Ledger const& more) {
  sum.filled += more.filled;
  sum.cut += more.cut;
  sum.jumps += more.jumps;
  sum.changes += more.changes;
  sum.damaged += more.damaged;
  sum.downmix = more.downmix;
}
}  // namespace

Result<void> ReplacedSound::read(std::int64_t samples, Take const& take) {
  std::int64_t given = 0;
  for (auto const& piece : pieces_) {
    auto const sample_at = [&](Rational instant) {
      return std::clamp(round((instant - start_) * Rational(format_.sample_rate)), given, samples);
    };
    auto const from = sample_at(piece.from), to = sample_at(piece.to);
    if (to <= from) continue;
    TRY(silence(from - given, take));
    TRY(play(piece, from, to, take));
    given = to;
  }
  return silence(samples - given, take);
}

Result<void> ReplacedSound::silence(std::int64_t samples, Take const& take) {
  for (; samples > 0; samples -= silence_piece)
    TRY(take(*TRY(make_samples(format_, static_cast<int>(std::min(samples, silence_piece))))));
  return {};
}

Result<void> ReplacedSound::play(SoundPiece const& piece, std::int64_t from, std::int64_t to, Take const& take) {
  Rational const rate(format_.sample_rate);
  // Of the recording's samples, at the rate of the output: where the piece's first one lies, and the first one that is read,
  // which at a whole second is a sample at every rate.
  auto const first = (piece.at + (Rational(from) / rate + start_ - piece.from) * piece.rate) * rate;
  auto const begin = (floor(first / rate) - 1) * format_.sample_rate;
  auto source = TRY(AudioSource::open(path_, stream_, Rational(begin) / rate, format_, downmix_));
  double const tempo = piece.rate.value();
  auto const count = to - from;
  Between between(sinc_, format_, (first - Rational(begin)).value(), tempo, count);
  auto const needed =
      round(first) - begin + static_cast<std::int64_t>(std::ceil(static_cast<double>(count) * tempo)) + Sinc::half + 2;
  TRY(source.read(needed, [&](AVFrame const& frame) { return between.push(frame, take); }));
  TRY(between.finish(take));
  add(ledger_, source.ledger());
  return {};
}

}  // namespace reelmill::av
