// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/sharing_notes.h"

#include <map>
#include <set>

#include <fmt/format.h>

namespace reelmill {

std::vector<std::string> sharing_notes(PictureGraph const& graph, Project const& project) {
  auto level_less = graph;
  for (auto& node : level_less.nodes)
    if (auto* const encode = std::get_if<EncodeNode>(&node)) encode->level = encode->references = 0;
  // Text of all but the level → encode → its exports.
  std::map<std::string, std::map<std::string, std::string>> groups;
  for (auto const& leaf : graph.leaves) {
    auto& names = groups[text_of(level_less, leaf.node)][leaf.node];
    names += (names.empty() ? "" : ", ") + project.exports[leaf.target].name;
  }
  std::vector<std::string> notes;
  for (auto const& [text, encodes] : groups) {
    std::string parts;
    std::set<int> levels;
    for (auto const& [node, names] : encodes) {
      auto const level = encode_named(graph, node).level;
      levels.insert(level);
      parts += fmt::format("{}{} ({:.1f})", parts.empty() ? "" : "; ", names, level / 10.0);
    }
    if (levels.size() > 1) notes.push_back("encoded apart, because their ceilings need different levels: " + parts);
  }
  return notes;
}

}  // namespace reelmill
