// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of a video stage and of what it is made of, by name.
#pragma once

#include "graph/fields.h"
#include "graph/media_fields.h"
#include "graph/stage.h"

namespace reelmill {

template <>
inline constexpr auto fields_of<SeekPoint> =
    std::tuple{field("pts", &SeekPoint::pts), field("dts", &SeekPoint::dts), field("hash", &SeekPoint::hash)};

template <>
inline constexpr auto fields_of<WarpNode> =
    std::tuple{field("id", &WarpNode::id), field("in", &WarpNode::in), field("border", &WarpNode::border)};
template <>
inline constexpr auto fields_of<FilterNode> =
    std::tuple{field("id", &FilterNode::id), field("in", &FilterNode::in), field("filter", &FilterNode::filter),
               field("options", &FilterNode::options)};
template <>
inline constexpr auto fields_of<Asset> = std::tuple{field("path", &Asset::path), field("hash", &Asset::hash)};
template <>
inline constexpr auto fields_of<LutNode> =
    std::tuple{field("id", &LutNode::id),       field("in", &LutNode::in),        field("file", &LutNode::file),
               field("size", &LutNode::size),   field("table", &LutNode::table),  field("strength", &LutNode::strength),
               field("gamma", &LutNode::gamma), field("matrix", &LutNode::matrix)};
template <>
inline constexpr auto fields_of<FadeNode> = std::tuple{field("id", &FadeNode::id), field("in", &FadeNode::in),
                                                       field("colour", &FadeNode::colour), field("matrix", &FadeNode::matrix)};
template <>
inline constexpr auto fields_of<OverlayNode> =
    std::tuple{field("id", &OverlayNode::id),        field("in", &OverlayNode::in),
               field("image", &OverlayNode::image),  field("position", &OverlayNode::position),
               field("width", &OverlayNode::width),  field("margin", &OverlayNode::margin),
               field("matrix", &OverlayNode::matrix)};
template <>
inline constexpr auto fields_of<TitleNode> = std::tuple{field("id", &TitleNode::id),
                                                        field("in", &TitleNode::in),
                                                        field("text", &TitleNode::text),
                                                        field("font", &TitleNode::font),
                                                        field("face", &TitleNode::face),
                                                        field("bold", &TitleNode::bold),
                                                        field("size", &TitleNode::size),
                                                        field("outline", &TitleNode::outline),
                                                        field("colour", &TitleNode::colour),
                                                        field("outline_colour", &TitleNode::outline_colour),
                                                        field("position", &TitleNode::position),
                                                        field("margin", &TitleNode::margin),
                                                        field("matrix", &TitleNode::matrix)};
template <>
inline constexpr auto fields_of<CaptionFont> = std::tuple{field("file", &CaptionFont::file), field("face", &CaptionFont::face)};
template <>
inline constexpr auto fields_of<CaptionNode> = std::tuple{field("id", &CaptionNode::id),
                                                          field("in", &CaptionNode::in),
                                                          field("fonts", &CaptionNode::fonts),
                                                          field("bold", &CaptionNode::bold),
                                                          field("size", &CaptionNode::size),
                                                          field("outline", &CaptionNode::outline),
                                                          field("colour", &CaptionNode::colour),
                                                          field("outline_colour", &CaptionNode::outline_colour),
                                                          field("margin", &CaptionNode::margin),
                                                          field("matrix", &CaptionNode::matrix)};
template <>
inline constexpr auto fields_of<ShownCaption> =
    std::tuple{field("from", &ShownCaption::from), field("to", &ShownCaption::to), field("text", &ShownCaption::text),
               field("at_top", &ShownCaption::at_top), field("italic", &ShownCaption::italic), field("fonts", &ShownCaption::fonts)};
template <>
inline constexpr auto fields_of<FitNode> =
    std::tuple{field("id", &FitNode::id), field("in", &FitNode::in), field("fit", &FitNode::fit), field("width", &FitNode::width),
               field("height", &FitNode::height)};
template <>
inline constexpr auto fields_of<EncodeVariant> = std::tuple{field("ceiling", &EncodeVariant::ceiling)};
template <>
inline constexpr auto fields_of<EncodeNode> = std::tuple{field("id", &EncodeNode::id),
                                                         field("in", &EncodeNode::in),
                                                         field("codec", &EncodeNode::codec),
                                                         field("preset", &EncodeNode::preset),
                                                         field("profile", &EncodeNode::profile),
                                                         field("pixel_format", &EncodeNode::pixel_format),
                                                         field("level", &EncodeNode::level),
                                                         field("references", &EncodeNode::references),
                                                         field("b_frames", &EncodeNode::b_frames),
                                                         field("reorder", &EncodeNode::reorder),
                                                         field("crf", &EncodeNode::crf),
                                                         field("rate", &EncodeNode::rate),
                                                         field("width", &EncodeNode::width),
                                                         field("height", &EncodeNode::height),
                                                         field("primaries", &EncodeNode::primaries),
                                                         field("transfer", &EncodeNode::transfer),
                                                         field("matrix", &EncodeNode::matrix),
                                                         field("range", &EncodeNode::range),
                                                         field("variants", &EncodeNode::variants)};
template <>
inline constexpr char const* kind_of<WarpNode> = "warp";
template <>
inline constexpr char const* kind_of<FilterNode> = "filter";
template <>
inline constexpr char const* kind_of<LutNode> = "lut";
template <>
inline constexpr char const* kind_of<FadeNode> = "fade";
template <>
inline constexpr char const* kind_of<OverlayNode> = "overlay";
template <>
inline constexpr char const* kind_of<TitleNode> = "title";
template <>
inline constexpr char const* kind_of<CaptionNode> = "caption";
template <>
inline constexpr char const* kind_of<FitNode> = "fit";
template <>
inline constexpr char const* kind_of<EncodeNode> = "encode";

template <>
inline constexpr auto fields_of<WantedUnit> =
    std::tuple{field("node", &WantedUnit::node), field("variant", &WantedUnit::variant), field("key", &WantedUnit::key)};
template <>
inline constexpr auto fields_of<Prefilter> =
    std::tuple{field("filter", &Prefilter::filter), field("options", &Prefilter::options), field("before", &Prefilter::before),
               field("after", &Prefilter::after)};
template <>
inline constexpr auto fields_of<VideoChunk> = std::tuple{field("seek", &VideoChunk::seek),
                                                         field("pts", &VideoChunk::pts),
                                                         field("lead_in", &VideoChunk::lead_in),
                                                         field("lead_out", &VideoChunk::lead_out),
                                                         field("first_checksum", &VideoChunk::first_checksum),
                                                         field("last_checksum", &VideoChunk::last_checksum),
                                                         field("corrections", &VideoChunk::corrections),
                                                         field("weights", &VideoChunk::weights),
                                                         field("captions", &VideoChunk::captions),
                                                         field("maps", &VideoChunk::maps),
                                                         field("wanted", &VideoChunk::wanted)};
template <>
inline constexpr auto fields_of<VideoStage> = std::tuple{
    field("source", &VideoStage::source), field("stream", &VideoStage::stream),         field("width", &VideoStage::width),
    field("height", &VideoStage::height), field("prefilters", &VideoStage::prefilters), field("nodes", &VideoStage::nodes),
    field("chunks", &VideoStage::chunks)};

}  // namespace reelmill
