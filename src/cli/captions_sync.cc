// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/disk.h"
#include "base/text.h"
#include "captions/align.h"
#include "captions/caption_file.h"
#include "cli/captions_tasks.h"
#include "cli/command_line.h"
#include "project/media_files.h"
#include "project/models.h"
#include "report/captions_sync_json.h"
#include "report/terminal.h"
#include "run/engine.h"
#include "run/lone_stage.h"
#include "run/temporary_folder.h"

namespace reelmill {

namespace {
namespace fs = std::filesystem;

constexpr std::int64_t memory_of_sound = std::int64_t{1} << 30;  // four hours and more
constexpr double processor_seconds = 3600;
constexpr double least_stall = 120, stall_of_gigabyte = 600;  // seconds for a window of a large model on one slow core

struct Wishes {
  std::string captions, film, output, model, language = "auto", encoding;
  int jobs = 0;
  bool overwrite = false, json = false;
};

std::string name_of(std::string const& path) { return fs::path(path).filename().string(); }

bool is_same_file(fs::path const& a, fs::path const& b) {
  std::error_code ignored;
  return fs::equivalent(a, b, ignored);
}

Result<CaptionFormat> output_format(Wishes const& wishes, CaptionFormat as_read) {
  if (wishes.output.empty()) return as_read;
  if (auto const format = caption_format_of(wishes.output)) return *format;
  return Error{ErrorKind::usage, fmt::format("--output {}: its extension has to be that of captions: .srt, .vtt, .ass or .ttml",
                                             printable(wishes.output))};
}

// Before the film is listened to.
Result<void> check_output(Wishes const& wishes) {
  if (wishes.output.empty()) return {};
  for (auto const& read : {wishes.captions, wishes.film})
    if (is_same_file(wishes.output, read))
      return Error{ErrorKind::usage, fmt::format("--output {}: that file is read; give another name", printable(wishes.output))};
  std::error_code ignored;
  auto const there = fs::symlink_status(wishes.output, ignored);
  if (!fs::exists(there) || (wishes.overwrite && !fs::is_directory(wishes.output, ignored))) return {};
  return Error{ErrorKind::usage, fmt::format("writing '{}': there is a file of that name; give another one, or --overwrite",
                                             printable(wishes.output))};
}

Result<Transcript> speech_in(Wishes const& wishes, Events& events) {
  if (auto const faults = judge_unread(wishes.film); !is_valid(faults))
    return Error{ErrorKind::media, fmt::format("reading {}: {}", name_of(wishes.film), faults.front().message)};
  auto const folder = TRY(TemporaryFolder::make());
  TranscriptStage stage;
  stage.key = "speech";
  stage.sound.source = TRY(nameable(wishes.film, folder.path(), "film"));
  stage.voice = TRY(asset_of(TRY(find_voice())));
  stage.language = wishes.language;
  stage.threads = settled({.jobs = wishes.jobs, .plan = {}}).jobs;
  LoneOptions options{.label = fmt::format("listening to {}", name_of(wishes.film)),
                      .expected = {.memory = memory_of_sound, .cpu_seconds = processor_seconds},
                      .stall_limit = least_stall};
  if (!wishes.model.empty()) {
    auto const model = TRY(find_model(wishes.model));
    stage.model = TRY(asset_of(model));
    options.expected.memory += model.size + stage.threads * model.memory_of_window;
    options.stall_limit = std::max(least_stall, static_cast<double>(model.size) / 1e9 * stall_of_gigabyte);
  }
  auto const result = TRY(run_alone(stage, folder.path(), options, events));
  if (!result.is_object() || !result.contains("transcript"))
    return Error{ErrorKind::bug, "listening to a film: the result is empty"};
  return parse_json<Transcript>(result["transcript"].dump(), "what was heard in a film");
}

Result<AlignedFile> align_file(Wishes const& wishes, Events& events) {
  TRY(check_output(wishes));
  auto const read = TRY(read_caption_file(wishes.captions, wishes.encoding));
  auto const format = TRY(output_format(wishes, read.format));
  auto const film = TRY(speech_in(wishes, events));
  AlignedFile out;
  out.notes = read.notes;
  out.alignment = align(read.captions, film);
  out.cues = read.captions.cues.size();
  out.length = film.length;
  if (wishes.output.empty() || out.alignment.outcome == AlignOutcome::refused) return out;
  auto const put = aligned(read.captions, out.alignment, film.length);
  TRY(write_file_atomically(wishes.output, captions_text(put, format)));
  out.written = put.cues.size();
  out.output = wishes.output;
  return out;
}
int run(std::vector<std::string> const& arguments) {
  Wishes wishes;
  CLI::App app(
      "Lay captions that were made for another copy of a film where this one speaks: shifted, for another frame rate, or for "
      "another edit. In any language; with a model the words are compared too. Ends with 0 when the place is found or they are "
      "in "
      "sync already, with 1, and writes nothing, when they are not this film's or there is too little to tell",
      "reelmill captions sync");
  app.add_option("CAPTIONS", wishes.captions, "captions: SRT, VTT, ASS or TTML")->required();
  app.add_option("FILM", wishes.film, "the film, or its sound")->required();
  app.add_option("-o,--output", wishes.output, "the new captions; the extension says the format. Without it, it is only told")
      ->type_name("FILE");
  app.add_option(
         "--model", wishes.model,
         "a model of speech, by name or path: the words of the captions are sought too, which takes longer and tells more")
      ->type_name("NAME");
  app.add_option("--language", wishes.language, "what the film is spoken in, for the model; auto (default): as it sounds")
      ->type_name("CODE");
  app.add_option("--encoding", wishes.encoding, "of the captions, if it is not what their bytes look like")->type_name("NAME");
  app.add_option("-j,--jobs", wishes.jobs, "parts of the film at once (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--overwrite", wishes.overwrite, "replace a file that is there");
  app.add_flag("--json", wishes.json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  Events events;
  std::optional<LiveProgress> progress;
  if (!wishes.json && is_live(stderr)) {
    progress.emplace(stderr, style_for(stderr));
    events.subscribe([&](Event const& event) { progress->take(event); });
  }
  auto const file = align_file(wishes, events);
  progress.reset();
  if (!file) return fail(file.error(), wishes.json);
  if (wishes.json)
    print_json(json_of(*file));
  else
    fmt::print("{}", captions_sync_text(*file, name_of(wishes.captions)));
  return file->alignment.outcome == AlignOutcome::refused ? exit_code_of(ErrorKind::rejected) : 0;
}

}  // namespace

CaptionsTask const captions_sync{"sync", "lay foreign captions where a film speaks", run};

}  // namespace reelmill
