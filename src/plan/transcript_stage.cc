// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/transcript_stage.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "project/models.h"

namespace reelmill {

namespace {
constexpr double seconds_heard_a_second = 10;  // of sound, in a second of one core
constexpr double bytes_a_second = 160'000;    // of sound, in the worker's memory


// Where a word of another recording is heard in the film; nothing where it is not.
std::optional<std::int64_t> on_film(std::int64_t ms, SpokenSound const& sound) {
  Rational at = sound.start + Rational(ms, 1000);
  if (!sound.pieces.empty()) {
    auto const heard_in = [&](SoundPiece const& piece) {
      return at >= piece.at && at <= piece.at + (piece.to - piece.from) * piece.rate;
    };
    auto const piece = std::find_if(sound.pieces.begin(), sound.pieces.end(), heard_in);
    if (piece == sound.pieces.end()) return std::nullopt;
    at = piece->from + (at - piece->at) / piece->rate;
  }
  auto const film = round((at - sound.film_begin) / sound.speed * Rational(1000));
  return film < 0 ? std::nullopt : std::optional(film);
}

template <class Timed>
bool move_to_film(Timed& timed, SpokenSound const& sound) {
  auto const from = on_film(timed.from, sound), to = on_film(timed.to, sound);
  if (!from || !to || *to < *from) return false;
  timed.from = *from;
  timed.to = *to;
  return true;
}

Transcript on_film(Transcript transcript, SpokenSound const& sound) {
  transcript.length = sound.pieces.empty() ? on_film(transcript.length, sound).value_or(0) : 0;
  std::erase_if(transcript.islands, [&](Island& island) { return !move_to_film(island, sound); });
  for (auto& segment : transcript.segments) {
    std::erase_if(segment.words, [&](Word& word) { return !move_to_film(word, sound); });
    if (segment.words.empty()) continue;
    segment.from = segment.words.front().from;
    segment.to = segment.words.back().to;
  }
  std::erase_if(transcript.segments, [](Segment const& segment) { return segment.words.empty(); });
  return transcript;
}
}  // namespace

Result<PlannedTranscript> planned_transcript(Transcribing const& wish, SpokenSound const& sound, Known const& known,
                                             PlanOptions const& options) {
  auto const name = printable(std::filesystem::path(sound.file).filename().string());
  auto const model = TRY(find_model(wish.model));
  if (model.is_english && wish.language != "auto" && wish.language != "en")
    return Error{.kind = ErrorKind::project,
                 .what = fmt::format("transcribe: the model {} knows English only, not '{}'; choose one without '.en'", model.name,
                                     wish.language)};
  TranscriptStage stage;
  stage.sound = {sound.file, sound.track->stream, sound.start};
  stage.model = TRY(asset_of(model));
  stage.voice = TRY(asset_of(TRY(find_voice())));
  stage.language = wish.language;
  stage.translate = wish.translate;
  stage.prompt = wish.prompt;
  Key key("transcript", options.explain);
  key.add("content of the sound", sound.track->identity)
      .add("start", sound.start)
      .add("model", stage.model.hash)
      .add("voice", stage.voice.hash)
      .add("language", stage.language)
      .add("translate", stage.translate)
      .add("prompt", stage.prompt)
      .add(options.builds, libraries_of_transcript());
  stage.key = key.hex();
  auto const result = known.result(stage.key);
  auto const seconds = sound.track->duration.value();
  PlannedTranscript out{planned_stage("transcript", stage, result ? std::vector<std::string>() : std::vector{stage.key}), {}, {}};
  auto& planned = out.stage;
  planned.tasks = {"find speech", fmt::format("transcribe by {}", model.name)};
  planned.inputs = {name};
  planned.outputs = {"transcript"};
  planned.total = planned.media_seconds = seconds;
  planned.cost = 1 + seconds / seconds_heard_a_second;
  planned.memory = (128 << 20) + model.size + most_windows_at_once * model.memory_of_window + static_cast<std::int64_t>(seconds * bytes_a_second);
  if (options.explain) out.made_of.push_back({"transcript", key.fields()});
  if (result) out.transcript = on_film(result->at("transcript").get<Transcript>(), sound);
  return out;
}

}  // namespace reelmill
