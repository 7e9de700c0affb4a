// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/task_texts.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plan/as_source.h"
#include "plan/encoders.h"
#include "plan/sharing_notes.h"
#include "plan/sound.h"

namespace reelmill {

namespace {
std::string targets_of(Project const& project, PictureGraph const& graph, std::string const& node) {
  std::string out;
  for (auto const& leaf : graph.leaves)
    if (leaf.node == node) out += (out.empty() ? "" : ", ") + project.exports[leaf.target].name;
  return out;
}
}  // namespace

std::vector<std::string> analysis_tasks(Lowered const& lowered) {
  std::vector<std::string> tasks{"decode", "frame checksums"};
  if (lowered.motion) tasks.push_back(fmt::format("motion shakiness={} accuracy={}", lowered.shakiness, lowered.accuracy));
  return tasks;
}

std::vector<std::string> conform_tasks(Project const& project, SourceIndex const& index, Conform const& conform) {
  if (index.video.empty()) return {};
  auto const& source = index.video.front();
  auto tasks = conform.tasks;
  if (source.mirrored) tasks.push_back("mirror");
  if (source.rotation != 0) tasks.push_back(fmt::format("turn {}°", source.rotation));
  auto const working = working_colours(source);
  bool const converts = std::any_of(project.exports.begin(), project.exports.end(), [&](Export const& target) {
    return !target.copies() && export_colours(working, target.width, target.height) != working;
  });
  if (converts) tasks.push_back("convert to BT.709");
  return tasks;
}

std::vector<std::string> render_tasks(Project const& project) {
  auto tasks = step_texts(project.video);
  for (auto const& target : project.exports)
    if (!target.copies())
      tasks.push_back(fmt::format("encode {} {} {}", target.name, size_text(target), text_of_encoder(target)));
  return tasks;
}

std::vector<std::string> render_tasks(Project const& project, PictureGraph const& graph) {
  auto tasks = step_texts(project.video);
  for (auto const& node : graph.nodes) {
    if (auto const* fit = std::get_if<FitNode>(&node))
      tasks.push_back(fmt::format("fit {} {}x{}", fit->fit, fit->width, fit->height));
    if (auto const* encode = std::get_if<EncodeNode>(&node))
      tasks.push_back(fmt::format("encode {} for {}", text_of(*encode), targets_of(project, graph, encode->id)));
  }
  for (auto& note : sharing_notes(graph, project)) tasks.push_back(std::move(note));
  return tasks;
}

std::vector<std::string> names_of_copies(Project const& project) {
  std::vector<std::string> names;
  for (auto const& target : project.exports)
    if (target.copies()) names.push_back(target.name);
  return names;
}

std::string copy_task(std::vector<std::string> const& names) {
  return fmt::format("copy the picture as it is for {}", fmt::join(names, ", "));
}

std::vector<std::string> sound_tasks(Project const& project, Lowered const& lowered, bool has_picture) {
  auto tasks = step_texts(project.audio);
  for (auto const& encode : sound_encodes(project, lowered.channels, has_picture))
    tasks.push_back(fmt::format("encode {}{}{}", encode.codec,
                                encode.bitrate > 0 ? fmt::format(" {}k", encode.bitrate / 1000) : "",
                                encode.lead ? " with lead" : ""));
  return tasks;
}

}  // namespace reelmill
