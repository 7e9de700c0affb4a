// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/anchors.h"

#include <algorithm>
#include <cmath>

#include "av/fourier.h"

namespace reelmill {

namespace {
constexpr std::size_t length = 16384;
constexpr double least_energy = 0.25;  // of the mean: where there is less, little must not look like much
constexpr double coarse_error = 0.03;  // seconds

using Spectrum = av::Fourier::Spectrum;

// Everything about the recording that is searched. Value i of the blocks is value i - lead of the onsets.
class Searched {
 public:
  static Result<Searched> open(Onsets const& in, std::size_t piece) {
    Searched out(TRY(av::Fourier::open(length)), piece);
    out.transform(in);
    return out;
  }

  std::vector<float> scores(Onsets const& of, std::size_t first) {
    std::array<Spectrum, Onsets::bands> spectra;
    std::vector<float> padded(length), result;
    double energy = 0;
    for (std::size_t band = 0; band < Onsets::bands; ++band) {
      std::copy_n(of.values[band].begin() + static_cast<std::ptrdiff_t>(first), piece_, padded.begin());
      for (std::size_t i = 0; i < piece_; ++i) energy += static_cast<double>(padded[i]) * padded[i];
      fourier_.forward(padded.data(), spectra[band]);
    }
    std::vector<float> out;
    if (energy <= 0) return out;
    out.reserve(count_);
    Spectrum product(fourier_.bins());
    for (auto const& block : blocks_) {
      std::fill(product.begin(), product.end(), 0.0F);
      for (std::size_t band = 0; band < Onsets::bands; ++band)
        for (std::size_t i = 0; i < product.size(); ++i) product[i] += std::conj(spectra[band][i]) * block[band][i];
      fourier_.backward(product, result);
      for (std::size_t i = 0; i < step_ && out.size() < count_; ++i) {
        double const there = std::max(sums_[out.size() + piece_] - sums_[out.size()], least_);
        out.push_back(static_cast<float>(result[i] / std::sqrt(energy * there)));
      }
    }
    return out;
  }
  std::int64_t lead() const { return static_cast<std::int64_t>(piece_); }

 private:
  Searched(av::Fourier fourier, std::size_t piece) : fourier_(std::move(fourier)), piece_(piece), step_(length - piece) {}

  void transform(Onsets const& in) {
    auto const size = in.size() + 2 * piece_;
    count_ = in.size() + piece_;
    sums_.assign(size + 1, 0);
    auto const value = [&](std::size_t band, std::size_t at) -> float {
      return at >= piece_ && at - piece_ < in.size() ? in.values[band][at - piece_] : 0.0F;
    };
    for (std::size_t i = 0; i < size; ++i) {
      double energy = 0;
      for (std::size_t band = 0; band < Onsets::bands; ++band) energy += static_cast<double>(value(band, i)) * value(band, i);
      sums_[i + 1] = sums_[i] + energy;
    }
    least_ = least_energy * sums_.back() * static_cast<double>(piece_) / static_cast<double>(std::max<std::size_t>(1, in.size()));
    std::vector<float> samples(length);
    for (std::size_t first = 0; first < count_; first += step_) {
      auto& block = blocks_.emplace_back();
      for (std::size_t band = 0; band < Onsets::bands; ++band) {
        for (std::size_t i = 0; i < length; ++i) samples[i] = value(band, first + i);
        fourier_.forward(samples.data(), block[band]);
      }
    }
  }

