// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/latency.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

#include <fmt/format.h>

#include "av/filter_graph.h"
#include "av/fourier.h"

namespace reelmill::av {

namespace {
using Samples = std::vector<float>;

constexpr std::size_t longest_transform = 65536;
constexpr double tone_length = 0.1, latest = 0.1;  // seconds
constexpr double likeness_wanted = 0.5;            // of the tone's energy; a denoiser leaves nearly all of it

// Softly begun and ended, the rest silence.
Samples rising_tone(int rate, std::size_t size) {
  Samples out(size);
  for (std::size_t i = 0; i < size; ++i) {
    double const seconds = static_cast<double>(i) / rate, t = seconds / tone_length;
    if (t > 1) break;
    double const phase = 2 * std::numbers::pi * seconds * (1000 + 750 * t);
    out[i] = static_cast<float>(0.5 * std::sin(phase) * std::sin(std::numbers::pi * t));
  }
  return out;
}

Result<Samples> sent_through(AudioFilter const& filter, AudioFormat format, Samples const& in) {
  auto graph = TRY(FilterGraph::for_sound(format, "measuring how late a sound filter is"));
  TRY(graph.add(filter.filter, filter.options));
  TRY(graph.end_in(format));
  TRY(graph.close());
  auto const frame = TRY(make_samples(format, static_cast<int>(in.size())));
  std::copy(in.begin(), in.end(), reinterpret_cast<float*>(frame->extended_data[0]));
  frame->pts = 0;
  TRY(graph.push(frame.get()));
  TRY(graph.push(nullptr));
  Samples out;
  while (auto const heard = TRY(graph.pull())) {
    auto const* data = reinterpret_cast<float const*>(heard->extended_data[0]);
    out.insert(out.end(), data, data + heard->nb_samples);
  }
  out.resize(in.size());
  return out;
}

// At index n: how like `a` is to what `b` is n samples later.
Result<Samples> correlation(Samples const& a, Samples const& b) {
  auto fourier = TRY(Fourier::open(a.size()));
  Fourier::Spectrum of_a, of_b;
  fourier.forward(a.data(), of_a);
  fourier.forward(b.data(), of_b);
  for (std::size_t i = 0; i < of_a.size(); ++i) of_b[i] *= std::conj(of_a[i]);
  Samples out;
  fourier.backward(of_b, out);
  return out;
}
}  // namespace

Result<std::int64_t> measured_latency(AudioFilter const& filter, AudioFormat format) {
  format.channels = 1;
  auto const wanted = static_cast<std::size_t>(format.sample_rate * (tone_length + latest)) + 1;
  auto const tone = rising_tone(format.sample_rate, std::min(std::bit_ceil(wanted), longest_transform));
  auto const likeness = TRY(correlation(tone, TRY(sent_through(filter, format, tone))));
  auto const reach = std::min<std::ptrdiff_t>(std::lround(format.sample_rate * latest), std::ssize(likeness) - 1);
  auto const peak = std::max_element(likeness.begin(), likeness.begin() + reach + 1);
  auto const itself = TRY(correlation(tone, tone)).front();
  if (*peak < likeness_wanted * itself)
    return Error{.kind = ErrorKind::bug,
                 .what = fmt::format("measuring how late the filter {} is: nothing like what was sent came out of it",
                                     filter.filter)};
  return peak - likeness.begin();
}

}  // namespace reelmill::av
