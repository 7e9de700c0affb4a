// SPDX-License-Identifier: GPL-3.0-or-later
// The sound of a source: which of its tracks, from when to when, what is done to it, and how it is encoded for the exports
// so that it meets the picture in every player.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/stage.h"
#include "plan/keys.h"
#include "plan/lower.h"
#include "project/project.h"

namespace reelmill {

// How far the decoding of the picture's track comes before its showing decides the lead, see placement_of. The key is left
// empty.
AudioEncode sound_for(Project const& project, int channels, Export const& target, bool has_picture);

// Whether one encode serves both.
bool is_same_sound(AudioEncode const& a, AudioEncode const& b);

// Those that the exports of a project need, each once.
std::vector<AudioEncode> sound_encodes(Project const& project, int channels, bool has_picture);

// Bytes of so many seconds of it.
std::int64_t sound_bytes(AudioEncode const& encode, double seconds);

// The track that the exports get: of those that can be decoded the one in the project's language, or else the one that the
// file prefers, or else the first. Nothing when none can be decoded.
AudioStreamInfo const* chosen_track(SourceIndex const& index, std::string_view language);

// Once the source is known: rate and channels that the project leaves to it, by the track that the exports get. A rate that
// encoders do not know becomes the next one they do; more or other channels than mono, stereo and 5.1 become stereo. The steps
// are lowered again, because a filter may not fit the rate. A picture that an export's container cannot hold is an error.
Result<void> settle_sound(Project& project, Lowered& lowered, SourceIndex const& index);

// "stream 2 (aac, stereo, 48000 Hz, en)".
std::string track_text(AudioStreamInfo const& track);

struct Span {
  Rational start, duration;  // seconds; the start is on the source's clock
  Rational skipped{0};       // of what is made of the whole source, how much comes before
  Rational whole{0};         // how long that is
};

// The whole stage, keys included, which begin with `begun`. `encodes` come without keys. What the project measures has one, too.
AudioStage sound_stage(Project const& project, Lowered const& lowered, AudioStreamInfo const& track, Span const& span,
                       std::vector<AudioEncode> encodes, Key const& begun, Builds const& builds,
                       std::vector<SoundPiece> pieces = {});

// Bytes that the worker needs on the disk while it works, besides what it makes.
std::int64_t working_bytes(AudioStage const& stage);
// Of the worker.
std::int64_t memory_of(AudioStage const& stage);

// What is done to the track before the steps of the project, for people; and what a person should know of the choice.
std::vector<std::string> sound_conversions(Lowered const& lowered, AudioStreamInfo const& track);
std::vector<std::string> sound_notes(Project const& project, SourceIndex const& index);

// What keeps an export from holding sound without a picture; nothing: it can.
std::optional<std::string> obstacle_to_sound_alone(Export const& target);

}  // namespace reelmill
