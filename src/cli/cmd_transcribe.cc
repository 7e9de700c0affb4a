// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/ascii.h"
#include "base/disk.h"
#include "base/text.h"
#include "captions/caption_file.h"
#include "captions/lay_out.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "graph/transcript.h"
#include "project/caption_profiles.h"
#include "project/inputs.h"
#include "project/media_files.h"
#include "project/models.h"
#include "project/one_shot_places.h"
#include "report/terminal.h"
#include "report/transcript_text.h"
#include "run/engine.h"
#include "run/lone_stage.h"
#include "run/temporary_folder.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t memory_of_sound = std::int64_t{1} << 30;  // four hours and more
constexpr double processor_seconds = 3600;
constexpr double least_stall = 120, stall_of_gigabyte = 600;  // seconds for a window of a large model on one slow core
constexpr std::int64_t most_of_a_glossary = 100'000;          // bytes
constexpr std::array<std::string_view, 6> known_formats{"json", "txt", "srt", "vtt", "ass", "ttml"};

struct Arguments {
  std::vector<std::string> inputs;
  std::string output, model = preferred_model, language = "auto", prompt, glossary, profile = "netflix", rate = "25";
  std::vector<std::string> formats;
  bool translate = false, overwrite = false, json = false;
  int jobs = 0;
};

void declare(CLI::App& app, Arguments& it) {
  app.add_option("FILE", it.inputs, "films and sounds, folders of them, patterns in quotes")->required();
  app.add_option("-o,--output", it.output,
                 "a file (.json, .txt, .srt, .vtt, .ass, .ttml), or a folder for files of the inputs' names")
      ->type_name("PLACE")
      ->required();
  app.add_option("--formats", it.formats, "what to write into the folder: json (default), txt, srt, vtt, ass, ttml, with commas")
      ->type_name("LIST")
      ->delimiter(',');
  app.add_option("--model", it.model, "a model's name, or its file; 'reelmill models' lists them")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--language", it.language, "what is spoken (en, de, es); auto finds it out")
      ->type_name("CODE")
      ->capture_default_str();
  app.add_flag("--translate", it.translate, "write down in English what is said in another language");
  app.add_option("--prompt", it.prompt, "a text in the style and spelling that is wanted")->type_name("TEXT");
  app.add_option("--glossary", it.glossary, "names and terms that may be said, a line each")->type_name("FILE");
  app.add_option("--profile", it.profile, "what captions keep to, a name or a file")->type_name("NAME")->capture_default_str();
  app.add_option("--rate", it.rate, "frames a second that captions begin and end at")->type_name("FPS")->capture_default_str();
  app.add_flag("--overwrite", it.overwrite, "replace what is there");
  app.add_option("-j,--jobs", it.jobs, "files, and parts of a file, at once (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--json", it.json, "print one JSON document");
}

Error refused(std::string what) { return Error{ErrorKind::usage, std::move(what)}; }

struct Target {
  std::string format;
  fs::path file;
};
struct Source {
  fs::path file;
  std::vector<Target> targets;
  std::optional<Transcript> transcript{};
  std::optional<Error> error{};
};

class Batch {
 public:
  explicit Batch(Arguments const& arguments) : arguments_(arguments) {}

