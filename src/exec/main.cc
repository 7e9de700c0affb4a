// SPDX-License-Identifier: GPL-3.0-or-later
// reelmill-worker STAGE.json --out ATTEMPT_DIR: does one stage in one walk over the media. See graph/stage.h.
#include <malloc.h>
#include <sys/prctl.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string_view>

#include "av/failure.h"
#include "base/disk.h"
#include "base/sandbox.h"
#include "exec/walks.h"

namespace reelmill {

namespace {
SandboxPlan sandbox_of(Stage const& stage, std::filesystem::path const& attempt) {
  SandboxPlan plan;
  plan.writable.push_back(attempt);
  if (auto const source = source_of(stage); !source.empty()) plan.readable.emplace_back(source);
  if (auto const* video = std::get_if<VideoStage>(&stage))
    for (auto const& asset : assets_of(*video)) plan.readable.emplace_back(asset);
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
    Result<void> operator()(MuxStage const& s) const { return walk_mux(s, attempt, reporter); }
    Result<void> operator()(ProbeStage const& s) const { return walk_probe(s, attempt, reporter); }
  };
  return std::visit(Walks{attempt, reporter}, stage);
}

Result<void> work(std::filesystem::path const& stage_file, std::filesystem::path const& attempt, Reporter& reporter) {
  auto const stage = TRY(parse_stage(TRY(read_file(stage_file))));
  reporter.sandbox(TRY(enter_sandbox(sandbox_of(stage, attempt))));
  try {
    return walk(stage, attempt, reporter);
  } catch (std::bad_alloc const&) {
    return Error{.kind = ErrorKind::full, .what = "out of memory; lower --jobs or raise --memory"};
  } catch (std::exception const& problem) {
    return Error{.kind = ErrorKind::bug, .what = problem.what()};
  }
}
}  // namespace

}  // namespace reelmill

int main(int count, char** arguments) {
  if (count != 4 || std::string_view(arguments[2]) != "--out") {
    std::fputs("usage: reelmill-worker STAGE.json --out FOLDER\nreelmill starts it; see reelmill --help\n", stderr);
    return 64;
  }
  reelmill::av::tell_errors_only();
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
