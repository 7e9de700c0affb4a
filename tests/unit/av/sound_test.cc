// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "av/audio_chain.h"
#include "av/audio_encoder.h"
#include "av/decoder.h"
#include "av/latency.h"

namespace reelmill::av {
namespace {

using Samples = std::vector<float>;

Frame frame_of(Samples const& samples, std::size_t from, std::size_t count, AudioFormat const& format) {
  auto frame = make_samples(format, static_cast<int>(count)).value();
  for (int channel = 0; channel < format.channels; ++channel) {
    auto* data = reinterpret_cast<float*>(frame->data[channel]);
    for (std::size_t i = 0; i < count; ++i) data[i] = channel == 0 ? samples[from + i] : -samples[from + i];
  }
  return frame;
}

void append(Samples& out, AVFrame const& frame) {
  auto const* data = reinterpret_cast<float const*>(frame.data[0]);
  out.insert(out.end(), data, data + frame.nb_samples);
}

// Pieces of the size given, or of random sizes for 0.
template <class Push>
void in_pieces(Samples const& samples, std::size_t piece, AudioFormat const& format, Push push) {
  std::mt19937_64 random(3);
  for (std::size_t from = 0; from < samples.size();) {
    auto const count = std::min(samples.size() - from, piece ? piece : 1 + random() % 5000);
    push(*frame_of(samples, from, count, format));
    from += count;
  }
}

Samples through(std::vector<AudioFilter> const& filters, AudioFormat format, Samples const& in, std::size_t piece = 1024) {
  auto chain = AudioChain::open(filters, format);
  EXPECT_TRUE(chain) << chain.error().text();
  Samples out;
  auto const take = [&](AVFrame const& frame) -> Result<void> {
    append(out, frame);
    return {};
  };
  in_pieces(in, piece, format, [&](AVFrame const& frame) { EXPECT_TRUE(chain->push(frame, take)); });
  auto const finished = chain->finish(take);
  EXPECT_TRUE(finished) << finished.error().text();
  return out;
}

// Rises from 1 to 2.5 kHz for a quarter of a second, softly begun and ended, from second `at` on.
Samples chirp(int rate, double length, double at) {
  Samples out(static_cast<std::size_t>(length * rate));
  for (std::size_t i = 0; i < out.size(); ++i) {
    double const t = (static_cast<double>(i) / rate - at) / 0.25;
    if (t < 0 || t > 1) continue;
    double const phase = 2 * std::numbers::pi * 0.25 * (1000 * t + 750 * t * t);
    out[i] = static_cast<float>(0.5 * std::sin(phase) * std::sin(std::numbers::pi * t));
  }
  return out;
}

// By how many milliseconds `out` is later than `in`: the peak of their correlation, between samples by a parabola.
double late_by(Samples const& in, Samples const& out, int rate) {
  int const reach = rate / 30;
  std::vector<double> correlation;
  for (int lag = -reach; lag <= reach; ++lag) {
    double sum = 0;
    for (int i = std::max(0, -lag); i < static_cast<int>(in.size()) && i + lag < static_cast<int>(out.size()); ++i)
      sum += double{in[static_cast<std::size_t>(i)]} * out[static_cast<std::size_t>(i + lag)];
    correlation.push_back(sum);
  }
  auto const peak = std::max_element(correlation.begin() + 1, correlation.end() - 1);
  double const bend = peak[-1] - 2 * peak[0] + peak[1];
  double const between = bend < 0 ? 0.5 * (peak[-1] - peak[1]) / bend : 0;
  return 1000.0 * (static_cast<double>(peak - correlation.begin()) - reach + between) / rate;
}

double level(Samples const& samples, double from, double to, int rate) {
  double sum = 0;
  auto const begin = static_cast<std::size_t>(from * rate), end = static_cast<std::size_t>(to * rate);
  for (auto i = begin; i < end; ++i) sum += double{samples[i]} * samples[i];
  return std::sqrt(sum / static_cast<double>(end - begin));
}

AudioFilter const highpass{"highpass", {{"frequency", "200"}}}, lowpass{"lowpass", {{"frequency", "3000"}}},
    denoise{"afftdn", {}};

TEST(AudioChain, AChirpStaysWhereItWas) {
  for (int const rate : {8000, 11025, 16000, 22050, 44100, 48000})
    for (auto const& filter : {highpass, lowpass, denoise}) {
      auto const in = chirp(rate, 0.8, 0.2);
      auto const out = through({filter}, {rate, 1}, in);
      ASSERT_EQ(out.size(), in.size());
      EXPECT_LE(std::abs(late_by(in, out, rate)), 0.1) << filter.filter << " at " << rate;
      EXPECT_GT(level(out, 0.25, 0.4, rate), 0.5 * level(in, 0.25, 0.4, rate)) << filter.filter << " at " << rate;
    }
}

TEST(Latency, OfTheDenoiserIsFoundToTheSample) {
  for (int const rate : {8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000, 192000}) {
    auto const latency = measured_latency(denoise, {rate, 2});
    ASSERT_TRUE(latency) << latency.error().text();
    EXPECT_NEAR(static_cast<double>(*latency), rate / 40.0, 2) << rate;
    if (rate > 48000) continue;
    auto const in = chirp(rate, 0.8, 0.2);
    EXPECT_LE(std::abs(late_by(in, through({denoise}, {rate, 1}, in), rate)) * rate / 1000, 0.5) << rate;
  }
}

TEST(Latency, OfAFilterThatGivesEverySampleAtOnceIsNone) {
  EXPECT_EQ(measured_latency({"volume", {{"volume", "0.9"}}}, {48000, 1}).value(), 0);
}

TEST(Latency, WhereNothingComesOutIsAnError) {
  auto const latency = measured_latency({"volume", {{"volume", "0"}}}, {48000, 1});
  ASSERT_FALSE(latency);
  EXPECT_EQ(latency.error().kind, ErrorKind::bug);
}

TEST(AudioChain, TheWholeChainIsInStep) {
  auto const in = chirp(48000, 0.8, 0.2);
  EXPECT_LE(std::abs(late_by(in, through({highpass, lowpass, denoise}, {48000, 2}, in), 48000)), 0.15);
}

TEST(AudioChain, TheTailIsNotLost) {
  for (int const rate : {16000, 44100, 48000}) {
    auto const in = chirp(rate, 0.6, 0.35);  // ends with the sound
    auto const out = through({denoise}, {rate, 1}, in);
    ASSERT_EQ(out.size(), in.size());
    EXPECT_GT(level(out, 0.5, 0.59, rate), 0.5 * level(in, 0.5, 0.59, rate)) << rate;
  }
}

TEST(AudioChain, GivesBackAsManySamplesAsItGot) {
  for (std::size_t const size : {1u, 100u, 1023u, 1024u, 4096u, 4097u, 50'001u})
    for (std::size_t const piece : {1024u, 4096u, 0u}) {
      Samples in(size, 0.25f);
      for (int const channels : {1, 2, 6})
        EXPECT_EQ(through({highpass, denoise}, {48000, channels}, in, piece).size(), size) << size << ' ' << piece;
    }
  EXPECT_TRUE(through({highpass, denoise}, {48000, 2}, {}).empty());
}

TEST(AudioChain, HowTheSoundIsCutChangesNoSample) {
  std::mt19937_64 random(5);
  Samples in;
  for (int i = 0; i < 30'000; ++i) in.push_back(static_cast<float>(random() % 2000) / 2000 - 0.5f);
  auto const whole = through({highpass, lowpass, denoise}, {48000, 2}, in, in.size());
  EXPECT_EQ(through({highpass, lowpass, denoise}, {48000, 2}, in, 1024), whole);
  EXPECT_EQ(through({highpass, lowpass, denoise}, {48000, 2}, in, 0), whole);
}

TEST(AudioChain, NoFiltersHandOn) {
  auto const in = chirp(48000, 0.5, 0.1);
  EXPECT_EQ(through({}, {48000, 2}, in), in);
}

TEST(AudioChain, AnUnknownFilterOrOptionIsAnError) {
  EXPECT_FALSE(AudioChain::open({{"no_such_filter", {}}}, {}));
  EXPECT_FALSE(AudioChain::open({{"highpass", {{"no_such_option", "1"}}}}, {}));
}

struct Encoded {
  std::int64_t first_pts = 0, samples = 0, priming = 0;
  Samples decoded;  // the encoder's priming included
};

Encoded encoded(AudioEncode const& encode, Samples const& in) {
  Encoded out;
  av_log_set_level(AV_LOG_ERROR);
  auto encoder = AudioEncoder::open(encode);
  EXPECT_TRUE(encoder) << encoder.error().text();
  auto const parameters = encoder->parameters().value();
  auto decoder = Decoder::open(*parameters, {1, encode.sample_rate}, "the test's sound");
  EXPECT_TRUE(decoder) << decoder.error().text();
  bool is_first = true;
  auto const keep = [&](AVFrame& frame) -> Result<void> {
    append(out.decoded, frame);
    return {};
  };
  auto const take = [&](AVPacket& packet) -> Result<void> {
    if (is_first) out.first_pts = packet.pts;
    is_first = false;
    av_packet_free_side_data(&packet);  // a player that cuts the priming by itself would hide where it is
    return decoder->decode(&packet, keep);
  };
  in_pieces(in, 1000, {encode.sample_rate, encode.channels},
            [&](AVFrame const& frame) { EXPECT_TRUE(encoder->push(frame, take)); });
  EXPECT_TRUE(encoder->finish(take));
  EXPECT_TRUE(decoder->decode(nullptr, keep));
  out.samples = encoder->samples();
  out.priming = encoder->priming();
  return out;
}

TEST(AudioEncoder, LeadMovesTheSoundByExactlyItself) {
  auto const in = chirp(48000, 1, 0.3);
  for (std::int64_t const lead : {0, 1, 977, 3200, 20'000, -1, -2048, -5000}) {
    auto const out = encoded({.bitrate = 192000, .sample_rate = 48000, .channels = 2, .lead = lead, .key = {}}, in);
    EXPECT_EQ(out.priming, 1024);
    EXPECT_EQ(out.first_pts, -1024);
    EXPECT_EQ(out.samples, static_cast<std::int64_t>(in.size()) + lead);
    ASSERT_GE(static_cast<std::int64_t>(out.decoded.size()), out.samples + 1024);
    // Without priming and lead it is where it was.
    auto const skip = 1024 + lead;
    Samples placed;
    for (std::int64_t i = skip; i < static_cast<std::int64_t>(out.decoded.size()); ++i)
      placed.push_back(i < 0 ? 0 : out.decoded[static_cast<std::size_t>(i)]);
    EXPECT_NEAR(late_by(in, placed, 48000), 0, 0.02) << lead;
  }
}

TEST(AudioEncoder, AHeadLongerThanTheSoundLeavesNothing) {
  auto const out = encoded({.lead = -48'000, .key = {}}, Samples(1000, 0.5f));
  EXPECT_EQ(out.samples, 0);
}

TEST(AudioEncoder, OtherRatesAndMono) {
  for (int const rate : {16000, 44100}) {
    auto const in = chirp(rate, 1, 0.3);
    auto const out = encoded({.bitrate = 96000, .sample_rate = rate, .channels = 1, .key = {}}, in);
    EXPECT_EQ(out.samples, static_cast<std::int64_t>(in.size()));
    EXPECT_EQ(out.first_pts, -out.priming);
    Samples const placed(out.decoded.begin() + static_cast<std::ptrdiff_t>(out.priming), out.decoded.end());
    EXPECT_NEAR(late_by(in, placed, rate), 0, 0.02) << rate;
  }
}

TEST(AudioEncoder, WhatIsNotOfferedIsSaid) {
  auto const encoder = AudioEncoder::open({.codec = "mp3", .key = {}});
  ASSERT_FALSE(encoder);
  EXPECT_EQ(encoder.error().kind, ErrorKind::missing);
  EXPECT_NE(encoder.error().what.find("mp3"), std::string::npos);
}

}  // namespace
}  // namespace reelmill::av
