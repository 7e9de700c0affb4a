// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/disk.h"
#include "base/hash.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/project_run.h"
#include "project/loudness_shot.h"
#include "report/loudness_report.h"
#include "report/probe_table.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

struct Arguments {
  LoudnessWishes wishes;
  EngineOptions engine;
  bool album = false, json = false;
  double skip_within = 0;

  bool measures_first() const { return wishes.output.empty() || album || skip_within > 0; }
};

void declare(CLI::App& app, Arguments& arguments) {
  auto& wishes = arguments.wishes;
  auto const parameter = [&](std::string const& option, std::string const& name, std::string const& text,
                             std::string const& type) {
    app.add_option_function<std::string>(
           "--" + option, [&wishes, name](std::string const& value) { wishes.parameters[name] = value; }, text)
        ->type_name(type);
  };
  app.add_option("IN", wishes.inputs, "films and sounds, folders of them, patterns in quotes")->required();
  app.add_option("-o,--output", wishes.output,
                 "a folder for files of the same names, or for one input a file; without it, everything is measured only")
      ->type_name("PLACE");
  parameter("integrated", "integrated", "LUFS to reach (default: -16)", "LUFS");
  parameter("true-peak", "true_peak", "dBTP that no peak exceeds in the finished file (default: -1.5)", "DBTP");
  parameter("preset", "preset", "streaming (-14, -1), podcast (-16, -1), r128 (-23, -1), a85 (-24, -2)", "NAME");
  parameter("mode", "mode", "limit (default), linear, dynamic; 'reelmill ops loudness' explains them", "NAME");
  parameter("range", "range", "LU that mode dynamic brings a larger range to (default: 11)", "LU");
  app.add_flag("--album", arguments.album, "one gain for all: what was louder than the rest stays so");
  app.add_option("--skip-within", arguments.skip_within,
                 "copy files as they are that are so near to the loudness, and below the true peak")
      ->type_name("LU")
      ->check(CLI::Range(0.0, 20.0));
  app.add_flag("--overwrite", wishes.overwrite, "replace files that reelmill did not make");
  app.add_option("-j,--jobs", arguments.engine.jobs, "files at once (default: one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--json", arguments.json, "print one JSON document");
}

class Batch {
 public:
  explicit Batch(Arguments const& arguments) : arguments_(arguments) {}

  Result<void> run() {
    jobs_ = TRY(loudness_jobs(arguments_.wishes));
    wanted_ = TRY(loudness_asked(arguments_.wishes));
    for (auto const& job : jobs_) {
      files_[job.source.string()] = report.files.size();
      report.files.push_back({job.source, job.output});
    }
    if (arguments_.measures_first()) TRY(measure());
    if (arguments_.wishes.output.empty()) return {};
    auto wishes = arguments_.wishes;
    if (arguments_.album) settle_album(wishes);
    TRY(loudness_for(wishes, jobs_));  // names that cannot be are found before anything is made
    TRY(copy_what_is_right());
    for (auto const& shot : TRY(loudness_for(wishes, jobs_))) TRY(make(shot));
    return {};
  }

  LoudnessReport report;
  std::optional<Error> const& failure() const { return failure_; }  // of single files, the first

 private:
  LoudnessReport::File& file_of(std::string const& source) { return report.files[files_.at(source)]; }

  // Failures of single files are told beside them; what stops all is an error.
  Result<void> carry_out(OneShot const& shot, std::function<void(Event const&)> const& listener) {
    auto const workspace = TRY(workspace_for(shot));
    auto const listen = [&](Event const& event) {
      if (auto const* failed = std::get_if<SourceFailed>(&event.what)) note_failure(shot, *failed);
      listener(event);
    };
    auto const done = run_project(shot.project, shot.sources, workspace, arguments_.engine, {Reporting::people, stderr, listen});
    if (done) return {};
    if (has_failed_) {
      failure_ = failure_ ? *failure_ : done.error();
      return {};
    }
    return done.error();
  }

  void note_failure(OneShot const& shot, SourceFailed const& failed) {
    has_failed_ = true;
    for (auto const& source : shot.sources)
      if (auto& file = file_of(source.string()); source.filename() == failed.source && file.error.empty()) {
        file.error = failed.what;
        file.output.clear();
        return;
      }
  }

