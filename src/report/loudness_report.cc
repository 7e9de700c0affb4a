// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/loudness_report.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {

Json number(std::optional<double> const& value) { return value ? Json(*value) : Json(); }

std::string figure(std::optional<double> const& value, std::string_view format = "{:.1f}") {
  return value ? fmt::format(fmt::runtime(format), *value) : "–";
}

using Row = std::array<std::string, 8>;

Row row_of(LoudnessReport::File const& file) {
  auto const after = file.after.value_or(LoudnessFigures());
  auto const name = printable(file.path.filename().string());
  if (!file.error.empty()) return {name, "", "", "", "", "", "", ""};
  return {name,
          figure(file.before.integrated),
          figure(file.before.true_peak),
          figure(file.before.range),
          file.mode.empty() ? "" : figure(file.gain, "{:+.1f}"),
          file.mode.empty() ? "" : figure(after.integrated),
          file.mode.empty() ? "" : figure(after.true_peak),
          file.mode};
}

// Names to the left, figures to the right.
std::string line_of(Row const& row, std::array<int, 8> const& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (widths[i] == 0) continue;
    std::string const room(static_cast<std::size_t>(widths[i] - columns_of(row[i])), ' ');
    if (i > 0) line += "  ";
    line += i == 0 || i + 1 == row.size() ? row[i] + room : room + row[i];
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

Json json_of(LoudnessReport const& report) {
  auto files = Json::array();
  for (auto const& file : report.files) {
    Json json{{"path", file.path.string()},   {"output", file.output.empty() ? Json() : Json(file.output.string())},
              {"before", file.before},        {"after", file.after ? Json(*file.after) : Json()},
              {"gain_db", number(file.gain)}, {"mode", file.mode.empty() ? Json() : Json(file.mode)},
              {"notes", file.notes},          {"error", file.error.empty() ? Json() : Json(file.error)}};
    files.push_back(std::move(json));
  }
  Json json{{"files", std::move(files)}};
  if (report.album)
    json["album"] = {{"integrated", number(report.album->integrated)}, {"true_peak", number(report.album->true_peak)}};
  return json;
}

std::string loudness_table(LoudnessReport const& report, Style const& style) {
  bool const is_made = std::any_of(report.files.begin(), report.files.end(), [](auto const& file) { return !file.mode.empty(); });
  std::string const arrow = style.letters == Letters::ascii ? "->" : "→";
  std::vector<Row> rows{{"file", "LUFS", "dBTP", "LU", is_made ? "dB" : "", is_made ? arrow + " LUFS" : "", is_made ? "dBTP" : "",
                         is_made ? "mode" : ""}};
  for (auto const& file : report.files) rows.push_back(row_of(file));
  if (report.album) {
    LoudnessReport::File const all{"all together", {}, *report.album};
    rows.push_back(row_of(all));
  }
  std::array<int, 8> widths{};
  for (auto const& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  auto text = line_of(rows.front(), widths);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    text += line_of(rows[i], widths);
    if (i > report.files.size()) continue;
    auto const& file = report.files[i - 1];
    if (!file.error.empty()) text += fmt::format("  error: {}\n", printable(file.error));
    for (auto const& note : file.notes) text += fmt::format("  {}\n", printable(note));
  }
  return text;
}

}  // namespace reelmill
