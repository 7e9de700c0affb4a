// SPDX-License-Identifier: GPL-3.0-or-later
// The matrix by which a source's channels become mono or stereo, each channel by its place.
//
//   left  = FL + center·FC + surround·(BL + SL + TFL + TBL + ½√2·BC) + lfe·LFE      (right alike; ITU-R BS.775-3, table 2)
//   mono  = ½√2·(left + right)
//
// Normalised, all rows are divided by the greatest sum of a row, so that full scale in every channel stays full scale. A
// source with as many channels as wanted, and a mono one, is not changed (mono is the same in both sides), unless one side of a
// stereo source is taken for both.
#pragma once

#include <string>
#include <vector>

#include "graph/stage.h"

extern "C" {
#include <libavutil/channel_layout.h>
}

namespace reelmill::av {

// Row by row, one for each channel that is wanted, of as many factors as the source has channels.
struct Matrix {
  std::vector<double> factors;
  std::string text;  // "5.1(side) to stereo: FL = 0.414 FL + 0.293 FC + 0.293 SL, …", for people
};

// Whether one channel of the source, which is stereo, stands for both; it does so in mono, too.
bool takes_one_side(AVChannelLayout const& source, Downmix const& downmix);

Matrix downmix_matrix(AVChannelLayout const& source, int channels, Downmix const& downmix);

// For layouts of more channels: each keeps its place, surrounds at the side and behind stand in for each other, a single one goes
// to the centre, and what has no place in `wanted` is left out.
Matrix placing_matrix(AVChannelLayout const& source, AVChannelLayout const& wanted);

}  // namespace reelmill::av
