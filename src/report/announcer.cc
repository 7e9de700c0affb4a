// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/announcer.h"

#include <fmt/format.h>

namespace reelmill {

Announcer::Announcer(Events& events, Reporting reporting, std::FILE* out) : out_(out) {
  if (reporting == Reporting::people) {
    if (is_live(out))
      live_.emplace(out, style_for(out));
    else
      plain_.emplace(out, style_for(out));
  }
  events.subscribe([this](Event const& event) { take(event); });
}

void Announcer::take(Event const& event) {
  if (log_) log_->take(event);
  if (live_) return live_->take(event);
  if (plain_) return plain_->take(event);
  fmt::print(out_, "{}\n", json_of(event).dump(-1, ' ', false, Json::error_handler_t::replace));
  std::fflush(out_);
}

}  // namespace reelmill
