// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "av/audio_source.h"
#include "av/loudness_meter.h"
#include "av/tempo.h"
#include "exec/dead_channel.h"
#include "exec/loudness_fit.h"
#include "exec/pass_meter.h"
#include "exec/sound_encode.h"
#include "exec/sound_steps.h"
#include "exec/spilled_sound.h"
#include "exec/stage_sound.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"

namespace reelmill {

namespace {
constexpr std::int64_t silence_piece = 8192;

struct Output {
  AudioEncode const& encode;
  UnitFolder unit;
  SoundEncode packets;
};

std::vector<std::string> mended(av::AudioSource::Ledger const& ledger) {
  std::vector<std::string> out;
  if (ledger.filled > 0 || ledger.cut > 0)
    out.push_back(fmt::format("the sound has gaps or overlaps: {} samples of silence put in, {} cut", ledger.filled, ledger.cut));
  if (ledger.before_start > 0)
    out.push_back(fmt::format("{} samples of sound before the beginning are left out", ledger.before_start));
  if (ledger.jumps > 0)
    out.push_back(fmt::format("the sound's clock jumps by a minute or more {} times, which is not followed", ledger.jumps));
  if (ledger.changes > 0)
    out.push_back(fmt::format("the sound's rate, channels or format change {} times; all becomes one", ledger.changes));
  if (ledger.damaged > 0) out.push_back(fmt::format("{} packets or frames of the sound are damaged", ledger.damaged));
  return out;
}

class AudioWalk {
 public:
  AudioWalk(AudioStage const& stage, std::filesystem::path const& attempt, Reporter& reporter)
      : stage_(stage),
        attempt_(attempt),
        reporter_(reporter),
        format_{stage.sample_rate, stage.channels},
        passes_(reporter, stage.duration.value()) {}

  Result<void> run() {
    for (auto const& encode : stage_.encodes)
      if (encode.sample_rate != format_.sample_rate || encode.channels != format_.channels)
        return Error{.kind = ErrorKind::bug, .what = "a sound encode of another format than its stage"};
    return stage_.loudness || !stage_.measure.empty() ? measured() : plain();
  }

 private:
  using Take = SoundSteps::Take;

  // The stage, with the channel that is to be taken for both where it has to be found first.
  Result<AudioStage> with_living_channel() {
    auto stage = stage_;
    if (stage.downmix.side != "auto") return stage;
    stage.downmix.side.clear();
    if (auto const found = TRY(living_channel(stage_))) {
      stage.downmix.side = found->side;
      bool const is_left = found->side == "left";
      reporter_.warning(fmt::format("{}: its {} channel is dead ({:.0f} dB below the other); the {} one is taken for both",
                                    std::filesystem::path(stage_.source).filename().string(), is_left ? "right" : "left",
                                    found->louder, found->side));
    }
    return stage;
  }

  void warn(std::string const& name, av::AudioSource::Ledger const& ledger) {
    for (auto const& what : mended(ledger)) reporter_.warning(fmt::format("{}: {}", name, what));
  }

  // Everything before the encodes.
  Result<void> read(Take const& take) {
    auto source = TRY(StageSound::open(TRY(with_living_channel()), format_));
    auto tempo = TRY(av::Tempo::open(stage_.tempo, format_));
    auto steps = TRY(SoundSteps::open(stage_, attempt_, format_));
    double done = 0;
    auto const to_taker = [&](AVFrame const& frame) -> Result<void> {
      TRY(take(frame));
      done += static_cast<double>(frame.nb_samples) / format_.sample_rate;
      passes_.at_second(done);
      return {};
    };
    auto const to_steps = [&](AVFrame const& frame) { return steps.push(frame, to_taker); };
    auto const total_of_source = round(stage_.duration * stage_.tempo * Rational(format_.sample_rate));
    std::int64_t heard = 0;
    TRY(source.read(total_of_source, [&](AVFrame const& frame) {
      heard += frame.nb_samples;
      return tempo.push(frame, to_steps);
    }));
    // A bed goes on where the source's sound is over before the film.
    for (std::int64_t rest = stage_.beds.empty() ? 0 : total_of_source - heard; rest > 0; rest -= silence_piece)
      TRY(tempo.push(*TRY(av::make_samples(format_, static_cast<int>(std::min(rest, silence_piece)))), to_steps));
    TRY(tempo.finish(to_steps));
    TRY(steps.finish(to_taker));
    ledger_ = source.ledger();
    latency_ = steps.latency();
    name_ = source.name();
    warn(name_, ledger_);
    for (auto const& bed : steps.beds()) warn(bed->name(), bed->ledger());
    return {};
  }

