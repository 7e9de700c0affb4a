// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/align_pieces.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace reelmill {

namespace {
constexpr double a_rest = 250;       // ms: a cue after one begins at an onset more often
constexpr double in_reach = 400;     // ms around where a cue lies
constexpr double crowd = 60;         // ms: deviation of the beginnings of one piece
constexpr double around_mode = 150;  // ms
constexpr double in_turn = 300;      // ms by which cues of two pieces may come too early one after another

struct Beginning {
  double at = 0;        // of the cue, in the captions
  double residual = 0;  // from where it lies to where speech begins
  double weight = 1;
};
std::vector<Beginning> beginnings(SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio,
                                  CuePiece const& piece) {
  std::vector<Beginning> out;
  for (auto i = piece.first; i < piece.end; ++i) {
    auto const& cue = cues[i];
    double const lies = ratio * cue.from + piece.offset;
    if (double const away = evidence.to_onset(lies); std::abs(away) <= in_reach) {
      out.push_back({cue.from, away, cue.rest >= a_rest ? 1.0 : 0.5});
      continue;
    }
    for (auto const& heard : cue.heard)
      if (std::abs(heard.begin - lies) <= in_reach) out.push_back({cue.from, heard.begin - lies, 0.5});
  }
  return out;
}

double mode_of(std::vector<Beginning> const& from) {
  double best = 0, most = -1;
  for (double x = -in_reach; x <= in_reach; x += 10) {
    double sum = 0;
    for (auto const& each : from) {
      double const away = (each.residual - x) / crowd;
      sum += each.weight * std::exp(-0.5 * away * away);
    }
    if (sum > most) most = sum, best = x;
  }
  return best;
}
}  // namespace

std::vector<CuePiece> pieces_of(std::span<double const> offsets) {
  std::vector<CuePiece> out;
  for (std::size_t i = 0; i < offsets.size(); ++i)
    if (!out.empty() && out.back().offset == offsets[i])
      out.back().end = i + 1;
    else
      out.push_back({i, i + 1, offsets[i]});
  return out;
}

double residual_of(SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio, CuePiece const& piece) {
  auto const found = beginnings(evidence, cues, ratio, piece);
  if (found.size() < 3) return 0;
  double const mode = mode_of(found);
  std::vector<double> near;
  for (auto const& each : found)
    if (std::abs(each.residual - mode) <= around_mode) near.push_back(each.residual);
  if (near.empty()) return mode;
  auto const middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
  std::nth_element(near.begin(), middle, near.end());
  return *middle;
}

Slope slope_left(SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio,
                 std::vector<CuePiece> const& pieces) {
  double with_time = 0, of_time = 0, squares = 0;
  std::size_t count = 0;
  std::vector<Beginning> centred;
  for (auto const& piece : pieces) {
    auto found = beginnings(evidence, cues, ratio, piece);
    double const mode = mode_of(found);
    // A drift that is left spreads them.
    std::erase_if(found, [&](Beginning const& each) { return std::abs(each.residual - mode) > 2 * around_mode; });
    if (found.size() < 5) continue;
    double at = 0, residual = 0, weight = 0;
    for (auto const& each : found) at += each.weight * each.at, residual += each.weight * each.residual, weight += each.weight;
    for (auto& each : found) {
      each.at -= at / weight, each.residual -= residual / weight;
      with_time += each.weight * each.at * each.residual, of_time += each.weight * each.at * each.at;
      centred.push_back(each);
    }
    count += found.size();
  }
  if (count < 12 || of_time <= 0) return {};
  double const slope = with_time / of_time;
  for (auto const& each : centred) {
    double const left = each.residual - slope * each.at;
    squares += each.weight * left * left;
  }
  return {slope, std::sqrt(squares / static_cast<double>(count - 2) / of_time)};
}

namespace {
struct Trim {
  std::size_t end = 0, first = 0;  // of the piece before and of the one after
  double score = -std::numeric_limits<double>::infinity();
};
// The ends that keep most of both.
Trim trimmed(CuePiece const& p, CuePiece const& q, SpeechEvidence const& evidence, std::span<SpokenCue const> cues,
             double ratio) {
  auto const begins = [&](std::size_t i, CuePiece const& piece) { return ratio * cues[i].from + piece.offset; };
  auto const value = [&](std::size_t i, CuePiece const& piece) {
    // Any cue that can stay should.
    return evidence.score(cues[i], ratio, piece.offset) + 0.5;
  };
  // What is kept of q from each cue on, and where it is best to begin from there.
  std::vector<double> kept(q.end - q.first + 1, 0), best(kept.size(), 0);
  std::vector<std::size_t> best_first(kept.size(), q.end);
  for (auto i = q.end; i-- > q.first;) {
    auto const k = i - q.first;
    kept[k] = kept[k + 1] + value(i, q);
    bool const is_better = kept[k] > best[k + 1];
    best[k] = is_better ? kept[k] : best[k + 1];
    best_first[k] = is_better ? i : best_first[k + 1];
  }
  Trim out;
  double sum = 0;
  auto from = q.first;
  for (auto end = p.first;; ++end) {
    if (end > p.first) {
      sum += value(end - 1, p);
      while (from < q.end && begins(from, q) < begins(end - 1, p) + in_turn) ++from;
    }
    double const score = sum + best[from - q.first];
    if (score > out.score) out = {end, best_first[from - q.first], score};
    if (end == p.end) return out;
  }
}

// A cue beside a cut may have gone to the wrong side of it.
void take_back(CuePiece& p, CuePiece& q, SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio) {
  constexpr std::size_t few = 2;
  bool const are_few = q.first - p.end <= few;
  auto const begins = [&](std::size_t i, CuePiece const& piece) { return ratio * cues[i].from + piece.offset; };
  auto const fits = [&](std::size_t i, CuePiece const& piece) {
    return are_few || evidence.score(cues[i], ratio, piece.offset) > 0;
  };
  while (p.end < q.first && begins(p.end, p) + in_turn <= begins(q.first, q) && fits(p.end, p)) ++p.end;
  while (p.end < q.first && begins(q.first - 1, q) >= begins(p.end - 1, p) + in_turn && fits(q.first - 1, q)) --q.first;
}
}  // namespace

void bring_in_order(std::vector<CuePiece>& pieces, SpeechEvidence const& evidence, std::span<SpokenCue const> cues,
                    double ratio) {
  for (std::size_t k = 0; k + 1 < pieces.size();) {
    auto &p = pieces[k], &q = pieces[k + 1];
    bool const is_in_turn = ratio * cues[q.first].from + q.offset >= ratio * cues[p.end - 1].from + p.offset + in_turn;
    if (is_in_turn) {
      ++k;
      continue;
    }
    auto const ends = trimmed(p, q, evidence, cues, ratio);
    auto const p_left = ends.end - p.first, q_left = q.end - ends.first;
    if (2 * p_left >= p.end - p.first && 2 * q_left >= q.end - q.first && p_left > 0 && q_left > 0) {
      p.end = ends.end, q.first = ends.first;
      take_back(p, q, evidence, cues, ratio);
      ++k;
      continue;
    }
    CuePiece const joined{p.first, q.end, 2 * p_left < p.end - p.first ? q.offset : p.offset};
    p = joined;
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    if (k > 0) --k;
  }
}

}  // namespace reelmill
