// SPDX-License-Identifier: GPL-3.0-or-later
// Proves that chunks fit together, by decoding over their seams on a thread of its own.
#pragma once

#include <cstddef>
#include <future>
#include <vector>

#include "av/decoder.h"
#include "base/result.h"
#include "exec/bounded_queue.h"

namespace reelmill {

class SeamCheck {
 public:
  // The packets on both sides, in the order of decoding, beginning with a key frame; they are only read.
  using Seam = std::vector<av::Packet>;

  // `decoder` is strict.
  explicit SeamCheck(av::Decoder decoder);
  ~SeamCheck();
  SeamCheck(SeamCheck const&) = delete;
  SeamCheck& operator=(SeamCheck const&) = delete;

  // May wait for room. After a failure it does nothing, and finish() tells.
  void push(Seam seam);
  // Ends the input and waits: every seam gave a frame for each packet. To be called once.
  Result<void> finish();

 private:
  Result<void> work();

  av::Decoder decoder_;
  BoundedQueue<Seam> seams_;
  std::future<Result<void>> checked_;
};

}  // namespace reelmill
