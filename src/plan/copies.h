// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that exports take from the source as they are, packet by packet: what is copied, and whether it can be.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/media.h"
#include "graph/stage.h"
#include "plan/borders.h"
#include "plan/keys.h"
#include "project/project.h"

namespace reelmill {

struct CopiedPicture {
  CopyStage stage;         // without its source's path
  Rational tick;           // seconds of one unit of its packets' times
  int delay = 0;           // ticks by which decoding comes before showing
  Rational rate;           // as the container claims; 0: it does not
  std::int64_t bytes = 0;  // of the packets
  std::int64_t end = 0;    // when the last picture has been shown
};
// Of all packets up to the last one that is shown, or as many of them as end before `film` does: where pictures are decoded out
// of order, up to the last place where none is outstanding. The key is left empty.
CopiedPicture copied_picture(SourceIndex const& index, Shown const& film);
Key copy_key(Key begun, VideoStreamInfo const& source, CopyStage const& stage, Builds const& builds);

// Before anything is known of the source: no step may change the picture (kind project), and no part can be cut out (kind usage).
Result<void> check_copies(Project const& project);
// What keeps this picture from being copied into the export's container, with what to do; nothing: it can be.
std::optional<std::string> obstacle(Export const& target, SourceIndex const& index, CopiedPicture const& copied);
// The picture for all exports that copy it, which get to know its delay; or why one of them cannot (kind media).
Result<CopiedPicture> copied_for(std::vector<Export>& exports, std::filesystem::path const& source, SourceIndex const& index,
                                 Shown const& film);

}  // namespace reelmill
