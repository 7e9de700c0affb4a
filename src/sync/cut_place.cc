// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/cut_place.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "av/fourier.h"

namespace reelmill {

namespace {
constexpr std::size_t length = 512, hop = 160;  // samples: 64 ms, every 20 ms
constexpr double step = static_cast<double>(hop) / compared_rate;
constexpr double margin = 1;  // seconds beyond the windows: they see a second to either side

// How alike A and a line of B are around an instant: the coherence of their spectra, weighted by how much there is.
class Likeness {
 public:
  Likeness(Recording const& a, Recording const& b, av::Fourier fourier)
      : a_(a), b_(b), fourier_(std::move(fourier)), taper_(length), samples_(length) {
    for (std::size_t i = 0; i < length; ++i)
      taper_[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / length));
  }

  double at(double t, double delay, double drift) {
    read(a_, t, 1, of_a_);
    read(b_, t - delay, 1 - drift, of_b_);
    double product = 0, energy_a = 0, energy_b = 0;
    for (std::size_t i = first; i < last; ++i) {
      product += (of_a_[i] * std::conj(of_b_[i])).real();
      energy_a += std::norm(of_a_[i]);
      energy_b += std::norm(of_b_[i]);
    }
    double const both = std::sqrt(energy_a * energy_b);
    return both > 0 ? product / both : 0;
  }

 private:
  static constexpr std::size_t first = 300 * length / compared_rate, last = 3400 * length / compared_rate;

  void read(Recording const& from, double t, double rate, av::Fourier::Spectrum& into) {
    read_around(from, t, rate, length, samples_.data());
    for (std::size_t i = 0; i < length; ++i) samples_[i] *= taper_[i];
    fourier_.forward(samples_.data(), into);
  }

  Recording const &a_, &b_;
  av::Fourier fourier_;
  std::vector<float> taper_, samples_;
  av::Fourier::Spectrum of_a_, of_b_;
};

// Ends `before` and begins `after` where they explain most of what lies between. What B lacks of A is as long as the delay
// grows by.
void place_cut(Likeness& likeness, double drift, SyncSegment& before, SyncSegment& after) {
  double const missing = std::max(0.0, after.offset - before.offset);
  double const from = before.to - margin, to = std::max(after.from + margin, from + missing + step);
  auto const count = static_cast<std::size_t>((to - from) / step) + 1;
  auto const gap = static_cast<std::size_t>(std::lround(missing / step));
  std::vector<double> up_to(count + 1, 0), rest(count + 1, 0);
  for (std::size_t i = 0; i < count; ++i) {
    double const t = from + (static_cast<double>(i) + 0.5) * step;
    up_to[i + 1] = likeness.at(t, before.offset + drift * t, drift);
    rest[i] = likeness.at(t, after.offset + drift * t, drift);
  }
  for (std::size_t i = 0; i < count; ++i) up_to[i + 1] += up_to[i];
  for (auto i = count; i-- > 0;) rest[i] += rest[i + 1];
  std::size_t best = 0;
  double most = -1e9;
  for (std::size_t i = 0; i + gap <= count; ++i)
    if (double const explained = up_to[i] + rest[i + gap]; explained > most) best = i, most = explained;
  before.to = from + static_cast<double>(best) * step;
  after.from = before.to + missing;
}
}  // namespace

Result<void> place_cuts(SyncFinding& finding, Recording const& a, Recording const& b) {
  auto& segments = finding.segments;
  if (segments.empty()) return {};
  Likeness likeness(a, b, TRY(av::Fourier::open(length)));
  for (std::size_t i = 1; i < segments.size(); ++i) place_cut(likeness, finding.drift, segments[i - 1], segments[i]);
  // B's instant 0 is heard at t = offset / (1 - drift), and its end accordingly.
  segments.front().from = std::max(0.0, segments.front().offset / (1 - finding.drift));
  segments.back().to = std::min(finding.length_a, (segments.back().offset + finding.length_b) / (1 - finding.drift));
  return {};
}

}  // namespace reelmill
