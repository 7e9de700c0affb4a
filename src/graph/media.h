// SPDX-License-Identifier: GPL-3.0-or-later
// What the worker tells the front about a source: the index (demux only) and the analysis (one decode).
// Both travel as the JSON of a unit's result; formats are described in docs/formats.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/rational.h"

namespace reelmill {

// How a packet can begin a decode.
enum class Access {
  none,     // not a random access point
  open,     // key by flag only (recovery point, open GOP of a codec we do not parse): needs a proof
  leading,  // true random access point with leading pictures (CRA, BLA): they belong to the chunk before
  closed,   // IDR, closed GOP, intra-only codecs, VP9/AV1 key frames
};

// One packet of the video stream, in decoding order. Times are in the stream's time base; `hash` is XXH3-64 of the payload.
struct VideoPacket {
  std::int64_t pts = 0;
  std::int64_t dts = 0;
  std::int64_t duration = 0;
  std::int32_t size = 0;
  Access access = Access::none;
  bool discard = false;  // the container's edit list hides it
  std::uint64_t hash = 0;
};

struct VideoStreamInfo {
  int stream = -1;
  std::string codec, profile, pixel_format;
  int level = 0;              // as the codec counts it; negative: it is not told
  int width = 0, height = 0;  // coded
  Rational sample_aspect{1};
  bool mirrored = false;  // to be flipped left to right for display, before it is turned
  int rotation = 0;       // degrees clockwise to turn it for display: 0, 90, 180, 270
  Rational time_base{1, 90000};
  Rational average_rate{0};                        // as the container says; the packets are what counts
  std::string primaries, transfer, matrix, range;  // libav names; "unknown" where not tagged
  std::string field_order;                         // progressive, tt, bb, tb, bt, unknown
  std::string header;                              // hash of all that a copy of the stream carries besides packets, hex
  bool is_timed = true;                            // every packet says when it is shown
  bool is_steady = true;                           // the header it begins with holds to its end
};

struct AudioStreamInfo {
  int stream = -1;
  std::string codec, layout, language;
  int channels = 0, sample_rate = 0;
  Rational time_base{1, 48000};
  Rational start{0}, duration{0};  // seconds; by the packets, without what a decoder drops
  std::string identity;            // Merkle hash of packet hashes and codec parameters, hex
  bool decodable = false;          // a decoder gave sound for its first packets
  bool preferred = false;          // the file marks it as the one to play
};

struct SourceIndex {
  std::string container;
  Rational duration{0};                // container's claim, seconds
  std::string identity;                // Merkle hash of the picture's packet hashes and codec parameters, hex
  std::vector<VideoStreamInfo> video;  // the chosen one only, or empty
  std::vector<AudioStreamInfo> audio;  // all, in the file's order
  std::vector<VideoPacket> packets;    // of the chosen video stream
};

// Motion of the picture from the frame before to this one, about the frame's centre, in source pixels:
// dx, dy in 1/256 px, angle in microradians. `cut` says a new shot begins here (then the motion is zero).
struct Motion {
  std::int32_t dx = 0, dy = 0, angle = 0;
  bool cut = false;
  friend bool operator==(Motion const&, Motion const&) = default;
};

// From frame `frame` on, decoded pictures have this size.
struct PictureSize {
  std::int64_t frame = 0;
  int width = 0, height = 0;
  friend bool operator==(PictureSize const&, PictureSize const&) = default;
};

// Every decoded frame of a source in presentation order; vectors are parallel. `motion` is empty if not asked for.
struct SourceAnalysis {
  std::vector<std::int64_t> pts;        // stream time base
  std::vector<std::uint64_t> checksum;  // XXH3-64 of the decoded planes, their size and field order
  std::vector<Motion> motion;
  std::int64_t end = 0;                          // pts at which the last frame ends
  std::vector<PictureSize> sizes;                // the first is that of frame 0; one more for every change
  std::int64_t top_first = 0, bottom_first = 0;  // frames that the decoder says are interlaced
  int peak = 0;                                  // brightest light of an HDR picture as its metadata says, cd/m²; 0: it does not
  std::vector<std::int32_t> proved;              // for each of AnalysisStage::prove: 1 if decoding may begin there
};

// What stabilising does to one frame: move by dx, dy (1/256 px), turn by angle (microradians) about the
// centre, then enlarge by zoom (millionths above 1).
struct Correction {
  std::int32_t dx = 0, dy = 0, angle = 0, zoom = 0;
  friend bool operator==(Correction const&, Correction const&) = default;
};

void to_json(Json& json, SourceIndex const& index);
void from_json(Json const& json, SourceIndex& index);
void to_json(Json& json, SourceAnalysis const& analysis);
void from_json(Json const& json, SourceAnalysis& analysis);
void to_json(Json& json, Correction const& correction);
void from_json(Json const& json, Correction& correction);

}  // namespace reelmill
