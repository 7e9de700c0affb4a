// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/seam_check.h"

#include <utility>

#include "exec/joined_chunks.h"
#include "exec/outcome.h"

namespace reelmill {

namespace {
// The seams are decoded in more time than the packets between them are copied: they may wait.
constexpr std::size_t most_waiting = 32 << 20;  // bytes

Result<void> decode(av::Decoder& decoder, SeamCheck::Seam const& seam) {
  std::size_t frames = 0;
  auto const count = [&](AVFrame&) -> Result<void> {
    ++frames;
    return {};
  };
  for (auto const& packet : seam) TRY(decoder.decode(packet.get(), count));
  TRY(decoder.decode(nullptr, count));
  decoder.flush();
  return frames == seam.size() ? Result<void>() : damaged("frames are lost where two of them meet");
}
}  // namespace

SeamCheck::SeamCheck(av::Decoder decoder) : decoder_(std::move(decoder)), seams_(most_waiting) {
  checked_ = std::async(std::launch::async, [this] {
    auto checked = outcome_of("a seam between chunks", [this] { return work(); });
    seams_.give_up();
    return checked;
  });
}

SeamCheck::~SeamCheck() {
  seams_.give_up();
  seams_.end();
}

void SeamCheck::push(Seam seam) {
  std::size_t weight = 0;
  for (auto const& packet : seam) weight += static_cast<std::size_t>(packet->size);
  seams_.push(std::move(seam), weight);
}

Result<void> SeamCheck::finish() {
  seams_.end();
  return checked_.get();
}

Result<void> SeamCheck::work() {
  for (auto seam = seams_.pop(); !seam.empty(); seam = seams_.pop()) TRY(decode(decoder_, seam));
  return {};
}

}  // namespace reelmill
