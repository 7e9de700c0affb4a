// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/keys.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {
// Raised when the same stage gives another result: every key carries it.
constexpr int engine_version = 5;
constexpr int form_of_index = 2;  // to be raised when more is read of the same source

std::string const& id_of(VideoNode const& node) {
  return std::visit([](auto const& n) -> std::string const& { return n.id; }, node);
}
}  // namespace

Key::Key(std::string_view walk, bool keeps_fields) : keeps_fields_(keeps_fields) {
  hasher_.add("reelmill").add(walk);
  add("engine", engine_version);
}

void Key::keep(std::string_view name, std::string value) { fields_.push_back({std::string(name), std::move(value)}); }

Key& Key::add(std::string_view name, std::string_view value) {
  hasher_.add(name).add(value);
  if (keeps_fields_) keep(name, std::string(value));
  return *this;
}

Key& Key::add(std::string_view name, double value) {
  hasher_.add(name).add(value);
  if (keeps_fields_) keep(name, shortest(value));
  return *this;
}

Key& Key::add_integer(std::string_view name, std::int64_t value) {
  hasher_.add(name).add(value);
  if (keeps_fields_) keep(name, std::to_string(value));
  return *this;
}

Key& Key::add(Builds const& builds, std::set<std::string_view> const& libraries) {
  for (auto const& library : libraries) {
    auto const found = builds.find(library);
    add(fmt::format("library {}", library), found == builds.end() ? std::string_view() : std::string_view(found->second));
  }
  return *this;
}

Key index_key(Key begun, std::filesystem::path const& source, Stamp const& stamp, Builds const& builds) {
  return begun.add("form", form_of_index)
      .add("path", source.string())
      .add("inode", stamp.inode)
      .add("size", stamp.size)
      .add("time of its content", stamp.mtime_ns)
      .add("time of its entry", stamp.ctime_ns)
      .add(builds, libraries_of_index());
}

Key analysis_key(Key begun, SourceIndex const& index, AnalysisStage const& stage, Builds const& builds) {
  begun.add("content of the picture", index.identity).add("motion", stage.motion);
  if (stage.motion) begun.add("shakiness", stage.shakiness).add("accuracy", stage.accuracy);
  for (auto const& point : stage.prove) begun.add("proof at", point.pts).add("proof of", hex_of(point.hash));
  return begun.add(builds, libraries_of_analysis(index.video.front().codec, stage.motion));
}

ChunkContent content_of(VideoChunk const& chunk, std::span<std::uint64_t const> checksums) {
  ChunkContent content;
  content.frames = digest_of(checksums);
  std::vector<std::int32_t> camera;
  if (!chunk.corrections.empty())
    for (auto i = chunk.first_shown(); i < chunk.end_shown(); ++i) {
      auto const& c = chunk.corrections[i];
      camera.insert(camera.end(), {c.dx, c.dy, c.angle, c.zoom});
    }
  content.camera = digest_of(std::span<std::int32_t const>(camera));
  for (auto const& [rate, map] : chunk.maps) content.maps[rate] = digest_of(std::span<std::int32_t const>(map));
  return content;
}

ChunkKeys::ChunkKeys(Key begun, VideoStreamInfo const& source, VideoStage const& stage, PictureGraph const& graph,
                     Builds const& builds)
    : begun_(std::move(begun)), stage_(stage), graph_(graph), builds_(builds) {
  begun_.add("decoded size", fmt::format("{}x{}", stage.width, stage.height))
      .add("pixel shape", source.sample_aspect)
      .add("pixel format", source.pixel_format)
      .add("matrix", source.matrix)
      .add("range", source.range);
  for (auto const& filter : stage.prefilters) {
    std::string text = filter.filter;
    for (auto const& [name, value] : filter.options) text += fmt::format(" {}={}", name, value);
    begun_.add("prefilter", text);
  }
  begun_.add(builds, libraries_of(stage.prefilters));
}

ChunkKeys::Way& ChunkKeys::way_of(Leaf const& leaf) {
  auto const [place, is_new] = ways_.try_emplace(leaf.target);
  auto& way = place->second;
  if (!is_new) return way;
  way.nodes = reelmill::chain_of(graph_, leaf.node);
  for (auto const& node : graph_.nodes)
    if (way.nodes.contains(id_of(node)) && (graph_.timings.contains(id_of(node)) || std::holds_alternative<CaptionNode>(node)))
      way.timed.push_back(id_of(node));
  way.warps = depends_on_warp(graph_, leaf.node);
  way.rate = to_string(encode_named(graph_, leaf.node).rate);
  return way;
}

CaptionNode ChunkKeys::with_fonts(std::string const& id) const {
  for (auto const& node : stage_.nodes)
    if (auto const* const caption = std::get_if<CaptionNode>(&node); caption != nullptr && caption->id == id) return *caption;
  return {};
}

