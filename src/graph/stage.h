// SPDX-License-Identifier: GPL-3.0-or-later
// The stage file: what one worker does in one walk over the media. It is the whole contract between the front and
// the worker, a versioned JSON file; docs/formats.md describes it.
//
//   reelmill-worker STAGE.json --out ATTEMPT_DIR
//
// A stage makes one or more *units*. A unit is what is cached, verified and lost as one: it is named by its key. The
// worker writes a unit's files into ATTEMPT_DIR/<key>.part/, then result.json, syncs, and renames the folder to
// ATTEMPT_DIR/<key>/; only then is it announced. Events are NDJSON on stdout, one object a line:
//
//   {"event":"progress","done":N,"of":M,"unit":"frames"}      N grows; frames in for video, seconds for audio
//   {"event":"done","key":"<key>"}                            the unit's folder is complete
//   {"event":"warning","what":"…"}
//   {"event":"sandbox","level":"landlock+seccomp"}            first line: how far the worker is locked in
//   {"event":"error","kind":"media","what":"…"}               last line of a failed attempt; exit code by kind
//
// No path is part of a key but that of an index. Times are exact; nothing here depends on the number of jobs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/rational.h"
#include "base/result.h"
#include "graph/loudness.h"
#include "graph/media.h"

namespace reelmill {

inline constexpr int stage_version = 1;

// Where decoding of a chunk begins: a packet, found again by dts and payload hash.
struct SeekPoint {
  std::int64_t pts = 0, dts = 0;
  std::uint64_t hash = 0;
};

// Demux only: what is in the file. Result: {"index": SourceIndex}.
struct IndexStage {
  std::string key;
  std::string source;
};

// One decode of the whole video stream. Result: {"analysis": SourceAnalysis}.
struct AnalysisStage {
  std::string key;
  std::string source;
  int stream = -1;
  bool motion = false;
  int shakiness = 5, accuracy = 15;  // of the motion search, as libvidstab defines them
  std::vector<SeekPoint> prove;      // access points whose decode must be shown to equal that of the whole walk
};

// --- video ---------------------------------------------------------------------------------------------------

// A node reads the frames of `in` ("source", or a node before it) and gives frames of its own under `id`.
struct WarpNode {  // applies the chunk's corrections; keeps the size
  std::string id, in;
  std::string border = "mirror";  // mirror, black
};
struct FilterNode {  // one libavfilter filter whose reach is a frame, set through its options, never as text
  std::string id, in;
  std::string filter;
  std::map<std::string, std::string> options;
};
// A file besides the source that a node needs. The worker refuses it when its content is another.
struct Asset {
  std::string path;  // absolute; empty: none
  std::string hash;  // XXH3-128 of the content, as file_hash() gives it
};
struct LutNode {  // looks colours up in a cube of R'G'B', between whose points it interpolates
  std::string id, in;
  Asset file;                       // .cube; without one, the gamma; without either, the table
  std::vector<std::int32_t> gamma;  // of red, green and blue, in 1/65536: each becomes its own power by the inverse
  int size = 0;                     // points on each edge
  std::vector<std::int32_t> table;  // size³ × (red, green, blue) in 1/65536, red changing fastest
  std::int32_t strength = 65536;    // of 65536: how far the picture goes towards what is looked up
  std::string matrix;               // of the picture
};
// The nodes from here on are applied by VideoChunk::weights.
struct FadeNode {  // mixes the picture with a colour
  std::string id, in;
  std::string colour = "#000000";
  std::string matrix;
};
struct OverlayNode {  // draws an image upon the picture, bars left out
  std::string id, in;
  Asset image;                         // PNG or JPEG
  std::string position = "top_right";  // top_left, top, …, center, …, bottom_right
  double width = 20;                   // percent of the picture's
  double margin = 5;                   // percent of the picture's shorter side
  std::string matrix;
};
struct TitleNode {  // sets a text upon the picture, bars left out
  std::string id, in;
  std::string text;  // UTF-8, lines end at \n
  Asset font;        // TrueType or OpenType
  int face = 0;      // in a collection
  bool bold = false;
  double size = 8;     // of a line, in percent of the picture's shorter side
  double outline = 0;  // its width, in percent of the size
  std::string colour = "#ffffff", outline_colour = "#000000";
  std::string position = "bottom";
  double margin = 5;  // percent of the picture's shorter side; the text stays inside
  std::string matrix;
};
// Draws VideoChunk::captions upon the picture, bars left out.
struct CaptionFont {
  Asset file;
  int face = 0;  // in a collection
};
struct CaptionNode {
  std::string id, in;
  std::vector<CaptionFont> fonts;
  bool bold = false;
  double size = 8;     // of a line, in percent of the picture's shorter side
  double outline = 0;  // its width, in percent of the size
  std::string colour = "#ffffff", outline_colour = "#000000";
  double margin = 5;  // percent of the picture's shorter side; the text stays inside
  std::string matrix;
};
struct FitNode {  // scales to width×height, square pixels
  std::string id, in;
  std::string fit = "pad";  // pad, crop, blur, stretch
  int width = 0, height = 0;
};

// One encode shared by all exports that differ in the ceiling only. Each variant is a unit.
struct EncodeVariant {
  std::int64_t ceiling = 0;  // bits a second; 0: none
};
struct EncodeNode {
  std::string id, in;
  std::string codec = "h264";
  std::string preset = "medium", profile = "high", pixel_format = "yuv420p";
  int level = 0;  // ten times the level: 40 is 4.0
  int references = 3, b_frames = 3, reorder = 2;
  double crf = 23;
  Rational rate{30};
  int width = 0, height = 0;
  std::string primaries, transfer, matrix, range;
  std::vector<EncodeVariant> variants;
};
using VideoNode = std::variant<WarpNode, FilterNode, LutNode, FadeNode, OverlayNode, TitleNode, CaptionNode, FitNode, EncodeNode>;
// The file a node needs, or null; of captions, which may need several, null.
Asset const* asset_of(VideoNode const& node);
Asset* asset_of(VideoNode& node);

// One libavfilter filter that looks at neighbouring frames, or that brings the source into the form the nodes expect. It gives
// exactly one picture for each it gets. `before` and `after` say how many frames to either side can change a picture.
struct Prefilter {
  std::string filter;
  std::map<std::string, std::string> options;
  int before = 0, after = 0;
  friend bool operator==(Prefilter const&, Prefilter const&) = default;
};

// Which units of a chunk are wanted: (encode node, variant) → key.
struct WantedUnit {
  std::string node;
  int variant = 0;
  std::string key;
};

// A text that a chunk's frames [from, to) of `pts` show. Of those that overlap, what comes first stands nearest to the edge.
struct ShownCaption {
  std::int32_t from = 0, to = 0;
  std::string text;     // UTF-8 without markup, lines end at \n
  bool at_top = false;  // else at the bottom
  std::vector<std::int32_t> italic{};  // bytes of the text between which it is italic: begin, end, begin, end, …
  std::vector<std::int32_t> fonts{0};  // of the node; each character is set in the first of these that has it
};

// An interval of the output: timeline interval → interval of source frames. The first `lead_in` and the last `lead_out` of
// `pts` are margins: decoded and prefiltered, since prefilters look at neighbours, but not shown.
struct VideoChunk {
  SeekPoint seek;
  std::vector<std::int64_t> pts;  // of the source frames used, ascending; others that decode are dropped
  int lead_in = 0, lead_out = 0;
  std::uint64_t first_checksum = 0, last_checksum = 0;  // of the first and the last of `pts`
  std::vector<Correction> corrections;                  // parallel to pts, or empty
  // Node → for each of `pts`, how strongly it is applied: 0 not at all, 65536 fully. A node that is not named is not applied.
  std::map<std::string, std::vector<std::int32_t>> weights;
  std::map<std::string, std::vector<ShownCaption>> captions;  // caption node → what it draws; a node that is not named draws nothing
  std::map<std::string, std::vector<std::int32_t>> maps;      // rate → for each output frame, which of `pts`
  std::vector<WantedUnit> wanted;

