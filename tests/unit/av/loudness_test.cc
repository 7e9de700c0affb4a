// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <utility>
#include <vector>

#include <ebur128.h>
#include <gtest/gtest.h>

#include "av/gain_shape.h"
#include "av/limiter.h"
#include "av/loudness_meter.h"
#include "av/sound_outline.h"
#include "av/true_peak.h"

namespace reelmill::av {
namespace {

using Samples = std::vector<float>;

Samples tone(int rate, double hertz, double level, double seconds, double phase = 0) {
  Samples out(static_cast<std::size_t>(seconds * rate));
  double const peak = std::pow(10, level / 20);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<float>(peak * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / rate + phase));
  return out;
}

// Every channel the same; pieces of the size given, or of random sizes for 0.
template <class Push>
void in_pieces(Samples const& samples, AudioFormat format, std::size_t piece, Push push) {
  std::mt19937_64 random(5);
  for (std::size_t from = 0; from < samples.size();) {
    auto const count = std::min(samples.size() - from, piece ? piece : 1 + random() % 7000);
    auto const frame = make_samples(format, static_cast<int>(count)).value();
    for (int channel = 0; channel < format.channels; ++channel)
      std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(from), count, reinterpret_cast<float*>(frame->data[channel]));
    push(*frame);
    from += count;
  }
}

LoudnessFigures measured(Samples const& samples, AudioFormat format) {
  auto meter = LoudnessMeter::open(format).value();
  in_pieces(samples, format, 4800, [&](AVFrame const& frame) { EXPECT_TRUE(meter.add(frame)); });
  return meter.figures();
}

// By libebur128, which interpolates otherwise and finds a little more on noise.
double peak_by_another_meter(Samples const& samples, int rate) {
  auto* state = ebur128_init(1, static_cast<unsigned long>(rate), EBUR128_MODE_TRUE_PEAK);
  ebur128_add_frames_float(state, samples.data(), samples.size());
  double peak = 0;
  ebur128_true_peak(state, 0, &peak);
  ebur128_destroy(&state);
  return 20 * std::log10(peak);
}

struct Limited {
  Samples samples;
  double deepest = 0, seconds = 0;
};
Limited limited(Samples const& samples, AudioFormat format, double ceiling, std::size_t piece = 1024) {
  Limiter limiter(format, ceiling);
  Limited out;
  auto const take = [&](AVFrame const& frame) -> Result<void> {
    auto const* const first = reinterpret_cast<float const*>(frame.data[0]);
    auto const* const last = reinterpret_cast<float const*>(frame.data[format.channels - 1]);
    EXPECT_TRUE(std::equal(first, first + frame.nb_samples, last));
    out.samples.insert(out.samples.end(), first, first + frame.nb_samples);
    return {};
  };
  in_pieces(samples, format, piece, [&](AVFrame const& frame) { EXPECT_TRUE(limiter.push(frame, take)); });
  EXPECT_TRUE(limiter.finish(take));
  out.deepest = limiter.deepest();
  out.seconds = limiter.seconds();
  return out;
}

Samples noise(std::size_t count, double level, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, static_cast<float>(std::pow(10, level / 20)));
  Samples out(count);
  for (auto& sample : out) sample = normal(random);
  return out;
}

TEST(LoudnessMeter, AToneOfTwoChannelsIsAsLoudAsItsLevel) {
  for (int const rate : {44100, 48000, 96000}) {
    auto const figures = measured(tone(rate, 1000, -23, 5), {rate, 2});
    EXPECT_NEAR(figures.integrated.value(), -23, 0.05) << rate;
    EXPECT_NEAR(figures.true_peak.value(), -23, 0.1) << rate;
    EXPECT_NEAR(figures.range.value(), 0, 0.1) << rate;
    EXPECT_NEAR(measured(tone(rate, 1000, -23, 5), {rate, 1}).integrated.value(), -26, 0.05) << rate;
  }
}

TEST(LoudnessMeter, WhatCannotBeSaidIsNotSaid) {
  auto const silence = measured(Samples(96000), {48000, 2});
  EXPECT_FALSE(silence.integrated || silence.true_peak || silence.range);
  auto const blip = measured(tone(48000, 1000, -20, 0.3), {48000, 1});
  EXPECT_FALSE(blip.integrated);
  EXPECT_TRUE(blip.true_peak);
  auto const word = measured(tone(48000, 1000, -20, 2), {48000, 1});
  EXPECT_TRUE(word.integrated);
  EXPECT_FALSE(word.range);
}

