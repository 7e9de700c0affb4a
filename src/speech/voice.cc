// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/voice.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include <whisper.h>

#include "speech/in_parallel.h"
#include "speech/islands.h"
#include "speech/quiet_log.h"

namespace reelmill::speech {

namespace {
constexpr std::size_t step = 512;            // samples
constexpr std::size_t block = 3750 * step;   // two minutes, whatever the threads
constexpr std::size_t warm_up = 128 * step;  // the detector remembers: a block begins to listen earlier

struct FreesDetector {
  void operator()(whisper_vad_context* context) const { whisper_vad_free(context); }
};

Error failure(std::string_view doing) { return Error{ErrorKind::failed, "looking for speech: " + std::string(doing)}; }

Result<void> hear_block(std::span<float const> sound, std::size_t from, std::string const& model, std::span<float> out) {
  auto parameters = whisper_vad_default_context_params();
  parameters.n_threads = 1;
  parameters.use_gpu = false;
  std::unique_ptr<whisper_vad_context, FreesDetector> const detector(
      whisper_vad_init_from_file_with_params(model.c_str(), parameters));
  if (!detector)
    return Error{ErrorKind::media, "looking for speech: the voice model cannot be loaded; `reelmill models` checks it"};
  auto const begin = from - std::min(from, warm_up), end = std::min(sound.size(), from + block);
  if (!whisper_vad_detect_speech(detector.get(), sound.data() + begin, static_cast<int>(end - begin)))
    return failure("the voice model failed");
  auto const skipped = (from - begin) / step;
  auto const count = static_cast<std::size_t>(whisper_vad_n_probs(detector.get()));
  if (count < skipped + out.size()) return failure("the voice model gave too little");
  std::copy_n(whisper_vad_probs(detector.get()) + skipped, out.size(), out.begin());
  return {};
}
}  // namespace

Result<std::vector<float>> voice_in(std::span<float const> sound, std::string const& model, int threads,
                                    std::function<void(std::size_t)> const& heard) {
  be_quiet();
  std::vector<float> voice((sound.size() + step - 1) / step);
  std::mutex mutex;
  std::size_t done = 0;
  auto const blocks = (sound.size() + block - 1) / block;
  TRY(in_parallel(blocks, threads, [&](std::size_t i) -> Result<void> {
    auto const first = i * (block / step), count = std::min(block / step, voice.size() - first);
    TRY(hear_block(sound, i * block, model, std::span(voice).subspan(first, count)));
    std::lock_guard const lock(mutex);
    done = std::min(sound.size(), done + block);
    heard(done);
    return {};
  }));
  return voice;
}

}  // namespace reelmill::speech
