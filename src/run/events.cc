// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/events.h"

#include <array>
#include <utility>

#include "base/clock.h"

namespace reelmill {
namespace {

constexpr double progress_interval = 0.1;

constexpr std::array<std::string_view, std::variant_size_v<Happening>> names{
    "run_started",   "stage_queued", "stage_started",  "progress",  "unit_done",      "stage_finished", "attempt_failed",
    "source_failed", "warning",      "output_written", "delivered", "sidecar_written", "sound_measured", "run_finished"};

Json members(RunStarted const& e) { return {{"project", e.project}, {"jobs", e.jobs}, {"memory", e.memory}}; }
Json members(StageQueued const& e) {
  return {{"id", e.id}, {"label", e.label}, {"walk", e.walk}, {"total", e.total}, {"media_seconds", e.media_seconds}};
}
Json members(StageStarted const& e) {
  return {{"id", e.id},      {"label", e.label}, {"walk", e.walk}, {"total", e.total}, {"media_seconds", e.media_seconds},
          {"fence", e.fence}};
}
Json members(Progress const& e) { return {{"id", e.id}, {"done", e.done}, {"total", e.total}, {"unit", e.unit}}; }
Json members(UnitDone const& e) { return {{"id", e.id}, {"key", e.key}}; }
Json members(StageFinished const& e) {
  return {
      {"id", e.id}, {"label", e.label}, {"seconds", e.seconds}, {"cpu_seconds", e.cpu_seconds}, {"peak_memory", e.peak_memory}};
}
Json members(AttemptFailed const& e) {
  return {{"id", e.id},     {"label", e.label},           {"kind", std::string(name_of(e.kind))},
          {"what", e.what}, {"will_retry", e.will_retry}, {"details", e.details}};
}
Json members(SourceFailed const& e) { return {{"source", e.source}, {"kind", std::string(name_of(e.kind))}, {"what", e.what}}; }
Json members(Warning const& e) { return {{"id", e.id}, {"what", e.what}}; }
Json members(OutputWritten const& e) {
  Json json{{"path", e.path}, {"bytes", e.bytes}, {"duration", e.duration}, {"frames", e.frames}, {"export", e.export_name}};
  if (e.loudness) json["loudness"] = *e.loudness;
  return json;
}
Json members(Delivered const& e) { return {{"path", e.path}, {"from", e.from}, {"bytes", e.bytes}}; }
Json members(SidecarWritten const& e) { return {{"path", e.path}, {"bytes", e.bytes}}; }
Json members(SoundMeasured const& e) {
  return {{"source", e.source}, {"figures", e.measurement.figures}, {"seconds", e.measurement.seconds}};
}
Json members(RunFinished const& e) { return {{"ok", e.ok}, {"seconds", e.seconds}}; }

}  // namespace

std::string_view name_of(Happening const& what) { return names[what.index()]; }

Json json_of(Event const& event) {
  Json json{{"event", std::string(name_of(event.what))}, {"n", event.n}, {"time", utc_time(event.time)}};
  json.update(std::visit([](auto const& happening) { return members(happening); }, event.what));
  return json;
}

void Events::subscribe(std::function<void(Event const&)> listener) { listeners_.push_back(std::move(listener)); }

void Events::emit(Happening what) {
  if (auto const* progress = std::get_if<Progress>(&what)) {
    auto now = steady_seconds();
    auto& last = last_progress_[progress->id];
    bool complete = progress->total > 0 && progress->done >= progress->total;
    if (!complete && now - last < progress_interval) return;
    last = now;
  }
  if (auto const* finished = std::get_if<StageFinished>(&what)) last_progress_.erase(finished->id);
  Event event{next_++, wall_seconds(), std::move(what)};
  for (auto const& listener : listeners_) listener(event);
}

}  // namespace reelmill
