// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/engine.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/text.h"
#include "plan/encoders.h"
#include "plan/estimates.h"
#include "plan/transcript_stage.h"
#include "run/cache_care.h"
#include "run/film_memo.h"
#include "run/made_records.h"
#include "run/publisher.h"
#include "run/receipt.h"
#include "run/room.h"
#include "run/scheduler.h"
#include "run/sidecars.h"
#include "run/worker_builds.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {
constexpr int longest_batch = 8;
constexpr std::int64_t least_room = 1 << 20;  // made when a disk was full, besides what the plan expects

int cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return 1;
}

std::int64_t half_of_memory() { return static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) / 2; }

class Engine {
 public:
  Engine(Project const& project, Store& store, Workspace const& workspace, Events& events, Receipt& receipt,
         EngineOptions const& options)
      : project_(project),
        store_(store),
        workspace_(workspace),
        known_(known_to(store, project)),
        memo_(project, options.plan, store),
        publisher_(project, store, events),
        events_(events),
        receipt_(receipt),
        options_(options) {}

  Result<void> check_outputs(std::vector<std::filesystem::path> const& sources) const {
    for (auto const& source : sources)
      for (auto const& target : project_.exports) TRY(publisher_.check(TRY(output_of(project_, source, target))));
    return {};
  }

  Result<std::vector<Work>> begin(std::vector<std::filesystem::path> const& sources) {
    std::vector<Work> works;
    std::vector<Need> needs;
    for (auto const& source : sources) {
      sources_.push_back({source});
      auto more = TRY(advance_or_fail(sources_.size() - 1));
      std::move(more.begin(), more.end(), std::back_inserter(works));
      needs.insert(needs.end(), sources_.back().needs.begin(), sources_.back().needs.end());
    }
    TRY(check_room(needs));
    return works;
  }

  Result<std::vector<Work>> finished(Work const& work) {
    auto const at = owners_.at(work.id);
    auto& open = sources_[at].open;
    open.erase(work.id);
    if (!open.empty() || sources_[at].failure) return std::vector<Work>{};
    auto works = TRY(advance_or_fail(at));
    TRY(check_room(sources_[at].needs));
    return works;
  }

  // Whether the other sources can go on.
  bool failed(Work const& work, Error const& error) {
    if (concerns_all(error)) return false;
    fail(owners_.at(work.id), error);
    return true;
  }

  // Whether the disk was too small for what the work's source may still write, and something could be evicted instead.
  bool make_room(Work const& work) {
    std::int64_t least = 0;
    for (auto const& need : sources_[owners_.at(work.id)].needs) least += need.bytes;
    auto const wanted = least_room + static_cast<std::int64_t>(static_cast<double>(least) / surely);
    auto const free = free_space(workspace_.cache());
    if (!free || *free >= wanted || !store_.settle()) return false;
    auto const evicted = reelmill::make_room(workspace_.cache(), wanted - *free);
    if (!evicted || evicted->units == 0) return false;
    events_.emit(Warning{work.id,
                         fmt::format("the disk was full: {} units of the cache that were used longest ago are gone ({})",
                                     evicted->units, human_bytes(evicted->bytes)),
                         work.label});
    return true;
  }

  Result<void> end() {
    std::vector<Source const*> failures;
    for (auto const& source : sources_)
      if (!source.is_published) failures.push_back(&source);
    auto written = publisher_.write_manifest();
    if (failures.empty()) return written;
    if (failures.size() == 1) {
      auto error = why(*failures.front());
      if (sources_.size() == 1) return error;
      return std::move(error).with_note(fmt::format(
          "the other {} finished", sources_.size() == 2 ? "source is" : fmt::format("{} sources are", sources_.size() - 1)));
    }
    Error all{.kind = why(*failures.front()).kind,
              .what = fmt::format("{} of {} sources failed{}", failures.size(), sources_.size(),
                                  failures.size() < sources_.size() ? ", the others are finished" : "")};
    for (auto const* const source : failures) {
      auto const error = why(*source);
      if (error.kind != all.kind) all.kind = ErrorKind::failed;
      all.what += fmt::format("\n  {}: {}", printable(source->path.filename().string()), error.text());
    }
    return all;
  }

 private:
  struct Source {
    std::filesystem::path path;
    std::set<std::string> open{};  // works not finished
    std::set<std::string> told{};  // notes of its plans
    std::optional<Error> failure{};
    std::vector<Need> needs{};
    bool was_looked_up = false, is_published = false;
    bool was_there = true;  // nothing of it had to be made or written
  };

  // What would stop the next source as well; anything else concerns one source, and the others are finished.
  static bool concerns_all(Error const& error) {
    return error.kind == ErrorKind::full || error.kind == ErrorKind::cancelled || error.kind == ErrorKind::project;
  }

