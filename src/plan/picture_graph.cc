// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/picture_graph.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/hash.h"
#include "plan/conform.h"
#include "plan/encoders.h"

namespace reelmill {

namespace {

std::string& id_of(VideoNode& node) {
  return std::visit([](auto& n) -> std::string& { return n.id; }, node);
}
std::string const& id_of(VideoNode const& node) {
  return std::visit([](auto const& n) -> std::string const& { return n.id; }, node);
}
std::string& input_of(VideoNode& node) {
  return std::visit([](auto& n) -> std::string& { return n.in; }, node);
}
std::string const& input_of(VideoNode const& node) {
  return std::visit([](auto const& n) -> std::string const& { return n.in; }, node);
}

struct SettingsText {
  std::string operator()(WarpNode const& n) const { return fmt::format("warp border={}", n.border); }
  std::string operator()(FilterNode const& n) const {
    std::string text = "filter " + n.filter;
    for (auto const& [name, value] : n.options) text += fmt::format(" {}={}", name, value);
    return text;
  }
  std::string operator()(LutNode const& n) const {
    return fmt::format("lut file={} gamma={} size={} table={} strength={} matrix={}", n.file.hash, fmt::join(n.gamma, ","),
                       n.size, fmt::join(n.table, ","), n.strength, n.matrix);
  }
  std::string operator()(FadeNode const& n) const { return fmt::format("fade {} matrix={}", n.colour, n.matrix); }
  std::string operator()(OverlayNode const& n) const {
    return fmt::format("overlay image={} {} width={} margin={} matrix={}", n.image.hash, n.position, n.width, n.margin, n.matrix);
  }
  std::string operator()(TitleNode const& n) const {
    return fmt::format("title {} {} font={} face={} bold={} size={} outline={} {} {} {} margin={} matrix={}", n.text.size(),
                       n.text, n.font.hash, n.face, n.bold, n.size, n.outline, n.colour, n.outline_colour, n.position, n.margin,
                       n.matrix);
  }
  std::string operator()(CaptionNode const& n) const {
    // The fonts are in the captions' own part of a chunk's key.
    return fmt::format("captions bold={} size={} outline={} {} {} margin={} matrix={}", n.bold, n.size, n.outline, n.colour,
                       n.outline_colour, n.margin, n.matrix);
  }
  std::string operator()(FitNode const& n) const { return fmt::format("fit {} {}x{}", n.fit, n.width, n.height); }
  std::string operator()(EncodeNode const& n) const {
    return fmt::format(
        "encode {} preset={} profile={} format={} level={} refs={} b={} reorder={} crf={} rate={} {}x{} {} {} {} {}", n.codec,
        n.preset, n.profile, n.pixel_format, n.level, n.references, n.b_frames, n.reorder, n.crf, to_string(n.rate), n.width,
        n.height, n.primaries, n.transfer, n.matrix, n.range);
  }
};

void set_matrix(VideoNode& node, std::string const& matrix) {
  std::visit(
      [&]<class T>(T& n) {
        if constexpr (!std::is_same_v<T, EncodeNode> && requires { n.matrix; }) n.matrix = matrix;
      },
      node);
}

VideoNode const* find(PictureGraph const& graph, std::string const& id) {
  auto const found = std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](auto const& node) { return id_of(node) == id; });
  return found == graph.nodes.end() ? nullptr : &*found;
}

}  // namespace

Result<PictureGraph> lower_picture(Project const& project, VideoStreamInfo const& source, PictureSteps const& steps) {
  PictureGraph graph;
  for (std::size_t t = 0; t < project.exports.size(); ++t) {
    auto const& target = project.exports[t];
    if (target.copies()) continue;
    auto encode = TRY(encode_of(project, target, source));
    auto const colours = working_colours(source);
    std::string last = "source";
    auto const append = [&](VideoNode node, std::string id) {
      set_matrix(node, encode.matrix);
      input_of(node) = last;
      id_of(node) = last = std::move(id);
      graph.nodes.push_back(std::move(node));
    };
    auto const fit = [&] {
      append(FitNode{.id = "", .in = "", .fit = target.fit, .width = target.width, .height = target.height},
             target.name + ".fit");
    };
    auto const conform = [&] {
      int count = 0;
      auto nodes = upright_nodes(source);
      for (auto& node : colour_nodes(colours, export_colours(colours, target.width, target.height)))
        nodes.push_back(std::move(node));
      for (auto& node : nodes) append(std::move(node), fmt::format("{}.conform{}", target.name, ++count));
    };
    bool const warps = !steps.nodes.empty() && std::holds_alternative<WarpNode>(steps.nodes.front());
    if (!warps) conform();
    for (std::size_t s = 0; s < steps.nodes.size(); ++s) {
      if (steps.drawn == s) fit();
      auto const id = fmt::format("{}.{}", target.name, s + 1);
      append(steps.nodes[s], id);
      if (auto const timing = steps.timings.find(s); timing != steps.timings.end()) graph.timings[id] = timing->second;
      if (s == 0 && warps) conform();
    }
    if (!steps.drawn) fit();
    encode.variants.push_back({target.ceiling});
    append(std::move(encode), target.name);
    graph.leaves.push_back({t, target.name, 0});
  }
  return graph;
}

