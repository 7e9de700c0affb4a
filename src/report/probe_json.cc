// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/probe_json.h"

#include <algorithm>
#include <cmath>

namespace reelmill {

namespace {

Json text(std::string const& value) { return value.empty() || value == "unknown" ? Json() : Json(value); }
Json count(std::int64_t value) { return value < 0 ? Json() : Json(value); }
// Microseconds are as fine as any container's claim.
Json seconds(double value) { return Json(std::round(value * 1e6) / 1e6); }
Json claimed_seconds(double value) { return value < 0 ? Json() : seconds(value); }

Json faults_of(std::vector<Fault> const& faults, Severity severity) {
  auto list = Json::array();
  for (auto const& fault : faults)
    if (fault.severity == severity) list.push_back({{"code", fault.code}, {"message", fault.message}});
  return list;
}

// libav calls a layout that nothing says "2 channels".
bool has_layout(AudioStreamInfo const& info) { return !info.layout.ends_with("channels"); }

Json bit_rate(StreamTiming const& timing) {
  return timing.duration > 0 ? Json(std::llround(static_cast<double>(timing.bytes) * 8 / timing.duration)) : Json();
}

Json decoded_of(Decoded const& decoded, char const* unit) {
  if (decoded.units < 0) return {};
  return {{unit, decoded.units},
          {"errors", decoded.errors},
          {"missing", decoded.missing},
          {"first_error", claimed_seconds(decoded.first_error)}};
}

void add_timing(Json& json, StreamTiming const& timing) {
  json["start"] = seconds(timing.start);
  json["duration"] = seconds(timing.duration);
  json["claimed_duration"] = claimed_seconds(timing.claimed_duration);
  json["packets"] = timing.packets;
  json["hidden_packets"] = timing.hidden;
  json["bytes"] = timing.bytes;
  json["bit_rate"] = bit_rate(timing);
}

Json json_of(PictureProbe const& picture) {
  auto const& info = picture.info;
  Json json{{"stream", info.stream},
            {"codec", info.codec},
            {"profile", text(info.profile)},
            {"level", text(picture.level)},
            {"pixel_format", text(info.pixel_format)},
            {"bits", picture.bits > 0 ? Json(picture.bits) : Json()},
            {"width", info.width},
            {"height", info.height},
            {"sample_aspect", to_string(info.sample_aspect)},
            {"rotation", info.rotation},
            {"mirrored", info.mirrored},
            {"rate", picture.rate.num > 0 ? Json(to_string(picture.rate)) : Json()},
            {"fps", picture.rate.num > 0 ? Json(std::round(picture.rate.value() * 1e5) / 1e5) : Json()},
            {"variable_rate", picture.varies},
            {"shortest_frame", seconds(picture.shortest_frame)},
            {"longest_frame", seconds(picture.longest_frame)},
            {"primaries", text(info.primaries)},
            {"transfer", text(info.transfer)},
            {"matrix", text(info.matrix)},
            {"range", text(info.range)},
            {"hdr", text(picture.hdr)},
            {"field_order", text(info.field_order)},
            {"key_frames", picture.access.count},
            {"open_key_frames", picture.access.open},
            {"shortest_gop", picture.access.shortest},
            {"longest_gop", picture.access.longest},
            {"longest_gop_seconds", seconds(picture.access.longest_seconds)},
            {"parameter_changes", picture.parameter_changes},
            {"language", text(picture.language)},
            {"title", text(picture.title)},
            {"timecode", text(picture.timecode)},
            {"default", picture.is_default},
            {"decodable", picture.is_decodable}};
  add_timing(json, picture.timing);
  json["decoded"] = decoded_of(picture.decoded, "frames");
  auto const& seen = picture.fields;
  json["fields_seen"] = picture.decoded.units < 0 ? Json()
                                                  : Json{{"progressive", seen.progressive},
                                                         {"top_first", seen.top_first},
                                                         {"bottom_first", seen.bottom_first},
                                                         {"undecided", seen.undecided},
                                                         {"tagged", picture.frames_tagged_interlaced}};
  return json;
}

Json json_of(SoundProbe const& sound) {
  auto const& info = sound.info;
  Json json{{"stream", info.stream},
            {"codec", info.codec},
            {"profile", text(sound.profile)},
            {"channels", info.channels},
            {"layout", has_layout(info) ? text(info.layout) : Json()},
            {"sample_rate", info.sample_rate},
            {"sample_format", text(sound.sample_format)},
            {"bits", sound.bits > 0 ? Json(sound.bits) : Json()},
            {"language", text(info.language)},
            {"title", text(sound.title)},
            {"gaps", seconds(sound.timing.gaps)},
            {"default", sound.is_default},
            {"decodable", sound.is_decodable}};
  add_timing(json, sound.timing);
  json["decoded"] = decoded_of(sound.decoded, "samples");
  return json;
}

Json others_of(SourceProbe const& probe, std::string_view kind) {
  auto list = Json::array();
  for (auto const& other : probe.others) {
    if (other.kind != kind) continue;
    Json json{
        {"stream", other.stream}, {"codec", text(other.codec)}, {"language", text(other.language)}, {"title", text(other.title)}};
    if (kind == "attached picture") {
      json["width"] = other.width;
      json["height"] = other.height;
    }
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

Json json_of(ProbedFile const& file) {
  auto const& probe = file.probe;
  bool const is_open = !probe.container.empty();
  Json json{{"path", file.path.string()},
            {"valid", file.is_valid()},
            {"deep", probe.is_deep},
            {"errors", faults_of(file.faults, Severity::error)},
            {"warnings", faults_of(file.faults, Severity::warning)},
            {"notes", faults_of(file.faults, Severity::note)},
            {"container", text(probe.container)},
            {"container_name", text(probe.long_name)},
            {"size", probe.layout.size},
            {"duration", is_open ? seconds(probe.duration) : Json()},
            {"claimed_duration", claimed_seconds(probe.claimed_duration)},
            {"bit_rate", is_open ? count(probe.bit_rate) : Json()},
            {"index", text(probe.layout.index)},
            {"edit_lists", probe.layout.edit_lists},
            {"fragments", probe.layout.fragments},
            {"timecode", text(probe.timecode)},
            {"created", text(probe.created)},
            {"streams", probe.streams}};
  json["video"] = probe.video.empty() ? Json() : json_of(probe.video.front());
  auto& more = json["more_video"] = Json::array();
  for (std::size_t i = 1; i < probe.video.size(); ++i) more.push_back(json_of(probe.video[i]));
  auto& audio = json["audio"] = Json::array();
  for (auto const& sound : probe.audio) audio.push_back(json_of(sound));
  json["subtitles"] = others_of(probe, "subtitle");
  json["attached_pictures"] = others_of(probe, "attached picture");
  json["data"] = others_of(probe, "data");
  auto& chapters = json["chapters"] = Json::array();
  for (auto const& chapter : probe.chapters)
    chapters.push_back({{"start", seconds(chapter.start)}, {"end", seconds(chapter.end)}, {"title", text(chapter.title)}});
  return json;
}

Json json_of(std::vector<ProbedFile> const& files) {
  auto list = Json::array();
  for (auto const& file : files) list.push_back(json_of(file));
  auto const valid = std::count_if(files.begin(), files.end(), [](ProbedFile const& file) { return file.is_valid(); });
  return {{"total", files.size()}, {"valid", valid}, {"files", std::move(list)}};
}

}  // namespace reelmill
