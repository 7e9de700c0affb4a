// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/picture_chain.h"

#include <fmt/format.h>

#include "av/warp.h"

namespace reelmill {

namespace {
std::string const& id_of(VideoNode const& node) {
  return std::visit([](auto const& n) -> std::string const& { return n.id; }, node);
}
std::string const& input_of(VideoNode const& node) {
  return std::visit([](auto const& n) -> std::string const& { return n.in; }, node);
}

Result<av::Frame> warp(AVFrame const& in, Correction const& correction, std::string const& border, av::PicturePool& pool) {
  auto out = TRY(pool.take());
  for (int plane = 0; plane < 3; ++plane) {
    int const shift = plane ? 1 : 0;
    av::PlaneView const view{in.data[plane], in.linesize[plane], AV_CEIL_RSHIFT(in.width, shift),
                             AV_CEIL_RSHIFT(in.height, shift)};
    av::warp_plane(view, out->data[plane], out->linesize[plane], av::affine_of(correction, view.width, view.height, shift, shift),
                   border == "black" ? av::Border::fill : av::Border::mirror, plane ? 128 : 16);
  }
  out->sample_aspect_ratio = in.sample_aspect_ratio;
  out->colorspace = in.colorspace;
  out->color_range = in.color_range;
  return out;
}
}  // namespace

PictureChain::PictureChain(std::vector<VideoNode> const& nodes) {
  for (auto const& node : nodes)
    if (!std::holds_alternative<EncodeNode>(node)) steps_.push_back({node});
}

std::set<std::string> PictureChain::needed_for(std::string const& id) const {
  std::set<std::string> needed{id};
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step)
    if (needed.contains(id_of(step->node))) needed.insert(input_of(step->node));
  return needed;
}

Result<PictureChain::Pictures> PictureChain::run(av::Frame source, Correction const* correction,
                                                 std::set<std::string> const& needed) {
  Pictures pictures;
  pictures.emplace("source", std::move(source));
  for (auto& step : steps_) {
    auto const& id = id_of(step.node);
    if (!needed.contains(id)) continue;
    auto const input = pictures.find(input_of(step.node));
    if (input == pictures.end())
      return Error{.kind = ErrorKind::bug,
                   .what = fmt::format("node '{}' reads '{}', which comes later or not at all", id, input_of(step.node))};
    pictures.emplace(id, TRY(apply(step, *input->second, correction)));
  }
  return pictures;
}

Result<av::Frame> PictureChain::apply(Step& step, AVFrame const& in, Correction const* correction) {
  bool const is_new = step.width != in.width || step.height != in.height;
  step.width = in.width;
  step.height = in.height;
  if (auto const* node = std::get_if<WarpNode>(&step.node)) {
    if (!correction) return Error{.kind = ErrorKind::bug, .what = "a chunk with a warp has no corrections"};
    if (*correction == Correction{}) return av::share(in);
    if (is_new) step.pool = av::PicturePool(in.width, in.height, static_cast<AVPixelFormat>(in.format));
    return warp(in, *correction, node->border, step.pool);
  }
  if (auto const* node = std::get_if<FilterNode>(&step.node)) {
    if (is_new) step.filter = TRY(av::VideoFilter::open(node->filter, node->options, in));
    return step.filter->apply(in);
  }
  auto const& node = std::get<FitNode>(step.node);
  if (is_new) step.fitter = TRY(av::Fitter::open(node.fit, in, node.width, node.height));
  return step.fitter->apply(in);
}

}  // namespace reelmill
