// SPDX-License-Identifier: GPL-3.0-or-later
#include "ops/operation.h"

#include "base/text.h"

namespace reelmill {

std::string_view name_of(Track track) {
  switch (track) {
    case Track::video:
      return "video";
    case Track::audio:
      return "audio";
    case Track::captions:
      return "captions";
  }
  return "";
}

std::string to_string(Value const& value) {
  return std::visit(
      []<class T>(T const& held) -> std::string {
        if constexpr (std::is_same_v<T, bool>)
          return held ? "true" : "false";
        else if constexpr (std::is_same_v<T, std::int64_t>)
          return std::to_string(held);
        else if constexpr (std::is_same_v<T, double>)
          return shortest(held);
        else
          return held;
      },
      value);
}

}  // namespace reelmill