  void fail(std::size_t at, Error const& error) {
    auto& source = sources_[at];
    if (source.failure) return;
    source.failure = error;
    events_.emit(SourceFailed{source.path.filename().string(), error.kind, error.text()});
  }

  static Error why(Source const& source) {
    if (source.failure) return *source.failure;
    return Error{
        .kind = ErrorKind::failed,
        .what = fmt::format("{}: {} works of it never ended; run again", source.path.filename().string(), source.open.size())};
  }

  Result<std::vector<Work>> advance_or_fail(std::size_t at) {
    auto works = advance(at);
    if (works || concerns_all(works.error())) return works;
    fail(at, works.error());
    return std::vector<Work>{};
  }

  Result<std::vector<Work>> advance(std::size_t at) {
    auto& source = sources_[at];
    if (!std::exchange(source.was_looked_up, true))
      if (auto const plan = memo_.recall(source.path)) {
        receipt_.planned(*plan);
        if (TRY(publish(source, *plan))) return std::vector<Work>{};
      }
    auto const stamp = stamp_of(source.path);
    auto planned = plan_source(project_, source.path, known_, options_.plan);
    if (!planned) return std::move(planned).error().with_note("while planning " + source.path.filename().string());
    auto const& plan = *planned;
    receipt_.planned(plan);
    for (auto const& note : plan.notes)
      if (source.told.insert(note).second) events_.emit(Warning{plan.name, note});
    std::vector<Work> works;
    for (auto const& stage : plan.stages)
      if (stage.stage) add_works(stage, plan, works);
    for (auto& work : works) {
      if (stamp && source_of(work.stage) == source.path.string()) work.stamp = *stamp;
      // Sources with the same picture or sound have works with the same keys, and each waits for its own.
      work.id += fmt::format(" {}", at);
      work.group = std::to_string(at);
      owners_[work.id] = at;
      source.open.insert(work.id);
    }
    source.was_there &= works.empty();
    source.needs = works.empty() ? std::vector<Need>() : needs_of(project_, plan, store_, workspace_.cache());
    if (works.empty()) {
      if (!TRY(publish(source, plan))) return advance(at);
      TRY(memo_.remember(plan));
    }
    return works;
  }

  // False: a film was found damaged when it was read, and is gone; it has to be planned anew.
  Result<bool> publish(Source& source, SourcePlan const& plan) {
    if (!TRY(publisher_.tell_loudness(plan))) return false;
    for (auto const& output : plan.outputs) {
      auto const tried = publisher_.publish(plan, output);
      if (!tried && !store_.has(output.key)) return false;
      auto const published = TRY(tried);
      receipt_.published(plan, output, published);
      source.was_there &= published.was_there;
    }
    for (auto const& sidecar : plan.sidecars) {
      bool const was_there = TRY(write_sidecar(store_, project_, sidecar));
      if (!was_there) events_.emit(SidecarWritten{sidecar.file, static_cast<std::int64_t>(sidecar.text.size())});
      source.was_there &= was_there;
    }
    source.is_published = true;
    if (source.was_there) return true;
    auto explained = options_.plan;
    explained.explain = true;
    TRY(remember_made(store_, project_, TRY(plan_source(project_, source.path, known_, explained)), wall_seconds()));
    return true;
  }

  void add_works(PlannedStage const& planned, SourcePlan const& plan, std::vector<Work>& works) const {
    Work work{.id = planned.id + " " + planned.keys.front(),
              .label = planned.id + " " + plan.name,
              .stage = *planned.stage,
              .cost = planned.cost,
              .memory = planned.memory,
              .total = planned.total,
              .keys = planned.keys,
              .media_seconds = planned.media_seconds};
    if (auto* const transcript = std::get_if<TranscriptStage>(&work.stage))
      transcript->threads = std::min(options_.jobs, most_windows_at_once);
    auto const* render = std::get_if<VideoStage>(&*planned.stage);
    if (!render) {
      works.push_back(std::move(work));
      return;
    }
    auto const chunks = render->chunks.size();
    auto const by_length = std::clamp<std::size_t>(chunks / static_cast<std::size_t>(8 * options_.jobs), 1, longest_batch);
    auto const parts = batches(*render, options_.batch > 0 ? static_cast<std::size_t>(options_.batch) : by_length);
    std::size_t first = 1;
    for (auto const& part : parts) {
      Work batch = work;
      auto const last = first + part.chunks.size() - 1;
      batch.keys = unit_keys(part);
      batch.id = planned.id + " " + batch.keys.front();
      batch.label = last > first ? fmt::format("render {} {}–{}/{}", plan.name, first, last, chunks)
                                 : fmt::format("render {} {}/{}", plan.name, first, chunks);
      batch.total = 0;
      for (auto const& chunk : part.chunks) batch.total += static_cast<double>(chunk.shown());
      double const share = planned.total > 0 ? batch.total / planned.total : 0;
      batch.cost = planned.cost * share;
      batch.media_seconds = planned.media_seconds * share;
      batch.stage = part;
      works.push_back(std::move(batch));
      first = last + 1;
    }
    if (options_.jobs > 1) split_last(works, works.size() - parts.size());
  }

