// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/models.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/environment.h"
#include "base/hash.h"
#include "base/text.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t magic = 0x67676d6c;
constexpr std::int64_t mebi = 1 << 20;
constexpr std::string_view prefix = "ggml-", suffix = ".bin", voice_name = "silero";

// The head of a Whisper file, as whisper.cpp writes it.
struct Head {
  std::int32_t words, audio_context, audio_state, audio_heads, audio_layers, text_context, text_state, text_heads, text_layers,
      bands, type;
};

bool is_plausible(Head const& head) {
  auto const within = [](std::int32_t value, std::int32_t least, std::int32_t most) { return value >= least && value <= most; };
  return within(head.words, 50000, 60000) && head.audio_context == 1500 && within(head.audio_state, 64, 4096) &&
         within(head.audio_layers, 1, 128) && within(head.text_layers, 1, 128) && within(head.text_context, 64, 4096) &&
         within(head.audio_heads, 1, 128) && head.text_state == head.audio_state && within(head.bands, 40, 256);
}

// Bits for each weight, at least.
double bits_of(std::int32_t type) {
  switch (type % 1000) {
    case 0:
      return 32;
    case 1:
      return 16;
    case 7:
      return 8.5;
    case 8:
    case 9:
      return 5.5;
    case 2:
    case 3:
      return 4.5;
    default:
      return 2;
  }
}

// What the weights take; a file that is shorter was cut off.
std::int64_t least_size(Head const& head) {
  double const state = head.audio_state, layer = 12 * state * state;
  double const weights = head.audio_layers * layer + head.text_layers * (layer + 4 * state * state) + head.words * state;
  return static_cast<std::int64_t>(weights * bits_of(head.type) / 8);
}

// Attention of every place to every other, twice, and what else a window needs.
std::int64_t memory_of_window(Head const& head) {
  return 128 * mebi + std::int64_t{8} * 1536 * 1536 * head.audio_heads +
         std::int64_t{4} * head.audio_context * head.audio_state * head.text_layers;
}

bool starts_with_silero(std::string_view bytes) {
  constexpr std::size_t at = 8;
  return bytes.size() >= at + voice_name.size() && bytes.substr(at, voice_name.size()) == voice_name;
}

std::string name_of(fs::path const& file) {
  auto name = file.filename().string();
  if (name.starts_with(prefix)) name.erase(0, prefix.size());
  if (name.ends_with(suffix)) name.erase(name.size() - suffix.size());
  return name;
}

ModelFile looked_at(fs::path const& file) {
  ModelFile model{.name = name_of(file), .file = file};
  auto const stamp = stamp_of(file);
  std::ifstream in(file, std::ios::binary);
  std::array<char, sizeof magic + sizeof(Head)> bytes{};
  in.read(bytes.data(), bytes.size());
  auto const read = std::string_view(bytes.data(), static_cast<std::size_t>(in.gcount()));
  if (!stamp || !in.is_open()) {
    model.fault = "it cannot be read";
    return model;
  }
  model.size = stamp->size;
  std::uint32_t found = 0;
  if (read.size() == bytes.size()) std::memcpy(&found, bytes.data(), sizeof found);
  if (found != magic) {
    model.fault = "it is no model in ggml's format";
    return model;
  }
  if (starts_with_silero(read)) {
    constexpr std::int64_t least_voice = 500'000;
    model.kind = ModelKind::voice;
    if (model.size < least_voice) model.fault = "it ends too early; fetch it again";
    return model;
  }
  Head head{};
  std::memcpy(&head, bytes.data() + sizeof magic, sizeof head);
  if (!is_plausible(head)) {
    model.fault = "it is no Whisper model";
    return model;
  }
  model.is_english = head.words < 51865;
  model.memory_of_window = memory_of_window(head);
  if (model.size < least_size(head))
    model.fault = fmt::format("it ends too early ({} of {} at least); fetch it again", human_bytes(model.size),
                              human_bytes(least_size(head)));
  return model;
}

std::vector<fs::path> program_folders() {
  std::error_code ignored;
  auto const program = fs::read_symlink("/proc/self/exe", ignored);
  if (program.empty()) return {};
  auto const folder = program.parent_path();
  std::vector<fs::path> out{(folder / "../share/reelmill/models").lexically_normal()};
  // Of a build tree, what scripts/setup has fetched.
  if (fs::exists(folder / "CMakeCache.txt", ignored)) out.push_back((folder / "../../.cache/models").lexically_normal());
  return out;
}

