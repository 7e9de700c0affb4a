// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/variants.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "graph/media_limits.h"

namespace reelmill {

namespace {

constexpr std::string_view draft_preset = "fast_draft";
constexpr int smallest_side = 32;
constexpr std::int64_t finest = 1'000'000;

int half(int side) { return side == 0 ? 0 : std::max(smallest_side, side / 4 * 2); }

// "12", "12.5": digits with at most six after the point.
std::optional<Rational> decimal(std::string_view text) {
  auto const point = text.find('.');
  auto const whole = text.substr(0, point);
  auto const fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  auto const are_digits = [](std::string_view digits) {
    return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (whole.empty() || whole.size() > 6 || fraction.size() > 6 || !are_digits(whole) || !are_digits(fraction) ||
      (point != std::string_view::npos && fraction.empty()))
    return std::nullopt;
  std::int64_t scale = 1;
  for (std::size_t i = 0; i < fraction.size(); ++i) scale *= 10;
  auto const parts = fraction.empty() ? 0 : *parse_integer(fraction);
  return Rational(*parse_integer(whole)) + Rational(parts, scale);
}

}  // namespace

Result<Project> draft_of(Project project) {
  auto const* const preset = shipped_export(draft_preset);
  if (preset == nullptr)
    return Error{ErrorKind::bug, fmt::format("making a draft: the preset '{}' is not in this program", draft_preset)};
  for (auto& target : project.exports) {
    auto draft = *preset;
    draft.name = target.name;
    draft.fit = target.fit;
    draft.rate = target.rate;
    draft.keeps_rate = target.keeps_rate;
    draft.halves = target.width == 0;
    draft.has_sound = target.has_sound;
    draft.width = half(target.width);
    draft.height = half(target.height);
    target = std::move(draft);
  }
  project.output = "02_output/draft/{name}_{platform}_draft.{ext}";
  if (project.subtitles) project.subtitles->writes = false;
  project.deliver.clear();
  return project;
}

Project preview_of(Project project, TimeRange const& range, bool is_draft) {
  project.output = fmt::format("02_output/preview/{{name}}_{{platform}}{}_preview_{}-{}.{{ext}}", is_draft ? "_draft" : "",
                               time_in_name(range.from), range.to ? time_in_name(*range.to) : "end");
  project.deliver.clear();
  project.range = range;
  if (project.subtitles) project.subtitles->writes = project.subtitles->track = false;
  return project;
}

Result<Rational> parse_time(std::string_view text, std::string_view option) {
  auto const refused = [&] {
    return Error{ErrorKind::usage,
                 fmt::format("{} {}: write seconds or minutes and seconds, such as 90, 90.5 or 1:30.5", option, printable(text))};
  };
  auto rest = trim(text);
  if (rest.ends_with('s')) rest = trim(rest.substr(0, rest.size() - 1));
  auto const parts = split(rest, ':');
  if (parts.size() > 3) return refused();
  Rational seconds;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto const number = decimal(parts[i]);
    bool const is_last = i + 1 == parts.size();
    if (!number || (!is_last && number->den != 1) || (i > 0 && *number >= Rational(60))) return refused();
    seconds = seconds * Rational(60) + *number;
  }
  if (seconds > Rational(most::hours * 3600))
    return Error{ErrorKind::usage, fmt::format("{} {}: no film is longer than {} hours", option, printable(text), most::hours)};
  return seconds;
}

std::string time_in_name(Rational seconds) {
  auto const micro = round(seconds * Rational(finest));
  auto const whole = micro / finest;
  auto fraction = fmt::format("{:06}", micro % finest);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  std::string out;
  if (whole >= 3600) out += fmt::format("{}h", whole / 3600);
  if (whole >= 60) out += fmt::format("{:02}m", whole / 60 % 60);
  return out + fmt::format("{:02}{}s", whole % 60, fraction.empty() ? "" : "." + fraction);
}

}  // namespace reelmill
