// SPDX-License-Identifier: GPL-3.0-or-later
// A sound put aside on disk, to be read as often as it takes: planar floats in a file that has no name any more, so that nothing
// of it is left whatever ends the worker. One thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "av/audio_source.h"
#include "av/packets_file.h"
#include "base/result.h"

namespace reelmill {

class SpilledSound {
 public:
  static Result<SpilledSound> create(std::filesystem::path const& folder, av::AudioFormat format);

  // The frame, or where it has samples that no recording has, another in which each of them is as the one before.
  Result<av::Frame> mend(AVFrame const& frame);
  Result<void> write(AVFrame const& frame);
  using Take = std::function<Result<void>(AVFrame& frame)>;
  // From the beginning, in frames that are the taker's to change.
  Result<void> read(Take const& take);
  // The samples from `from` on, as many as the frame has; all of them are there. Nothing is written any more.
  Result<void> fetch(std::int64_t from, AVFrame& into);

  av::AudioFormat const& format() const { return format_; }
  std::int64_t samples() const { return samples_; }
  // Samples that were not finite, or so large that they can only be damage.
  std::int64_t mended() const { return mended_; }

 private:
  SpilledSound(std::unique_ptr<std::FILE, av::CloseFile> file, av::AudioFormat format, av::Frame block)
      : file_(std::move(file)), format_(format), block_(std::move(block)), last_(static_cast<std::size_t>(format.channels)) {}
  Result<void> flush();

  std::unique_ptr<std::FILE, av::CloseFile> file_;
  av::AudioFormat format_;
  av::Frame block_;
  int filled_ = 0;           // of the block
  std::vector<float> last_;  // sample of each channel that was mended or let pass
  std::int64_t samples_ = 0, mended_ = 0;
};

}  // namespace reelmill
