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
#include "plan/keys.h"
#include "project/project.h"

namespace reelmill {

struct CopiedPicture {
  CopyStage stage;         // without its source's path
  Rational tick;           // seconds of one unit of its packets' times
  int delay = 0;           // ticks by which decoding comes before showing
  Rational rate;           // as the container claims; 0: it does not
  std::int64_t bytes = 0;  // of the packets
};
// Of all packets up to the last one that is shown. `origin` is the time of the first picture. The key is left empty.
CopiedPicture copied_picture(SourceIndex const& index, std::int64_t origin);
Key copy_key(Key begun, VideoStreamInfo const& source, CopyStage const& stage, Builds const& builds);

// Before anything is known of the source: no step may change the picture (kind project), and no part can be cut out (kind usage).
Result<void> check_copies(Project const& project);
// What keeps this picture from being copied into the export's container, with what to do; nothing: it can be.
std::optional<std::string> obstacle(Export const& target, SourceIndex const& index, CopiedPicture const& copied);
// The picture for all exports that copy it, which get to know its delay; or why one of them cannot (kind media).
Result<CopiedPicture> copied_for(std::vector<Export>& exports, std::filesystem::path const& source, SourceIndex const& index,
                                 std::int64_t origin);

}  // namespace reelmill
