// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/joins.h"

namespace reelmill {

namespace {

PacketsInput packets_of(std::string const& key, Json const& result, std::int64_t frames, Known const& known) {
  return {known.file(key, result.at("packets").get<std::string>()).string(), result.at("payload_hash"), frames};
}

Result<void> add_picture(Join& join, JoinParts const& parts, Known const& known) {
  auto& [stage, key] = join;
  stage.rate = parts.copied ? parts.copied->rate : parts.picture->rate;
  stage.reorder = parts.copied ? parts.copied->delay : parts.picture->reorder;
  if (parts.copied) stage.tick = parts.copied->tick;
  Hasher chunks;
  for (auto const& chunk : parts.chunks) {
    auto const result = TRY(known.result(chunk));
    stage.video.push_back(packets_of(chunk, result, result.at("frames"), known));
    chunks.add(stage.video.back().payload_hash).add(result.at("extradata_hash").get<std::string>());
  }
  key.add("rate", stage.rate).add("reorder", stage.reorder).add("picture", chunks.hex());
  if (parts.copied) key.add("tick", stage.tick);
  return {};
}

// Less than a millisecond is no sound: an MP4's edit list counts in milliseconds, and players would find none.
Result<void> add_sound(Join& join, AudioEncode const& sound, Known const& known) {
  auto const result = TRY(known.result(sound.key));
  if (result.at("samples").get<std::int64_t>() * 1000 < sound.sample_rate) return {};
  join.stage.audio.push_back(packets_of(sound.key, result, 0, known));
  join.key.add("sound", join.stage.audio.back().payload_hash);
  return {};
}

void add_captions(Join& join, Captions const& captions) {
  Hasher hasher;
  hasher.add(captions.language);
  auto& track = join.stage.captions.emplace();
  track.language = captions.language;
  for (auto const& cue : captions.cues) {
    track.cues.push_back({cue.from, cue.to, cue.text});
    hasher.add(cue.from).add(cue.to).add(cue.text);
  }
  join.key.add("captions", hasher.hex());
}

}  // namespace

Result<Join> join_of(Key begun, Export const& target, JoinParts const& parts, Captions const* captions, Known const& known) {
  Join join{{}, std::move(begun)};
  auto& stage = join.stage;
  stage.container = target.container;
  stage.file = "film." + target.container;
  stage.edit_lists = target.edit_lists;
  join.key.add("container", stage.container).add("edit lists", stage.edit_lists);
  if (parts.picture || parts.copied) TRY(add_picture(join, parts, known));
  if (parts.sound) TRY(add_sound(join, *parts.sound, known));
  if (captions && !captions->cues.empty()) add_captions(join, *captions);
  stage.key = join.key.hex();
  return join;
}

}  // namespace reelmill
