// SPDX-License-Identifier: GPL-3.0-or-later
#include "captions/tidy.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "captions/marked_text.h"

namespace reelmill {

namespace {

constexpr std::int64_t small_overlap = 300, nearly_together = 100;
constexpr std::size_t most_together = 3;

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return count == 1 ? fmt::format("1 caption {}", one) : fmt::format("{} captions {}", count, many);
}

bool is_before(Cue const& a, Cue const& b) { return a.from < b.from; }

void append(Cue& cue, Cue const& more) {
  if (cue.text == more.text) return;
  auto const offset = cue.text.size() + 1;
  cue.text += '\n' + more.text;
  for (auto run : more.runs) cue.runs.push_back({run.begin + offset, run.end + offset, run.kind});
}

// The cues of one place, in order.
class Place {
 public:
  explicit Place(std::vector<Cue> cues) : cues_(std::move(cues)) {}

  std::size_t cut = 0, together = 0, merged = 0, crowded = 0;

  std::vector<Cue> untangled() {
    merge_equal();
    align();
    return swept();
  }

 private:
  void merge_equal() {
    std::map<std::string_view, std::size_t> last;  // text → where in `out`; the texts lie in cues_
    std::vector<Cue> out;
    out.reserve(cues_.size());
    for (auto const& cue : cues_) {
      auto const known = last.find(cue.text);
      if (known != last.end() && out[known->second].to >= cue.from) {
        auto& before = out[known->second];
        before.to = std::max(before.to, cue.to);
        ++merged;
        continue;
      }
      last[cue.text] = out.size();
      out.push_back(cue);
    }
    cues_ = std::move(out);
  }

  // What begins or ends nearly together does so together, and what overlaps a little does not.
  void align() {
    for (std::size_t i = 1; i < cues_.size(); ++i) {
      auto& cue = cues_[i];
      for (std::size_t back = 1; back <= std::min(i, most_together + 1); ++back) {
        auto& before = cues_[i - back];
        if (before.to <= cue.from) continue;
        if (cue.from - before.from <= nearly_together) {
          cue.from = before.from;
        } else if (before.to - cue.from < small_overlap) {
          before.to = cue.from;
          ++cut;
          continue;
        }
        if (std::abs(cue.to - before.to) <= nearly_together) cue.to = before.to = std::max(cue.to, before.to);
      }
    }
    std::stable_sort(cues_.begin(), cues_.end(), is_before);
  }

  std::vector<Cue> swept() {
    std::set<std::int64_t> borders;
    for (auto const& cue : cues_) borders.insert({cue.from, cue.to});
    std::vector<Cue> out;
    std::vector<Cue const*> active;
    std::size_t next = 0;
    for (auto border = borders.begin(); border != borders.end() && std::next(border) != borders.end(); ++border) {
      auto const from = *border, to = *std::next(border);
      std::erase_if(active, [&](Cue const* cue) { return cue->to <= from; });
      while (next < cues_.size() && cues_[next].from <= from) {
        active.push_back(&cues_[next++]);
        if (active.size() <= most_together) continue;
        active.erase(active.begin());
        ++crowded;
      }
      if (active.empty()) continue;
      auto cue = *active.front();
      for (std::size_t i = 1; i < active.size(); ++i) append(cue, *active[i]);
      cue.from = from;
      cue.to = to;
      if (active.size() > 1) ++together;
      if (!out.empty() && out.back().to == from && out.back().text == cue.text)
        out.back().to = to;
      else
        out.push_back(std::move(cue));
    }
    return out;
  }

  std::vector<Cue> cues_;
};

}  // namespace

TidyCaptions tidy(Captions captions) {
  TidyCaptions out;
  out.captions.language = captions.language;
  std::size_t empty = 0, timeless = 0, early = 0;
  std::vector<Cue> bottom, top;
  if (!std::is_sorted(captions.cues.begin(), captions.cues.end(), is_before)) {
    out.notes.emplace_back("the captions were not in the order of time");
    std::stable_sort(captions.cues.begin(), captions.cues.end(), is_before);
  }
  for (auto const& original : captions.cues) {
    auto cue = original;
    MarkedText(original).put_into(cue, MarkedText::Controls::drop);
    if (cue.text.empty()) {
      ++empty;
      continue;
    }
    if (cue.from < 0) cue.from = 0, ++early;
    if (cue.to <= cue.from) {
      ++timeless;
      continue;
    }
    (cue.at_top ? top : bottom).push_back(std::move(cue));
  }
  std::stable_sort(bottom.begin(), bottom.end(), is_before);
  std::stable_sort(top.begin(), top.end(), is_before);
  Place below(std::move(bottom)), above(std::move(top));
  out.captions.cues = below.untangled();
  auto const tops = above.untangled();
  auto const middle = static_cast<std::ptrdiff_t>(out.captions.cues.size());
  out.captions.cues.insert(out.captions.cues.end(), tops.begin(), tops.end());
  std::inplace_merge(out.captions.cues.begin(), out.captions.cues.begin() + middle, out.captions.cues.end(), is_before);
  auto const tell = [&](std::size_t count, std::string_view one, std::string_view many) {
    if (count > 0) out.notes.push_back(counted(count, one, many));
  };
  tell(empty, "without text was left out", "without text were left out");
  tell(timeless, "without length was left out", "without length were left out");
  tell(early, "began before the film", "began before the film");
  tell(below.merged + above.merged, "repeats the one before and became one with it",
       "repeat the one before and became one with it");
  tell(below.cut + above.cut, "was shortened to where the next one begins", "were shortened to where the next one begins");
  tell(below.together + above.together, "shows several texts at once, where captions overlap",
       "show several texts at once, where captions overlap");
  tell(below.crowded + above.crowded, "was shortened: more than three overlap", "were shortened: more than three overlap");
  return out;
}

}  // namespace reelmill
