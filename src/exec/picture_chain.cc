// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/picture_chain.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "av/colour.h"
#include "av/fade.h"
#include "av/image.h"
#include "av/title.h"
#include "av/warp.h"
#include "base/disk.h"
#include "base/hash.h"
#include "base/text.h"

namespace reelmill {

namespace {
constexpr int most_of_height = 4;  // an image that reaches farther out of the picture is a mistake

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
std::string name_of(Asset const& asset) { return asset.path.substr(asset.path.rfind('/') + 1); }

Result<std::string> read_asset(Asset const& asset) {
  auto bytes = TRY(read_file(asset.path));
  if (bytes_hash(bytes) != asset.hash)
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading {}: it changed while it was being used; run again", printable(name_of(asset)))};
  return bytes;
}

Result<std::vector<av::TextFont>> read_fonts(CaptionNode const& node) {
  std::vector<av::TextFont> fonts;
  for (auto const& font : node.fonts) fonts.push_back({name_of(font.file), TRY(read_asset(font.file)), font.face});
  return fonts;
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

Result<PictureChain::Pictures> PictureChain::run(av::Frame source, VideoChunk const& chunk, std::size_t at,
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
    pictures.emplace(id, TRY(apply(step, *input->second, {chunk, at})));
  }
  return pictures;
}

int PictureChain::Moment::weight_of(std::string const& node) const {
  auto const weights = chunk.weights.find(node);
  return weights == chunk.weights.end() ? 0 : weights->second.at(at);
}

av::Box PictureChain::box_of(std::string const& id, AVFrame const& picture) const {
  for (auto const& step : steps_) {
    if (id_of(step.node) != id) continue;
    if (step.fitter) return step.fitter->box();
    return box_of(input_of(step.node), picture);
  }
  return {0, 0, picture.width, picture.height};
}

Result<void> PictureChain::prepare(Step& step, AVFrame const& in) const {
  step.width = in.width;
  step.height = in.height;
  step.pool = av::PicturePool(in.width, in.height, static_cast<AVPixelFormat>(in.format));
  if (auto const* filter = std::get_if<FilterNode>(&step.node)) {
    step.filter = TRY(av::VideoFilter::open(filter->filter, filter->options, in));
  } else if (auto const* fit = std::get_if<FitNode>(&step.node)) {
    step.fitter = TRY(av::Fitter::open(fit->fit, in, fit->width, fit->height));
  } else if (auto const* lut = std::get_if<LutNode>(&step.node)) {
    if (!lut->file.path.empty())
      step.cube = TRY(av::Cube::parse(TRY(read_asset(lut->file)), name_of(lut->file)));
    else
      step.cube = TRY(lut->gamma.empty() ? av::Cube::of_table(lut->size, lut->table) : av::Cube::of_gamma(lut->gamma));
    step.cube->soften(lut->strength);
  } else if (auto const* overlay = std::get_if<OverlayNode>(&step.node)) {
    auto const box = box_of(overlay->in, in);
    auto const image = TRY(av::decode_image(TRY(read_asset(overlay->image)), name_of(overlay->image)));
    auto const width = static_cast<int>(std::lround(box.width * overlay->width / 100));
    auto const height = static_cast<int>(std::lround(static_cast<double>(width) * image.height / image.width));
    if (height > most_of_height * box.height)
      return Error{.kind = ErrorKind::project,
                   .what = fmt::format("drawing {}: it would be {} samples high on a picture of {}, make it narrower",
                                       printable(name_of(overlay->image)), height, box.height)};
    step.stamp = TRY(av::Stamp::make(image, width, height, overlay->matrix));
    auto const margin = static_cast<int>(std::lround(std::min(box.width, box.height) * overlay->margin / 100));
    step.place = av::place_in(box, overlay->position, step.stamp->width(), step.stamp->height(), margin);
  } else if (auto const* title = std::get_if<TitleNode>(&step.node)) {
    auto const box = box_of(title->in, in);
    auto const text = TRY(av::set_text(*title, TRY(read_asset(title->font)), box.width, box.height));
    step.stamp = TRY(av::Stamp::make(text.image, text.image.width, text.image.height, title->matrix));
    step.place = {box.x + text.x, box.y + text.y};
  } else if (auto const* captions = std::get_if<CaptionNode>(&step.node)) {
    auto const box = box_of(captions->in, in);
    step.setter = TRY(av::TextSetter::open({.what = "caption",
                                            .bold = captions->bold,
                                            .size = captions->size,
                                            .outline = captions->outline,
                                            .colour = captions->colour,
                                            .outline_colour = captions->outline_colour,
                                            .margin = captions->margin},
                                           TRY(read_fonts(*captions)), box.width, box.height));
    step.captions.clear();
  }
  return {};
}

Result<av::Frame> PictureChain::draw_captions(Step& step, CaptionNode const& node, AVFrame const& in, Moment const& moment) const {
  std::vector<ShownCaption const*> shown;
  if (auto const all = moment.chunk.captions.find(node.id); all != moment.chunk.captions.end())
    for (auto const& caption : all->second)
      if (std::cmp_less_equal(caption.from, moment.at) && std::cmp_less(moment.at, caption.to)) shown.push_back(&caption);
  if (shown.empty()) return av::share(in);
  if (step.width != in.width || step.height != in.height) TRY(prepare(step, in));
  if (shown != step.captions) {
    std::vector<av::PlacedText> texts;
    for (auto const* const caption : shown)
      texts.push_back({caption->text, caption->at_top ? "top" : "bottom", caption->italic, caption->fonts});
    auto const set = TRY(step.setter->set_to_fit(texts));
    auto const box = box_of(node.in, in);
    step.stamp = TRY(av::Stamp::make(set.image, set.image.width, set.image.height, node.matrix));
    step.place = {box.x + set.x, box.y + set.y};
    step.captions = std::move(shown);
  }
  return step.stamp->draw_on(in, step.place.x, step.place.y, 65536, step.pool);
}

Result<av::Frame> PictureChain::apply(Step& step, AVFrame const& in, Moment const& moment) {
  bool const is_timed = std::holds_alternative<FadeNode>(step.node) || std::holds_alternative<OverlayNode>(step.node) ||
                        std::holds_alternative<TitleNode>(step.node);
  int const weight = is_timed ? moment.weight_of(id_of(step.node)) : 0;
  if (is_timed && weight == 0) return av::share(in);
  if (auto const* captions = std::get_if<CaptionNode>(&step.node)) return draw_captions(step, *captions, in, moment);
  if (step.width != in.width || step.height != in.height) TRY(prepare(step, in));
  if (auto const* node = std::get_if<WarpNode>(&step.node)) {
    if (moment.chunk.corrections.empty()) return Error{.kind = ErrorKind::bug, .what = "a chunk with a warp has no corrections"};
    auto const& correction = moment.chunk.corrections[moment.at];
    if (correction == Correction{}) return av::share(in);
    return warp(in, correction, node->border, step.pool);
  }
  if (step.filter) return step.filter->apply(in);
  if (step.fitter) return step.fitter->apply(in);
  if (step.stamp) return step.stamp->draw_on(in, step.place.x, step.place.y, weight, step.pool);
  if (auto const* lut = std::get_if<LutNode>(&step.node)) return step.cube->apply(in, av::luma_weights(lut->matrix), step.pool);
  auto const& fade = std::get<FadeNode>(step.node);
  auto const colour = TRY(av::parse_colour(fade.colour));
  return av::mix_with(in, av::yuv_of(colour.red, colour.green, colour.blue, 1, av::luma_weights(fade.matrix)), weight, step.pool);
}

}  // namespace reelmill
