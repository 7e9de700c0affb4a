// SPDX-License-Identifier: GPL-3.0-or-later
// A project asked for in another way: quicker, or a part of it. Their films lie under names and in folders of their own, and
// are not delivered.
#pragma once

#include <string_view>

#include "base/result.h"
#include "project/project.h"

namespace reelmill {

// Every export at half its size, made quickly as the preset fast_draft says, in 02_output/draft.
Result<Project> draft_of(Project project);

// These seconds of every export only, in 02_output/preview; under names of their own where the project is a draft.
Project preview_of(Project project, TimeRange const& range, bool is_draft);

// "90", "90.5 s", "1:30", "1:02:30.25": an exact time from 0 to most::hours; `option` begins the message of an error.
Result<Rational> parse_time(std::string_view text, std::string_view option);
// "01m30.5s": a time as part of a file's name.
std::string time_in_name(Rational seconds);

}  // namespace reelmill
