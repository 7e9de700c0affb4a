// SPDX-License-Identifier: GPL-3.0-or-later
// What the sound's operations do to samples, measured behind their filters.
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "av/audio_chain.h"
#include "ops/operation.h"

namespace reelmill::av {
namespace {

using Samples = std::vector<float>;
constexpr int rate = 48000;

std::vector<AudioFilter> filters_of(std::string_view name, std::map<std::string_view, Value> const& values = {}) {
  auto const* const operation = operation_named(name, Track::audio);
  auto options = operation->defaults();
  for (auto const& [wanted, value] : values)
    for (auto const& param : operation->params)
      if (param.name == wanted) param.write(options, value);
  Lowering lowering;
  operation->lower(options, lowering);
  return lowering.audio;
}

Samples through(std::vector<AudioFilter> const& filters, Samples const& in) {
  AudioFormat const format{rate, 1};
  auto chain = AudioChain::open(filters, format);
  EXPECT_TRUE(chain) << chain.error().text();
  Samples out;
  auto const take = [&](AVFrame const& frame) -> Result<void> {
    auto const* data = reinterpret_cast<float const*>(frame.data[0]);
    out.insert(out.end(), data, data + frame.nb_samples);
    return {};
  };
  for (std::size_t from = 0; from < in.size(); from += 1000) {
    auto const count = std::min<std::size_t>(1000, in.size() - from);
    auto frame = make_samples(format, static_cast<int>(count)).value();
    std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(from), count, reinterpret_cast<float*>(frame->data[0]));
    EXPECT_TRUE(chain->push(*frame, take));
  }
  auto const finished = chain->finish(take);
  EXPECT_TRUE(finished) << finished.error().text();
  EXPECT_EQ(out.size(), in.size());
  return out;
}

Samples tone(double frequency, double decibel, double seconds = 2) {
  Samples out(static_cast<std::size_t>(seconds * rate));
  double const peak = std::pow(10, decibel / 20);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<float>(peak * std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / rate));
  return out;
}

// Peak level of a tone, in dB, from its power between two instants.
double level(Samples const& samples, double from, double to) {
  double sum = 0;
  auto const begin = static_cast<std::size_t>(from * rate), end = static_cast<std::size_t>(to * rate);
  for (auto i = begin; i < end; ++i) sum += double{samples[i]} * samples[i];
  return 10 * std::log10(2 * sum / static_cast<double>(end - begin));
}

double settled(Samples const& samples) { return level(samples, 1, 2); }

