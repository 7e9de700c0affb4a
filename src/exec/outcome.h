// SPDX-License-Identifier: GPL-3.0-or-later
// Where exceptions end: at the outside of a walk and of its threads. Memory that ran out, a time that no clock has, and what
// parsers throw become errors.
#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "base/result.h"

namespace reelmill {

// What `work` gives, a Result; `source` is the name of the file that is read.
template <class Work>
auto outcome_of(std::string_view source, Work const& work) -> decltype(work()) {
  try {
    return work();
  } catch (std::bad_alloc const&) {
    return Error{.kind = ErrorKind::full, .what = "out of memory; lower --jobs or raise --memory"};
  } catch (std::overflow_error const&) {
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("reading {}: a time in it is beyond every clock; it is damaged, remux it first", source)};
  } catch (std::exception const& problem) {
    return Error{.kind = ErrorKind::bug, .what = problem.what()};
  }
}

}  // namespace reelmill
