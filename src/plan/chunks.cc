// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/chunks.h"

#include <algorithm>
#include <map>

#include "plan/conform.h"
#include "plan/frame_map.h"
#include "plan/preview.h"
#include "plan/weights.h"

namespace reelmill {

Chunks chunks_of(Key const& begun, VideoStage const& stage, Footage const& footage, Builds const& builds) {
  auto const& [index, analysis, borders, lowered, graph, part, captions] = footage;
  auto const& source = index.video.front();
  auto const tick = source.time_base / lowered.speed;  // in seconds of the film
  auto const margins = margins_of(stage.prefilters);
  auto intervals = with_margins(cut(analysis, borders), margins.before, margins.after, analysis, index);
  if (part) intervals = within(std::move(intervals), margins, analysis, *part);
  std::vector<Correction> corrections;
  if (lowered.motion) corrections = steady_path(analysis.motion, stage.width, stage.height, lowered.path);
  std::map<std::string, std::vector<std::vector<std::int32_t>>> maps;
  for (auto const& node : graph.nodes)
    if (auto const* encode = std::get_if<EncodeNode>(&node); encode && !maps.contains(to_string(encode->rate)))
      maps[to_string(encode->rate)] = frame_maps(analysis, tick, intervals, encode->rate);
  auto const weights = weights_of(graph, analysis, tick);
  auto const shown_in_film = captions ? shown_captions(*captions, analysis, tick) : std::vector<ShownCaption>();

  ChunkKeys chunk_keys(begun, source, stage, graph, builds);
  Chunks out;
  if (begun.keeps_fields()) out.made_of.resize(graph.leaves.size());
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    auto const& interval = intervals[i];
    auto const first = interval.first - interval.lead_in, after = interval.first + interval.count + interval.lead_out;
    auto const slice = [&](auto const& column) { return std::vector(column.begin() + first, column.begin() + after); };
    VideoChunk chunk;
    chunk.seek = interval.seek;
    chunk.pts = slice(analysis.pts);
    chunk.lead_in = interval.lead_in;
    chunk.lead_out = interval.lead_out;
    auto const checksums = slice(analysis.checksum);
    chunk.first_checksum = checksums.front();
    chunk.last_checksum = checksums.back();
    if (!corrections.empty()) chunk.corrections = slice(corrections);
    for (auto const& [rate, map] : maps) {
      auto& mine = chunk.maps[rate];
      for (auto const frame : map[i]) mine.push_back(frame + interval.lead_in);
    }
    for (auto const& [id, all] : weights) {
      auto const shown = all.begin() + interval.first;
      if (std::any_of(shown, shown + interval.count, [](auto weight) { return weight != 0; })) chunk.weights[id] = slice(all);
    }
    auto shown = captions_within(shown_in_film, interval.first, interval.first + interval.count, first);
    if (!shown.empty())
      for (auto const& node : graph.nodes)
        if (auto const* const caption = std::get_if<CaptionNode>(&node)) chunk.captions[caption->id] = shown;
    auto& keys = out.keys.emplace_back();
    auto const content = content_of(chunk, checksums);
    for (std::size_t l = 0; l < graph.leaves.size(); ++l) {
      auto const& leaf = graph.leaves[l];
      if (chunk.maps.at(to_string(encode_named(graph, leaf.node).rate)).empty()) {
        keys.emplace_back();
        continue;
      }
      auto const key = chunk_keys.key(leaf, chunk, content);
      keys.push_back(key.hex());
      if (begun.keeps_fields()) out.made_of[l].add_chunk(key);
      bool const listed =
          std::any_of(chunk.wanted.begin(), chunk.wanted.end(), [&](auto const& unit) { return unit.key == keys.back(); });
      if (!listed) chunk.wanted.push_back({leaf.node, leaf.variant, keys.back()});
    }
    out.chunks.push_back(std::move(chunk));
  }
  return out;
}

}  // namespace reelmill
