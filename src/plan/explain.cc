// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/explain.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {
std::string_view mark_of(StageState state) {
  switch (state) {
    case StageState::run:
    case StageState::copy:
      return "●";
    case StageState::cached:
      return "✓";
    case StageState::waiting:
      return "○";
  }
  return " ";
}

// "about 12 s, 3.4 MB", or nothing where nothing is known.
std::string estimate_text(double seconds, std::int64_t bytes) {
  if (seconds <= 0) return "";
  auto const text = "about " + human_duration(seconds);
  return bytes > 0 ? fmt::format("{}, {}", text, human_bytes(bytes)) : text;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::size_t shown_width(std::string_view text) {
  std::size_t width = 0;
  for (char const c : text)
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++width;
  return width;
}

std::string padded(std::string text, std::size_t width) {
  if (auto const shown = shown_width(text); shown < width) text.append(width - shown, ' ');
  return text;
}
}  // namespace

std::string draw(std::vector<SourcePlan> const& plans) {
  std::string out;
  for (auto const& plan : plans) {
    out += printable(plan.source.filename().string()) + "\n";
    for (auto const* const texts : {&plan.notes, &plan.hints})
      for (auto const& text : *texts) out += fmt::format("├─ ! {}\n", printable(text));
    std::size_t width = 0;
    for (auto const& stage : plan.stages) width = std::max(width, shown_width(stage.id));
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
      auto const& stage = plan.stages[i];
      bool const is_last = i + 1 == plan.stages.size();
      auto const estimate = stage.state == StageState::cached ? std::string() : estimate_text(stage.cost, stage.disk);
      out += fmt::format("{} {} {}  {:7}  {}{}{}\n", is_last ? "└─" : "├─", mark_of(stage.state), padded(stage.id, width),
                         name_of(stage.state), stage.reason, estimate.empty() ? "" : ", ", estimate);
      std::string const rail = is_last ? "   " : "│  ";
      for (auto const& task : stage.tasks) out += fmt::format("{}    · {}\n", rail, task);
      out += printable(fmt::format("{}    {} → {}", rail, join(stage.inputs, " + "), join(stage.outputs, ", "))) + "\n";
    }
  }
  std::size_t run = 0, copies = 0, cached = 0, waiting = 0;
  double seconds = 0;
  std::int64_t bytes = 0;
  for (auto const& plan : plans)
    for (auto const& stage : plan.stages) {
      switch (stage.state) {
        case StageState::run:
          ++run;
          break;
        case StageState::copy:
          ++copies;
          break;
        case StageState::cached:
          ++cached;
          break;
        case StageState::waiting:
          ++waiting;
      }
      if (stage.state == StageState::cached) continue;
      seconds += stage.cost;
      bytes += stage.disk;
    }
  out += fmt::format("{} to run, {}{} cached, {} waiting for what those find", run,
                     copies > 0 ? fmt::format("{} to copy, ", copies) : "", cached, waiting);
  if (seconds <= 0) return out + "\n";
  return out + fmt::format("; about {} of one core{}\n", human_duration(seconds),
                           bytes > 0 ? fmt::format(", {} of disk", human_bytes(bytes)) : "");
}

std::string draw_dot(std::vector<SourcePlan> const& plans) {
  std::string out = "digraph plan {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  std::size_t number = 0;
  for (auto const& plan : plans) {
    auto const prefix = fmt::format("s{}", ++number);
    auto const name = escaped(printable(plan.source.filename().string()));
    out += fmt::format("  subgraph cluster_{} {{\n    label=\"{}\";\n", prefix, name);
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
      auto const& stage = plan.stages[i];
      auto const style = stage.state == StageState::cached ? "filled,dashed" : stage.stage ? "filled,bold" : "dashed";
      auto const state = stage.state == StageState::copy ? "copy: " + stage.reason + "\n" : std::string();
      out += fmt::format("    {}_{} [label=\"{}\\n{}{}\", style=\"{}\", fillcolor=white];\n", prefix, i, escaped(stage.id),
                         escaped(state), escaped(join(stage.tasks, "\n")), style);
    }
    // A stage follows those before it that give what it reads.
    auto const gives = [&](PlannedStage const& stage, std::string const& input) {
      if (input == "chunks") return stage.id == "render";
      if (input == "packets") return stage.id == "copy";
      return input == stage.id;
    };
    for (std::size_t i = 0; i < plan.stages.size(); ++i)
      for (auto const& input : plan.stages[i].inputs)
        for (std::size_t j = 0; j < i; ++j)
          if (gives(plan.stages[j], input)) out += fmt::format("    {}_{} -> {}_{};\n", prefix, j, prefix, i);
    out += "  }\n";
  }
  return out + "}\n";
}

Json json_of(std::vector<SourcePlan> const& plans) {
  auto stages = Json::array(), notes = Json::array();
  for (auto const& plan : plans)
    for (auto const* const texts : {&plan.notes, &plan.hints})
      for (auto const& text : *texts) notes.push_back({{"source", plan.source.filename().string()}, {"what", text}});
  auto const estimate = [](PlannedStage const& stage, auto value) {
    if (stage.state == StageState::cached) return Json(0);
    return stage.cost > 0 ? Json(value) : Json();
  };
  for (auto const& plan : plans)
    for (auto const& stage : plan.stages)
      stages.push_back({{"id", plan.name + "/" + stage.id},
                        {"source", plan.source.filename().string()},
                        {"walk", stage.walk},
                        {"tasks", stage.tasks},
                        {"inputs", stage.inputs},
                        {"outputs", stage.outputs},
                        {"state", name_of(stage.state)},
                        {"reason", stage.reason},
                        {"estimate_s", estimate(stage, stage.cost)},
                        {"estimate_bytes", estimate(stage, stage.disk)}});
  return {{"stages", stages}, {"notes", notes}};
}

}  // namespace reelmill