TEST(LoudnessMeter, TheBlocksSayWhatTheMeterSays) {
  AudioFormat const format{44100, 2};
  auto meter = LoudnessMeter::open(format, {.series = true}).value();
  auto samples = tone(44100, 700, -36, 6);
  auto const loud = tone(44100, 900, -20, 9.37);
  samples.insert(samples.end(), loud.begin(), loud.end());
  in_pieces(samples, format, 0, [&](AVFrame const& frame) { EXPECT_TRUE(meter.add(frame)); });
  EXPECT_NEAR(integrated_of(meter.blocks()).value(), meter.figures().integrated.value(), 0.02);
  EXPECT_EQ(meter.short_term().size(), 153u);
  EXPECT_NEAR(meter.short_term().back(), -20, 0.3);
}

TEST(LoudnessMeter, TheLowFrequencyEffectsDoNotCount) {
  AudioFormat const format{48000, 6};
  auto meter = LoudnessMeter::open(format).value();
  auto const samples = tone(48000, 100, -10, 3);
  auto const frame = make_samples(format, static_cast<int>(samples.size())).value();
  std::copy(samples.begin(), samples.end(), reinterpret_cast<float*>(frame->data[3]));
  EXPECT_TRUE(meter.add(*frame));
  EXPECT_FALSE(meter.figures().integrated);
}

TEST(TruePeak, FindsWhatLiesBetweenTheSamples) {
  // A quarter of the rate, an eighth of a turn late: every sample is 3 dB below the peak.
  auto samples = tone(48000, 12000, -6, 0.1, std::numbers::pi / 4);
  std::vector<float> peaks(samples.size() - 2 * TruePeak::reach);
  TruePeak().raise(samples, 0, peaks);
  EXPECT_NEAR(20 * std::log10(*std::max_element(peaks.begin(), peaks.end())), -6, 0.1);
}

