// SPDX-License-Identifier: GPL-3.0-or-later
// Which libraries of the worker make what, so that a result is made again when one of them is another build, and only then.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/stage.h"

namespace reelmill {

// The build of each library that the worker has loaded: "libx264" → what its builder calls it. Among them, as if it were one,
// "processor" → what the processor can do: some reckon otherwise with other instructions.
using Builds = std::map<std::string, std::string, std::less<>>;
using Libraries = std::set<std::string_view>;

Libraries libraries_of_index();
Libraries libraries_of_analysis(std::string_view source_codec, bool motion);
// What the frames are brought into form with; decoding is told by their checksums.
Libraries libraries_of(std::vector<Prefilter> const& prefilters);
Libraries libraries_of(VideoNode const& node);
Libraries libraries_of(AudioStage const& stage, AudioEncode const& encode);
Libraries libraries_of_measurement(AudioStage const& stage);
Libraries libraries_of_join();
// Of the decoding: the speech engine belongs to the worker.
Libraries libraries_of_transcript();

// All that the above may name.
Libraries const& libraries_in_keys();

}  // namespace reelmill