  // The cheapest batch is rendered last, when no other is left for the other cores: its heaviest encode goes to a worker of
  // its own, which costs one more decode and saves the wait for it.
  static void split_last(std::vector<Work>& works, std::size_t first) {
    auto const last = std::min_element(works.begin() + static_cast<std::ptrdiff_t>(first), works.end(),
                                       [](Work const& a, Work const& b) { return a.cost < b.cost; });
    auto const& stage = std::get<VideoStage>(last->stage);
    std::map<std::string, double> seconds;
    for (auto const& node : stage.nodes)
      if (auto const* encode = std::get_if<EncodeNode>(&node)) seconds[encode->id] = encoder_seconds(*encode);
    std::string heaviest;
    for (auto const& [node, cost] : seconds)
      if (heaviest.empty() || cost > seconds[heaviest]) heaviest = node;
    std::vector<std::string> mine, others;
    for (auto const& chunk : stage.chunks)
      for (auto const& unit : chunk.wanted) (unit.node == heaviest ? mine : others).push_back(unit.key);
    if (mine.empty() || others.empty()) return;
    Work rest = *last;
    rest.stage = narrow_stage(stage, others);
    rest.keys = std::move(others);
    rest.id += " rest";
    rest.cost /= 2;
    last->stage = narrow_stage(stage, mine);
    last->keys = std::move(mine);
    last->cost /= 2;
    last->label += " " + heaviest;
    works.push_back(std::move(rest));
  }

  Project const& project_;
  Store& store_;
  Workspace const& workspace_;
  Known known_;
  FilmMemo memo_;
  Publisher publisher_;
  Events& events_;
  Receipt& receipt_;
  EngineOptions const& options_;
  std::vector<Source> sources_;
  std::map<std::string, std::size_t> owners_;
};
}  // namespace

EngineOptions settled(EngineOptions options) {
  if (options.jobs <= 0) options.jobs = cores();
  if (options.memory <= 0) options.memory = half_of_memory();
  return options;
}

Known known_to(Store& store, Project const& project) {
  return {[&store](std::string const& key) { return store.has(key); },
          [&store](std::string const& key) { return store.result(key); },
          [&store](std::string const& key, std::string_view file) { return store.file(key, file); },
          [&store, &project](std::string const& file) { return has_written(store, project, file); }};
}

Result<void> check_names(Project const& project, std::vector<std::filesystem::path> const& sources) {
  if (project.file.empty()) return {};
  for (auto const& source : sources) {
    std::error_code ignored;
    auto const final_folder = fs::weakly_canonical(project.folder / "02_output" / "final", ignored);
    if (fs::weakly_canonical(source.parent_path(), ignored) == final_folder)
      return Error{
          .kind = ErrorKind::project,
          .what = fmt::format("the source {} lies in 02_output/final, where finished files go; move it", source.string())};
  }
  return {};
}

Result<std::vector<SourcePlan>> plan_project(Project const& project, std::vector<std::filesystem::path> const& sources,
                                             Store& store, PlanOptions options) {
  options.builds = TRY(worker_builds(store));
  auto const known = known_to(store, project);
  std::vector<SourcePlan> plans;
  for (auto const& source : sources) plans.push_back(TRY(plan_source(project, source, known, options)));
  return plans;
}

namespace {
Result<void> work_through(Project const& project, std::vector<std::filesystem::path> const& sources, Store& store,
                          Workspace const& workspace, Events& events, Receipt& receipt, EngineOptions const& options) {
  Engine engine(project, store, workspace, events, receipt, options);
  TRY(engine.check_outputs(sources));
  Scheduler scheduler(
      store, workspace, events,
      {.jobs = options.jobs, .memory = options.memory, .retry = project.retry, .make_room = [&](Work const& work) {
         return engine.make_room(work);
       }});
  TRY(scheduler.run(
      TRY(engine.begin(sources)), [&](Work const& work) { return engine.finished(work); },
      [&](Work const& work, Error const& error) { return engine.failed(work, error); }));
  return engine.end();
}
}  // namespace

Result<void> run_project(Project const& project, std::vector<std::filesystem::path> const& sources, Store& store,
                         Workspace const& workspace, Events& events, EngineOptions options) {
  TRY(check_names(project, sources));
  options.plan.builds = TRY(worker_builds(store));
  auto const receipt = Receipt::open(project, options.plan.builds, events);
  auto const outcome = work_through(project, sources, store, workspace, events, *receipt, options);
  if (options.receipt.empty()) return outcome;
  // What went wrong before is what a person has to know first.
  auto const written = receipt->write(options.receipt, outcome);
  return outcome ? written : outcome;
}

}  // namespace reelmill
