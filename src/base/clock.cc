// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>

namespace reelmill {
namespace {

struct Broken {
  std::tm parts{};
  int milliseconds = 0;
};

Broken broken_down(double wall) {
  auto total = static_cast<std::int64_t>(std::floor(wall * 1000));
  auto seconds = static_cast<std::time_t>(total / 1000);
  Broken broken;
  broken.milliseconds = static_cast<int>(total % 1000);
  gmtime_r(&seconds, &broken.parts);
  return broken;
}

std::string laid_out(double wall, char const* date, char const* separator, char const* time) {
  auto [parts, milliseconds] = broken_down(wall);
  char day[32], hour[32];
  std::strftime(day, sizeof day, date, &parts);
  std::strftime(hour, sizeof hour, time, &parts);
  return fmt::format("{}{}{}.{:03}Z", day, separator, hour, milliseconds);
}

}  // namespace

double steady_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double wall_seconds() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string utc_time(double wall) { return laid_out(wall, "%Y-%m-%d", "T", "%H:%M:%S"); }

std::string utc_file_name(double wall) { return laid_out(wall, "%Y%m%d", "T", "%H%M%S"); }

std::string clock_text(double seconds) {
  auto whole = static_cast<std::int64_t>(std::llround(std::max(0.0, seconds)));
  auto hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, rest) : fmt::format("{}:{:02}", minutes, rest);
}

}  // namespace reelmill
