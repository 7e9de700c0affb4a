// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/keys.h"

namespace reelmill {

std::string chunk_key(Hasher begun, VideoStreamInfo const& source, VideoStage const& stage, PictureGraph const& graph,
                      Leaf const& leaf, VideoChunk const& chunk, std::vector<std::uint64_t> const& checksums,
                      std::vector<std::int32_t> const& map) {
  auto const& node = encode_named(graph, leaf.node);
  begun.add(stage.width).add(stage.height);
  for (auto const& filter : stage.prefilters) {
    begun.add("prefilter").add(filter.filter);
    for (auto const& [name, value] : filter.options) begun.add(name).add(value);
  }
  begun.add(to_string(source.sample_aspect)).add(source.pixel_format).add(source.matrix).add(source.range);
  // A node that is applied to no frame of the chunk leaves no trace in its key.
  auto const chain = chain_of(graph, leaf.node);
  std::set<std::string> idle;
  for (auto const& [id, timing] : graph.timings)
    if (chain.contains(id) && !chunk.weights.contains(id)) idle.insert(id);
  begun.add(text_of(graph, leaf.node, idle)).add(node.variants[static_cast<std::size_t>(leaf.variant)].ceiling);
  begun.add(checksums.size());
  for (auto const checksum : checksums) begun.add(static_cast<std::int64_t>(checksum));
  begun.add(map.size());
  for (auto const frame : map) begun.add(frame);
  if (depends_on_warp(graph, leaf.node))
    for (auto i = chunk.first_shown(); i < chunk.end_shown(); ++i) {
      auto const& c = chunk.corrections[i];
      begun.add(c.dx).add(c.dy).add(c.angle).add(c.zoom);
    }
  // In the order in which the nodes are applied; their ids say nothing of it.
  for (auto const& each : graph.nodes) {
    auto const& id = std::visit([](auto const& n) -> std::string const& { return n.id; }, each);
    if (auto const weights = chunk.weights.find(id); weights != chunk.weights.end() && chain.contains(id))
      for (auto i = chunk.first_shown(); i < chunk.end_shown(); ++i) begun.add(weights->second[i]);
  }
  return begun.hex();
}

std::string sound_key(Hasher begun, AudioStage const& stage, AudioEncode const& encode) {
  begun.add(to_string(stage.start))
      .add(to_string(stage.duration))
      .add(to_string(stage.tempo))
      .add(stage.sample_rate)
      .add(stage.channels);
  auto const& mix = stage.downmix;
  begun.add(mix.center).add(mix.surround).add(mix.lfe).add(mix.normalize);
  for (auto const& filter : stage.filters) {
    begun.add(filter.filter);
    for (auto const& [name, value] : filter.options) begun.add(name).add(value);
  }
  return begun.add("encode").add(encode.codec).add(encode.bitrate).add(encode.lead).hex();
}

}  // namespace reelmill