TEST(Limiter, WhatStaysBelowComesOutBitForBit) {
  auto const samples = noise(50'001, -30, 1);
  for (std::size_t const piece : {std::size_t{0}, std::size_t{1}, std::size_t{1024}, samples.size()}) {
    auto const out = limited(samples, {48000, 2}, -1, piece);
    EXPECT_EQ(out.samples, samples) << piece;
    EXPECT_EQ(out.deepest, 0);
    EXPECT_EQ(out.seconds, 0);
  }
}

TEST(Limiter, NothingExceedsTheCeiling) {
  for (int const rate : {22050, 44100, 48000, 96000})
    for (double const level : {-12.0, -3.0, 6.0}) {
      auto white = noise(static_cast<std::size_t>(rate), level, 7);
      auto dull = white;
      for (std::size_t i = 3; i < white.size(); ++i) dull[i] = (white[i] + white[i - 1] + white[i - 2] + white[i - 3]) / 2;
      for (auto const& [samples, more] : {std::pair{white, 0.45}, std::pair{dull, 0.15}}) {
        auto const out = limited(samples, {rate, 2}, -1.5);
        ASSERT_EQ(out.samples.size(), samples.size());
        EXPECT_LE(measured(out.samples, {rate, 2}).true_peak.value(), -1.5 + 0.05) << level << " dB at " << rate;
        EXPECT_LE(peak_by_another_meter(out.samples, rate), -1.5 + more) << level << " dB at " << rate;
        std::vector<float> peaks(out.samples.size() - 2 * TruePeak::reach);
        TruePeak().raise(out.samples, 0, peaks);
        EXPECT_LE(20 * std::log10(*std::max_element(peaks.begin(), peaks.end())), -1.5 + 0.05) << level << " dB at " << rate;
      }
    }
}

TEST(Limiter, ASpikeIsTakenDownAndNothingElse) {
  constexpr std::size_t at = 24'000, count = 48'000;
  auto samples = noise(count, -40, 3);
  auto const quiet = samples;
  samples[at] = 2;
  auto const out = limited(samples, {48000, 1}, -1);
  ASSERT_EQ(out.samples.size(), count);
  EXPECT_LE(std::abs(out.samples[at]), 0.8913f);
  EXPECT_GT(std::abs(out.samples[at]), 0.85f);
  EXPECT_GT(out.deepest, 6);
  // 5 ms before it begins, and once it has come back, all is as it was.
  EXPECT_TRUE(std::equal(quiet.begin(), quiet.begin() + at - 256, out.samples.begin()));
  EXPECT_TRUE(std::equal(quiet.begin() + at + 48'000 / 2 - 1000, quiet.begin() + at + 48'000 / 2 - 900,
                         out.samples.begin() + at + 48'000 / 2 - 1000, [](float a, float b) { return std::abs(a - b) < 1e-5; }));
}

TEST(Limiter, ASpikeAtEitherEndIsCaughtToo) {
  for (std::size_t const at : {std::size_t{0}, std::size_t{10}, std::size_t{9'989}, std::size_t{9'999}}) {
    Samples samples(10'000);
    samples[at] = -3;
    auto const out = limited(samples, {48000, 2}, -1);
    ASSERT_EQ(out.samples.size(), samples.size());
    EXPECT_LE(std::abs(out.samples[at]), 0.8913f) << at;
    EXPECT_GT(std::abs(out.samples[at]), 0.85f) << at;
  }
}

TEST(Limiter, TheSizesOfFramesChangeNothing) {
  auto const samples = noise(30'000, -4, 11);
  auto const whole = limited(samples, {44100, 2}, -2, samples.size());
  for (std::size_t const piece : {std::size_t{0}, std::size_t{7}, std::size_t{4096}})
    EXPECT_EQ(limited(samples, {44100, 2}, -2, piece).samples, whole.samples) << piece;
}

// Words and pauses of noise, quiet and loud ones, with steep beginnings.
Samples words(int rate, double level, unsigned seed) {
  auto samples = noise(static_cast<std::size_t>(12 * rate), level, seed);
  std::mt19937 random(seed);
  double envelope = 0, loud = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i % static_cast<std::size_t>(rate / 4) == 0) loud = random() % 4 == 0 ? 0 : static_cast<double>(1 + random() % 100) / 100;
    envelope += (loud - envelope) * (loud > envelope ? 300.0 : 30.0) / rate;
    samples[i] *= static_cast<float>(envelope);
  }
  return samples;
}

LoudnessMeter outlined(Samples const& samples, AudioFormat format) {
  auto meter = LoudnessMeter::open(format, {.outline = true}).value();
  in_pieces(samples, format, 0, [&](AVFrame const& frame) { EXPECT_TRUE(meter.add(frame)); });
  meter.finish();
  return meter;
}

TEST(Forecast, IsWhatGainAndLimiterMake) {
  for (int const rate : {44100, 48000}) {
    AudioFormat const format{rate, 2};
    auto const samples = words(rate, -20, 9);
    auto const meter = outlined(samples, format);
    for (double const gain : {0.0, 6.0, 12.0, 18.0, 24.0}) {
      auto louder = samples;
      for (auto& sample : louder) sample *= static_cast<float>(std::pow(10, gain / 20));
      auto const out = limited(louder, format, -1.5);
      auto const wanted = measured(out.samples, format).integrated.value();
      auto const told = forecast_loudness(meter.outline(), {.gain = gain, .curve = {}}, -1.5);
      EXPECT_NEAR(told.integrated.value(), wanted, 0.01 + 0.02 * out.deepest) << gain << " dB, limited by " << out.deepest;
      EXPECT_NEAR(told.deepest, out.deepest, 0.3 + 0.1 * out.deepest);
      EXPECT_NEAR(forecast_loudness(meter.outline(), {.gain = gain, .curve = {}}, {}).integrated.value(),
                  measured(louder, format).integrated.value(), 0.01);
    }
  }
}

TEST(Forecast, FollowsTheCurve) {
  AudioFormat const format{48000, 1};
  auto const samples = words(48000, -20, 4);
  auto const meter = outlined(samples, format);
  GainShape shape{.gain = -3, .curve = {}};
  for (int i = 0; i < 120; ++i) shape.curve.push_back(static_cast<float>(i % 30) / 5);
  auto other = LoudnessMeter::open(format).value();
  std::int64_t position = 0;
  in_pieces(samples, format, 1000, [&](AVFrame& frame) {
    shape.apply(frame, position);
    position += frame.nb_samples;
    EXPECT_TRUE(other.add(frame));
  });
  EXPECT_NEAR(forecast_loudness(meter.outline(), shape, {}).integrated.value(), other.figures().integrated.value(), 0.01);
}

TEST(Outline, HasThePeaksOfTheMeter) {
  AudioFormat const format{48000, 2};
  auto const samples = words(48000, -14, 2);
  auto const meter = outlined(samples, format);
  EXPECT_EQ(meter.figures().true_peak, measured(samples, format).true_peak);
  EXPECT_NEAR(meter.figures().true_peak.value(), peak_by_another_meter(samples, 48000), 0.45);
  auto const& peaks = meter.outline().peak;
  EXPECT_EQ(peaks.size(), meter.outline().power.size());
  EXPECT_EQ(peaks.size(), 12'000u);
  EXPECT_NEAR(20 * std::log10(*std::max_element(peaks.begin(), peaks.end())), meter.figures().true_peak.value(), 1e-6);
}

TEST(Limiter, NoSoundIsNoSound) { EXPECT_TRUE(limited({}, {48000, 2}, -1).samples.empty()); }

}  // namespace
}  // namespace reelmill::av