  Result<void> plain() {
    std::vector<std::unique_ptr<Output>> outputs;
    for (auto const& encode : stage_.encodes) {
      auto unit = TRY(UnitFolder::make(attempt_, encode.key));
      auto packets = TRY(SoundEncode::begin(encode, unit));
      outputs.push_back(std::make_unique<Output>(Output{encode, std::move(unit), std::move(packets)}));
    }
    passes_.begin(1);
    TRY(read([&](AVFrame const& frame) -> Result<void> {
      for (auto& output : outputs) TRY(output->packets.push(frame));
      return {};
    }));
    for (auto& output : outputs) {
      TRY(output->packets.finish());
      TRY(finish(output->encode, output->unit, output->packets.result()));
    }
    return {};
  }

  // Measured while it is read, and put aside where it is to be made as loud as asked.
  Result<void> measured() {
    bool const is_measured = !stage_.measure.empty();
    bool const has_encodes = stage_.loudness && !stage_.encodes.empty();
    bool const is_dynamic = stage_.loudness && stage_.loudness->mode == "dynamic";
    auto meter = TRY(av::LoudnessMeter::open(format_, {.series = is_measured || is_dynamic, .outline = has_encodes}));
    auto sound = TRY(SpilledSound::create(attempt_, format_));
    passes_.begin(has_encodes ? 0.3 : 1);
    TRY(read([&](AVFrame const& frame) -> Result<void> {
      auto const mine = TRY(sound.mend(frame));
      TRY(meter.add(*mine));
      return has_encodes ? sound.write(*mine) : Result<void>();
    }));
    meter.finish();
    if (is_measured) {
      auto unit = TRY(UnitFolder::make(attempt_, stage_.measure));
      TRY(unit.finish({{"measured", Measurement{meter.figures(), meter.seconds(), meter.blocks()}}}));
      reporter_.unit_done(stage_.measure);
    }
    if (!has_encodes) return {};
    LoudnessFit fit(sound, meter, *stage_.loudness, passes_);
    TRY(fit.settle());
    for (auto const& encode : stage_.encodes) {
      auto unit = TRY(UnitFolder::make(attempt_, encode.key));
      auto made = TRY(fit.make(encode, unit));
      for (auto const& note : made.loudness.notes)
        if (told_.insert(note).second) reporter_.warning(fmt::format("{}: {}", name_, note));
      TRY(finish(encode, unit, std::move(made.unit)));
    }
    return {};
  }

  Result<void> finish(AudioEncode const& encode, UnitFolder& unit, Json result) {
    result["latency"] = latency_;
    result["downmix"] = ledger_.downmix;
    result["ledger"] = {{"late_by", ledger_.late_by}, {"before_start", ledger_.before_start},
                        {"filled", ledger_.filled},   {"cut", ledger_.cut},
                        {"jumps", ledger_.jumps},     {"changes", ledger_.changes}};
    TRY(unit.finish(result));
    reporter_.unit_done(encode.key);
    return {};
  }

  AudioStage const& stage_;
  std::filesystem::path const& attempt_;
  Reporter& reporter_;
  av::AudioFormat format_;
  PassMeter passes_;
  av::AudioSource::Ledger ledger_;
  std::int64_t latency_ = 0;
  std::string name_;
  std::set<std::string> told_;  // notes of encodes
};

}  // namespace

Result<void> walk_audio(AudioStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  return AudioWalk(stage, attempt, reporter).run();
}

}  // namespace reelmill
