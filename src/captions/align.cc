// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/align.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <fmt/format.h>

#include "captions/align_pieces.h"
#include "captions/offset_path.h"
#include "captions/speech_evidence.h"
#include "captions/spoken_cues.h"

namespace reelmill {

namespace {
struct Rates {
  double ratio = 1;
  std::string_view name;
};
constexpr double ntsc = 24000.0 / 1001;
constexpr Rates rates[] = {{1, ""},
                           {25 / ntsc, "25/23.976"},
                           {24 / ntsc, "24/23.976"},
                           {25.0 / 24, "25/24"},
                           {ntsc / 25, "23.976/25"},
                           {ntsc / 24, "23.976/24"},
                           {24.0 / 25, "24/25"}};

constexpr std::size_t least_cues = 8;
constexpr std::size_t most_compared = 5000;      // evenly chosen of more
constexpr double most_looks = 2e9;               // cues by offsets
constexpr double as_they_are = 6;                // nats: how much likelier captions of the same speed are
constexpr double clear_score = 0.5;              // nats a cue
constexpr int chances = 4;                       // the same cues in another order
constexpr double least_excess = 0.35;            // nats a cue above the best of those
constexpr double least_score = 12;               // nats above it in all
constexpr double full_excess = 0.8;              // where confidence is 1 - 1/e²
constexpr double small_change = 1000;            // ms: a drift that is cut into pieces changes by less
constexpr double same_piece = 100;               // ms
constexpr double least_drift = 60;               // ms from the first cue to the last
constexpr double at_onset = 200, at_word = 500;  // ms: near enough to agree

// Each as far behind the one before as it was.
std::vector<SpokenCue> in_another_order(std::vector<SpokenCue> const& cues, unsigned seed) {
  std::vector<std::size_t> order(cues.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937 random(seed);
  for (auto i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  std::vector<SpokenCue> out;
  double at = cues.front().from;
  for (auto const i : order) {
    out.push_back(cues[i]);
    out.back().from = at += i > 0 ? cues[i].from - cues[i - 1].from : 0;
  }
  return out;
}

std::vector<std::size_t> in_order_of_time(Captions const& captions) {
  std::vector<std::size_t> out(captions.cues.size());
  std::iota(out.begin(), out.end(), std::size_t{0});
  std::stable_sort(out.begin(), out.end(),
                   [&](std::size_t a, std::size_t b) { return captions.cues[a].from < captions.cues[b].from; });
  return out;
}

// So many that it does not take minutes, whatever times somebody wrote.
std::vector<SpokenCue> evenly(std::vector<SpokenCue> cues, std::int64_t length) {
  if (cues.empty()) return cues;
  double const offsets = (static_cast<double>(length) + cues.back().from - cues.front().from) /
                         (static_cast<double>(SpeechEvidence::step) * SpeechEvidence::bin);
  auto const most = std::min(most_compared, static_cast<std::size_t>(most_looks / std::max(1.0, offsets)));
  if (cues.size() <= most) return cues;
  std::vector<SpokenCue> out;
  for (std::size_t i = 0; i < most; ++i) out.push_back(std::move(cues[i * cues.size() / most]));
  return out;
}

class Aligner {
 public:
  Aligner(Captions const& captions, Transcript const& film)
      : captions_(captions), film_(film), order_(in_order_of_time(captions)), evidence_(film.islands, film.length) {
    cues_ = evenly(spoken_cues(captions, order_), film.length);
    find_words(cues_, captions, order_, film);
  }

  CaptionAlignment run() {
    if (film_.islands.empty() || film_.length <= 0) return refused("nobody speaks in the film");
    if (cues_.size() < least_cues)
      return refused(fmt::format("only {} of the cues hold something spoken, and it takes {}", cues_.size(), least_cues));
    out_.compared = cues_.size();
    find_path();
    double const excess = path_.score - chance();
    double const each = excess / static_cast<double>(cues_.size());
    out_.confidence = std::clamp(1 - std::exp(-2 * each / full_excess), 0.0, 1.0);
    settle();
    count_agreeing();
    if (each < least_excess || excess < least_score)
      return refused(
          fmt::format("they are not this film's, or there is too little to tell: {} of {} cues begin where speech does, "
                      "and {} would by chance",
                      out_.agreeing, out_.compared, out_.by_chance));
    tell();
    return out_;
  }

 private:
  CaptionAlignment refused(std::string reason) {
    out_.outcome = AlignOutcome::refused;
    out_.ratio = 1;
    out_.rates.clear();
    out_.reason = std::move(reason);
    return out_;
  }

  void find_path() {
    for (auto const& rate : rates) {
      auto path = best_path(evidence_, cues_, rate.ratio, true);
      if (rate.ratio == 1) path.score += as_they_are;
      if (path_.offsets.empty() || path.score > path_.score) path_ = std::move(path), ratio_ = rate.ratio;
      // At another ratio no single offset would fit so many.
      if (rate.ratio == 1 && pieces_of(path_.offsets).size() == 1 &&
          path_.score > clear_score * static_cast<double>(cues_.size()))
        return;
    }
    // A drift shows as a stair.
    for (int round = 0; round < 3; ++round) {
      double const slope = slope_of_stairs();
      if (slope == 0) return;
      auto path = best_path(evidence_, cues_, ratio_ + slope, true);
      if (path.score <= path_.score + as_they_are) return;
      path_ = std::move(path), ratio_ += slope;
    }
  }

  double slope_of_stairs() const {
    double with_time = 0, of_time = 0;
    for (std::size_t first = 0; first < cues_.size();) {
      auto end = first + 1;
      while (end < cues_.size() && std::abs(path_.offsets[end] - path_.offsets[end - 1]) < small_change) ++end;
      double at = 0, offset = 0;
      auto const count = static_cast<double>(end - first);
      for (auto i = first; i < end; ++i) at += cues_[i].from / count, offset += path_.offsets[i] / count;
      for (auto i = first; i < end; ++i) {
        with_time += (cues_[i].from - at) * (path_.offsets[i] - offset);
        of_time += (cues_[i].from - at) * (cues_[i].from - at);
      }
      first = end;
    }
    return of_time > 0 ? with_time / of_time : 0;
  }

  // The same cues in another order: what they would fit if they were another film's.
  double chance() const {
    double best = 0;
    for (int i = 0; i < chances; ++i) {
      double const score = best_path(evidence_, in_another_order(cues_, static_cast<unsigned>(i + 1)), ratio_, true).score;
      best = i == 0 ? score : std::max(best, score);
    }
    return best;
  }

  double reach() const { return cues_.back().from - cues_.front().from; }

  void turn(double slope) {
    for (auto& piece : pieces_) piece.offset -= slope * (cues_[piece.first].from + cues_[piece.end - 1].from) / 2;
    ratio_ += slope;
  }
  void centre() {
    for (int round = 0; round < 2; ++round)
      for (auto& piece : pieces_) piece.offset += residual_of(evidence_, cues_, ratio_, piece);
  }

  void settle() {
    pieces_ = pieces_of(path_.offsets);
    centre();
    for (int round = 0; round < 3; ++round) {
      auto const slope = slope_left(evidence_, cues_, ratio_, pieces_);
      if (std::abs(slope.value) < 4 * slope.deviation || std::abs(slope.value) * reach() < least_drift) break;
      turn(slope.value);
      centre();
    }
    for (auto const& rate : rates)
      if (ratio_ != rate.ratio && std::abs(ratio_ - rate.ratio) * reach() < least_drift) {
        turn(rate.ratio - ratio_);
        ratio_ = rate.ratio;
        centre();
        break;
      }
    join_equal();
    bring_in_order(pieces_, evidence_, cues_, ratio_);
    join_equal();
  }

  void join_equal() {
    for (std::size_t k = 0; k + 1 < pieces_.size();) {
      auto &p = pieces_[k], &q = pieces_[k + 1];
      if (p.end != q.first || std::abs(p.offset - q.offset) >= same_piece) {
        ++k;
        continue;
      }
      p.offset = p.end - p.first >= q.end - q.first ? p.offset : q.offset;
      p.end = q.end;
      pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(k) + 1);
      p.offset += residual_of(evidence_, cues_, ratio_, p);
    }
  }

  void count_agreeing() {
    constexpr int shifts = 10;
    std::size_t by_chance = 0;
    for (auto const& piece : pieces_)
      for (auto i = piece.first; i < piece.end; ++i) {
        double const lies = ratio_ * cues_[i].from + piece.offset;
        auto const& heard = cues_[i].heard;
        bool const has_words =
            std::any_of(heard.begin(), heard.end(), [&](HeardAt const& at) { return std::abs(at.begin - lies) <= at_word; });
        if (has_words) ++out_.by_words;
        if (std::abs(evidence_.to_onset(lies)) <= at_onset) ++out_.agreeing;
        for (int k = 1; k <= shifts; ++k)
          if (std::abs(evidence_.to_onset(lies + (k % 2 == 0 ? 1700.0 : -1700.0) * k)) <= at_onset) ++by_chance;
      }
    out_.by_chance = by_chance / shifts;
  }

  // Of all cues: those without speech go with the nearer neighbour.
  void tell() {
    for (std::size_t k = 0; k < pieces_.size(); ++k) {
      auto const& piece = pieces_[k];
      AlignedSpan span;
      span.offset = piece.offset;
      span.first = k == 0 ? 0 : cues_[piece.first].index;
      span.end = k + 1 == pieces_.size() ? order_.size() : cues_[piece.end - 1].index + 1;
      if (k > 0 && pieces_[k - 1].end == piece.first) {
        auto& before = out_.spans.back();
        while (before.end < span.first && is_nearer_to_what_is_before(before.end, span.first)) ++before.end;
        span.first = before.end;
      }
      out_.spans.push_back(span);
    }
    std::size_t placed = 0;
    for (auto& span : out_.spans) {
      placed += span.end - span.first;
      span.from = captions_.cues[order_[span.first]].from;
      for (auto i = span.first; i < span.end; ++i) span.to = std::max(span.to, captions_.cues[order_[i]].to);
    }
    out_.lost = order_.size() - placed;
    out_.ratio = ratio_;
    for (auto const& rate : rates)
      if (rate.ratio == ratio_) out_.rates = rate.name;
    bool const is_still = ratio_ == 1 && out_.spans.size() == 1 && std::abs(out_.spans[0].offset) <= captions_in_sync_within;
    out_.outcome = is_still ? AlignOutcome::in_sync : AlignOutcome::moved;
  }
  bool is_nearer_to_what_is_before(std::size_t at, std::size_t after) const {
    auto const& cue = captions_.cues[order_[at]];
    return cue.from - captions_.cues[order_[at - 1]].to <= captions_.cues[order_[after]].from - cue.to;
  }

  Captions const& captions_;
  Transcript const& film_;
  std::vector<std::size_t> order_;
  SpeechEvidence evidence_;
  std::vector<SpokenCue> cues_;
  OffsetPath path_;
  double ratio_ = 1;
  std::vector<CuePiece> pieces_;
  CaptionAlignment out_;
};
}  // namespace

std::string_view name_of(AlignOutcome outcome) {
  switch (outcome) {
    case AlignOutcome::in_sync:
      return "in_sync";
    case AlignOutcome::moved:
      return "moved";
    case AlignOutcome::refused:
      return "refused";
  }
  return "";
}

CaptionAlignment align(Captions const& captions, Transcript const& film) { return Aligner(captions, film).run(); }

Captions aligned(Captions captions, CaptionAlignment const& alignment, std::int64_t length) {
  if (alignment.outcome != AlignOutcome::moved) return captions;
  auto const order = in_order_of_time(captions);
  Captions out{captions.language, {}};
  for (auto const& span : alignment.spans) {
    auto const placed = [&](std::int64_t at) { return std::llround(alignment.ratio * static_cast<double>(at) + span.offset); };
    for (auto i = span.first; i < std::min(span.end, order.size()); ++i) {
      auto cue = std::move(captions.cues[order[i]]);
      bool const was_over = i > span.first || out.cues.empty();
      cue.from = placed(cue.from), cue.to = placed(cue.to);
      if (cue.to <= 0 || (length > 0 && cue.from >= length)) continue;
      cue.from = std::max<std::int64_t>(0, cue.from);
      // Where a cut took time out, what lingered makes way.
      if (!was_over)
        for (auto& before : out.cues) before.to = std::max(before.from + 1, std::min(before.to, cue.from));
      out.cues.push_back(std::move(cue));
    }
  }
  return out;
}

}  // namespace reelmill
