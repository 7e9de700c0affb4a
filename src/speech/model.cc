// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <whisper.h>

#include "speech/quiet_log.h"
#include "speech/version.h"
#include "speech/windows.h"

namespace reelmill::speech {

namespace {
constexpr std::size_t most_samples = 30 * rate;
constexpr std::size_t least_samples = rate;  // less is filled up with silence
// The encoder hears 50 steps a second and was taught with 1500. Silence after the sound is not needed in full, but some is.
constexpr int steps_a_second = 50, steps_of_silence = 100, step_of_steps = 64;
constexpr std::size_t alignment_memory = std::size_t{512} << 20;  // addresses; what is not used is never touched

struct FreesContext {
  void operator()(whisper_context* context) const { whisper_free(context); }
};
struct FreesState {
  void operator()(whisper_state* state) const { whisper_free_state(state); }
};
using State = std::unique_ptr<whisper_state, FreesState>;

Error failure(std::string_view doing) { return Error{ErrorKind::failed, fmt::format("transcribing: {}", doing)}; }

struct Head {
  int words = 0, audio_context = 0, audio_state = 0, audio_head = 0, audio_layers = 0, text_context = 0, text_state = 0,
      text_head = 0, text_layers = 0, bands = 0, type = 0;
};

// Which heads of the decoder look at the place that is being said was found out for OpenAI's models; of others, all in the upper
// half do.
void set_alignment(whisper_context_params& parameters, Head const& head) {
  bool const is_english = head.words < 51865;
  auto const preset = [&]() -> whisper_alignment_heads_preset {
    if (head.audio_layers != head.text_layers)
      return head.audio_layers == 32 && head.text_layers == 4 ? WHISPER_AHEADS_LARGE_V3_TURBO : WHISPER_AHEADS_N_TOP_MOST;
    switch (head.audio_layers) {
      case 4:
        return is_english ? WHISPER_AHEADS_TINY_EN : WHISPER_AHEADS_TINY;
      case 6:
        return is_english ? WHISPER_AHEADS_BASE_EN : WHISPER_AHEADS_BASE;
      case 12:
        return is_english ? WHISPER_AHEADS_SMALL_EN : WHISPER_AHEADS_SMALL;
      case 24:
        return is_english ? WHISPER_AHEADS_MEDIUM_EN : WHISPER_AHEADS_MEDIUM;
      case 32:
        return head.bands == 128 ? WHISPER_AHEADS_LARGE_V3 : WHISPER_AHEADS_LARGE_V2;
      default:
        return WHISPER_AHEADS_N_TOP_MOST;
    }
  }();
  parameters.dtw_token_timestamps = true;
  parameters.dtw_aheads_preset = preset;
  parameters.dtw_n_top = std::max(1, head.text_layers / 2);
  parameters.dtw_mem_size = alignment_memory;
  parameters.flash_attn = false;  // its attention cannot be looked at
}

std::vector<float> filled_up(std::span<float const> sound) {
  std::vector<float> out(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(std::min(sound.size(), most_samples)));
  out.resize(std::max(out.size(), least_samples), 0);
  return out;
}

int context_for(std::size_t samples, int most) {
  int const steps = static_cast<int>(samples * steps_a_second / rate) + steps_of_silence;
  return std::min(most, (steps + step_of_steps - 1) / step_of_steps * step_of_steps);
}
}  // namespace

struct Model::Loaded {
  std::unique_ptr<whisper_context, FreesContext> context;
  State state() const { return State(whisper_init_state(context.get())); }
};

Model::Model(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

Result<Model> Model::open(std::string const& file) {
  be_quiet();
  auto const unusable = [&] {
    return Error{ErrorKind::media,
                 fmt::format("loading the model {}: it is no Whisper model, or damaged; `reelmill models` checks it",
                             file.substr(file.rfind('/') + 1))};
  };
  // The heads have to be known before the model is loaded.
  Head head;
  {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const in(std::fopen(file.c_str(), "rb"), &std::fclose);
    std::uint32_t magic = 0;
    if (!in || std::fread(&magic, sizeof magic, 1, in.get()) != 1 || std::fread(&head, sizeof head, 1, in.get()) != 1)
      return unusable();
  }
  auto parameters = whisper_context_default_params();
  parameters.use_gpu = false;
  set_alignment(parameters, head);
  auto loaded = std::make_unique<Loaded>();
  loaded->context.reset(whisper_init_from_file_with_params_no_state(file.c_str(), parameters));
  if (!loaded->context) return unusable();
  return Model(std::move(loaded));
}

bool Model::is_english() const { return whisper_is_multilingual(loaded_->context.get()) == 0; }

std::string whisper_build() { return whisper_version(); }

bool is_language(std::string const& code) { return whisper_lang_id(code.c_str()) >= 0; }

Result<std::string> Model::language_of(std::span<float const> sound) const {
  auto* const context = loaded_->context.get();
  auto const state = loaded_->state();
  auto const samples = filled_up(sound);
  // There is no other way to say how much is to be encoded than to begin a transcription, and to stop it at once.
  auto parameters = whisper_full_default_params(WHISPER_SAMPLING_GREEDY);
  parameters.n_threads = 1;
  parameters.audio_ctx = context_for(samples.size(), whisper_n_audio_ctx(context));
  parameters.encoder_begin_callback = [](whisper_context*, whisper_state*, void*) { return false; };
  if (!state || whisper_full_with_state(context, state.get(), parameters, samples.data(), static_cast<int>(samples.size())) != 0)
    return failure("the model cannot be prepared");
  int const language = whisper_lang_auto_detect_with_state(context, state.get(), 0, 1, nullptr);
  if (language < 0) return failure("the language cannot be found out; give it");
  return std::string(whisper_lang_str(language));
}

Result<Heard> Model::hear(std::span<float const> sound, Wish const& wish) const {
  auto* const context = loaded_->context.get();
  // A new one each time: what it remembers would make a window depend on the one before.
  auto const state = loaded_->state();
  if (!state) return failure("the model cannot be prepared");
  auto const samples = filled_up(sound);
  auto parameters = whisper_full_default_params(WHISPER_SAMPLING_BEAM_SEARCH);
  parameters.n_threads = 1;
  parameters.no_context = true;
  // The window ends where the model says so and not at its last time mark, and its alignment is of the window as a whole.
  parameters.single_segment = true;
  parameters.token_timestamps = true;
  parameters.suppress_nst = true;
  parameters.translate = wish.translate;
  parameters.language = wish.language.c_str();
  parameters.initial_prompt = wish.prompt.empty() ? nullptr : wish.prompt.c_str();
  parameters.print_progress = parameters.print_realtime = parameters.print_timestamps = parameters.print_special = false;
  parameters.audio_ctx = context_for(samples.size(), whisper_n_audio_ctx(context));
  if (whisper_full_with_state(context, state.get(), parameters, samples.data(), static_cast<int>(samples.size())) != 0)
    return failure("the model failed");

  Heard heard;
  auto const length = static_cast<std::int64_t>(sound.size()) / samples_of_ms;
  heard.end = length;
  auto const first_special = whisper_token_eot(context), first_mark = whisper_token_beg(context);
  double sum = 0;
  bool begins = true;
  for (int segment = 0; segment < whisper_full_n_segments_from_state(state.get()); ++segment) {
    heard.no_speech =
        std::max(heard.no_speech, static_cast<double>(whisper_full_get_segment_no_speech_prob_from_state(state.get(), segment)));
    int const count = whisper_full_n_tokens_from_state(state.get(), segment);
    for (int i = 0; i < count; ++i) {
      auto const data = whisper_full_get_token_data_from_state(state.get(), segment, i);
      if (data.id >= first_mark) {
        begins = true;
        heard.end = 20 * (data.id - first_mark);
      }
      if (data.id >= first_special) continue;
      heard.end = length;
      auto const limited = [&](std::int64_t hundredths) { return std::clamp<std::int64_t>(hundredths * 10, 0, length); };
      heard.tokens.push_back({.text = whisper_token_to_str(context, data.id),
                              .probability = data.p,
                              .from = limited(data.t0),
                              .to = limited(data.t1),
                              .said = data.t_dtw < 0 ? -1 : limited(data.t_dtw),
                              .begins_segment = begins});
      begins = false;
      sum += data.plog;
    }
  }
  heard.end = std::min(heard.end, length);
  if (!heard.tokens.empty()) heard.log_probability = sum / static_cast<double>(heard.tokens.size());
  return heard;
}

}  // namespace reelmill::speech