  Result<void> run() {
    TRY(settle_targets());
    prompt_ = TRY(prompt());
    TRY(settle_captions());
    auto const model = TRY(find_model(arguments_.model));
    if (model.is_english && arguments_.language != "auto" && arguments_.language != "en")
      return Error{ErrorKind::missing,
                   fmt::format("--language {}: the model {} knows English only; take one without '.en' in its name",
                               printable(arguments_.language), model.name)};
    auto const voice = TRY(asset_of(TRY(find_voice())))
    , words = TRY(asset_of(model));
    auto const folder = TRY(TemporaryFolder::make());
    int const at_once = settled({.jobs = arguments_.jobs, .plan = {}}).jobs;
    std::vector<std::size_t> of_job;
    std::vector<LoneJob> jobs;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      auto& source = sources[i];
      if (auto const faults = judge_unread(source.file); !is_valid(faults)) {
        source.error =
            Error{ErrorKind::media, fmt::format("reading {}: {}", source.file.filename().string(), faults.front().message)};
        continue;
      }
      of_job.push_back(i);
      jobs.push_back({.stage = {}, .options = {.label = source.file.filename().string()}});
    }
    int const workers = std::max(1, std::min(at_once, static_cast<int>(std::min<std::size_t>(jobs.size(), 1024))));
    // A file alone may use every core; when the last of many are at work, some cores would be idle, so each gets two.
    int const threads = std::clamp(2 * at_once / workers, 1, at_once);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      auto const path = TRY(nameable(sources[of_job[i]].file, folder.path(), fmt::format("source-{}", i)));
      TranscriptStage stage;
      stage.key = fmt::format("transcript-{}", i);
      stage.sound.source = path;
      stage.model = words;
      stage.voice = voice;
      stage.language = arguments_.language;
      stage.translate = arguments_.translate;
      stage.prompt = prompt_;
      stage.threads = threads;
      jobs[i].options.expected = {.memory = memory_of_sound + model.size + threads * model.memory_of_window,
                                  .cpu_seconds = processor_seconds};
      jobs[i].options.stall_limit = std::max(least_stall, static_cast<double>(model.size) / 1e9 * stall_of_gigabyte);
      jobs[i].stage = std::move(stage);
    }
    return run_each(jobs, folder.path(), workers, events, [&](std::size_t job, Result<Json> result) {
      auto& source = sources[of_job[job]];
      if (auto done = finish(source, std::move(result)); !done) source.error = std::move(done).error();
    });
  }

  std::vector<Source> sources;
  Events events;

 private:
  Result<void> settle_targets() {
    auto const inputs = TRY(find_inputs(arguments_.inputs));
    std::set<fs::path> taken;
    for (auto const& input : inputs) taken.insert(input.file);
    bool const to_folder = is_folder(arguments_.output, inputs.size());
    if (!to_folder && inputs.size() > 1)
      return refused(fmt::format("-o {}: {} inputs need a folder", printable(arguments_.output), inputs.size()));
    if (!to_folder && !arguments_.formats.empty())
      return refused(fmt::format("--formats: -o {} is a file, whose name says the format", printable(arguments_.output)));
    auto const wanted = to_folder
                            ? (arguments_.formats.empty() ? std::vector<std::string>{"json"} : arguments_.formats)
                            : std::vector<std::string>{lower_case(fs::path(arguments_.output).extension().string()).substr(1)};
    for (auto const& format : wanted)
      if (std::find(known_formats.begin(), known_formats.end(), format) == known_formats.end())
        return refused(fmt::format("-o {}: '{}' is no format of transcripts{}; known are json, txt, srt, vtt, ass, ttml",
                                   printable(arguments_.output), printable(format), did_you_mean(format, known_formats)));
    for (auto const& input : inputs) {
      Source source{.file = input.file, .targets = {}};
      for (auto const& format : wanted) {
        auto const file = to_folder ? TRY(output_folder(arguments_.output))
        /
            (input.file.stem().string() + "." + format)
            : absolute_folder(fs::path(arguments_.output).parent_path()) / fs::path(arguments_.output).filename();
        if (!taken.insert(file).second)
          return refused(fmt::format("writing '{}': two files would have this name", printable(file.string())));
        std::error_code ignored;
        if (!arguments_.overwrite && fs::exists(file, ignored))
          return refused(fmt::format("writing '{}': there is a file of that name; give another place with -o, or --overwrite",
                                     printable(file.string())));
        source.targets.push_back({format, file});
        has_captions_ = has_captions_ || caption_format_named(format);
      }
      sources.push_back(std::move(source));
    }
    return {};
  }

  Result<void> settle_captions() {
    if (!has_captions_) return {};
    profile_ = TRY(caption_profile(arguments_.profile));
    auto const rate = parse_rate(arguments_.rate);
    constexpr double most_frames = 240;
    if (!rate || rate->value() < 1 || rate->value() > most_frames)
      return refused(fmt::format("--rate {}: give frames a second, 25 or 30000/1001", printable(arguments_.rate)));
    clock_.rate = *rate;
    return {};
  }

  Result<std::string> prompt() const {
    if (!is_utf8(arguments_.prompt)) return refused("--prompt: it is no UTF-8");
    if (arguments_.glossary.empty()) return arguments_.prompt;
    auto const text = TRY(read_file(arguments_.glossary, most_of_a_glossary));
    if (!is_utf8(text)) return refused(fmt::format("--glossary {}: it is no UTF-8", printable(arguments_.glossary)));
    std::vector<std::string> terms;
    for (auto const line : split(text, '\n'))
      if (auto const term = trim(line); !term.empty()) terms.emplace_back(term);
    if (terms.empty()) return arguments_.prompt;
    return "Glossary: " + join(terms, ", ") + "." + (arguments_.prompt.empty() ? "" : " " + arguments_.prompt);
  }

  Result<void> finish(Source& source, Result<Json> result) const {
    auto const found = TRY(std::move(result));
    if (!found.is_object() || !found.contains("transcript")) return Error{ErrorKind::bug, "transcribing: the result is empty"};
    auto transcript = TRY(parse_json<Transcript>(found["transcript"].dump(), "a transcript"));
    for (auto const& target : source.targets) {
      TRY(make_folders(target.file.parent_path()));
      TRY(write_file_atomically(target.file, text_for(target.format, transcript)));
    }
    source.transcript = std::move(transcript);
    return {};
  }

  std::string text_for(std::string const& format, Transcript& transcript) const {
    if (format == "json") return json_of(transcript).dump(2) + "\n";
    if (format == "txt") return plain_text(transcript);
    return captions_text({transcript.language, lay_out(transcript, profile_, clock_, &transcript.notes)},
                         *caption_format_named(format));
  }

  Arguments const& arguments_;
  std::string prompt_;
  bool has_captions_ = false;
  CaptionProfile profile_;
  CueClock clock_;
};

