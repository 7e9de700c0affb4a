// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/narrow.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_set>

namespace reelmill {
namespace {

using Keys = std::unordered_set<std::string>;

void narrow(VideoStage& stage, Keys const& missing) {
  std::set<std::string, std::less<>> needed;
  for (auto& chunk : stage.chunks) {
    std::erase_if(chunk.wanted, [&](WantedUnit const& unit) { return !missing.contains(unit.key); });
    for (auto const& unit : chunk.wanted) needed.insert(unit.node);
  }
  std::erase_if(stage.chunks, [](VideoChunk const& chunk) { return chunk.wanted.empty(); });

  // Variants keep their places, since a wanted unit names its variant by number.
  for (auto node = stage.nodes.rbegin(); node != stage.nodes.rend(); ++node) {
    std::visit(
        [&](auto const& it) {
          if (needed.contains(it.id)) needed.insert(it.in);
        },
        *node);
  }
  auto const is_unneeded = [&](auto const& entry) { return !needed.contains(entry.first); };
  for (auto& chunk : stage.chunks) {
    std::erase_if(chunk.weights, is_unneeded);
    std::erase_if(chunk.captions, is_unneeded);
  }
  std::erase_if(stage.nodes,
                [&](VideoNode const& node) { return std::visit([&](auto const& it) { return !needed.contains(it.id); }, node); });
}

void narrow(AudioStage& stage, Keys const& missing) {
  std::erase_if(stage.encodes, [&](AudioEncode const& encode) { return !missing.contains(encode.key); });
  if (!missing.contains(stage.measure)) stage.measure.clear();
}

void narrow(IndexStage&, Keys const&) {}
void narrow(AnalysisStage&, Keys const&) {}
void narrow(CopyStage&, Keys const&) {}
void narrow(MuxStage&, Keys const&) {}
void narrow(ProbeStage&, Keys const&) {}
void narrow(SyncStage&, Keys const&) {}
void narrow(TranscriptStage&, Keys const&) {}

}  // namespace

Stage narrow_stage(Stage stage, std::vector<std::string> const& missing) {
  Keys keys(missing.begin(), missing.end());
  std::visit([&](auto& walk) { narrow(walk, keys); }, stage);
  return stage;
}

}  // namespace reelmill