PictureGraph pass_common(PictureGraph graph) {
  PictureGraph out{{}, std::move(graph.leaves), std::move(graph.timings)};
  std::map<std::string, std::string> seen, renamed;  // settings and input → id; id → id
  for (auto& node : graph.nodes) {
    if (auto const replaced = renamed.find(input_of(node)); replaced != renamed.end()) input_of(node) = replaced->second;
    if (!std::holds_alternative<EncodeNode>(node)) {
      auto const [first, is_new] = seen.emplace(input_of(node) + "\n" + settings_of(node), id_of(node));
      if (!is_new) {
        renamed[id_of(node)] = first->second;
        continue;
      }
    }
    out.nodes.push_back(std::move(node));
  }
  return out;
}

PictureGraph pass_share(PictureGraph const& graph) {
  PictureGraph out;
  out.timings = graph.timings;
  struct Place {
    std::string node;
    int variant = 0;
  };
  std::map<std::string, Place> seen;   // all that decides an encode but its ceiling → the encode kept
  std::map<std::string, Place> moved;  // leaf's node → where it went
  for (auto const& node : graph.nodes) {
    auto const* encode = std::get_if<EncodeNode>(&node);
    if (!encode) {
      out.nodes.push_back(node);
      continue;
    }
    auto const text = text_of(graph, encode->id);
    auto const [first, is_new] = seen.emplace(text, Place{encode->id, 0});
    if (is_new) {
      moved[encode->id] = first->second;
      out.nodes.push_back(node);
      continue;
    }
    auto const kept =
        std::find_if(out.nodes.begin(), out.nodes.end(), [&](auto const& n) { return id_of(n) == first->second.node; });
    auto& variants = std::get<EncodeNode>(*kept).variants;
    auto const ceiling = encode->variants.front().ceiling;
    auto const same = std::find_if(variants.begin(), variants.end(), [&](auto const& v) { return v.ceiling == ceiling; });
    moved[encode->id] = {first->second.node, static_cast<int>(same - variants.begin())};
    if (same == variants.end()) variants.push_back({ceiling});
  }
  for (auto const& leaf : graph.leaves) {
    auto const& place = moved.at(leaf.node);
    out.leaves.push_back({leaf.target, place.node, place.variant});
  }
  return out;
}

std::string settings_of(VideoNode const& node) { return std::visit(SettingsText{}, node); }

std::string text_of(PictureGraph const& graph, std::string const& id) {
  std::string text;
  for (auto const* node = find(graph, id); node; node = find(graph, input_of(*node))) text += settings_of(*node) + "\n";
  return text;
}

std::set<std::string> chain_of(PictureGraph const& graph, std::string const& id) {
  std::set<std::string> chain;
  for (auto const* node = find(graph, id); node; node = find(graph, input_of(*node))) chain.insert(id_of(*node));
  return chain;
}

bool depends_on_warp(PictureGraph const& graph, std::string const& id) {
  for (auto const* node = find(graph, id); node; node = find(graph, input_of(*node)))
    if (std::holds_alternative<WarpNode>(*node)) return true;
  return false;
}

EncodeNode const& encode_named(PictureGraph const& graph, std::string const& id) {
  return std::get<EncodeNode>(*find(graph, id));
}

Rational longest_of(PictureGraph const& graph, Rational duration) {
  Rational longest{0};
  for (auto const& node : graph.nodes)
    if (auto const* const encode = std::get_if<EncodeNode>(&node))
      longest = std::max(longest, Rational(round(duration * encode->rate)) / encode->rate);
  return longest;
}

}  // namespace reelmill