  Result<void> measure() {
    TRY(carry_out(measurement_of(jobs_), [&](Event const& event) {
      auto const* const measured = std::get_if<SoundMeasured>(&event.what);
      if (measured == nullptr) return;
      file_of(measured->source).before = measured->measurement.figures;
      add_blocks(blocks_, measured->measurement.blocks);
      measured_.insert(measured->source);
    }));
    std::erase_if(jobs_, [&](LoudnessJob const& job) { return !measured_.contains(job.source.string()); });
    if (!arguments_.album) return {};
    report.album = LoudnessFigures{integrated_of(blocks_), {}, {}};
    for (auto const& file : report.files)
      if (file.before.true_peak)
        report.album->true_peak = std::max(report.album->true_peak.value_or(-200), *file.before.true_peak);
    return {};
  }

  void settle_album(LoudnessWishes& wishes) const {
    double const gain = report.album->integrated ? wanted_.integrated - *report.album->integrated : 0;
    wishes.parameters = {{"mode", "gain"}, {"gain", fmt::format("{:.2f}", gain)}, {"true_peak", shortest(wanted_.true_peak)}};
  }

  bool is_right(LoudnessFigures const& figures) const {
    bool const is_under = !figures.true_peak || *figures.true_peak <= wanted_.true_peak;
    return is_under && figures.integrated && std::abs(*figures.integrated - wanted_.integrated) <= arguments_.skip_within;
  }

  Result<void> copy(LoudnessJob const& job) const {
    std::error_code ignored;
    if (fs::exists(job.output, ignored)) {
      if (TRY(file_hash(job.output)) == TRY(file_hash(job.source))) return {};
      if (!arguments_.wishes.overwrite)
        return Error{ErrorKind::usage,
                     fmt::format("writing '{}': there is another file of that name; give another folder with -o, or --overwrite",
                                 printable(job.output.string()))};
    }
    TRY(make_folders(job.output.parent_path()));
    TRY(copy_file_atomically(job.source, job.output));
    return {};
  }

  // Only the same kind of file can be a copy; of an album all or none.
  Result<void> copy_what_is_right() {
    if (arguments_.skip_within <= 0 || (arguments_.album && !is_right(*report.album))) return {};
    std::vector<LoudnessJob> rest;
    for (auto const& job : jobs_) {
      auto& file = file_of(job.source.string());
      if (job.source.extension() != job.output.extension() || !(arguments_.album || is_right(file.before))) {
        rest.push_back(job);
        continue;
      }
      TRY(copy(job));
      file.after = file.before;
      file.gain = 0;
      file.mode = "skipped";
    }
    jobs_ = std::move(rest);
    return {};
  }

  Result<void> make(OneShot const& shot) {
    std::map<std::string, std::string> sources;
    for (auto const& source : shot.sources)
      sources[TRY(output_of(shot.project, source, shot.project.exports.front()))] = source.string();
    return carry_out(shot, [&](Event const& event) {
      auto const* const written = std::get_if<OutputWritten>(&event.what);
      if (written == nullptr || !sources.contains(written->path)) return;
      auto& file = file_of(sources.at(written->path));
      file.mode = "skipped";
      if (!written->loudness) {
        file.notes = {"it has no sound: the picture was copied"};
        return;
      }
      auto const& result = *written->loudness;
      file.before = result.before;
      file.after = result.after;
      file.gain = result.gain;
      file.mode = result.mode;
      file.notes = result.notes;
    });
  }

  Arguments const& arguments_;
  std::vector<LoudnessJob> jobs_;
  Loudness wanted_;
  std::map<std::string, std::size_t> files_;  // by source
  std::set<std::string> measured_;
  LoudnessBlocks blocks_;
  bool has_failed_ = false;
  std::optional<Error> failure_;
};

int run(std::vector<std::string> const& words) {
  Arguments arguments;
  CLI::App app(
      "Bring any number of films and sounds to one loudness, or measure them; pictures are copied, and what is delivered is "
      "measured "
      "again. Subtitles and further tracks are left out",
      "reelmill loudness");
  declare(app, arguments);
  if (auto const done = parse_arguments(app, words)) return *done;
  Batch batch(arguments);
  if (auto const done = batch.run(); !done) return fail(done.error(), arguments.json);
  if (arguments.json)
    print_json(json_of(batch.report));
  else
    fmt::print("{}", loudness_table(batch.report, table_style_for(stdout)));
  return batch.failure() ? exit_code_of(batch.failure()->kind) : 0;
}

}  // namespace

Command const loudness_command{"loudness", "Bring films and sounds to one loudness, or measure it", run,
                               "reelmill loudness talk.mp4 footage/                      # measures\n"
                               "reelmill loudness talks/ -o levelled --preset podcast\n"
                               "reelmill loudness album/ -o out --album --integrated -14 --true-peak -1\n"
                               "reelmill loudness 'cuts/*.mov' -o out --skip-within 0.5 --json"};

}  // namespace reelmill
