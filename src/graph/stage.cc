// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/stage.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "graph/loudness_fields.h"
#include "graph/media_fields.h"

namespace reelmill {

template <>
inline constexpr auto fields_of<IndexStage> = std::tuple{field("key", &IndexStage::key), field("source", &IndexStage::source)};

template <>
inline constexpr auto fields_of<SeekPoint> =
    std::tuple{field("pts", &SeekPoint::pts), field("dts", &SeekPoint::dts), field("hash", &SeekPoint::hash)};
template <>
inline constexpr auto fields_of<AnalysisStage> = std::tuple{field("key", &AnalysisStage::key),
                                                            field("source", &AnalysisStage::source),
                                                            field("stream", &AnalysisStage::stream),
                                                            field("motion", &AnalysisStage::motion),
                                                            field("shakiness", &AnalysisStage::shakiness),
                                                            field("accuracy", &AnalysisStage::accuracy),
                                                            field("prove", &AnalysisStage::prove)};

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
               field("at_top", &ShownCaption::at_top), field("italic", &ShownCaption::italic)};
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
inline constexpr auto fields_of<MuxStage> = std::tuple{field("key", &MuxStage::key),
                                                       field("container", &MuxStage::container),
                                                       field("file", &MuxStage::file),
                                                       field("rate", &MuxStage::rate),
                                                       field("tick", &MuxStage::tick),
                                                       field("reorder", &MuxStage::reorder),
                                                       field("edit_lists", &MuxStage::edit_lists),
                                                       field("video", &MuxStage::video),
                                                       field("audio", &MuxStage::audio),
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

void check(Stage const& stage) {
  if (auto const* const video = std::get_if<VideoStage>(&stage))
    for (auto const& chunk : video->chunks) check(chunk);
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
