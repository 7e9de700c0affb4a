// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/log_tap.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <utility>

#include "base/text.h"

extern "C" {
#include <libavutil/log.h>
}

namespace reelmill::av {

namespace {
std::mutex mutex;
std::string first;

void keep(void*, int level, char const* format, va_list values) {
  if (level > AV_LOG_ERROR) return;
  std::array<char, 512> line{};
  std::vsnprintf(line.data(), line.size(), format, values);
  auto const text = trim(line.data());
  std::scoped_lock const lock(mutex);
  if (first.empty()) first = text;
}
}  // namespace

LogTap::LogTap() {
  (void)take();
  av_log_set_callback(keep);
}

LogTap::~LogTap() { av_log_set_callback(av_log_default_callback); }

std::string LogTap::take() {
  std::scoped_lock const lock(mutex);
  return printable(std::exchange(first, {}));
}

}  // namespace reelmill::av
