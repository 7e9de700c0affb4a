// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/captions_tasks.h"
#include "cli/command_line.h"
#include "project/caption_profiles.h"
#include "report/captions_report.h"
#include "report/probe_table.h"

namespace reelmill {

namespace {

constexpr double longest_film = 360'000;  // seconds

CheckedCaptions check(std::string const& file, std::string const& encoding, CaptionRules const& rules) {
  CheckedCaptions out{file, {}, {}, {}};
  auto read = read_caption_file(file, encoding);
  if (!read) {
    out.error = read.error();
    return out;
  }
  out.read = std::move(read).value();
  out.findings = check_captions(out.read.captions, rules.profile, rules.rate, rules.length);
  return out;
}

Result<CaptionRules> rules_of(std::string const& profile, std::string const& rate, double duration) {
  CaptionRules rules {
    TRY(caption_profile(profile))
    , 25, std::llround(duration * 1000)
  };
  auto const parsed = parse_rate(rate);
  if (!parsed || *parsed < Rational(1) || *parsed > Rational(240))
    return Error{ErrorKind::usage,
                 fmt::format("--rate {}: a frame rate such as 25, 29.97 or 30000/1001, 1 to 240", printable(rate))};
  rules.rate = *parsed;
  return rules;
}

int run(std::vector<std::string> const& arguments) {
  std::vector<std::string> files;
  std::string profile = "netflix", rate = "30", encoding;
  double duration = 0;
  bool json = false;
  CLI::App app(
      "Say whether caption files keep to a profile: lengths of lines, reading speed, times, gaps, order. Ends with 0 when all "
      "do, with 1 "
      "when any breaks a rule, with 66 when any cannot be read",
      "reelmill captions check");
  app.add_option("FILE", files, "caption files: .srt, .vtt, .ass, .ttml")->required();
  app.add_option("--profile", profile, "netflix, netflix_children, bbc, social, or the path of a file of your own")
      ->type_name("PROFILE")
      ->capture_default_str();
  app.add_option("--rate", rate, "the film's frames a second")->type_name("FPS")->capture_default_str();
  app.add_option("--duration", duration, "the film's length: captions after its end are told")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, longest_film));
  app.add_option("--encoding", encoding, "what the bytes are, where that is guessed wrong")->type_name("NAME");
  app.add_flag("--json", json, "print one JSON document");
  if (auto const done = parse_arguments(app, arguments)) return *done;
  auto const rules = rules_of(profile, rate, duration);
  if (!rules) return fail(rules.error(), json);
  std::vector<CheckedCaptions> checked;
  for (auto const& file : files) checked.push_back(check(file, encoding, *rules));
  if (json)
    print_json(json_of(checked, *rules));
  else
    fmt::print("{}", captions_table(checked, *rules, table_style_for(stdout)));
  for (auto const& file : checked)
    if (file.error) return exit_code_of(file.error->kind);
  bool const all = std::all_of(checked.begin(), checked.end(), [](CheckedCaptions const& file) { return file.is_valid(); });
  return all ? 0 : exit_code_of(ErrorKind::rejected);
}

}  // namespace

CaptionsTask const captions_check{"check", "whether files keep to a profile", run};

}  // namespace reelmill