ChunkKeys::Chain const& ChunkKeys::chain_of(Way& way, Leaf const& leaf, VideoChunk const& chunk) {
  std::set<std::string> idle;
  for (auto const& id : way.timed)
    if (!chunk.weights.contains(id) && !chunk.captions.contains(id)) idle.insert(id);
  auto const [place, is_new] = way.chains.try_emplace(std::move(idle), Chain{begun_, {}, {}});
  auto& [idle_nodes, chain] = *place;
  if (!is_new) return chain;
  Libraries libraries;
  for (auto const& node : graph_.nodes) {
    auto const& id = id_of(node);
    if (!way.nodes.contains(id) || idle_nodes.contains(id)) continue;
    libraries.merge(libraries_of(node));
    chain.begun.add(std::holds_alternative<EncodeNode>(node) ? "encode" : "step", settings_of(node));
    if (graph_.timings.contains(id)) chain.timed.push_back(id);
    if (std::holds_alternative<CaptionNode>(node)) chain.captions.push_back(with_fonts(id));
  }
  auto const& variants = encode_named(graph_, leaf.node).variants;
  chain.begun.add("ceiling", variants[static_cast<std::size_t>(leaf.variant)].ceiling).add(builds_, libraries);
  return chain;
}

namespace {
void add_caption(Key& key, ShownCaption const& caption, CaptionNode const& node, int lead_in) {
  key.add("caption", caption.text).add("caption from", caption.from - lead_in).add("caption to", caption.to - lead_in);
  if (caption.at_top) key.add("caption at the top", caption.at_top);
  if (!caption.italic.empty()) key.add("caption in italics", digest_of(std::span<std::int32_t const>(caption.italic)));
  for (auto const number : caption.fonts) {
    auto const& font = node.fonts.at(static_cast<std::size_t>(number));
    key.add("caption font", font.file.hash).add("caption face", font.face);
  }
}
}  // namespace

Key ChunkKeys::key(Leaf const& leaf, VideoChunk const& chunk, ChunkContent const& content) {
  auto& way = way_of(leaf);
  auto const& [begun, timed, captions] = chain_of(way, leaf, chunk);
  Key key(begun);
  key.add("frames", content.frames)
      .add("frames shown", content.maps.at(way.rate))
      .add("camera path", way.warps ? content.camera : std::string());
  // Ids say nothing of the order in which they are applied.
  for (auto const& id : timed) {
    std::span<std::int32_t const> const weights(chunk.weights.at(id));
    key.add("strength", digest_of(weights.subspan(chunk.first_shown(), chunk.shown())));
  }
  for (auto const& node : captions)
    for (auto const& caption : chunk.captions.at(node.id)) add_caption(key, caption, node, chunk.lead_in);
  return key;
}

namespace {
void add_sound(Key& key, AudioStage const& stage) {
  key.add("start", stage.start)
      .add("duration", stage.duration)
      .add("tempo", stage.tempo)
      .add("sample rate", stage.sample_rate)
      .add("channels", stage.channels);
  auto const& mix = stage.downmix;
  key.add("downmix", fmt::format("center={} surround={} lfe={} normalize={}", shortest(mix.center), shortest(mix.surround),
                                 shortest(mix.lfe), mix.normalize));
  if (!mix.side.empty()) key.add("channel taken", mix.side);
  for (auto const& piece : stage.pieces)
    key.add("piece", fmt::format("{} to {} from {} at {}", to_string(piece.from), to_string(piece.to), to_string(piece.at),
                                 to_string(piece.rate)));
  for (auto const& filter : stage.filters) {
    std::string text = filter.filter;
    for (auto const& [name, value] : filter.options) text += fmt::format(" {}={}", name, value);
    key.add("step", text);
  }
  for (auto const& bed : stage.beds) {
    key.add("bed", bed.file.hash).add("bed after", bed.after).add("bed gain", bed.gain).add("bed from", bed.from);
    key.add("bed to", bed.to).add("bed comes up", bed.fade_in).add("bed goes down", bed.fade_out).add("bed loops", bed.loop);
    if (bed.duck != 0) key.add("bed ducks", bed.duck).add("bed ducks above", bed.threshold);
  }
}
}  // namespace

Key sound_key(Key key, AudioStage const& stage, AudioEncode const& encode, Builds const& builds) {
  add_sound(key, stage);
  if (auto const& loudness = stage.loudness) {
    key.add("loudness mode", loudness->mode).add("true peak", loudness->true_peak);
    if (loudness->mode != "gain") key.add("integrated loudness", loudness->integrated);
    if (loudness->mode == "dynamic") key.add("loudness range", loudness->range);
    if (loudness->mode == "gain") key.add("gain", loudness->gain);
  }
  key.add("codec", encode.codec).add("bitrate", encode.bitrate).add("lead", encode.lead);
  key.add(builds, libraries_of(stage, encode));
  return key;
}

Key measurement_key(Key key, AudioStage const& stage, Builds const& builds) {
  add_sound(key, stage);
  key.add("loudness", "measured");
  key.add(builds, libraries_of_measurement(stage));
  return key;
}

}  // namespace reelmill
