// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/replace_shot.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/text.h"
#include "graph/codecs.h"
#include "project/inputs.h"
#include "project/steps.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
Error refused(std::string what) { return Error{ErrorKind::usage, std::move(what)}; }

Node scalar(std::string_view text) { return {Node::Kind::scalar, {}, std::string(text), {}, {}}; }

Result<std::vector<Step>> steps_for(ReplaceWishes const& wishes) {
  Node parameters{Node::Kind::map, {}, {}, {}, {}};
  std::error_code ignored;
  parameters.entries.push_back({"file", {}, scalar(fs::absolute(wishes.sound, ignored).string())});
  parameters.entries.push_back({"offset", {}, scalar(wishes.offset)});
  parameters.entries.push_back({"ends", {}, scalar(wishes.ends)});
  Node const item{Node::Kind::map, {}, {}, {}, {{"replace_audio", {}, std::move(parameters)}}};
  Mistakes mistakes("replace-audio");
  auto steps = read_steps({Node::Kind::list, {}, {}, {item}, {}}, Track::audio, fs::current_path(), mistakes);
  if (!mistakes.empty()) return refused(join(mistakes.texts(), "; "));
  return steps;
}
}  // namespace

Result<OneShot> replace_sound(ReplaceWishes const& wishes) {
  auto const inputs = TRY(find_inputs(wishes.inputs));
  if (inputs.size() != 1)
    return refused(fmt::format("{} names {} films, give one", printable(wishes.inputs.front()), inputs.size()));
  fs::path const output = wishes.output;
  auto const extension = output.extension().string();
  auto const container = extension.empty() ? std::string() : lower_case(extension.substr(1));
  if (container_named(container) == nullptr)
    return refused(fmt::format("-o {}: the name has to end in a container that is known here, such as .mp4, .mov or .mkv",
                               printable(wishes.output)));
  if (container_named(container)->video.empty())
    return refused(fmt::format("-o {}: it holds sound alone, and replace-audio is for films; 'reelmill sync' compares two sounds",
                               printable(wishes.output)));
  std::error_code ignored;
  if (fs::equivalent(output, wishes.sound, ignored))
    return refused(fmt::format("-o {}: that is the sound itself, give another name", printable(wishes.output)));
  OneShot out;
  out.project =
      TRY(read_project(fmt::format("reelmill: 1\nexports: [{{ replaced: {{ preset: as_source, codec: copy, audio_codec: {}, "
                                   "audio_bitrate: 192k, container: {} }} }}]\n",
                                   container == "webm" ? "opus" : "aac", container),
                       "replace-audio"));
  auto& project = out.project;
  project.name = "replace-audio";
  project.file.clear();
  project.may_replace = wishes.overwrite;
  project.audio = TRY(steps_for(wishes));
  project.output_name = output.filename().string();
  project.folder = fs::absolute(output.parent_path().empty() ? "." : output.parent_path()).lexically_normal();
  project.deliver.clear();
  out.sources = {inputs.front().file};
  TRY(check_outputs(project, out.sources));
  return out;
}

}  // namespace reelmill
