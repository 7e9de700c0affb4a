// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/receipt.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/disk.h"
#include "base/hash.h"

namespace reelmill {

namespace {
constexpr int receipt_version = 1;

Result<void> write_unsynced(std::filesystem::path const& file, std::string const& text) {
  auto part = file;
  part += ".part";
  std::ofstream out(part, std::ios::binary);
  out << text;
  out.close();
  if (!out || std::rename(part.c_str(), file.c_str()) != 0)
    return Error{ErrorKind::failed, fmt::format("writing the receipt '{}': the disk does not take it", file.string())};
  return {};
}
}  // namespace

Receipt::Receipt(Project const& project, Builds const& builds)
    : began_(wall_seconds()), began_steady_(steady_seconds()), builds_(builds) {
  project_ = {{"name", project.name}, {"file", project.file.string()}};
  if (auto const hash = project.file.empty() ? Result<std::string>(std::string()) : sha256_of_file(project.file); hash)
    project_["sha256"] = *hash;
}

std::shared_ptr<Receipt> Receipt::open(Project const& project, Builds const& builds, Events& events) {
  std::shared_ptr<Receipt> const receipt(new Receipt(project, builds));
  events.subscribe([receipt](Event const& event) { receipt->take(event); });
  return receipt;
}

void Receipt::planned(SourcePlan const& plan) {
  auto& source = sources_[plan.source.string()];
  if (source.is_null()) source = {{"path", plan.source.string()}, {"notes", plan.notes}, {"stages", Json::object()}};
  source["notes"] = plan.notes;
  auto& stages = source["stages"];
  for (auto const& stage : plan.stages) {
    auto& known = stages[stage.id];
    if (!known.is_null() && known.at("state") != name_of(StageState::waiting)) continue;
    known = {{"state", name_of(stage.state)}, {"reason", stage.reason},
             {"tasks", stage.tasks},          {"units", stage.units},
             {"made", stage.keys.size()},     {"reused", stage.units - std::min(stage.units, stage.keys.size())}};
  }
}

void Receipt::published(SourcePlan const& plan, PlannedOutput const& output, Published const& published) {
  outputs_.push_back({{"path", output.file},
                      {"source", plan.source.string()},
                      {"export", output.target->name},
                      {"key", output.key},
                      {"bytes", published.bytes},
                      {"sha256", published.sha256},
                      {"was_there", published.was_there}});
  if (published.loudness) outputs_.back()["loudness"] = *published.loudness;
}

void Receipt::take(Event const& event) {
  std::visit(Overloaded{[&](StageStarted const& it) {
                          auto& work = work_[it.id];
                          work.label = it.label;
                          work.walk = it.walk;
                          ++work.attempts;
                        },
                        [&](UnitDone const& it) { ++work_[it.id].units; },
                        [&](StageFinished const& it) {
                          auto& work = work_[it.id];
                          work.seconds = it.seconds;
                          work.cpu_seconds = it.cpu_seconds;
                          work.peak_memory = it.peak_memory;
                          work.is_done = true;
                        },
                        [&](AttemptFailed const& it) {
                          retries_.push_back({{"id", it.id},
                                              {"label", it.label},
                                              {"kind", name_of(it.kind)},
                                              {"what", it.what},
                                              {"tried_again", it.will_retry}});
                        },
                        [&](SourceFailed const& it) {
                          failures_.push_back({{"source", it.source}, {"kind", name_of(it.kind)}, {"what", it.what}});
                        },
                        [&](Warning const& it) {
                          warnings_.push_back({{"id", it.id}, {"what", it.what}});
                        },
                        [&](Delivered const& it) {
                          delivered_.push_back({{"path", it.path}, {"from", it.from}, {"bytes", it.bytes}});
                        },
                        [](auto const&) {}},
             event.what);
}

Json Receipt::counts() const {
  std::size_t made = 0, reused = 0;
  for (auto const& [path, source] : sources_)
    for (auto const& [id, stage] : source.at("stages").items()) {
      made += stage.at("made").get<std::size_t>();
      reused += stage.at("reused").get<std::size_t>();
    }
  return {{"units_made", made}, {"units_reused", reused}, {"workers", work_.size()}};
}

Result<void> Receipt::write(std::filesystem::path const& file, Result<void> const& outcome) const {
  auto sources = Json::array(), work = Json::array();
  for (auto const& [path, source] : sources_) sources.push_back(source);
  for (auto const& [id, it] : work_)
    work.push_back({{"id", id},
                    {"label", it.label},
                    {"walk", it.walk},
                    {"attempts", it.attempts},
                    {"units", it.units},
                    {"done", it.is_done},
                    {"seconds", it.seconds},
                    {"cpu_seconds", it.cpu_seconds},
                    {"peak_memory", it.peak_memory}});
  Json error;
  if (!outcome) error = {{"kind", name_of(outcome.error().kind)}, {"what", outcome.error().text()}};
  Json const receipt{{"receipt", receipt_version}, {"began", utc_time(began_)}, {"seconds", steady_seconds() - began_steady_},
                     {"ok", outcome.has_value()},  {"error", std::move(error)}, {"project", project_},
                     {"libraries", builds_},       {"counts", counts()},        {"sources", std::move(sources)},
                     {"work", std::move(work)},    {"retries", retries_},       {"failures", failures_},
                     {"warnings", warnings_},      {"outputs", outputs_},       {"delivered", delivered_}};
  auto const text = receipt.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  TRY(make_folders(file.parent_path()));
  return has_work() ? write_file_atomically(file, text) : write_unsynced(file, text);
}

}  // namespace reelmill
