// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/in_parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace reelmill::speech {

Result<void> in_parallel(std::size_t count, int threads, std::function<Result<void>(std::size_t)> const& work) {
  struct Failure {
    std::size_t at;
    std::exception_ptr thrown;
    std::optional<Error> error;
  };
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Failure> first;
  auto const fail = [&](Failure failure) {
    std::lock_guard const lock(mutex);
    if (!first || failure.at < first->at) first = std::move(failure);
    next = count;
  };
  auto const run = [&] {
    for (auto at = next++; at < count; at = next++) {
      try {
        if (auto done = work(at); !done) fail({at, nullptr, std::move(done).error()});
      } catch (...) {
        fail({at, std::current_exception(), {}});
      }
    }
  };
  {
    std::vector<std::jthread> others;
    auto const wanted = std::min<std::size_t>(count, static_cast<std::size_t>(std::max(1, threads)));
    for (std::size_t i = 1; i < wanted; ++i) others.emplace_back(run);
    run();
  }
  if (!first) return {};
  if (first->thrown) std::rethrow_exception(first->thrown);
  return *std::move(first->error);
}

}  // namespace reelmill::speech
