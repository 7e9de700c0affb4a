// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/render_stage.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "plan/encoders.h"
#include "plan/estimates.h"
#include "plan/task_texts.h"

namespace reelmill {

PlannedRender planned_render(std::filesystem::path const& source, Project const& project, Footage const& footage,
                             Conform const& conform, Key const& begun, Known const& known, Builds const& builds) {
  auto const& [index, analysis, borders, lowered, graph, part, captions] = footage;
  VideoStage stage;
  stage.source = source.string();
  stage.stream = index.video.front().stream;
  stage.width = conform.width;
  stage.height = conform.height;
  stage.prefilters = conform.prefilters;
  stage.nodes = graph.nodes;
  if (captions)
    for (auto& node : stage.nodes)
      if (auto* const caption = std::get_if<CaptionNode>(&node)) caption->fonts = captions->fonts;
  auto chunks = chunks_of(begun, stage, footage, builds);
  stage.chunks = std::move(chunks.chunks);
  std::vector<std::string> wanted;
  std::size_t units = 0;
  for (auto& chunk : stage.chunks) {
    units += chunk.wanted.size();
    std::erase_if(chunk.wanted, [&](WantedUnit const& unit) { return known.has(unit.key); });
    for (auto const& unit : chunk.wanted) wanted.push_back(unit.key);
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::erase_if(stage.chunks, [](VideoChunk const& chunk) { return chunk.wanted.empty(); });

  auto const chunks_in_all = chunks.keys.size();
  PlannedRender out{planned_stage("render", stage, wanted), std::move(chunks.keys), std::move(chunks.made_of)};
  auto& planned = out.stage;
  planned.units = units;
  planned.tasks = conform_tasks(project, index, conform);
  for (auto& text : render_tasks(project, graph)) planned.tasks.push_back(std::move(text));
  for (auto const& node : graph.nodes)
    if (auto const* encode = std::get_if<EncodeNode>(&node)) planned.memory += encoder_memory(*encode);
  planned.inputs = {printable(source.filename().string()), "analysis"};
  planned.outputs = {fmt::format("{} chunk{}", chunks_in_all, chunks_in_all == 1 ? "" : "s")};
  if (!wanted.empty() && wanted.size() < units)
    planned.reason = fmt::format("{} of {} units are not made yet", wanted.size(), units);
  for (auto const& chunk : stage.chunks) {
    planned.total += static_cast<double>(chunk.shown());
    expect(planned, estimate_of(chunk, graph, conform));
  }
  auto const film = part ? *part : Shown{analysis.pts.front(), analysis.end};
  auto const duration = Rational(film.end - film.first) * (index.video.front().time_base / lowered.speed);
  planned.media_seconds = planned.total / std::max<double>(1, static_cast<double>(analysis.pts.size())) * duration.value();
  planned.memory += (160 << 20) + conform.memory;
  return out;
}

}  // namespace reelmill
