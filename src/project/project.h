// SPDX-License-Identifier: GPL-3.0-or-later
// The project a person wrote, as plain structs. Everything in it is validated: names exist, ranges hold, templates
// stay inside the project folder. Paths are as written, relative to `folder`, unless said otherwise.
#pragma once

#include <any>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/result.h"
#include "graph/codecs.h"
#include "ops/operation.h"

namespace reelmill {

// An operation with its parameters as the project has them.
struct Step {
  Operation const* operation = nullptr;
  std::any options;
  int line = 0;  // in the project file
  // "grade brightness=0.05 contrast=1.1 saturation=1.1": every parameter, in table order.
  std::string text() const;
  // Those it reads, as they are written.
  std::vector<std::string> files() const;
};

// How an output file is to look. A platform is an export preset with a folder of its own.
struct Export {
  std::string name;                 // "youtube"; unique in the project; the {platform} of templates
  std::string container = "mp4";    // empty: as the source's file is called; see container_of
  int width = 1920, height = 1080;  // 0: the source's
  std::string fit = "pad";          // pad, crop, blur, stretch
  std::optional<Rational> rate;     // nothing: the project's normalize.fps
  bool keeps_rate = false;          // the source's rate, whatever `rate` says
  bool halves = false;              // half of the source's size, where that is taken
  // Codecs and containers are those of graph/codecs.h; preset and crf are empty and 0 where the codec has none.
  // The codec is copy_codec where the source's own picture is taken; then size and rate are its as well.
  std::string video_codec = "h264", preset = "medium", profile = "high";
  double crf = 23;
  std::int64_t ceiling = 0;  // `bitrate`, bits a second; 0: none
  bool has_sound = true;
  std::string audio_codec = "aac";
  std::int64_t audio_bitrate = 192000;  // 0: lossless
  bool edit_lists = true;
  std::string description{};  // of a shipped preset, one line
  int line = 0, column = 0;   // in the project file
  Rational delay{0};          // of a copied picture, in seconds: how far decoding comes before showing; filled in for a source

  bool copies() const { return video_codec == copy_codec; }
};

struct Normalize {
  Rational rate{30};
  int sample_rate = 48000;  // 0: the source's
  std::string language{};   // of the sound track to take; empty: the one the file prefers
};

// What is done about work that failed for a reason that may pass: another host, a share or a worker that was lost. A worker
// that crashed gets one more attempt at most; what failed for a reason in itself gets none.
struct RetryPolicy {
  int attempts = 3;   // all together
  double delay = 1;   // seconds before the second
  double growth = 4;  // each delay is so many times the one before, up to ten minutes
  double jitter =
      0.25;  // of a delay: how much it may be shorter or longer, so that what was lost together does not come back together
  double deadline = 600;  // seconds from the first failure, after which none is begun
  double stall = 600;     // seconds without progress after which a worker is given up
};

// Seconds of the film, from the first frame shown at or after `from` to the first at or after `to`.
struct TimeRange {
  Rational from{0};
  std::optional<Rational> to;  // nothing: the end
};

// Captions: from a file or from what is said, to files beside the film, into it as a track, or (a step of `video`) upon its picture.
struct Subtitles {
  std::optional<Step> transcribe;  // nothing: a file is given
  std::string file;                // a template with {name}, or an absolute path with it; without a project file a path; empty: none
  std::string encoding;            // of the file; empty: found out
  std::string profile = "netflix";
  std::vector<std::string> formats{"srt"};               // of the files written
  std::string to = "metadata/subtitles/{name}.{ext}";    // a template; beside the one film of Project::output_name, under its name
  bool track = false;                                    // a text track in films whose container can hold one
  bool writes = true;                                    // the files; drafts and previews leave them alone
};

struct Project {
  std::string name;
  std::filesystem::path folder;      // absolute: where the project file lies
  std::filesystem::path file;        // absolute; empty where the project was made on the fly
  std::vector<std::string> sources;  // glob patterns with {a,b} as written
  Normalize normalize;
  RetryPolicy retry;
  std::vector<Step> video, audio;
  std::optional<Subtitles> subtitles;
  std::vector<Export> exports;
  bool measures = false;  // how loud each source's sound is before the loudness asked for; without exports nothing else is made
  std::string output = "02_output/final/{name}_{platform}.{ext}";  // a template, like those of `deliver`
  std::optional<std::string> output_name;                          // in its place, as it is: the one film's name in `folder`
  std::vector<std::string> deliver;                                // templates: {platform} {name} {ext} {project}
  bool may_replace = true;         // also outputs that are there and were not written by Reelmill, or changed since
  std::optional<TimeRange> range;  // a preview: this part of every film only
};

// Reads and validates a project file. An error's text holds every mistake found, one a line, each
// "file:line:column: message, did you mean 'x'?".
Result<Project> load_project(std::filesystem::path const& file);
// The same of a text that is or could be in `file`.
Result<Project> read_project(std::string_view text, std::filesystem::path const& file);

// The sources that the patterns name, absolute and sorted. Errors (kind project): a pattern without a match, two outputs
// that would have one name, an output that would overwrite a source.
Result<std::vector<std::filesystem::path>> find_sources(Project const& project);
// The two latter of sources found in another way; kind usage where there is no project file.
Result<void> check_outputs(Project const& project, std::vector<std::filesystem::path> const& sources);

// The container of an export of `source`: where none is asked for, the one that the source's extension names, if that takes the
// export's sound and is open to copies, or else mkv.
std::string_view container_of(Export const& target, std::filesystem::path const& source);
// What templates are filled with for an export of `source`; and where it is made, relative to the project's folder.
std::map<std::string, std::string> template_parts(Project const& project, std::filesystem::path const& source,
                                                  Export const& target);
Result<std::string> output_of(Project const& project, std::filesystem::path const& source, Export const& target);

// Export presets shipped as data in presets/ (five platforms, four encodings): name → Export.
std::vector<Export> const& shipped_exports();
Export const* shipped_export(std::string_view name);
// The preset's own text (YAML), for `reelmill presets NAME`.
std::string_view shipped_export_text(std::string_view name);

// Fills a deliver template. Each substituted part is made safe (no separators, control characters, leading dots or
// dashes, ≤ 200 bytes), and the result cannot leave the folder: absolute paths and `..` are errors.
Result<std::string> fill_template(std::string_view pattern, std::map<std::string, std::string> const& parts);

}  // namespace reelmill
