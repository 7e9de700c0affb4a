// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/joins.h"

namespace reelmill {

namespace {

PacketsInput packets_of(std::string const& key, Json const& result, std::int64_t frames, Known const& known) {
  return {known.file(key, result.at("packets").get<std::string>()).string(), result.at("payload_hash"), frames};
}

Result<void> add_picture(MuxStage& stage, Hasher& hasher, JoinParts const& parts, Known const& known) {
  stage.rate = parts.picture->rate;
  stage.reorder = parts.picture->reorder;
  for (auto const& key : parts.chunks) {
    auto const result = TRY(known.result(key));
    stage.video.push_back(packets_of(key, result, result.at("frames"), known));
    hasher.add(stage.video.back().payload_hash).add(result.at("extradata_hash").get<std::string>());
  }
  return {};
}

Result<void> add_sound(MuxStage& stage, Hasher& hasher, std::string const& key, Known const& known) {
  auto const result = TRY(known.result(key));
  if (result.at("samples").get<std::int64_t>() == 0) return {};
  stage.audio.push_back(packets_of(key, result, 0, known));
  hasher.add("sound").add(stage.audio.back().payload_hash);
  return {};
}

}  // namespace

Result<MuxStage> join_stage(Hasher begun, Export const& target, JoinParts const& parts, Known const& known) {
  MuxStage stage;
  stage.container = target.container;
  stage.file = "film." + target.container;
  stage.edit_lists = target.edit_lists;
  if (parts.picture) {
    begun.add(stage.container).add(to_string(parts.picture->rate)).add(parts.picture->reorder).add(stage.edit_lists);
    TRY(add_picture(stage, begun, parts, known));
  } else {
    begun.add("sound alone").add(stage.container).add(stage.edit_lists);
  }
  if (parts.sound) TRY(add_sound(stage, begun, parts.sound->key, known));
  stage.key = begun.hex();
  return stage;
}

}  // namespace reelmill
