// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <string>

#include "ops/operation.h"

namespace reelmill {

namespace {

struct TranscribeOptions {
  std::string model = "base";
  std::string language = "auto";
  bool translate = false;
  std::string prompt;
};

constexpr std::array params{
    param<&TranscribeOptions::model>("model", "a model's name, or its file; 'reelmill models' lists what is there"),
    param<&TranscribeOptions::language>("language", "that is spoken, such as en; auto: what it sounds like"),
    param<&TranscribeOptions::translate>("translate", "into English"),
    param<&TranscribeOptions::prompt>("prompt", "names and spellings that the model is told beforehand", Form::lines)};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<TranscribeOptions const&>(any);
  lowering.transcribing = {options.model, options.language, options.translate, options.prompt};
}

std::string check(std::any const& any) {
  auto const& options = std::any_cast<TranscribeOptions const&>(any);
  auto const is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  bool const is_code = options.language.size() >= 2 && options.language.size() <= 3 &&
                       std::all_of(options.language.begin(), options.language.end(), is_letter);
  if (options.language == "auto" || is_code) return "";
  return "'language' must be auto or a code such as en, not '" + options.language + "'";
}

}  // namespace

extern Operation const transcribe;
constinit Operation const transcribe{.name = "transcribe",
                                     .summary = "Make captions of what is said",
                                     .track = Track::captions,
                                     .reach = {},
                                     .version = 1,
                                     .params = params,
                                     .defaults = make_defaults<TranscribeOptions>,
                                     .lower = lower,
                                     .check = check};

}  // namespace reelmill
