// SPDX-License-Identifier: GPL-3.0-or-later
// Models for speech, as files in ggml's format: Whisper's (ggml-NAME.bin) and Silero's (ggml-silero-VERSION.bin). Nothing here
// opens more of one than its head: the worker does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/stage.h"

namespace reelmill {

inline constexpr char const* preferred_model = "base";

enum class ModelKind { whisper, voice };

struct ModelFile {
  ModelKind kind = ModelKind::whisper;
  std::string name;  // "base", "tiny.en", "silero-v6.2.0"
  std::filesystem::path file;
  std::int64_t size = 0;              // bytes
  bool is_english = false;            // of whisper: knows no other language
  std::int64_t memory_of_window = 0;  // of whisper: bytes that it takes for each window that it hears at once, roughly
  std::string fault{};                // what is wrong with the file; empty: nothing
};

// Where models are looked for, in this order, whether the folders exist or not: $REELMILL_MODELS, $XDG_DATA_HOME/reelmill/models,
// beside the program.
std::vector<std::filesystem::path> model_folders();

// All that are found, damaged ones too; of one name, the first. In the order of names.
std::vector<ModelFile> found_models();

// By name, or by a path (anything with a slash or ending in .bin). What is not there is an error of kind missing that says where
// it was looked for; what is damaged is one of kind media.
Result<ModelFile> find_model(std::string const& name_or_path);
// The newest voice detector.
Result<ModelFile> find_voice();

// What a stage needs of it; reads the whole file.
Result<Asset> asset_of(ModelFile const& model);

}  // namespace reelmill
