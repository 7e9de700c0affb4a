// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/stage.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "graph/loudness_fields.h"
#include "graph/media_fields.h"
#include "graph/video_fields.h"

namespace reelmill {

template <>
inline constexpr auto fields_of<IndexStage> = std::tuple{field("key", &IndexStage::key), field("source", &IndexStage::source)};

template <>
inline constexpr auto fields_of<AnalysisStage> = std::tuple{field("key", &AnalysisStage::key),
                                                            field("source", &AnalysisStage::source),
                                                            field("stream", &AnalysisStage::stream),
                                                            field("motion", &AnalysisStage::motion),
                                                            field("shakiness", &AnalysisStage::shakiness),
                                                            field("accuracy", &AnalysisStage::accuracy),
                                                            field("prove", &AnalysisStage::prove)};

template <>
inline constexpr auto fields_of<SoundTrackOf> = std::tuple{
    field("source", &SoundTrackOf::source), field("stream", &SoundTrackOf::stream), field("start", &SoundTrackOf::start)};
template <>
inline constexpr auto fields_of<SyncStage> =
    std::tuple{field("key", &SyncStage::key), field("a", &SyncStage::a), field("b", &SyncStage::b)};
template <>
inline constexpr auto fields_of<SoundPiece> = std::tuple{field("from", &SoundPiece::from), field("to", &SoundPiece::to),
                                                         field("at", &SoundPiece::at), field("rate", &SoundPiece::rate)};
template <>
inline constexpr auto fields_of<Downmix> = std::tuple{field("center", &Downmix::center), field("surround", &Downmix::surround),
                                                      field("lfe", &Downmix::lfe), field("normalize", &Downmix::normalize),
                                                      field("side", &Downmix::side)};
template <>
inline constexpr auto fields_of<AudioFilter> =
    std::tuple{field("filter", &AudioFilter::filter), field("options", &AudioFilter::options)};
template <>
inline constexpr auto fields_of<SoundBed> = std::tuple{
    field("file", &SoundBed::file),         field("after", &SoundBed::after),        field("gain", &SoundBed::gain),
    field("from", &SoundBed::from),         field("to", &SoundBed::to),              field("fade_in", &SoundBed::fade_in),
    field("fade_out", &SoundBed::fade_out), field("loop", &SoundBed::loop),          field("duck", &SoundBed::duck),
    field("threshold", &SoundBed::threshold)};
template <>
inline constexpr auto fields_of<AudioEncode> = std::tuple{field("codec", &AudioEncode::codec),
                                                          field("bitrate", &AudioEncode::bitrate),
                                                          field("sample_rate", &AudioEncode::sample_rate),
                                                          field("channels", &AudioEncode::channels),
                                                          field("lead", &AudioEncode::lead),
                                                          field("key", &AudioEncode::key)};
template <>
inline constexpr auto fields_of<AudioStage> = std::tuple{field("source", &AudioStage::source),
                                                         field("stream", &AudioStage::stream),
                                                         field("start", &AudioStage::start),
                                                         field("duration", &AudioStage::duration),
                                                         field("sample_rate", &AudioStage::sample_rate),
                                                         field("channels", &AudioStage::channels),
                                                         field("tempo", &AudioStage::tempo),
                                                         field("pieces", &AudioStage::pieces),
                                                         field("beds", &AudioStage::beds),
                                                         field("downmix", &AudioStage::downmix),
                                                         field("filters", &AudioStage::filters),
                                                         field("encodes", &AudioStage::encodes),
                                                         field("loudness", &AudioStage::loudness),
                                                         field("measure", &AudioStage::measure)};

template <>
inline constexpr auto fields_of<CopyStage> = std::tuple{
    field("key", &CopyStage::key),           field("source", &CopyStage::source), field("stream", &CopyStage::stream),
    field("identity", &CopyStage::identity), field("origin", &CopyStage::origin), field("packets", &CopyStage::packets)};

template <>
inline constexpr auto fields_of<PacketsInput> =
    std::tuple{field("path", &PacketsInput::path), field("payload_hash", &PacketsInput::payload_hash),
               field("frames", &PacketsInput::frames)};
template <>
inline constexpr auto fields_of<TextCue> =
    std::tuple{field("from", &TextCue::from), field("to", &TextCue::to), field("text", &TextCue::text)};
template <>
inline constexpr auto fields_of<TextTrack> =
    std::tuple{field("language", &TextTrack::language), field("cues", &TextTrack::cues)};
template <>
inline constexpr auto fields_of<MuxStage> = std::tuple{field("key", &MuxStage::key),
                                                       field("container", &MuxStage::container),
                                                       field("file", &MuxStage::file),
                                                       field("rate", &MuxStage::rate),
                                                       field("tick", &MuxStage::tick),
                                                       field("reorder", &MuxStage::reorder),
                                                       field("edit_lists", &MuxStage::edit_lists),
                                                       field("video", &MuxStage::video),
                                                       field("audio", &MuxStage::audio),
                                                       field("captions", &MuxStage::captions),
                                                       field("metadata", &MuxStage::metadata)};

template <>
inline constexpr auto fields_of<ProbeStage> =
    std::tuple{field("key", &ProbeStage::key), field("source", &ProbeStage::source), field("deep", &ProbeStage::deep),
               field("threads", &ProbeStage::threads)};
template <>
inline constexpr auto fields_of<TranscriptStage> =
    std::tuple{field("key", &TranscriptStage::key),           field("sound", &TranscriptStage::sound),
               field("model", &TranscriptStage::model),       field("voice", &TranscriptStage::voice),
               field("language", &TranscriptStage::language), field("translate", &TranscriptStage::translate),
               field("prompt", &TranscriptStage::prompt),     field("threads", &TranscriptStage::threads)};
template <>
inline constexpr auto fields_of<StageLimits> =
    std::tuple{field("address_space", &StageLimits::address_space), field("file_size", &StageLimits::file_size),
               field("cpu_seconds", &StageLimits::cpu_seconds)};

template <>
inline constexpr char const* kind_of<IndexStage> = "index";
template <>
inline constexpr char const* kind_of<AnalysisStage> = "analysis";
template <>
inline constexpr char const* kind_of<VideoStage> = "video";
template <>
inline constexpr char const* kind_of<AudioStage> = "audio";
template <>
inline constexpr char const* kind_of<CopyStage> = "copy";
template <>
inline constexpr char const* kind_of<MuxStage> = "mux";
template <>
inline constexpr char const* kind_of<ProbeStage> = "probe";
template <>
inline constexpr char const* kind_of<SyncStage> = "sync";
template <>
inline constexpr char const* kind_of<TranscriptStage> = "transcript";

namespace {

// What the field lists cannot say: rows of a chunk belong together, and units are folders of their key's name.
void check(VideoChunk const& chunk) {
  auto const count = static_cast<std::int64_t>(chunk.pts.size());
  if (chunk.lead_in < 0 || chunk.lead_out < 0 || std::int64_t{chunk.lead_in} + chunk.lead_out > count)
    throw std::invalid_argument("a chunk's margins are longer than its 'pts'");
  if (!chunk.corrections.empty() && chunk.corrections.size() != chunk.pts.size())
    throw std::invalid_argument("a chunk's 'corrections' have another length than its 'pts'");
  for (auto const& [node, weights] : chunk.weights)
    if (weights.size() != chunk.pts.size())
      throw std::invalid_argument("a chunk's 'weights' of " + node + " have another length than its 'pts'");
  for (auto const& [node, captions] : chunk.captions)
    for (auto const& caption : captions)
      if (caption.from < 0 || caption.to < caption.from || caption.to > count)
        throw std::invalid_argument("a chunk's caption of " + node + " lies outside of its 'pts'");
  for (auto const& [rate, map] : chunk.maps)
    for (auto const frame : map)
      if (frame < chunk.lead_in || frame >= count - chunk.lead_out)
        throw std::invalid_argument("a chunk's map for rate " + rate + " points outside the frames it shows");
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

void check(std::vector<SoundPiece> const& pieces) {
  for (auto const& piece : pieces)
    if (piece.to < piece.from || piece.rate <= Rational(0))
      throw std::invalid_argument("a piece of a sound ends before it begins, or runs backwards");
}

void check(AudioStage const& stage) {
  check(stage.pieces);
  int last = 0;
  for (auto const& bed : stage.beds) {
    if (bed.after < last || bed.after > static_cast<int>(stage.filters.size()))
      throw std::invalid_argument("'beds' are not in the order of 'after', or stand behind filters that there are not");
    last = bed.after;
    for (double const number : {bed.gain, bed.from, bed.to, bed.fade_in, bed.fade_out, bed.duck, bed.threshold})
      if (!(std::abs(number) < 1e9)) throw std::invalid_argument("a bed's number is out of range");
  }
}

// Captions name their node's fonts by number.
void check(CaptionNode const& node, VideoStage const& stage) {
  auto const count = static_cast<std::int32_t>(node.fonts.size());
  for (auto const& chunk : stage.chunks)
    if (auto const captions = chunk.captions.find(node.id); captions != chunk.captions.end())
      for (auto const& caption : captions->second)
        if (caption.fonts.empty() || std::any_of(caption.fonts.begin(), caption.fonts.end(),
                                                 [&](auto font) { return font < 0 || font >= count; }))
          throw std::invalid_argument("a caption of " + node.id + " is set in a font that there is not");
}

void check(VideoStage const& stage) {
  for (auto const& chunk : stage.chunks) check(chunk);
  for (auto const& node : stage.nodes)
    if (auto const* const caption = std::get_if<CaptionNode>(&node)) check(*caption, stage);
}

void check(Stage const& stage) {
  if (auto const* const video = std::get_if<VideoStage>(&stage)) check(*video);
  if (auto const* const audio = std::get_if<AudioStage>(&stage)) check(*audio);
  if (auto const* const mux = std::get_if<MuxStage>(&stage); mux != nullptr && !is_plain_name(mux->file))
    throw std::invalid_argument("'file' is not the name of a file");
  for (auto const& key : unit_keys(stage))
    if (!is_plain_name(key)) throw std::invalid_argument("a key is not the name of a folder");
}

}  // namespace

std::string stage_text(Stage const& stage, StageLimits const& limits) {
  Json walk, most;
  write(walk, stage);
  write(most, limits);
  return Json{{"stage", stage_version}, {"limits", std::move(most)}, {"walk", std::move(walk)}}.dump(
             1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

Result<Stage> parse_stage(std::string_view text) {
  return TRY(parse_stage_file(text))
  .stage;
}

Result<StageFile> parse_stage_file(std::string_view text) {
  try {
    auto const json = Json::parse(text);
    int version = 0;
    read_member(json, "stage", version);
    if (version != stage_version)
      return Error{ErrorKind::usage, fmt::format("reading a stage file: it is of version {}, this program reads version {}",
                                                 version, stage_version)};
    StageFile file;
    if (json.contains("limits")) read_member(json, "limits", file.limits);
    read_member(json, "walk", file.stage);
    check(file.stage);
    return file;
  } catch (std::exception const& failure) {
    return Error{ErrorKind::usage, fmt::format("reading a stage file: {}", printable(failure.what()))};
  }
}

std::string_view walk_name(Stage const& stage) {
  return std::visit([]<class T>(T const&) -> std::string_view { return kind_of<T>; }, stage);
}

std::vector<std::string> unit_keys(Stage const& stage) {
  std::vector<std::string> keys;
  std::visit(
      [&]<class T>(T const& walk) {
        if constexpr (std::is_same_v<T, VideoStage>) {
          for (auto const& chunk : walk.chunks)
            for (auto const& unit : chunk.wanted) keys.push_back(unit.key);
        } else if constexpr (std::is_same_v<T, AudioStage>) {
          for (auto const& encode : walk.encodes) keys.push_back(encode.key);
          if (!walk.measure.empty()) keys.push_back(walk.measure);
        } else {
          keys.push_back(walk.key);
        }
      },
      stage);
  return keys;
}

namespace {
template <class Node>
auto* asset_in(Node& node) {
  using Found = std::conditional_t<std::is_const_v<Node>, Asset const, Asset>;
  return std::visit(
      []<class T>(T& n) -> Found* {
        if constexpr (requires { n.file.hash; })
          return &n.file;
        else if constexpr (requires { n.image; })
          return &n.image;
        else if constexpr (requires { n.font; })
          return &n.font;
        else
          return nullptr;
      },
      node);
}
}  // namespace

Asset* asset_of(VideoNode& node) { return asset_in(node); }
Asset const* asset_of(VideoNode const& node) { return asset_in(node); }

double seconds_of(SoundBed const& bed, Rational duration) {
  double const end = bed.to > 0 ? std::min(bed.to, duration.value() + bed.fade_out) : duration.value();
  return std::max(0.0, end - bed.from);
}

std::vector<std::string> assets_of(Stage const& stage) {
  std::vector<std::string> paths;
  if (auto const* const audio = std::get_if<AudioStage>(&stage))
    for (auto const& bed : audio->beds) paths.push_back(bed.file.path);
  if (auto const* const transcript = std::get_if<TranscriptStage>(&stage))
    for (auto const* const asset : {&transcript->model, &transcript->voice})
      if (!asset->path.empty()) paths.push_back(asset->path);
  auto const* const video = std::get_if<VideoStage>(&stage);
  if (video == nullptr) return paths;
  for (auto const& node : video->nodes) {
    if (auto const* const caption = std::get_if<CaptionNode>(&node);
        caption != nullptr && std::any_of(video->chunks.begin(), video->chunks.end(),
                                          [&](auto const& c) { return c.captions.contains(caption->id); }))
      for (auto const& font : caption->fonts) paths.push_back(font.file.path);
    auto const* const asset = asset_of(node);
    if (!asset || asset->path.empty()) continue;
    auto const& id = std::visit([](auto const& n) -> std::string const& { return n.id; }, node);
    bool const used = std::holds_alternative<LutNode>(node) || std::any_of(video->chunks.begin(), video->chunks.end(),
                                                                           [&](auto const& c) { return c.weights.contains(id); });
    if (used) paths.push_back(asset->path);
  }
  return paths;
}

std::string source_of(Stage const& stage) {
  return std::visit(
      []<class T>(T const& walk) -> std::string {
        if constexpr (std::is_same_v<T, MuxStage>)
          return "";
        else if constexpr (std::is_same_v<T, SyncStage>)
          return walk.a.source;
        else if constexpr (std::is_same_v<T, TranscriptStage>)
          return walk.sound.source;
        else
          return walk.source;
      },
      stage);
}

std::string other_source_of(Stage const& stage) {
  if (auto const* const sync = std::get_if<SyncStage>(&stage)) return sync->b.source;
  return "";
}

}  // namespace reelmill
