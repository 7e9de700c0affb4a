// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/media.h"

#include "graph/media_fields.h"

namespace reelmill {

void to_json(Json& json, SourceIndex const& index) { write(json, index); }
void from_json(Json const& json, SourceIndex& index) { read(json, index); }

void to_json(Json& json, SourceAnalysis const& analysis) { write(json, analysis); }

void from_json(Json const& json, SourceAnalysis& analysis) {
  read(json, analysis);
  if (analysis.checksum.size() != analysis.pts.size()) throw std::invalid_argument("'checksum' has another length than 'pts'");
  if (!analysis.motion.empty() && analysis.motion.size() != analysis.pts.size())
    throw std::invalid_argument("'motion' has another length than 'pts'");
}

void to_json(Json& json, Correction const& correction) { write(json, correction); }
void from_json(Json const& json, Correction& correction) { read(json, correction); }

}  // namespace reelmill