TEST(SoundOperations, AnImpulseStaysWhereItWas) {
  Samples in(rate);
  for (std::size_t const at : {std::size_t{20'000}, std::size_t{rate - 1}}) {
    std::fill(in.begin(), in.end(), 0.0f);
    in[at] = 0.5f;
    auto const chains = std::vector<std::vector<AudioFilter>>{
        filters_of("volume", {{"gain", -6.0}}),
        filters_of("equalizer", {{"gain", 6.0}}),
        filters_of("equalizer", {{"gain", -6.0}, {"shape", std::string("low_shelf")}, {"frequency", 200.0}}),
        filters_of("equalizer", {{"gain", 6.0}, {"shape", std::string("high_shelf")}, {"frequency", 6000.0}}),
        filters_of("compressor"),
        filters_of("gate", {{"threshold", -90.0}}),
        filters_of("de_esser"),
        filters_of("fade", {{"in", 0.1}}),
    };
    for (auto const& chain : chains) {
      auto const out = through(chain, in);
      auto const peak = std::max_element(out.begin(), out.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
      EXPECT_LE(std::abs(std::distance(out.begin(), peak) - static_cast<std::ptrdiff_t>(at)), 1) << chain.front().filter;
    }
  }
}

TEST(SoundOperations, BehindALateFilterTheTimeIsStillRight) {
  // Denoise is 25 ms late by itself; the fade that comes after must not be.
  auto chain = filters_of("denoise");
  auto const fade = filters_of("fade", {{"in", 1.0}});
  chain.insert(chain.end(), fade.begin(), fade.end());
  auto const out = through(chain, tone(1000, -20));
  EXPECT_NEAR(level(out, 0.45, 0.55) - settled(out), -6.02, 0.15);
}

TEST(SoundOperations, VolumeIsInDecibels) {
  for (double const gain : {-20.0, -3.0, 6.0})
    EXPECT_NEAR(settled(through(filters_of("volume", {{"gain", gain}}), tone(1000, -30))), -30 + gain, 0.01);
  EXPECT_TRUE(filters_of("volume").empty());
}

TEST(SoundOperations, EqualizerChangesItsBand) {
  auto const bell = filters_of("equalizer", {{"frequency", 1000.0}, {"gain", -12.0}, {"width", 1.0}});
  EXPECT_NEAR(settled(through(bell, tone(1000, -20))), -32, 0.05);
  // The width is where half of the gain, in dB, is reached: half an octave to either side.
  EXPECT_NEAR(settled(through(bell, tone(1000 * std::numbers::sqrt2, -20))), -26, 0.3);
  EXPECT_NEAR(settled(through(bell, tone(100, -20))), -20, 0.2);
  auto const low = filters_of("equalizer", {{"shape", std::string("low_shelf")}, {"frequency", 300.0}, {"gain", 9.0}});
  EXPECT_NEAR(settled(through(low, tone(40, -20))), -11, 0.3);
  EXPECT_NEAR(settled(through(low, tone(5000, -20))), -20, 0.1);
  auto const high = filters_of("equalizer", {{"shape", std::string("high_shelf")}, {"frequency", 3000.0}, {"gain", 9.0}});
  EXPECT_NEAR(settled(through(high, tone(15000, -20))), -11, 0.3);
  EXPECT_NEAR(settled(through(high, tone(200, -20))), -20, 0.1);
}

TEST(SoundOperations, CompressorFollowsItsRatioAboveTheThreshold) {
  auto const with = [](double ratio, double makeup) {
    return filters_of("compressor", {{"threshold", -30.0}, {"ratio", ratio}, {"knee", 0.0}, {"makeup", makeup}});
  };
  for (double const ratio : {2.0, 4.0, 10.0}) {
    double const quiet = settled(through(with(ratio, 0), tone(1000, -20))),
                 loud = settled(through(with(ratio, 0), tone(1000, -5)));
    EXPECT_NEAR(loud - quiet, 15 / ratio, 0.15) << ratio;
    EXPECT_NEAR(quiet, -30 + 10 / ratio, 1) << ratio;  // its detector has a ripple
  }
  EXPECT_NEAR(settled(through(with(4, 0), tone(1000, -40))), -40, 0.05);
  EXPECT_NEAR(settled(through(with(4, 6), tone(1000, -40))), -34, 0.05);
}

TEST(SoundOperations, CompressorTakesItsTime) {
  auto in = tone(1000, -40, 1);
  auto const loud = tone(1000, -6, 1);
  in.insert(in.end(), loud.begin(), loud.end());
  auto const slow = filters_of("compressor", {{"threshold", -30.0}, {"ratio", 10.0}, {"attack", 200.0}});
  auto const fast = filters_of("compressor", {{"threshold", -30.0}, {"ratio", 10.0}, {"attack", 2.0}});
  EXPECT_GT(level(through(slow, in), 1.01, 1.03), level(through(fast, in), 1.01, 1.03) + 6);
  EXPECT_NEAR(level(through(slow, in), 1.9, 2), level(through(fast, in), 1.9, 2), 4);
}

TEST(SoundOperations, GateClosesBelowTheThresholdByItsRange) {
  auto const gate = filters_of("gate", {{"threshold", -40.0}, {"range", 20.0}, {"ratio", 50.0}, {"knee", 0.0}});
  EXPECT_NEAR(settled(through(gate, tone(1000, -60))), -80, 0.3);
  EXPECT_NEAR(settled(through(gate, tone(1000, -20))), -20, 0.05);
}

TEST(SoundOperations, DeEsserTurnsDownHissOnly) {
  auto const chain = filters_of("de_esser", {{"intensity", 0.7}, {"range", 12.0}});
  for (double const hiss : {5000.0, 6500.0, 8000.0}) {
    double const turned = settled(through(chain, tone(hiss, -10))) + 10;
    EXPECT_LT(turned, -4) << hiss;
    EXPECT_GT(turned, -12.1) << hiss;
  }
  for (double const voice : {150.0, 500.0, 1000.0}) EXPECT_NEAR(settled(through(chain, tone(voice, -10))), -10, 0.3) << voice;
  auto const off = filters_of("de_esser", {{"intensity", 0.0}});
  EXPECT_NEAR(settled(through(off, tone(6500, -10))), -10, 0.05);
}

TEST(SoundOperations, FadeIsARamp) {
  auto fade = filters_of("fade", {{"in", 0.5}, {"out", 0.5}});
  ASSERT_EQ(fade.size(), 2u);
  fade[1].options["start_time"] = "1.5";  // as the planner does for a film of two seconds
  auto const out = through(fade, tone(1000, -6));
  EXPECT_NEAR(level(out, 0.24, 0.26), -12.02, 0.1);
  EXPECT_NEAR(level(out, 1, 1.2), -6, 0.01);
  EXPECT_NEAR(level(out, 1.74, 1.76), -12.02, 0.1);
  EXPECT_LT(level(out, 1.99, 2), -40);
  EXPECT_TRUE(filters_of("fade").empty());
}

}  // namespace
}  // namespace reelmill::av