std::size_t words_in(Transcript const& transcript) {
  std::size_t count = 0;
  for (auto const& segment : transcript.segments) count += segment.words.size();
  return count;
}

double confidence_of(Transcript const& transcript) {
  double sum = 0;
  for (auto const& segment : transcript.segments)
    for (auto const& word : segment.words) sum += word.confidence;
  return sum / static_cast<double>(std::max<std::size_t>(1, words_in(transcript)));
}

Json report_of(std::vector<Source> const& sources) {
  auto files = Json::array();
  for (auto const& source : sources) {
    Json file{{"path", source.file.string()}};
    if (source.transcript) {
      auto const& transcript = *source.transcript;
      auto outputs = Json::array();
      for (auto const& target : source.targets) outputs.push_back(target.file.string());
      file.update({{"outputs", std::move(outputs)},
                   {"language", transcript.language},
                   {"segments", transcript.segments.size()},
                   {"words", words_in(transcript)},
                   {"confidence", std::round(confidence_of(transcript) * 1000) / 1000},
                   {"notes", transcript.notes}});
    }
    if (source.error) file["error"] = {{"kind", name_of(source.error->kind)}, {"what", source.error->text()}};
    files.push_back(std::move(file));
  }
  return {{"files", std::move(files)}};
}

void print_report(std::vector<Source> const& sources) {
  for (auto const& source : sources) {
    auto const name = printable(source.file.filename().string());
    if (source.error) {
      fmt::print(stderr, "{}: {}\n", name, printable(source.error->text()));
      continue;
    }
    auto const& transcript = *source.transcript;
    if (transcript.segments.empty())
      fmt::print("{}: nothing is said\n", name);
    else
      fmt::print("{}: {} words ({}), confidence {:.2f}\n", name, words_in(transcript), transcript.language,
                 confidence_of(transcript));
    for (auto const& target : source.targets) fmt::print("  {}\n", printable(target.file.string()));
    for (auto const& note : transcript.notes) fmt::print("  note: {}\n", printable(note));
  }
}

int run(std::vector<std::string> const& words) {
  Arguments arguments;
  CLI::App app(
      "Write down what is said in films and sounds, with the time of every word, as text, captions or JSON. Ends with 0 also "
      "where nothing "
      "is said",
      "reelmill transcribe");
  declare(app, arguments);
  if (auto const done = parse_arguments(app, words)) return *done;
  Batch batch(arguments);
  std::optional<LiveProgress> progress;
  if (!arguments.json && is_live(stderr)) {
    progress.emplace(stderr, style_for(stderr));
    batch.events.subscribe([&](Event const& event) { progress->take(event); });
  }
  auto const done = batch.run();
  progress.reset();
  if (!done) return fail(done.error(), arguments.json);
  if (arguments.json)
    print_json(report_of(batch.sources));
  else
    print_report(batch.sources);
  for (auto const& source : batch.sources)
    if (source.error) return exit_code_of(source.error->kind);
  return 0;
}

}  // namespace

Command const transcribe_command{"transcribe", "Write down what is said in films and sounds", run,
                                 "reelmill transcribe talk.mp4 -o talk.json\n"
                                 "reelmill transcribe talks/ -o texts --formats srt,txt --language en\n"
                                 "reelmill transcribe talk.mp4 -o talk.vtt --model small --glossary names.txt"};

}  // namespace reelmill