  av::Fourier fourier_;
  std::size_t piece_, step_, count_ = 0;
  std::vector<std::array<Spectrum, Onsets::bands>> blocks_;
  std::vector<double> sums_;
  double least_ = 0;
};

double mean_of(std::vector<float> const& scores) {
  double sum = 0;
  for (auto const score : scores) sum += score;
  return sum / static_cast<double>(scores.size());
}

double deviation_of(std::vector<float> const& scores, double mean) {
  double sum = 0;
  for (auto const score : scores) sum += (score - mean) * (score - mean);
  return std::sqrt(sum / static_cast<double>(scores.size()));
}

// The greatest values that are not near a greater one.
std::vector<std::size_t> peaks_of(std::vector<float> const& scores, std::size_t most, std::size_t separation) {
  std::vector<std::size_t> local;
  for (std::size_t i = 1; i + 1 < scores.size(); ++i)
    if (scores[i] > 0 && scores[i] >= scores[i - 1] && scores[i] > scores[i + 1]) local.push_back(i);
  std::sort(local.begin(), local.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
  std::vector<std::size_t> out;
  for (auto const at : local) {
    if (out.size() == most) break;
    bool const is_near =
        std::any_of(out.begin(), out.end(), [&](auto other) { return (at > other ? at - other : other - at) < separation; });
    if (!is_near) out.push_back(at);
  }
  return out;
}

// Between the values, by a parabola.
double refined(std::vector<float> const& scores, std::size_t at) {
  double const before = scores[at - 1], here = scores[at], after = scores[at + 1];
  double const bend = before - 2 * here + after;
  return static_cast<double>(at) + (bend < 0 ? std::clamp(0.5 * (before - after) / bend, -0.5, 0.5) : 0);
}

bool agree(Anchor const& a, Anchor const& b) {
  return std::abs(a.lag - b.lag) <= coarse_error + steepest_drift * std::abs(a.at - b.at);
}
}  // namespace

Result<std::vector<Anchor>> find_anchors(Onsets const& of, Onsets const& in, Pieces const& pieces,
                                         TellShare const& tell) {
  std::vector<Anchor> out;
  auto const wanted = static_cast<std::size_t>(pieces.length * Onsets::rate);
  auto const piece = std::min(wanted, of.size());
  if (piece == 0 || in.size() == 0) return out;
  auto const spare = of.size() - piece;
  auto const gap = static_cast<std::size_t>(pieces.nearest * Onsets::rate);
  auto const count = std::clamp<std::size_t>(spare / gap + 1, 1, pieces.most);
  auto searched = TRY(Searched::open(in, piece));
  auto const separation = static_cast<std::size_t>(pieces.separation * Onsets::rate);
  for (std::size_t i = 0; i < count; ++i) {
    auto const first = count > 1 ? spare * i / (count - 1) : spare / 2;
    auto const scores = searched.scores(of, first);
    tell(static_cast<double>(i + 1) / static_cast<double>(count));
    if (scores.size() < 3) continue;
    double const mean = mean_of(scores), deviation = deviation_of(scores, mean);
    if (deviation <= 0) continue;
    for (auto const at : peaks_of(scores, pieces.places, separation)) {
      double const lag = refined(scores, at) - static_cast<double>(searched.lead()) - static_cast<double>(first);
      out.push_back({i, (static_cast<double>(first) + static_cast<double>(piece) / 2) / Onsets::rate, lag / Onsets::rate,
                     (scores[at] - mean) / deviation});
    }
  }
  return out;
}

std::vector<Anchor> borne_out(std::vector<Anchor> const& anchors) {
  std::vector<Anchor> out;
  std::vector<double> votes(anchors.size(), 0);
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    std::vector<double> best;  // of each other piece that agrees
    for (auto const& other : anchors) {
      if (other.piece == anchors[i].piece || !agree(anchors[i], other)) continue;
      best.resize(std::max(best.size(), other.piece + 1), 0);
      best[other.piece] = std::max(best[other.piece], other.strength);
    }
    for (auto const vote : best) votes[i] += vote;
  }
  // What others say counts for no more than what is there: a cut's two sides speak for themselves.
  auto const score = [&](std::size_t i) { return anchors[i].strength + std::min(votes[i], anchors[i].strength); };
  for (std::size_t i = 0; i < anchors.size();) {
    auto end = i;
    auto best = i;
    for (; end < anchors.size() && anchors[end].piece == anchors[i].piece; ++end)
      if (score(end) > score(best)) best = end;
    if (votes[best] > 0) out.push_back(anchors[best]);
    i = end;
  }
  if (out.empty() && !anchors.empty())
    out.push_back(
        *std::max_element(anchors.begin(), anchors.end(), [](auto const& a, auto const& b) { return a.strength < b.strength; }));
  return out;
}

}  // namespace reelmill
