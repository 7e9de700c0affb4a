// SPDX-License-Identifier: GPL-3.0-or-later
// What a probe finds out about one media file: what its container says, what its packets show, and with a deep probe what
// came of decoding every one of them. The worker measures; `judge` names the faults, by the same rules for all commands.
// Times are seconds; -1 or an empty text means that it was not said or not measured.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/rational.h"
#include "graph/media.h"

namespace reelmill {

enum class Severity {
  note,     // worth knowing; nothing is wrong
  warning,  // wrong, but the media can be used
  error,    // the file is not valid
};
std::string_view name_of(Severity severity);

struct Fault {
  std::string code;  // a stable name: "truncated", "not_media", …; docs/formats.md lists them
  Severity severity = Severity::error;
  std::string message;  // lower case, without the file's name and without a full stop
};

// How the time stamps of one stream's packets lie.
struct StreamTiming {
  std::int64_t packets = 0, bytes = 0;
  std::int64_t hidden = 0;            // by an edit list
  std::int64_t damaged = 0;           // which the container itself calls corrupt
  double start = 0, duration = 0;     // of what is shown, from the packets' times
  double claimed_duration = -1;       // as the stream's header says
  std::int64_t claimed_packets = -1;  // as the header or the index says
  std::int64_t backwards = 0;         // decoding times that go back
  std::int64_t untimed = 0;           // packets without any time
  double gaps = 0;                    // of sound: seconds missing between packets
};

// Every how many pictures a decode can begin.
struct AccessPoints {
  std::int64_t count = 0, open = 0;        // `open`: by the container's flag or with leading pictures only
  std::int64_t shortest = 0, longest = 0;  // packets from one to the next
  double longest_seconds = 0;
};

// How decoded pictures look, whatever their tag says: one of every few is compared with its neighbours.
struct FieldStatistics {
  std::int64_t progressive = 0, top_first = 0, bottom_first = 0, undecided = 0;
};

struct Decoded {
  std::int64_t units = -1;   // frames or samples; -1: not decoded
  std::int64_t errors = 0;   // packets refused and frames damaged
  std::int64_t missing = 0;  // pictures whose packets are there
  double first_error = -1;   // where
  std::string said;          // the decoder's first complaint
};

struct PictureProbe {
  VideoStreamInfo info;
  std::string level, language, title, timecode, hdr;
  int bits = 0;
  bool is_decodable = true, is_default = false;
  StreamTiming timing;
  Rational rate{0};  // exact where the packets lie on a grid, else their mean
  bool varies = false;
  double shortest_frame = 0, longest_frame = 0;
  std::int64_t parameter_changes = 0;  // of size or codec parameters
  AccessPoints access;
  FieldStatistics fields;
  std::int64_t frames_tagged_interlaced = 0;
  Decoded decoded;
};

struct SoundProbe {
  AudioStreamInfo info;
  std::string profile, sample_format, title;
  int bits = 0;
  bool is_decodable = true, is_default = false;
  StreamTiming timing;
  std::int64_t parameter_changes = 0;
  Decoded decoded;
};

struct OtherStream {  // subtitles, attached pictures, data
  int stream = -1;
  std::string kind, codec, language, title;  // kind: "subtitle", "attached picture", "data", "attachment"
  int width = 0, height = 0;
};

struct Chapter {
  double start = 0, end = 0;
  std::string title;
};

// What the container's own sizes say, without its streams.
struct Layout {
  std::int64_t size = 0;        // of the file, bytes
  std::int64_t needed = 0;      // bytes the file must have to hold what it says it holds; 0: it does not say
  std::int64_t tracks = 0;      // MP4
  std::int64_t edit_lists = 0;  // MP4: tracks that have one
  std::int64_t fragments = 0;   // MP4
  std::string index;            // MP4: "first", "last", "missing"; else empty
  std::string cut;              // how else it shows that the end is missing
};

struct SourceProbe {
  std::string container, long_name;  // libav's names
  std::string usual_extensions;      // separated by commas; for the note about a wrong one
  Layout layout;
  double duration = 0;  // from the packets, all streams together
  double claimed_duration = -1;
  std::int64_t bit_rate = 0;
  std::string timecode, created;
  std::int64_t streams = 0;
  bool is_deep = false;
  std::string read_error;           // why reading the packets ended early
  std::vector<PictureProbe> video;  // the one that is used first
  std::vector<SoundProbe> audio;    // the one that is used first
  std::vector<OtherStream> others;
  std::vector<Chapter> chapters;
  std::vector<Fault> faults;  // found while opening and reading; judge adds the rest
};

// Whether none of them is an error.
bool is_valid(std::vector<Fault> const& faults);

// The faults that the measures show. `extension` is that of the file's name, with its dot.
std::vector<Fault> judge(SourceProbe const& probe, std::string_view extension);

// What can be said of a file that was not opened, from its first bytes and its size alone; nothing where they are fine.
std::vector<Fault> judge_head(std::string_view head);
// What the container's sizes show.
std::vector<Fault> judge_layout(Layout const& layout);

void to_json(Json& json, SourceProbe const& probe);
void from_json(Json const& json, SourceProbe& probe);

}  // namespace reelmill
