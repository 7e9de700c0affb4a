// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/quiet_log.h"

#include <mutex>

#include <whisper.h>

namespace reelmill::speech {

void be_quiet() {
  static std::once_flag once;
  std::call_once(once, [] { whisper_log_set([](ggml_log_level, char const*, void*) {}, nullptr); });
}

}  // namespace reelmill::speech
