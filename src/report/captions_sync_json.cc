// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/captions_sync_json.h"

#include <cmath>

#include <fmt/format.h>

#include "base/text.h"

namespace reelmill {

namespace {
double seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }
double to(double digits, double value) {
  auto const rounded = std::round(value * digits) / digits;
  return rounded == 0 ? 0 : rounded;  // no minus before it
}

// "1:02:03.4"
std::string clock_text(std::int64_t ms) {
  auto const sign = ms < 0 ? "-" : "";
  auto const tenths = (std::abs(ms) + 50) / 100;
  auto const second = tenths / 10;
  return fmt::format("{}{}:{:02}:{:02}.{}", sign, second / 3600, second / 60 % 60, second % 60, tenths % 10);
}
}  // namespace

Json json_of(AlignedFile const& file) {
  auto const& found = file.alignment;
  bool const is_found = found.outcome != AlignOutcome::refused;
  auto segments = Json::array();
  for (auto const& span : found.spans)
    segments.push_back({{"from", seconds(span.from)},
                        {"to", seconds(span.to)},
                        {"offset_ms", to(1, span.offset)},
                        {"cues", span.end - span.first}});
  return {{"outcome", name_of(found.outcome)},
          {"offset_ms", is_found ? Json(to(1, found.spans.front().offset)) : Json()},
          {"ratio", is_found ? Json(to(1e7, found.ratio)) : Json()},
          {"rates", found.rates.empty() ? Json() : Json(found.rates)},
          {"segments", segments},
          {"confidence", to(1e3, found.confidence)},
          {"reason", found.reason.empty() ? Json() : Json(found.reason)},
          {"evidence",
           {{"compared", found.compared},
            {"agreeing", found.agreeing},
            {"by_chance", found.by_chance},
            {"by_words", found.by_words}}},
          {"cues", file.cues},
          {"lost", found.lost},
          {"written", file.output.empty() ? Json() : Json(file.written)},
          {"output", file.output.empty() ? Json() : Json(file.output)},
          {"duration", seconds(file.length)},
          {"notes", file.notes}};
}

std::string captions_sync_text(AlignedFile const& file, std::string const& captions) {
  auto const& found = file.alignment;
  auto evidence = fmt::format("confidence  {:.2f}: {} of {} cues begin where speech does, {} would by chance", found.confidence,
                              found.agreeing, found.compared, found.by_chance);
  if (found.by_words > 0) evidence += fmt::format("; words of {} are heard there", found.by_words);
  evidence += '\n';
  for (auto const& note : file.notes) evidence += fmt::format("note        {}\n", printable(note));
  if (found.outcome == AlignOutcome::refused) return fmt::format("refused     {}\n{}", found.reason, evidence);
  std::string out;
  if (found.outcome == AlignOutcome::in_sync) {
    out = fmt::format("in sync     within {} ms from beginning to end\n", shortest(captions_in_sync_within));
  } else {
    double const offset = found.spans.front().offset;
    out = fmt::format("offset      {} {} by {:.3f} s\n", offset >= 0 ? "delay" : "advance", printable(captions),
                      std::abs(offset) / 1000);
    if (found.ratio != 1)
      out += fmt::format("ratio       times {:.7f}{}, before that\n", found.ratio,
                         found.rates.empty() ? "" : fmt::format(" ({} frames a second)", found.rates));
    for (std::size_t i = 1; i < found.spans.size(); ++i)
      out += fmt::format("cut         at {} of the captions: from there on by {:+.3f} s more\n", clock_text(found.spans[i].from),
                         (found.spans[i].offset - found.spans[i - 1].offset) / 1000);
    if (found.lost > 0) out += fmt::format("lost        {} cues of parts that the film lacks\n", found.lost);
  }
  out += evidence;
  if (!file.output.empty())
    out += fmt::format("written     {}: {} of {} cues\n", printable(file.output), file.written, file.cues);
  return out;
}

}  // namespace reelmill
