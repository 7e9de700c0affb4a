// SPDX-License-Identifier: GPL-3.0-or-later
// The fine search: by how much a short window of one recording is early or late in another, to a fraction of a sample. The
// correlation is whitened, so that every part of the spectrum counts by how clear it is and not by how loud.
#pragma once

#include <vector>

#include "av/fourier.h"
#include "base/result.h"
#include "sync/recording.h"

namespace reelmill {

struct Peak {
  double lag = 0;       // seconds
  double strength = 0;  // its height, in deviations of the correlation around it
};

class LagFinder {
 public:
  static constexpr std::size_t window = 16384;   // samples: 2 s
  static constexpr std::size_t furthest = 1024;  // samples to either side of what is expected
  static constexpr double reach = static_cast<double>(furthest) / compared_rate;
  static constexpr std::size_t most_peaks = 3;

  static Result<LagFinder> open();

  struct Found {
    std::vector<Peak> peaks;       // the strongest first
    double energy = 0, other = 0;  // of the two windows, a sample
  };
  // The window around `at` of x, sought in y around at + lag; y is read `rate` times as fast, by which clocks are that run apart.
  Found find(Recording const& x, double at, Recording const& y, double lag, double rate);

 private:
  explicit LagFinder(av::Fourier fourier);
  void whiten(av::Fourier::Spectrum& spectrum);
  std::vector<Peak> peaks(double lag) const;

  av::Fourier fourier_;
  std::vector<float> taper_, band_, x_, y_, correlation_;
  std::vector<double> sums_;
  av::Fourier::Spectrum x_spectrum_, y_spectrum_;
};

}  // namespace reelmill
