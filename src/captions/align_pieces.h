// SPDX-License-Identifier: GPL-3.0-or-later
// From offsets that are roughly right to offsets as exact as the beginnings of speech are, and to cues in the film's order.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "captions/speech_evidence.h"
#include "captions/spoken_cues.h"

namespace reelmill {

// Cues [first, end) that lie at one offset, ms.
struct CuePiece {
  std::size_t first = 0, end = 0;
  double offset = 0;
};

std::vector<CuePiece> pieces_of(std::span<double const> offsets);

// By how much a piece has to move for most of its cues to begin where speech does.
double residual_of(SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio, CuePiece const& piece);

struct Slope {
  double value = 0, deviation = 0;
};
// What the ratio is short of, from the beginnings in all pieces; each keeps an offset of its own.
Slope slope_left(SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio,
                 std::vector<CuePiece> const& pieces);

// Takes cues out of the ends of pieces that overlap in the film; a piece that nothing is left of goes to its neighbour.
void bring_in_order(std::vector<CuePiece>& pieces, SpeechEvidence const& evidence, std::span<SpokenCue const> cues, double ratio);

}  // namespace reelmill