  // The frames that are shown: [first_shown, end_shown) of pts.
  std::size_t first_shown() const { return static_cast<std::size_t>(lead_in); }
  std::size_t end_shown() const { return pts.size() - static_cast<std::size_t>(lead_out); }
  std::size_t shown() const { return end_shown() - first_shown(); }
};

// Result of a unit: {"frames","bytes","extradata_hash","payload_hash","crf","capped":bool,"packets":"video.pkts"}.
// Pictures come to the nodes as 8-bit 4:2:0 of limited range, width×height, even; a frame of another size is scaled to it, an
// odd last column or row is cut off. 0: as the first frame of a chunk is.
struct VideoStage {
  std::string source;
  int stream = -1;
  int width = 0, height = 0;
  std::vector<Prefilter> prefilters;  // in this order, on the decoded pictures, begun anew for every chunk
  std::vector<VideoNode> nodes;       // in an order in which every `in` comes before its reader
  std::vector<VideoChunk> chunks;     // consecutive
};

// --- audio ---------------------------------------------------------------------------------------------------

// How a source with more channels becomes mono or stereo: factors on what is neither left nor right. See av/downmix.h.
struct Downmix {
  double center = 0.7071, surround = 0.7071, lfe = 0;
  bool normalize = true;  // as much quieter as it takes that no sum can clip
  // Of a stereo source, the channel that is taken for both: left, right, or auto: the other one of a dead channel, if there is
  // one. Empty: each for itself.
  std::string side = {};
  friend bool operator==(Downmix const&, Downmix const&) = default;
};
// A part of a recording whose clock is not the film's. Seconds.
struct SoundPiece {
  Rational from, to;  // on the film's clock
  Rational at;        // on the recording's: what is heard at `from`
  Rational rate{1};   // seconds of the recording to one of the film
  friend bool operator==(SoundPiece const&, SoundPiece const&) = default;
};
struct AudioFilter {
  std::string filter;  // libavfilter's name
  std::map<std::string, std::string> options;
};
// Another sound beside the film's, a bed of music for example: a track of the file that can be decoded, the preferred one before others. Seconds count from
// output sample 0.
struct SoundBed {
  Asset file;
  int after = 0;                     // how many of the filters come before it
  double gain = 0;                   // dB
  double from = 0, to = 0;           // to 0: to the end
  double fade_in = 0, fade_out = 0;  // the latter ends with the bed
  bool loop = true;                  // begins anew whenever it is over, without a gap
  double duck = 0, threshold = 0;    // dB by which it is quieter while the film's sound is louder than that, dBFS of 20 ms
};
// How much of the file is read at most where the stage lasts so long. One that begins before the stage is read from its beginning.
double seconds_of(SoundBed const& bed, Rational duration);
// Lead is encoded silence before the first sample (for players without edit lists); the encoder's priming comes besides.
struct AudioEncode {
  std::string codec = "aac";
  std::int64_t bitrate = 192000;
  int sample_rate = 48000, channels = 2;
  std::int64_t lead = 0;  // samples; negative drops as many from the head
  std::string key;
};
// The whole of one audio stream, sample-exact: decode → gaps filled → downmix → resample → filters (latency removed) → loudness →
// encodes. `start` and `duration` cut the stream to the picture: output sample 0 is the instant `start` of the source's clock,
// and `tempo` seconds of the source become one. Result of a unit: {"samples","priming","packets":"audio.pkts",…}, with a loudness
// also {"loudness": LoudnessResult}; of the measurement {"measured": Measurement}.
struct AudioStage {
  std::string source;
  int stream = -1;
  Rational start{0}, duration{0};         // seconds; the duration is the output's
  int sample_rate = 48000, channels = 2;  // of the filters
  Downmix downmix;
  std::vector<AudioFilter> filters;
  std::vector<AudioEncode> encodes;
  Rational tempo{1};  // the pitch stays
  std::optional<Loudness> loudness;
  std::string measure;  // key of a unit that says how loud the sound is before `loudness`; empty: not asked for
  // Where the sound is another recording's than the picture: which part of it is heard when, in the order of time and without
  // overlaps; between them there is silence. `start` is then on the film's clock. Empty: the source is the film.
  std::vector<SoundPiece> pieces;
  std::vector<SoundBed> beds;  // in the order of `after`
};

// --- copy --------------------------------------------------------------------------------------------------------

// The packets of a picture stream as they are. Result: {"packets","frames","bytes","payload_hash","extradata_hash"}. Times count
// the stream's time base from `origin`; what begins earlier comes with negative times.
struct CopyStage {
  std::string key;
  std::string source;
  int stream = -1;
  std::string identity;      // as the index has it; what is read must be that
  std::int64_t origin = 0;   // pts of the first picture that is shown
  std::int64_t packets = 0;  // in decoding order; what comes after them is left out
};

// --- mux -----------------------------------------------------------------------------------------------------

// A unit already in the cache that the mux reads.
struct PacketsInput {
  std::string path;          // of the packets file
  std::string payload_hash;  // as its unit's result says; checked while read
  std::int64_t frames = 0;   // video: packets in it
};
// A track of text that players can switch on.
struct TextCue {
  std::int64_t from = 0, to = 0;  // milliseconds from the first frame
  std::string text;               // UTF-8, lines end at \n
};
struct TextTrack {
  std::string language;       // BCP 47; empty: not known
  std::vector<TextCue> cues;  // in order, without overlaps
};
// Joins chunks and sound into one file. Result: {"file","bytes","sha256","frames","duration","width","height"}.
struct MuxStage {
  std::string key;
  std::string container = "mp4";
  std::string file;   // name of the file made inside the unit's folder
  Rational rate{30};  // frames a second; of a copied picture, what is told, 0: nothing
  Rational tick{0};   // of a copied picture: the unit of its times, in seconds; 0: encoded, one frame
  int reorder = 2;    // ticks by which decoding comes before showing
  bool edit_lists = true;
  std::vector<PacketsInput> video;  // in order; empty: sound only; of a copied picture, one
  std::vector<PacketsInput> audio;  // none or one
  std::optional<TextTrack> captions;
  std::map<std::string, std::string> metadata;
};

// --- probe ---------------------------------------------------------------------------------------------------

// What is in any file that calls itself media, and what is wrong with it. Damage is a result, not an error. Result:
// {"probe": SourceProbe} (graph/probe.h).
struct ProbeStage {
  std::string key;
  std::string source;
  bool deep = false;  // decode everything
  int threads = 1;    // of a picture's decoder; changes no result
};

// --- sync ----------------------------------------------------------------------------------------------------

// One sound among what a file holds. Its clock begins at `start`.
struct SoundTrackOf {
  std::string source;  // absolute
  int stream = -1;     // -1: the one that is played by itself, and `start` is the file's own
  Rational start{0};   // seconds on the file's clock
};
// How the sound of one file lies against that of another. Result: {"sync": SyncFinding} (graph/sync.h).
struct SyncStage {
  std::string key;
  SoundTrackOf a, b;
};

// --- transcript --------------------------------------------------------------------------------------------------

// What is said in a sound. Result: {"transcript": Transcript} (graph/transcript.h).
struct TranscriptStage {
  std::string key;
  SoundTrackOf sound;
  Asset model;  // Whisper, in ggml's format; without one, only the islands of speech are found
  Asset voice;  // Silero VAD, in ggml's format
  std::string language = "auto";  // or ISO 639-1
  bool translate = false;         // into English
  std::string prompt;             // names and spellings the model is told beforehand
  int threads = 1;                // changes no result
};

using Stage = std::variant<IndexStage, AnalysisStage, VideoStage, AudioStage, CopyStage, MuxStage, ProbeStage, SyncStage, TranscriptStage>;

// The most that the worker's process may use, far above what the stage needs, so that nothing in a file can take the machine.
// 0: no limit. Never part of a key.
struct StageLimits {
  std::int64_t address_space = 0;  // bytes
  std::int64_t file_size = 0;      // bytes, of any one file written
  std::int64_t cpu_seconds = 0;    // of all threads together
};
struct StageFile {
  Stage stage;
  StageLimits limits;
};

std::string stage_text(Stage const& stage, StageLimits const& limits = {});  // the stage file's bytes
Result<StageFile> parse_stage_file(std::string_view text);
Result<Stage> parse_stage(std::string_view text);  // without the limits
// "index", "analysis", "video", "audio", "copy", "mux", "probe", "sync", "transcript".
std::string_view walk_name(Stage const& stage);
// All unit keys the stage will make.
std::vector<std::string> unit_keys(Stage const& stage);
// The file it reads besides cache entries (empty for mux). Where there are two, the first.
std::string source_of(Stage const& stage);
// The second recording of a stage that reads two; else empty.
std::string other_source_of(Stage const& stage);
// The files besides the sources that it needs.
std::vector<std::string> assets_of(Stage const& stage);

}  // namespace reelmill
