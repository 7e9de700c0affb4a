// SPDX-License-Identifier: GPL-3.0-or-later
// The stage that puts an export together from its parts, once all of them are known.
#pragma once

#include <string>
#include <vector>

#include "captions/cue.h"
#include "plan/copies.h"
#include "plan/keys.h"
#include "plan/plan.h"

namespace reelmill {

struct JoinParts {
  std::vector<std::string> chunks{};      // keys of the picture's chunks in their order; none: the export has no picture
  EncodeNode const* picture = nullptr;    // how they were encoded; or
  CopiedPicture const* copied = nullptr;  // what the one of them was copied of
  AudioEncode const* sound = nullptr;     // null: none
};

struct Join {
  MuxStage stage;
  Key key;
};
// `begun` is what the key begins with; null `captions`, or none in them: there is no track. A sound of less than a millisecond is left out.
Result<Join> join_of(Key begun, Export const& target, JoinParts const& parts, Captions const* captions, Known const& known);

}  // namespace reelmill
