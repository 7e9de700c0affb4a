// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/captions_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "captions/clock_text.h"

namespace reelmill {

namespace {

constexpr std::size_t most_lines = 200;  // of findings of one file, for people

double seconds(std::int64_t milliseconds) { return static_cast<double>(milliseconds) / 1000; }

Json json_of(CaptionFinding const& finding) {
  return {{"code", finding.code},         {"caption", finding.cue}, {"from", seconds(finding.from)}, {"to", seconds(finding.to)},
          {"measured", finding.measured}, {"limit", finding.limit}, {"message", finding.message}};
}

Json json_of(CheckedCaptions const& file) {
  auto findings = Json::array();
  for (auto const& finding : file.findings) findings.push_back(json_of(finding));
  bool const is_read = !file.error;
  return {{"file", file.file},
          {"valid", file.is_valid()},
          {"error", is_read ? Json() : Json{{"kind", name_of(file.error->kind)}, {"what", file.error->text()}}},
          {"format", is_read ? Json(name_of(file.read.format)) : Json()},
          {"encoding", is_read ? Json(file.read.encoding) : Json()},
          {"language", file.read.captions.language.empty() ? Json() : Json(file.read.captions.language)},
          {"captions", file.read.captions.cues.size()},
          {"notes", file.read.notes},
          {"findings", std::move(findings)}};
}

Json json_of(CaptionProfile const& profile) {
  return {{"name", profile.name},
          {"line_length", profile.line_length},
          {"lines", profile.lines},
          {"reading_speed", profile.reading_speed},
          {"shortest", seconds(profile.shortest)},
          {"longest", seconds(profile.longest)},
          {"gap_frames", profile.gap_frames}};
}

std::string_view mark(bool is_good, Style const& style) {
  if (style.letters == Letters::ascii) return is_good ? "ok" : "!!";
  return is_good ? "✓" : "✗";
}

}  // namespace

Json json_of(std::vector<CheckedCaptions> const& files, CaptionRules const& rules) {
  auto list = Json::array();
  for (auto const& file : files) list.push_back(json_of(file));
  return {{"profile", json_of(rules.profile)},
          {"rate", to_string(rules.rate)},
          {"duration", rules.length > 0 ? Json(seconds(rules.length)) : Json()},
          {"total", files.size()},
          {"valid", std::count_if(files.begin(), files.end(), [](CheckedCaptions const& file) { return file.is_valid(); })},
          {"files", std::move(list)}};
}

std::string captions_table(std::vector<CheckedCaptions> const& files, CaptionRules const& rules, Style const& style) {
  std::string out;
  std::size_t valid = 0;
  for (auto const& file : files) {
    if (file.is_valid()) ++valid;
    out += fmt::format("{} {}", mark(file.is_valid(), style), printable(file.file));
    if (file.error) {
      out += fmt::format("\n  error: {}\n", printable(file.error->text()));
      continue;
    }
    out += fmt::format("  {}, {}, {} captions\n", name_of(file.read.format), file.read.encoding, file.read.captions.cues.size());
    for (auto const& note : file.read.notes) out += fmt::format("  note: {}\n", printable(note));
    for (std::size_t i = 0; i < std::min(file.findings.size(), most_lines); ++i) {
      auto const& finding = file.findings[i];
      out += fmt::format("  {:>5}  {}  {}\n", finding.cue, caption_clock(finding.from, '.'), printable(finding.message));
    }
    if (file.findings.size() > most_lines)
      out += fmt::format("  and {} more; --json prints all\n", file.findings.size() - most_lines);
  }
  return out + fmt::format("\n{}/{} keep to {}\n", valid, files.size(), rules.profile.name);
}

}  // namespace reelmill
