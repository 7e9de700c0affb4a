// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/probe.h"

#include <algorithm>
#include <array>

#include "graph/media_fields.h"

namespace reelmill {

namespace {
constexpr std::array<std::string_view, 3> severities{"note", "warning", "error"};
}

template <>
struct Codec<Severity> {
  static void write(Json& json, Severity value) { json = name_of(value); }
  static void read(Json const& json, Severity& value) {
    auto const found = std::find(severities.begin(), severities.end(), text_in(json));
    if (found == severities.end()) throw std::invalid_argument("is no severity");
    value = static_cast<Severity>(found - severities.begin());
  }
};

template <>
inline constexpr auto fields_of<Fault> =
    std::tuple{field("code", &Fault::code), field("severity", &Fault::severity), field("message", &Fault::message)};
template <>
inline constexpr auto fields_of<StreamTiming> = std::tuple{field("packets", &StreamTiming::packets),
                                                           field("bytes", &StreamTiming::bytes),
                                                           field("hidden", &StreamTiming::hidden),
                                                           field("damaged", &StreamTiming::damaged),
                                                           field("start", &StreamTiming::start),
                                                           field("duration", &StreamTiming::duration),
                                                           field("claimed_duration", &StreamTiming::claimed_duration),
                                                           field("claimed_packets", &StreamTiming::claimed_packets),
                                                           field("backwards", &StreamTiming::backwards),
                                                           field("untimed", &StreamTiming::untimed),
                                                           field("gaps", &StreamTiming::gaps)};
template <>
inline constexpr auto fields_of<AccessPoints> = std::tuple{
    field("count", &AccessPoints::count), field("open", &AccessPoints::open), field("shortest", &AccessPoints::shortest),
    field("longest", &AccessPoints::longest), field("longest_seconds", &AccessPoints::longest_seconds)};
template <>
inline constexpr auto fields_of<FieldStatistics> =
    std::tuple{field("progressive", &FieldStatistics::progressive), field("top_first", &FieldStatistics::top_first),
               field("bottom_first", &FieldStatistics::bottom_first), field("undecided", &FieldStatistics::undecided)};
template <>
inline constexpr auto fields_of<Decoded> =
    std::tuple{field("units", &Decoded::units), field("errors", &Decoded::errors), field("missing", &Decoded::missing),
               field("first_error", &Decoded::first_error), field("said", &Decoded::said)};
template <>
inline constexpr auto fields_of<PictureProbe> =
    std::tuple{field("info", &PictureProbe::info),
               field("level", &PictureProbe::level),
               field("language", &PictureProbe::language),
               field("title", &PictureProbe::title),
               field("timecode", &PictureProbe::timecode),
               field("hdr", &PictureProbe::hdr),
               field("bits", &PictureProbe::bits),
               field("is_decodable", &PictureProbe::is_decodable),
               field("is_default", &PictureProbe::is_default),
               field("timing", &PictureProbe::timing),
               field("rate", &PictureProbe::rate),
               field("varies", &PictureProbe::varies),
               field("shortest_frame", &PictureProbe::shortest_frame),
               field("longest_frame", &PictureProbe::longest_frame),
               field("parameter_changes", &PictureProbe::parameter_changes),
               field("access", &PictureProbe::access),
               field("fields", &PictureProbe::fields),
               field("frames_tagged_interlaced", &PictureProbe::frames_tagged_interlaced),
               field("decoded", &PictureProbe::decoded)};
template <>
inline constexpr auto fields_of<SoundProbe> = std::tuple{field("info", &SoundProbe::info),
                                                         field("profile", &SoundProbe::profile),
                                                         field("sample_format", &SoundProbe::sample_format),
                                                         field("title", &SoundProbe::title),
                                                         field("bits", &SoundProbe::bits),
                                                         field("is_decodable", &SoundProbe::is_decodable),
                                                         field("is_default", &SoundProbe::is_default),
                                                         field("timing", &SoundProbe::timing),
                                                         field("parameter_changes", &SoundProbe::parameter_changes),
                                                         field("decoded", &SoundProbe::decoded)};
template <>
inline constexpr auto fields_of<OtherStream> = std::tuple{
    field("stream", &OtherStream::stream),     field("kind", &OtherStream::kind),   field("codec", &OtherStream::codec),
    field("language", &OtherStream::language), field("title", &OtherStream::title), field("width", &OtherStream::width),
    field("height", &OtherStream::height)};
template <>
inline constexpr auto fields_of<Chapter> =
    std::tuple{field("start", &Chapter::start), field("end", &Chapter::end), field("title", &Chapter::title)};
template <>
inline constexpr auto fields_of<Layout> = std::tuple{field("size", &Layout::size),
                                                     field("needed", &Layout::needed),
                                                     field("tracks", &Layout::tracks),
                                                     field("edit_lists", &Layout::edit_lists),
                                                     field("fragments", &Layout::fragments),
                                                     field("index", &Layout::index),
                                                     field("cut", &Layout::cut)};
template <>
inline constexpr auto fields_of<SourceProbe> = std::tuple{field("container", &SourceProbe::container),
                                                          field("long_name", &SourceProbe::long_name),
                                                          field("usual_extensions", &SourceProbe::usual_extensions),
                                                          field("layout", &SourceProbe::layout),
                                                          field("duration", &SourceProbe::duration),
                                                          field("claimed_duration", &SourceProbe::claimed_duration),
                                                          field("bit_rate", &SourceProbe::bit_rate),
                                                          field("timecode", &SourceProbe::timecode),
                                                          field("created", &SourceProbe::created),
                                                          field("streams", &SourceProbe::streams),
                                                          field("is_deep", &SourceProbe::is_deep),
                                                          field("read_error", &SourceProbe::read_error),
                                                          field("video", &SourceProbe::video),
                                                          field("audio", &SourceProbe::audio),
                                                          field("others", &SourceProbe::others),
                                                          field("chapters", &SourceProbe::chapters),
                                                          field("faults", &SourceProbe::faults)};

std::string_view name_of(Severity severity) { return severities[static_cast<std::size_t>(severity)]; }

bool is_valid(std::vector<Fault> const& faults) {
  return std::none_of(faults.begin(), faults.end(), [](Fault const& fault) { return fault.severity == Severity::error; });
}

void to_json(Json& json, SourceProbe const& probe) { write(json, probe); }
void from_json(Json const& json, SourceProbe& probe) { read(json, probe); }

}  // namespace reelmill