std::string places() {
  std::vector<std::string> names;
  for (auto const& folder : model_folders()) names.push_back(folder.string());
  return names.empty() ? "nowhere" : join(names, ", ");
}

Error absent(std::string const& name, ModelKind kind) {
  std::vector<ModelFile> const found = found_models();
  std::vector<std::string_view> names;
  std::vector<std::string> listed;
  for (auto const& model : found)
    if (model.kind == kind) {
      names.push_back(model.name);
      listed.push_back(model.name);
    }
  if (kind == ModelKind::voice)
    return Error{ErrorKind::missing,
                 fmt::format("there is no voice detector; `scripts/setup --speech` fetches one, or put ggml-silero-VERSION.bin "
                             "into one of: {}",
                             places())};
  auto const near = did_you_mean(name, names);
  return Error{ErrorKind::missing, fmt::format("there is no model '{}'{}; found: {}; `scripts/setup --speech` fetches base and "
                                               "tiny.en, others go as ggml-NAME.bin into "
                                               "one of: {}",
                                               printable(name), near, listed.empty() ? "none" : join(listed, ", "), places())};
}

Result<ModelFile> sound_one(ModelFile model) {
  if (model.fault.empty()) return model;
  return Error{ErrorKind::media, fmt::format("reading the model {}: {}", printable(model.file.string()), model.fault)};
}

}  // namespace

std::vector<fs::path> model_folders() {
  std::vector<fs::path> folders;
  auto const add = [&](fs::path folder) {
    if (std::find(folders.begin(), folders.end(), folder) == folders.end()) folders.push_back(std::move(folder));
  };
  if (auto const given = environment("REELMILL_MODELS"); !given.empty()) add(given);
  auto data = environment("XDG_DATA_HOME");
  if (auto const home = environment("HOME"); data.empty() && !home.empty()) data = home + "/.local/share";
  if (!data.empty()) add(fs::path(data) / "reelmill/models");
  for (auto& folder : program_folders()) add(std::move(folder));
  return folders;
}

std::vector<ModelFile> found_models() {
  std::vector<ModelFile> models;
  for (auto const& folder : model_folders()) {
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      auto const name = at->path().filename().string();
      std::error_code ignored;
      if (!name.starts_with(prefix) || !name.ends_with(suffix) || !fs::is_regular_file(at->path(), ignored)) continue;
      auto const is_same = [&](ModelFile const& model) { return model.name == name_of(at->path()); };
      if (std::none_of(models.begin(), models.end(), is_same)) models.push_back(looked_at(at->path()));
    }
  }
  std::sort(models.begin(), models.end(), [](ModelFile const& a, ModelFile const& b) { return a.name < b.name; });
  return models;
}

Result<ModelFile> find_model(std::string const& name_or_path) {
  std::optional<ModelFile> found;
  std::error_code ignored;
  if (name_or_path.find('/') != std::string::npos || name_or_path.ends_with(suffix)) {
    if (!fs::is_regular_file(name_or_path, ignored))
      return Error{ErrorKind::missing, fmt::format("there is no model file '{}'", printable(name_or_path))};
    found = looked_at(fs::absolute(name_or_path, ignored).lexically_normal());
  } else {
    for (auto& model : found_models())
      if (model.name == name_or_path) found = std::move(model);
  }
  if (!found) return absent(name_or_path, ModelKind::whisper);
  if (found->kind != ModelKind::whisper && found->fault.empty())
    return Error{ErrorKind::usage, fmt::format("'{}' is a voice detector, it knows no words; `reelmill models` lists models",
                                               printable(name_or_path))};
  return sound_one(*std::move(found));
}

Result<ModelFile> find_voice() {
  std::optional<ModelFile> found;
  for (auto& model : found_models())
    if (model.name.starts_with(voice_name) || model.kind == ModelKind::voice) found = std::move(model);
  if (!found) return absent({}, ModelKind::voice);
  return sound_one(*std::move(found));
}

Result<Asset> asset_of(ModelFile const& model) {
  return Asset { .path = model.file.string(), .hash = TRY(file_hash(model.file)) };
}

}  // namespace reelmill
