// SPDX-License-Identifier: GPL-3.0-or-later
// What an export asks of its encoder, decided from its size, rate and ceiling alone, so that all chunks agree; and what the
// encoder will cost.
#pragma once

#include <cstdint>
#include <string>

#include "plan/picture_graph.h"

namespace reelmill {

// Errors are of kind project (beyond the codec's levels) or missing (a codec or speed that is not offered).
Result<EncodeNode> encode_of(Project const& project, Export const& target, VideoStreamInfo const& source);

// Frames by which the encoder of an export delays the picture.
int reorder_of(Export const& target);
// The same in seconds, also of a copied picture.
Rational delay_of(Project const& project, Export const& target);

// "1280x720 h264 slow crf 18 at 30 fps", "1920x1080 prores hq at 25 fps".
std::string text_of(EncodeNode const& node);
// "h264 slow crf 18".
std::string text_of_encoder(Export const& target);

// Bytes one encoder of this kind holds, and seconds of one core it takes per output frame; estimates.
std::int64_t encoder_memory(EncodeNode const& node);
double encoder_seconds(EncodeNode const& node);
// Bits it gives for one frame of usual footage; a ceiling counts, `variant` says which.
double encoder_bits(EncodeNode const& node, std::size_t variant);

}  // namespace reelmill
