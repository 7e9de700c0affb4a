// SPDX-License-Identifier: GPL-3.0-or-later
// In a program that was built without whisper.cpp.
#include "speech/model.h"
#include "speech/version.h"
#include "speech/voice.h"

namespace reelmill::speech {

namespace {
Error absent() {
  return Error{ErrorKind::missing,
               "transcribing: this program was built without speech; run `scripts/setup --speech` and build it again"};
}
}  // namespace

struct Model::Loaded {};
Model::Model(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;
Result<Model> Model::open(std::string const&) { return absent(); }
bool Model::is_english() const { return false; }
Result<std::string> Model::language_of(std::span<float const>) const { return absent(); }
Result<Heard> Model::hear(std::span<float const>, Wish const&) const { return absent(); }
std::string whisper_build() { return {}; }
bool is_language(std::string const&) { return true; }

Result<std::vector<float>> voice_in(std::span<float const>, std::string const&, int, std::function<void(std::size_t)> const&) {
  return absent();
}

}  // namespace reelmill::speech
