// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/estimates.h"

#include "plan/encoders.h"
#include "plan/sound.h"

namespace reelmill {

namespace {
constexpr double decode_seconds = 0.004, analysis_seconds = 0.004;  // a frame of 720p
constexpr std::int64_t analysis_bytes = 40;                         // a frame
constexpr double join_seconds = 0.2, join_bytes_a_second = 100e6;

Estimate of_encode(EncodeNode const& node, std::size_t variant, double frames) {
  return {frames * encoder_seconds(node), static_cast<std::int64_t>(frames * encoder_bits(node, variant) / 8)};
}

void add(Estimate& sum, Estimate const& one) {
  sum.seconds += one.seconds;
  sum.bytes += one.bytes;
}
}  // namespace

Estimate estimate_of_analysis(std::int64_t frames) {
  return {static_cast<double>(frames) * analysis_seconds, frames * analysis_bytes};
}

Estimate estimate_of(VideoChunk const& chunk, PictureGraph const& graph, Conform const& conform) {
  Estimate sum{static_cast<double>(chunk.pts.size()) * (decode_seconds + conform.seconds), 0};
  for (auto const& unit : chunk.wanted) {
    auto const& node = encode_named(graph, unit.node);
    if (auto const map = chunk.maps.find(to_string(node.rate)); map != chunk.maps.end())
      add(sum, of_encode(node, static_cast<std::size_t>(unit.variant), static_cast<double>(map->second.size())));
  }
  return sum;
}

Estimate estimate_of_render(PictureGraph const& graph, Conform const& conform, std::int64_t frames, Rational duration) {
  Estimate sum{static_cast<double>(frames) * (decode_seconds + conform.seconds), 0};
  for (auto const& node : graph.nodes)
    if (auto const* encode = std::get_if<EncodeNode>(&node))
      for (std::size_t variant = 0; variant < encode->variants.size(); ++variant)
        add(sum, of_encode(*encode, variant, (duration * encode->rate).value()));
  return sum;
}

std::int64_t encoded_bytes(EncodeNode const& node, std::size_t variant, Rational duration) {
  return of_encode(node, variant, (duration * node.rate).value()).bytes;
}

Estimate estimate_of_copy(std::int64_t picture) {
  return {join_seconds + static_cast<double>(picture) / join_bytes_a_second, picture};
}

Estimate estimate_of_join(std::int64_t picture, AudioEncode const* sound, Rational duration) {
  Estimate sum{0, picture};
  if (sound) sum.bytes += sound_bytes(*sound, duration.value());
  sum.seconds = join_seconds + static_cast<double>(sum.bytes) / join_bytes_a_second;
  return sum;
}

void expect(PlannedStage& stage, Estimate const& estimate) {
  stage.cost += estimate.seconds;
  stage.disk += estimate.bytes;
  stage.disk_least += static_cast<std::int64_t>(static_cast<double>(estimate.bytes) * surely);
}

}  // namespace reelmill
