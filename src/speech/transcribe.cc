// SPDX-License-Identifier: GPL-3.0-or-later
#include "speech/transcribe.h"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "speech/filters.h"
#include "speech/in_parallel.h"
#include "speech/islands.h"
#include "speech/loudness_curve.h"
#include "speech/model.h"
#include "speech/note_text.h"
#include "speech/voice.h"
#include "speech/windows.h"
#include "speech/words.h"

namespace reelmill::speech {

namespace {
constexpr double share_of_detection = 0.1;
constexpr std::int64_t worth_hearing = 700;  // ms of speech that the model left at a window's end
constexpr int most_turns = 4;                // at one window

struct Said {
  std::vector<Segment> segments;
  std::vector<std::string> notes;
};

std::int64_t speech_in(Window const& window) {
  std::int64_t sum = 0;
  for (auto const& island : window.islands) sum += island.to - island.from;
  return sum;
}

std::string text_of(Heard const& heard) {
  std::string text;
  for (auto const& token : heard.tokens) text += token.text;
  return text;
}

class Listener {
 public:
  Listener(std::span<float const> sound, Model const& model, Wish wish)
      : sound_(sound), model_(model), wish_(std::move(wish)), curve_(sound), language_(wish_.translate ? "en" : wish_.language) {}

  Result<Said> listen(Window window) const {
    Said said;
    for (int turn = 0; turn < most_turns && speech_in(window) > (turn == 0 ? 0 : worth_hearing); ++turn) {
      auto const heard = TRY(model_.hear(cut(window, sound_), wish_));
      take(heard, window, said);
      auto const end = sound_time(window, heard.end, Edge::end);
      if (end <= window.islands.front().from) break;
      window = rest_of(window, end);
    }
    return said;
  }

 private:
  void take(Heard const& heard, Window const& window, Said& said) const {
    if (heard.tokens.empty()) return;
    if (auto const why = doubt(heard, static_cast<double>(speech_in(window)) / 1000)) {
      said.notes.push_back(
          fmt::format("{}: '{}' was left out: {}", clock_text(window.islands.front().from), trim_text(text_of(heard)), *why));
      return;
    }
    auto segments = place_words(join_tokens(heard.tokens, language_), window, curve_, language_, said.notes);
    std::move(segments.begin(), segments.end(), std::back_inserter(said.segments));
  }

  static std::string trim_text(std::string text) {
    constexpr std::size_t most = 120;
    if (text.size() > most) text.replace(most, text.npos, "...");
    auto const first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : text.substr(first);
  }

  std::span<float const> sound_;
  Model const& model_;
  Wish wish_;
  LoudnessCurve curve_;
  std::string language_;  // of the text
};

Result<std::string> language_for(std::span<float const> sound, std::vector<Window> const& windows, Model const& model,
                                 std::string const& wanted) {
  if (model.is_english()) {
    if (wanted == "auto" || wanted == "en") return std::string("en");
    return Error{ErrorKind::missing,
                 fmt::format("transcribing '{}': the model knows English only; take one without '.en' in its name", wanted)};
  }
  if (wanted != "auto") {
    if (is_language(wanted)) return wanted;
    return Error{ErrorKind::usage, fmt::format("transcribing '{}': the model knows no such language", wanted)};
  }
  auto const longest = std::max_element(windows.begin(), windows.end(),
                                        [](Window const& a, Window const& b) { return speech_in(a) < speech_in(b); });
  return model.language_of(cut(*longest, sound));
}
}  // namespace

Result<Transcript> transcribe(std::span<float const> sound, Wishes const& wishes, std::function<void(double)> const& done) {
  Transcript transcript;
  transcript.length = static_cast<std::int64_t>(sound.size()) / samples_of_ms;
  bool const hears_words = !wishes.model.empty();
  double const detection = hears_words ? share_of_detection : 1;
  auto const voice = TRY(voice_in(sound, wishes.voice, wishes.threads, [&](std::size_t heard) {
    done(detection * static_cast<double>(heard) / static_cast<double>(sound.size()));
  }));
  transcript.islands = islands_of(voice, transcript.length);
  if (!hears_words || transcript.islands.empty()) return transcript;

  auto const windows = pack(transcript.islands, voice, voice_step, transcript.length);
  auto const model = TRY(Model::open(wishes.model));
  auto const found = language_for(sound, windows, model, wishes.language);
  if (!found) return found.error();
  auto const& language = *found;
  bool const translates = wishes.translate && language != "en";
  Listener const listener(sound, model, {.language = language, .translate = translates, .prompt = wishes.prompt});
  std::vector<Said> said(windows.size());
  std::mutex mutex;
  std::int64_t heard = 0, total = 0;
  for (auto const& window : windows) total += window.length();
  TRY(in_parallel(windows.size(), wishes.threads, [&](std::size_t i) -> Result<void> {
    said[i] = TRY(listener.listen(windows[i]));
    std::lock_guard const lock(mutex);
    heard += windows[i].length();
    done(detection + (1 - detection) * static_cast<double>(heard) / static_cast<double>(total));
    return {};
  }));
  for (auto& part : said) {
    std::move(part.segments.begin(), part.segments.end(), std::back_inserter(transcript.segments));
    std::move(part.notes.begin(), part.notes.end(), std::back_inserter(transcript.notes));
  }
  drop_inventions(transcript);
  if (!transcript.segments.empty()) transcript.language = translates ? "en" : language;
  return transcript;
}

}  // namespace reelmill::speech
