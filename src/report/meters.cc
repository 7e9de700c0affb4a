// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/meters.h"

#include <algorithm>

#include "base/text.h"

namespace reelmill {
namespace {

// Long enough that a slow frame does not make the numbers jump, short enough to follow a change of scene.
constexpr double rate_window = 10;

}  // namespace

std::optional<double> Meter::fraction() const {
  if (total <= 0) return std::nullopt;
  return std::clamp(done / total, 0.0, 1.0);
}

std::optional<double> Meter::speed() const {
  if (rate <= 0) return std::nullopt;
  if (unit == "seconds") return rate;
  if (media_seconds <= 0 || total <= 0) return std::nullopt;
  return rate * media_seconds / total;
}

std::optional<double> Meter::seconds_left() const {
  if (rate <= 0 || total <= 0) return std::nullopt;
  return std::max(0.0, total - done) / rate;
}

Meter* Meters::find(std::string const& id) {
  auto found = std::find_if(running_.begin(), running_.end(), [&](Meter const& meter) { return meter.id == id; });
  return found == running_.end() ? nullptr : &*found;
}

Meter const* Meters::running(std::string const& id) const { return const_cast<Meters*>(this)->find(id); }

void Meters::take(Event const& event) {
  auto end = [&](std::string const& id) { std::erase_if(running_, [&](Meter const& meter) { return meter.id == id; }); };
  if (std::holds_alternative<StageQueued>(event.what)) ++queued_;
  if (auto const* it = std::get_if<StageStarted>(&event.what)) {
    end(it->id);
    Meter meter;
    meter.id = it->id;
    meter.label = printable(it->label);
    meter.total = it->total;
    meter.media_seconds = it->media_seconds;
    meter.started = meter.base_time = event.time;
    running_.push_back(std::move(meter));
  }
  if (auto const* it = std::get_if<Progress>(&event.what)) {
    auto* meter = find(it->id);
    if (!meter) return;
    meter->done = it->done;
    if (it->total > 0) meter->total = it->total;
    meter->unit = it->unit;
    auto passed = event.time - meter->base_time;
    if (passed > 0) meter->rate = (meter->done - meter->base) / passed;
    if (passed > rate_window) {
      // The window slides by halves: the base moves to a point from which the rate would be the same.
      meter->base_time += passed / 2;
      meter->base += (meter->done - meter->base) / 2;
    }
  }
  if (auto const* it = std::get_if<StageFinished>(&event.what)) {
    ++finished_;
    end(it->id);
  }
  if (auto const* it = std::get_if<AttemptFailed>(&event.what)) end(it->id);
}

}  // namespace reelmill
