// SPDX-License-Identifier: GPL-3.0-or-later
// JSON everywhere in Reelmill: objects keep the order they were written in, so that texts are stable.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace reelmill {

using Json = nlohmann::ordered_json;

// A value out of a text that anyone may have written: what does not fit becomes an error, nothing is thrown.
// `what` names the text in the message ("the analysis of 'a.mp4'").
template <class T>
Result<T> parse_json(std::string_view text, std::string_view what, ErrorKind kind = ErrorKind::bug) {
  try {
    return Json::parse(text).template get<T>();
  } catch (std::exception const& failure) {
    return Error{kind, "reading " + std::string(what) + ": " + failure.what()};
  }
}

}  // namespace reelmill
