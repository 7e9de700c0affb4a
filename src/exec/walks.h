// SPDX-License-Identifier: GPL-3.0-or-later
// One function per kind of stage: makes the stage's units in `attempt`, telling progress as it goes.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "exec/reporter.h"
#include "graph/stage.h"

namespace reelmill {

Result<void> walk_index(IndexStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);
Result<void> walk_analysis(AnalysisStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);
Result<void> walk_video(VideoStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);
Result<void> walk_audio(AudioStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);
Result<void> walk_copy(CopyStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);
Result<void> walk_mux(MuxStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);
Result<void> walk_probe(ProbeStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);
Result<void> walk_sync(SyncStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);
Result<void> walk_transcript(TranscriptStage const& stage, std::filesystem::path const& attempt, Reporter& reporter);

}  // namespace reelmill
