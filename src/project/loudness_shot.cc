// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/loudness_shot.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "graph/codecs.h"
#include "project/inputs.h"
#include "project/one_shot_places.h"
#include "project/steps.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

// What a file becomes, by its extension.
struct Kind {
  std::string_view extension, container, codec;
};
constexpr std::int64_t lossy_bitrate = 192000;
constexpr std::array kinds{Kind{"wav", "wav", "pcm_s24le"}, Kind{"flac", "flac", "flac"}, Kind{"m4a", "m4a", "aac"},
                           Kind{"webm", "webm", "opus"}};
// Sound alone, of kinds that are not written here.
constexpr std::array<std::string_view, 9> become_m4a{"aac", "ac3", "aiff", "m4b", "mka", "mp2", "mp3", "oga", "ogg"};

std::string extension_of(fs::path const& file) {
  auto const extension = lower_case(file.extension().string());
  return extension.empty() ? extension : extension.substr(1);
}

Kind kind_of(fs::path const& file) {
  auto extension = extension_of(file);
  if (extension == "opus" || std::find(become_m4a.begin(), become_m4a.end(), extension) != become_m4a.end()) extension = "m4a";
  for (auto const& kind : kinds)
    if (extension == kind.extension) return kind;
  return {"", container_of_extension(extension).name, "aac"};
}

Node scalar(std::string_view text) { return {Node::Kind::scalar, {}, std::string(text), {}, {}}; }

Result<std::vector<Step>> steps_of(LoudnessWishes const& wishes) {
  Node map{Node::Kind::map, {}, {}, {}, {}};
  for (auto const& [name, value] : wishes.parameters) map.entries.push_back({name, {}, scalar(value)});
  Node const keep{Node::Kind::map, {}, {}, {}, {{"to", {}, scalar("source")}}};
  Node const list{
      Node::Kind::list,
      {},
      {},
      {{Node::Kind::map, {}, {}, {}, {{"downmix", {}, keep}}}, {Node::Kind::map, {}, {}, {}, {{"loudness", {}, map}}}},
      {}};
  Mistakes mistakes("loudness");
  auto steps = read_steps(list, Track::audio, fs::current_path(), mistakes);
  if (!mistakes.empty()) return Error{ErrorKind::usage, join(mistakes.texts(), "; ")};
  return steps;
}

Export export_of(Kind const& kind) {
  Export out;
  out.name = "loudness";
  out.container = kind.container;
  out.video_codec = copy_codec;
  out.preset.clear();
  out.profile.clear();
  out.width = out.height = 0;
  out.keeps_rate = true;
  out.crf = 0;
  out.audio_codec = kind.codec;
  out.audio_bitrate = audio_codec_named(kind.codec)->is_lossless() ? 0 : lossy_bitrate;
  return out;
}

}  // namespace

Result<std::vector<LoudnessJob>> loudness_jobs(LoudnessWishes const& wishes) {
  auto const inputs = TRY(find_inputs(wishes.inputs));
  std::vector<LoudnessJob> jobs;
  if (wishes.output.empty()) {
    for (auto const& input : inputs) jobs.push_back({input.file});
    return jobs;
  }
  bool const folder = is_folder(wishes.output, inputs.size());
  if (!folder && inputs.size() > 1)
    return Error{ErrorKind::usage,
                 fmt::format("-o {}: {} files cannot become one, give a folder", printable(wishes.output), inputs.size())};
  if (auto const kind = kind_of(wishes.output);
      !folder && (kind.container == "m4a" || kind.container == "mkv") && kind.container != extension_of(wishes.output))
    return Error{ErrorKind::usage,
                 fmt::format("-o {}: files of that kind are not written, call it {}.{}", printable(wishes.output),
                             printable(fs::path(wishes.output).stem().string()), kind.container)};
  auto const place = folder ? TRY(output_folder(wishes.output)) : absolute_folder(fs::path(wishes.output).parent_path());
  std::unordered_set<std::string> made;
  auto const output_of = [&](fs::path const& source) {
    if (!folder) return place / fs::path(wishes.output).filename();
    return place / fmt::format("{}.{}", source.stem().string(), kind_of(source).container);
  };
  for (auto const& input : inputs) made.insert(output_of(input.file).string());
  // What an earlier run left below a folder is no input.
  for (auto const& input : inputs)
    if (input.is_named || !made.contains(input.file.string())) jobs.push_back({input.file, output_of(input.file)});
  return jobs;
}

Result<Loudness> loudness_asked(LoudnessWishes const& wishes) {
  Lowering lowering;
  for (auto const& step : TRY(steps_of(wishes))) step.operation->lower(step.options, lowering);
  return *lowering.loudness;
}

OneShot measurement_of(std::vector<LoudnessJob> const& jobs) {
  OneShot out;
  out.project.name = "loudness";
  out.project.folder = fs::current_path();
  out.project.normalize.sample_rate = 0;
  out.project.measures = true;
  out.project.audio = steps_of({}).value();
  for (auto const& job : jobs) out.sources.push_back(job.source);
  return out;
}

Result<std::vector<OneShot>> loudness_for(LoudnessWishes const& wishes, std::vector<LoudnessJob> const& jobs) {
  std::vector<OneShot> shots;
  for (auto const& job : jobs) {
    auto const kind = kind_of(job.output);
    auto shot = std::find_if(shots.begin(), shots.end(),
                             [&](OneShot const& each) { return each.project.exports.front().container == kind.container; });
    if (shot == shots.end()) {
      shot = shots.insert(shots.end(), OneShot());
      auto& project = shot->project;
      project.name = "loudness";
      project.folder = job.output.parent_path();
      project.output = "{name}.{ext}";
      if (jobs.size() == 1) project.output_name = job.output.filename().string();
      project.may_replace = wishes.overwrite;
      // Opus has its own rates.
      project.normalize.sample_rate = kind.codec == "opus" ? 48000 : 0;
      project.audio = TRY(steps_of(wishes));
      project.exports.push_back(export_of(kind));
    }
    shot->sources.push_back(job.source);
  }
  for (auto const& shot : shots) TRY(check_outputs(shot.project, shot.sources));
  return shots;
}

}  // namespace reelmill
