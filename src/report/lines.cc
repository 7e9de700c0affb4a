// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "base/text.h"

namespace reelmill {
namespace {

constexpr int label_columns = 28, shortest_bar = 8, longest_bar = 30;

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

std::string bar(double fraction, int columns, Letters letters) {
  auto filled = static_cast<int>(std::lround(fraction * columns));
  std::string text;
  for (int i = 0; i < columns; ++i) {
    if (letters == Letters::ascii)
      text += i < filled ? '#' : '-';
    else
      text += i < filled ? "━" : "─";
  }
  return text;
}

std::string amount(double value, std::string_view unit) {
  if (unit == "seconds") return clock_text(value);
  if (unit == "bytes") return human_bytes(static_cast<std::int64_t>(value));
  return fmt::format("{:.0f}", value);
}

std::string how_much(Meter const& meter) {
  auto name = meter.unit == "seconds" || meter.unit == "bytes" ? std::string() : " " + meter.unit;
  if (meter.total <= 0) return amount(meter.done, meter.unit) + name;
  return fmt::format("{}/{}{}", amount(meter.done, meter.unit), amount(meter.total, meter.unit), name);
}

std::string named(std::string_view label, std::string_view text) {
  return label.empty() ? std::string(text) : fmt::format("{}: {}", label, text);
}

std::string megabytes(std::int64_t bytes) { return fmt::format("{:.2f} MB", static_cast<double>(bytes) / 1e6); }

}  // namespace

int columns_of(std::string_view text) { return static_cast<int>(std::count_if(text.begin(), text.end(), begins_character)); }

std::string clipped(std::string_view text, int columns, Letters letters) {
  if (columns <= 0) return {};
  if (columns_of(text) <= columns) return std::string(text);
  int seen = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end)
    if (begins_character(text[end]) && ++seen == columns) break;
  return std::string(text.substr(0, end)) + (letters == Letters::ascii ? "." : "…");
}

std::string sentence(Happening const& what, Letters letters) {
  std::string_view tick = letters == Letters::ascii ? "ok" : "✓", cross = letters == Letters::ascii ? "!!" : "✗";
  return printable(std::visit(
      Overloaded{
          [&](RunStarted const& e) {
            auto memory = e.memory > 0 ? fmt::format(", up to {} of memory", human_bytes(e.memory)) : std::string();
            return fmt::format("{}: {} at a time{}", e.project, e.jobs, memory);
          },
          [&](StageQueued const&) { return std::string(); },
          [&](StageStarted const& e) { return fmt::format("{}: started", e.label); },
          [&](Progress const&) { return std::string(); }, [&](UnitDone const&) { return std::string(); },
          [&](StageFinished const& e) {
            return fmt::format("{}: done in {} ({} of processor time, at most {} of memory)", e.label, human_duration(e.seconds),
                               human_duration(e.cpu_seconds), human_bytes(e.peak_memory));
          },
          [&](AttemptFailed const& e) {
            return fmt::format("{} {}: {}{}", cross, e.label, e.what, e.will_retry ? "; trying again" : "");
          },
          [&](SourceFailed const& e) { return fmt::format("{} {} is given up: {}", cross, e.source, e.what); },
          [&](Warning const& e) { return named(e.label.empty() ? e.id : e.label, fmt::format("warning: {}", e.what)); },
          [&](OutputWritten const& e) {
            auto frames = e.frames > 0 ? fmt::format(", {} frame{}", e.frames, e.frames == 1 ? "" : "s") : std::string();
            auto sound = e.loudness ? "; " + text_of(*e.loudness) : std::string();
            return fmt::format("  {} {} ({}, {:.2f} s{}{})", tick, named(e.export_name, e.path), megabytes(e.bytes), e.duration,
                               frames, sound);
          },
          [&](Delivered const& e) { return fmt::format("  {} delivered: {} ({})", tick, e.path, megabytes(e.bytes)); },
          [&](SidecarWritten const& e) { return fmt::format("  {} {} ({})", tick, e.path, human_bytes(e.bytes)); },
          [&](SoundMeasured const& e) { return fmt::format("  {} {}: {}", tick, e.source, text_of(e.measurement.figures)); },
          [&](RunFinished const& e) {
            return fmt::format("{} {} {}", e.ok ? tick : cross, e.ok ? "done in" : "stopped after", human_duration(e.seconds));
          }},
      what));
}

std::string meter_line(Meter const& meter, int width, Letters letters) {
  auto label = clipped(printable(meter.label), std::min(label_columns, width), letters);
  label += std::string(static_cast<std::size_t>(std::max(0, std::min(label_columns, width) - columns_of(label))), ' ');

  std::vector<std::string> parts{how_much(meter)};
  if (auto left = meter.seconds_left()) parts.push_back("ETA " + clock_text(*left));
  if (auto speed = meter.speed()) parts.push_back(fmt::format("{:.2f}{}", *speed, letters == Letters::ascii ? "x" : "×"));
  if (meter.unit == "frames" && meter.rate > 0) parts.push_back(fmt::format("{:.1f} fps", meter.rate));
  auto joined = [](std::vector<std::string> const& all) {
    std::string text;
    for (auto const& part : all) text += "  " + part;
    return text;
  };
  int room = width - columns_of(label);
  while (!parts.empty() && columns_of(joined(parts)) > room) parts.pop_back();
  if (parts.size() > 1) std::rotate(parts.begin() + 1, parts.begin() + 2, parts.end());  // ETA is kept longest, but shown last
  auto tail = joined(parts);

  auto fraction = meter.fraction();
  int columns = std::min(longest_bar, room - columns_of(tail) - 2);
  auto middle = fraction && columns >= shortest_bar ? "  " + bar(*fraction, columns, letters) : std::string();
  return label + middle + tail;
}

std::string summary_line(Meters const& meters, double seconds, int width) {
  return clipped(fmt::format("{} of {} stages done  {}", meters.finished(), meters.queued(), clock_text(seconds)), width,
                 Letters::ascii);
}

}  // namespace reelmill
