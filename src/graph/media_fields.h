// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of the structs in media.h, by name.
#pragma once

#include "graph/fields.h"
#include "graph/media.h"

namespace reelmill {

template <>
inline constexpr Access last_of<Access> = Access::closed;

template <>
inline constexpr bool columnar<VideoPacket> = true;
template <>
inline constexpr auto fields_of<VideoPacket> = std::tuple{
    field("pts", &VideoPacket::pts),   field("dts", &VideoPacket::dts),       field("duration", &VideoPacket::duration),
    field("size", &VideoPacket::size), field("access", &VideoPacket::access), field("discard", &VideoPacket::discard),
    field("hash", &VideoPacket::hash)};

template <>
inline constexpr auto fields_of<VideoStreamInfo> = std::tuple{field("stream", &VideoStreamInfo::stream),
                                                              field("codec", &VideoStreamInfo::codec),
                                                              field("profile", &VideoStreamInfo::profile),
                                                              field("pixel_format", &VideoStreamInfo::pixel_format),
                                                              field("level", &VideoStreamInfo::level),
                                                              field("width", &VideoStreamInfo::width),
                                                              field("height", &VideoStreamInfo::height),
                                                              field("sample_aspect", &VideoStreamInfo::sample_aspect),
                                                              field("rotation", &VideoStreamInfo::rotation),
                                                              field("mirrored", &VideoStreamInfo::mirrored),
                                                              field("time_base", &VideoStreamInfo::time_base),
                                                              field("average_rate", &VideoStreamInfo::average_rate),
                                                              field("primaries", &VideoStreamInfo::primaries),
                                                              field("transfer", &VideoStreamInfo::transfer),
                                                              field("matrix", &VideoStreamInfo::matrix),
                                                              field("range", &VideoStreamInfo::range),
                                                              field("field_order", &VideoStreamInfo::field_order),
                                                              field("header", &VideoStreamInfo::header),
                                                              field("is_timed", &VideoStreamInfo::is_timed),
                                                              field("is_steady", &VideoStreamInfo::is_steady)};

template <>
inline constexpr auto fields_of<AudioStreamInfo> =
    std::tuple{field("stream", &AudioStreamInfo::stream),       field("codec", &AudioStreamInfo::codec),
               field("layout", &AudioStreamInfo::layout),       field("language", &AudioStreamInfo::language),
               field("channels", &AudioStreamInfo::channels),   field("sample_rate", &AudioStreamInfo::sample_rate),
               field("time_base", &AudioStreamInfo::time_base), field("start", &AudioStreamInfo::start),
               field("duration", &AudioStreamInfo::duration),   field("identity", &AudioStreamInfo::identity),
               field("decodable", &AudioStreamInfo::decodable), field("preferred", &AudioStreamInfo::preferred)};

template <>
inline constexpr auto fields_of<SourceIndex> =
    std::tuple{field("container", &SourceIndex::container), field("duration", &SourceIndex::duration),
               field("identity", &SourceIndex::identity),   field("video", &SourceIndex::video),
               field("audio", &SourceIndex::audio),         field("packets", &SourceIndex::packets)};

template <>
inline constexpr bool columnar<Motion> = true;
template <>
inline constexpr auto fields_of<Motion> =
    std::tuple{field("dx", &Motion::dx), field("dy", &Motion::dy), field("angle", &Motion::angle), field("cut", &Motion::cut)};

template <>
inline constexpr bool columnar<PictureSize> = true;
template <>
inline constexpr auto fields_of<PictureSize> =
    std::tuple{field("frame", &PictureSize::frame), field("width", &PictureSize::width), field("height", &PictureSize::height)};

template <>
inline constexpr auto fields_of<SourceAnalysis> =
    std::tuple{field("pts", &SourceAnalysis::pts),       field("checksum", &SourceAnalysis::checksum),
               field("motion", &SourceAnalysis::motion), field("end", &SourceAnalysis::end),
               field("sizes", &SourceAnalysis::sizes),   field("top_first", &SourceAnalysis::top_first),
               field("peak", &SourceAnalysis::peak),     field("bottom_first", &SourceAnalysis::bottom_first),
               field("proved", &SourceAnalysis::proved)};

template <>
inline constexpr bool columnar<Correction> = true;
template <>
inline constexpr auto fields_of<Correction> = std::tuple{field("dx", &Correction::dx), field("dy", &Correction::dy),
                                                         field("angle", &Correction::angle), field("zoom", &Correction::zoom)};

}  // namespace reelmill
