// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/spilled_sound.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "base/disk.h"

namespace reelmill {

namespace {
constexpr int block_samples = 8192;
constexpr float most = 16;  // 24 dB above full scale; what is louder is no sound

float* samples_of(AVFrame const& frame, int channel) { return reinterpret_cast<float*>(frame.extended_data[channel]); }

bool is_sound(float sample) { return std::abs(sample) <= most; }  // not a number is not
}  // namespace

Result<SpilledSound> SpilledSound::create(std::filesystem::path const& folder, av::AudioFormat format) {
  auto const path = folder / "sound.spill";
  std::unique_ptr<std::FILE, av::CloseFile> file(std::fopen(path.c_str(), "w+b"));
  if (!file) return disk_error("putting sound aside", errno);
  if (unlink(path.c_str()) != 0) return disk_error("putting sound aside", errno);
  return SpilledSound(std::move(file), format, TRY(av::make_samples(format, block_samples)));
}

Result<av::Frame> SpilledSound::mend(AVFrame const& frame) {
  auto out = av::share(frame);
  for (int channel = 0; channel < format_.channels; ++channel) {
    auto const* const data = samples_of(frame, channel);
    auto& before = last_[static_cast<std::size_t>(channel)];
    if (std::all_of(data, data + frame.nb_samples, is_sound)) {
      if (frame.nb_samples > 0) before = data[frame.nb_samples - 1];
      continue;
    }
    if (av_frame_make_writable(out.get()) < 0) return Error{.kind = ErrorKind::full, .what = "mending sound: out of memory"};
    auto* const mine = samples_of(*out, channel);
    for (int i = 0; i < frame.nb_samples; ++i) {
      if (!is_sound(mine[i])) {
        mine[i] = before;
        ++mended_;
      }
      before = mine[i];
    }
  }
  return out;
}

Result<void> SpilledSound::write(AVFrame const& frame) {
  for (int from = 0; from < frame.nb_samples;) {
    int const count = std::min(frame.nb_samples - from, block_samples - filled_);
    for (int channel = 0; channel < format_.channels; ++channel)
      std::copy_n(samples_of(frame, channel) + from, count, samples_of(*block_, channel) + filled_);
    filled_ += count;
    from += count;
    if (filled_ == block_samples) TRY(flush());
  }
  samples_ += frame.nb_samples;
  return {};
}

Result<void> SpilledSound::flush() {
  auto const size = static_cast<std::size_t>(filled_);
  for (int channel = 0; channel < format_.channels; ++channel)
    if (std::fwrite(samples_of(*block_, channel), sizeof(float), size, file_.get()) != size)
      return disk_error("putting sound aside", errno);
  filled_ = 0;
  return {};
}

Result<void> SpilledSound::read(Take const& take) {
  TRY(flush());
  if (std::fflush(file_.get()) != 0) return disk_error("putting sound aside", errno);
  std::rewind(file_.get());
  for (std::int64_t done = 0; done < samples_;) {
    auto const count = std::min<std::int64_t>(samples_ - done, block_samples);
    auto frame = TRY(av::make_samples(format_, static_cast<int>(count)));
    for (int channel = 0; channel < format_.channels; ++channel)
      if (std::fread(samples_of(*frame, channel), sizeof(float), static_cast<std::size_t>(count), file_.get()) !=
          static_cast<std::size_t>(count))
        return disk_error("reading sound that was put aside", errno);
    done += count;
    TRY(take(*frame));
  }
  return {};
}

Result<void> SpilledSound::fetch(std::int64_t from, AVFrame& into) {
  TRY(flush());
  for (int done = 0; done < into.nb_samples;) {
    auto const at = from + done, block = at / block_samples, inside = at % block_samples;
    auto const length = std::min<std::int64_t>(block_samples, samples_ - block * block_samples);  // the last one is shorter
    auto const count = std::min<std::int64_t>(into.nb_samples - done, length - inside);
    for (int channel = 0; channel < format_.channels; ++channel) {
      auto const place = block * block_samples * format_.channels + channel * length + inside;
      auto const bytes = static_cast<std::size_t>(count) * sizeof(float);
      if (std::fseek(file_.get(), static_cast<long>(place * std::int64_t{sizeof(float)}), SEEK_SET) != 0 ||
          std::fread(samples_of(into, channel) + done, 1, bytes, file_.get()) != bytes)
        return disk_error("reading sound that was put aside", errno);
    }
    done += static_cast<int>(count);
  }
  return {};
}

}  // namespace reelmill
