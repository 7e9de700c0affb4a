// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/walks.h"

namespace reelmill {

Result<void> walk_transcript(TranscriptStage const&, std::filesystem::path const&, Reporter&) {
  return Error{.kind = ErrorKind::missing, .what = "transcribing: this program was built without speech"};
}

}  // namespace reelmill
