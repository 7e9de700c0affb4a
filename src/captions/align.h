// SPDX-License-Identifier: GPL-3.0-or-later
// How captions that were made for another copy of a film lie against what is said in this one, and the captions put right. Times
// are milliseconds.
//
//   an instant t of the captions is the film's   ratio · t + span's offset
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captions/cue.h"
#include "graph/transcript.h"

namespace reelmill {

enum class AlignOutcome {
  in_sync,  // they lie where the film speaks, from beginning to end
  moved,    // found, with ratio and cuts
  refused,  // not this film's, or too few to tell
};
std::string_view name_of(AlignOutcome outcome);

// A run of cues that lie in the film as they lie in the captions.
struct AlignedSpan {
  std::size_t first = 0, end = 0;  // cues, in the order of their beginnings
  std::int64_t from = 0, to = 0;   // in the captions: from the first one's beginning to the last one's end
  double offset = 0;
};

struct CaptionAlignment {
  AlignOutcome outcome = AlignOutcome::refused;
  double ratio = 1;
  std::string rates;               // what ratio this is of, "25/23.976"; empty: 1, or of no two frame rates
  std::vector<AlignedSpan> spans;  // in the order of time; none where refused
  double confidence = 0;           // 0 to 1: by how much more the film bears them out than it would by chance
  std::string reason;              // of a refusal
  // Of the cues that have something spoken, how many begin where speech does; how many would by chance; and how many have their
  // words found where they are.
  std::size_t compared = 0, agreeing = 0, by_chance = 0, by_words = 0;
  std::size_t lost = 0;  // cues in parts that the film lacks: they are in no span
};

// Which offset is too small to be told from a captioner's habits.
inline constexpr double captions_in_sync_within = 80;

// `film` needs islands and its length; where it has words, those are compared too. Captions in another language than the film's
// are told by the islands. In any order and of any quality; takes one to four seconds for two hours.
CaptionAlignment align(Captions const& captions, Transcript const& film);

// In the order of time, without those that are lost or lie outside of the film (`length`, 0: not known). Of a refusal, as they
// were.
Captions aligned(Captions captions, CaptionAlignment const& alignment, std::int64_t length = 0);

}  // namespace reelmill
