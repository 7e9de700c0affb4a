// SPDX-License-Identifier: GPL-3.0-or-later
// reelmill-worker STAGE.json --out ATTEMPT_DIR: does one stage in one walk over the media. See graph/stage.h.
// reelmill-worker --versions: what it is made of, see exec/versions.h.
#include <malloc.h>
#include <sys/prctl.h>

#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "av/allowed.h"
#include "av/failure.h"
#include "base/disk.h"
#include "base/sandbox.h"
#include "exec/outcome.h"
#include "exec/versions.h"
#include "exec/walks.h"

namespace reelmill {

namespace {
SandboxPlan sandbox_of(Stage const& stage, StageLimits const& limits, std::filesystem::path const& attempt) {
  SandboxPlan plan{
      .max_address_space = limits.address_space, .max_file_size = limits.file_size, .cpu_seconds = limits.cpu_seconds};
  plan.writable.push_back(attempt);
  for (auto const& source : {source_of(stage), other_source_of(stage)})
    if (!source.empty()) plan.readable.emplace_back(source);
  for (auto const& asset : assets_of(stage)) plan.readable.emplace_back(asset);
  if (auto const* mux = std::get_if<MuxStage>(&stage)) {
    for (auto const& input : mux->video) plan.readable.emplace_back(input.path);
    for (auto const& input : mux->audio) plan.readable.emplace_back(input.path);
  }
  return plan;
}

Result<void> walk(Stage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  struct Walks {
    std::filesystem::path const& attempt;
    Reporter& reporter;
    Result<void> operator()(IndexStage const& s) const { return walk_index(s, attempt, reporter); }
    Result<void> operator()(AnalysisStage const& s) const { return walk_analysis(s, attempt, reporter); }
    Result<void> operator()(VideoStage const& s) const { return walk_video(s, attempt, reporter); }
    Result<void> operator()(AudioStage const& s) const { return walk_audio(s, attempt, reporter); }
    Result<void> operator()(CopyStage const& s) const { return walk_copy(s, attempt, reporter); }
    Result<void> operator()(MuxStage const& s) const { return walk_mux(s, attempt, reporter); }
    Result<void> operator()(ProbeStage const& s) const { return walk_probe(s, attempt, reporter); }
    Result<void> operator()(SyncStage const& s) const { return walk_sync(s, attempt, reporter); }
    Result<void> operator()(TranscriptStage const& s) const { return walk_transcript(s, attempt, reporter); }
  };
  return std::visit(Walks{attempt, reporter}, stage);
}

Result<void> work(std::filesystem::path const& stage_file, std::filesystem::path const& attempt, Reporter& reporter) {
  auto const [stage, limits] = TRY(parse_stage_file(TRY(read_file(stage_file))));
  reporter.sandbox(TRY(enter_sandbox(sandbox_of(stage, limits, attempt))));
  return outcome_of(std::filesystem::path(source_of(stage)).filename().string(), [&] { return walk(stage, attempt, reporter); });
}
}  // namespace

}  // namespace reelmill

#if defined(__SANITIZE_ADDRESS__)
// The leak check looks into the process from outside, which the sandbox forbids; leaks are for the unit tests to find.
extern "C" char const* __asan_default_options() { return "detect_leaks=0"; }
#endif

int main(int count, char** arguments) {
  if (count == 2 && std::string_view(arguments[1]) == "--versions") {
    std::puts(reelmill::versions().dump().c_str());
    return 0;
  }
  if (count != 4 || std::string_view(arguments[2]) != "--out") {
    std::fputs("usage: reelmill-worker STAGE.json --out FOLDER\nreelmill starts it; see reelmill --help\n", stderr);
    return 64;
  }
  reelmill::av::tell_errors_only();
  reelmill::av::limit_single_pieces();
  // Frames come and go in threads; fewer arenas keep the peak near what is in use. Encoders touch a gigabyte once for each
  // chunk, and clearing it in huge pages took 3 % of a render.
  mallopt(M_ARENA_MAX, 2);
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  reelmill::Reporter reporter;
  auto const done = reelmill::work(arguments[1], arguments[3], reporter);
  if (done) return 0;
  reporter.error(done.error());
  return reelmill::exit_code_of(done.error().kind);
}
