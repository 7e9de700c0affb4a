// SPDX-License-Identifier: GPL-3.0-or-later
// A Whisper model that is loaded: from sound to tokens, each with two times.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace reelmill::speech {

struct Token {
  std::string text;        // bytes; a character may be spread over two tokens
  double probability = 0;  // 0 to 1
  // Milliseconds of the window. `from` and `to` come from the model's own time marks, spread by length and loudness between
  // them; `said` is when the model's attention had left it (dynamic time warping), -1 where that is not known.
  std::int64_t from = 0, to = 0, said = -1;
  bool begins_segment = false;  // the model set a time mark before it
};

struct Heard {
  std::vector<Token> tokens;
  double log_probability = 0;  // mean over tokens
  double no_speech = 0;        // how likely the model thinks that nothing is said
  std::int64_t end = 0;        // ms of the window up to which it was heard
};

struct Wish {
  std::string language;    // ISO 639-1
  bool translate = false;  // into English
  std::string prompt;
};

class Model {
 public:
  static Result<Model> open(std::string const& file);
  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;
  ~Model();

  bool is_english() const;  // knows no other language
  // Both take at most 30 s at 16 kHz, use one thread, and may be called from many at once; what they give depends on their
  // arguments only.
  Result<std::string> language_of(std::span<float const> sound) const;
  Result<Heard> hear(std::span<float const> sound, Wish const& wish) const;

 private:
  struct Loaded;
  explicit Model(std::unique_ptr<Loaded> loaded);
  std::unique_ptr<Loaded> loaded_;
};

// Whether the language is one that Whisper knows ("en", "de", …).
bool is_language(std::string const& code);

}  // namespace reelmill::speech
