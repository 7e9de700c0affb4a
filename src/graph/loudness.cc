// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/loudness.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "graph/loudness_fields.h"

namespace reelmill {

namespace {
constexpr double absolute_gate = -70, relative_gate = -10;  // LUFS; LU below the mean of what the absolute gate lets through
constexpr double offset = -0.691;                           // LUFS of a mean square of 1

double energy_of(double loudness) { return std::pow(10, (loudness - offset) / 10); }
double loudness_of(double energy) { return offset + 10 * std::log10(energy); }

// Of the blocks at or above a gate.
std::optional<double> mean_loudness(LoudnessBlocks const& blocks, double gate) {
  double energy = 0;
  std::int64_t count = 0;
  for (auto const& [hundredths, times] : blocks) {
    double const loudness = hundredths / 100.0;
    if (loudness < gate) continue;
    energy += energy_of(loudness) * static_cast<double>(times);
    count += times;
  }
  if (count == 0) return std::nullopt;
  return loudness_of(energy / static_cast<double>(count));
}

std::string figure(std::optional<double> const& value, std::string_view unit) {
  return value ? fmt::format("{:.1f} {}", *value, unit) : fmt::format("no {}", unit);
}
}  // namespace

std::optional<double> integrated_of(LoudnessBlocks const& blocks) {
  auto const loud = mean_loudness(blocks, absolute_gate);
  return loud ? mean_loudness(blocks, std::max(absolute_gate, *loud + relative_gate)) : loud;
}

void add_blocks(LoudnessBlocks& sum, LoudnessBlocks const& more) {
  for (auto const& [hundredths, times] : more) sum[hundredths] += times;
}

std::string text_of(LoudnessFigures const& figures) {
  return fmt::format("{}, {}, {}", figure(figures.integrated, "LUFS"), figure(figures.true_peak, "dBTP"),
                     figure(figures.range, "LU"));
}

std::string text_of(LoudnessResult const& result) {
  auto text = fmt::format("{}, {}", figure(result.after.integrated, "LUFS"), figure(result.after.true_peak, "dBTP"));
  if (result.mode == "skipped") return text + ", left as loud as it was";
  text += fmt::format(", {:+.1f} dB {}", result.gain, result.mode);
  if (result.limited > 0) text += fmt::format(" by up to {:.1f} dB for {:.1f} s", result.limited, result.limited_time);
  return text;
}

void to_json(Json& json, LoudnessFigures const& figures) { write(json, figures); }
void to_json(Json& json, LoudnessResult const& result) { write(json, result); }
void from_json(Json const& json, LoudnessResult& result) { read(json, result); }

void to_json(Json& json, Measurement const& measurement) {
  auto blocks = Json::array();
  for (auto const& [hundredths, times] : measurement.blocks) blocks.push_back({hundredths, times});
  json = {{"figures", measurement.figures}, {"seconds", measurement.seconds}, {"blocks", std::move(blocks)}};
}

void from_json(Json const& json, Measurement& measurement) {
  read_member(json, "figures", measurement.figures);
  read_member(json, "seconds", measurement.seconds);
  measurement.blocks.clear();
  for (auto const& row : member_in(json, "blocks"))
    measurement.blocks[row.at(0).get<std::int32_t>()] += row.at(1).get<std::int64_t>();
}

}  // namespace reelmill
