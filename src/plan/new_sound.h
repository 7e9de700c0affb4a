// SPDX-License-Identifier: GPL-3.0-or-later
// Another recording's sound on the source's clock: which of its tracks, and which part of it is heard when.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/stage.h"
#include "graph/sync.h"
#include "ops/operation.h"
#include "plan/keys.h"

namespace reelmill {

struct OtherSound {
  SoundTrackOf track;
  AudioStreamInfo info;
  Rational length;  // seconds from its beginning to the last sample
};
// The track that its own film would get; media where it has none that can be decoded. The recording begins with its first picture
// or, where it has none, with its sound.
Result<OtherSound> other_sound(std::string const& path, SourceIndex const& index, std::string_view language);

// The recording whole, so many seconds after `begin`, where the film begins on the source's clock.
std::vector<SoundPiece> pieces_at(Rational offset, Rational begin, OtherSound const& other);
// As found, to a sample of `sample_rate`. A drift of less than half a millisecond in all is left out, so that every sample stays
// what it is.
std::vector<SoundPiece> pieces_of(SyncFinding const& finding, Rational begin, OtherSound const& other, int sample_rate);

// Where the last one ends; the film's beginning where there is none.
Rational end_of(std::vector<SoundPiece> const& pieces, Rational begin);

// What both are, and what finds one in the other.
Key sync_key(Key begun, AudioStreamInfo const& own, SoundTrackOf const& a, OtherSound const& other, Builds const& builds);

// For people: how it was found, and a difference of more than a second in length.
std::vector<std::string> new_sound_notes(NewSound const& wish, SyncFinding const* finding, Rational film_end, Rational sound_end);

}  // namespace reelmill
