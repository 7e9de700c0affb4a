// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/loudness_fit.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "av/encode_meter.h"
#include "av/limiter.h"
#include "exec/sound_encode.h"
#include "graph/codecs.h"

namespace reelmill {

namespace {
constexpr double shortest_block = 0.4, shortest_range = 3;  // seconds
constexpr double settled = 0.005;                           // LU, of the forecast
constexpr double reached = 0.07;                            // LU, after it; what is promised is 0.1
constexpr double near_enough = 0.03;                        // dB above it that need no other try
constexpr double margin = 0.05;                             // dB, below what the last try says is enough
constexpr double meters_differ = 0.15;  // dB, on peaks like noise: no other meter is to find more than asked for
// dB that limited peaks may grow in a lossy encode. The more of them there are, the further goes the one that grows most; seen
// up to 1.5 dB in music that was limited by 9 dB. With twice the bits half as far.
constexpr double least_headroom = 0.4, headroom_a_decibel = 0.4, deep = 3, most_headroom = 2.25;
constexpr double usual_bitrate = 96'000;  // of a channel
constexpr double much_gain = 30, little_effect = 0.2;
constexpr int most_settling = 12, most_narrowing = 3, most_encodes = 6;
constexpr double share_of_settling = 0.1, share_of_encode = 0.7;

double headroom_of(double deepest, AudioEncode const& encode) {
  double const bits = encode.bitrate > 0 ? static_cast<double>(encode.bitrate) / encode.channels / usual_bitrate : 1;
  double const more = headroom_a_decibel * std::max(0.0, deepest - deep) / std::max(1.0, bits);
  return std::min(most_headroom, least_headroom + more);
}

double rounded(double value) { return std::round(value * 100) / 100; }
std::optional<double> rounded(std::optional<double> const& value) { return value ? std::optional(rounded(*value)) : value; }
LoudnessFigures rounded(LoudnessFigures const& figures) {
  return {rounded(figures.integrated), rounded(figures.true_peak), rounded(figures.range)};
}
}  // namespace

LoudnessFit::LoudnessFit(SpilledSound& sound, av::LoudnessMeter const& meter, Loudness const& wanted, PassMeter& passes)
    : sound_(sound),
      meter_(meter),
      wanted_(wanted),
      ceiling_(wanted.true_peak - meters_differ),
      passes_(passes),
      before_(meter.figures()),
      shaped_(before_) {}

// Over the whole sound, as `plan` has it.
Result<LoudnessFit::Passed> LoudnessFit::pass(Plan const& plan, Take const& take) {
  auto const format = sound_.format();
  std::optional<av::Limiter> limiter;
  if (plan.ceiling) limiter.emplace(format, *plan.ceiling);
  std::int64_t position = 0;
  TRY(sound_.read([&](AVFrame& frame) -> Result<void> {
    plan.shape.apply(frame, position);
    position += frame.nb_samples;
    passes_.at_second(static_cast<double>(position) / format.sample_rate);
    return limiter ? limiter->push(frame, take) : take(frame);
  }));
  if (!limiter) return Passed();
  TRY(limiter->finish(take));
  return Passed{limiter->deepest(), limiter->seconds()};
}

void LoudnessFit::note_what_cannot_be() {
  if (sound_.mended() > 0)
    notes_.push_back(fmt::format("{} samples are no sound (more than 24 dB above full scale, or no numbers) and were replaced",
                                 sound_.mended()));
  if (before_.integrated || wanted_.mode == "gain") return;
  if (meter_.seconds() < shortest_block)
    notes_.push_back("the sound is shorter than the 0.4 s that loudness is measured over, and is left as loud as it is");
  else
    notes_.push_back("the sound is silent (below -70 LUFS), and is left as loud as it is");
}

Result<void> LoudnessFit::settle() {
  note_what_cannot_be();
  if (wanted_.mode == "dynamic") TRY(narrow_range());
  if (wanted_.mode == "gain")
    plan_.shape.gain = wanted_.gain;
  else if (shaped_.integrated)
    plan_.shape.gain = wanted_.integrated - *shaped_.integrated;
  if (plan_.shape.gain > much_gain) notes_.push_back(fmt::format("it is raised by {:.0f} dB, noise and all", plan_.shape.gain));
  if (!shaped_.true_peak) return {};
  plan_.target = wanted_.integrated;
  plan_.peak = *shaped_.true_peak + plan_.shape.gain;
  if (plan_.peak <= ceiling_) return {};
  if (wanted_.mode == "linear") {
    plan_.shape.gain -= plan_.peak - ceiling_;
    plan_.peak = ceiling_;
    return {};
  }
  plan_.ceiling = ceiling_;
  return {};
}

Result<void> LoudnessFit::narrow_range() {
  if (!before_.range) {
    if (before_.integrated)
      notes_.push_back("the sound is shorter than the 3 s that its range is measured over: no dynamic processing");
    return {};
  }
  double left = 1;
  for (int i = 0; i < most_narrowing && shaped_.range && *shaped_.range > wanted_.range + little_effect; ++i) {
    left *= wanted_.range / *shaped_.range;
    plan_.shape.curve = av::curve_towards(*before_.integrated, left, meter_.short_term());
    passes_.begin(share_of_settling);
    auto meter = TRY(av::LoudnessMeter::open(sound_.format()));
    TRY(pass(plan_, [&](AVFrame const& frame) { return meter.add(frame); }));
    shaped_ = meter.figures();
  }
  return {};
}

bool LoudnessFit::corrects_gain() const {
  return wanted_.mode != "gain" && wanted_.mode != "linear" && before_.integrated.has_value();
}

// What the limiter takes away, the gain gives back, as far as that does anything.
void LoudnessFit::settle_limiter(Plan& plan) const {
  std::optional<double> last_gain, last_loudness;
  for (int i = 0; i < most_settling; ++i) {
    auto const loudness = av::forecast_loudness(meter_.outline(), plan.shape, plan.ceiling).integrated;
    if (!loudness) return;
    double const miss = plan.target - *loudness;
    if (std::abs(miss) < settled) {
      plan.reaches = true;
      return;
    }
    auto& gain = plan.shape.gain;
    double effect = 1;  // of a decibel more
    if (last_gain && std::abs(gain - *last_gain) > 1e-6) effect = (*loudness - *last_loudness) / (gain - *last_gain);
    if (effect < little_effect) {
      gain = *last_gain;
      plan.reaches = false;
      return;
    }
    last_gain = gain;
    last_loudness = loudness;
    gain += miss / std::min(effect, 1.0);
  }
  plan.reaches = true;
}

// The loudness that the plan means to have after the encode; nothing where it is not steered.
std::optional<double> LoudnessFit::aim(Plan const& plan) const {
  return corrects_gain() && plan.reaches ? std::optional(wanted_.integrated) : std::nullopt;
}

// What the encode changed is what the next one will change as well.
void LoudnessFit::correct(Plan& plan, LoudnessFigures const& after) const {
  double const excess = after.true_peak ? *after.true_peak - ceiling_ : 0;
  if (excess > near_enough) {
    if (wanted_.mode == "linear")
      plan.shape.gain -= excess + margin;
    else
      plan.ceiling = std::min(plan.peak, plan.ceiling.value_or(ceiling_)) - excess - margin;
  }
  auto const loudness = aim(plan);
  if (!loudness || !after.integrated || !corrects_gain()) return;
  plan.target += *loudness - *after.integrated;
  if (plan.ceiling)
    settle_limiter(plan);
  else
    plan.shape.gain += *loudness - *after.integrated;
}

Result<LoudnessFit::Made> LoudnessFit::make(AudioEncode const& encode, UnitFolder const& unit) {
  auto plan = plan_;
  auto const* const codec = audio_codec_named(encode.codec);
  bool const limits_and_steers = plan.ceiling && corrects_gain();
  if (limits_and_steers) settle_limiter(plan);
  if (plan.ceiling && codec && !codec->is_lossless()) {
    *plan.ceiling -= headroom_of(av::forecast_loudness(meter_.outline(), plan.shape, plan.ceiling).deepest, encode);
    if (limits_and_steers) settle_limiter(plan);
  }
  Made made;
  for (int tries = 1;; ++tries) {
    passes_.begin(share_of_encode);
    auto packets = TRY(SoundEncode::begin(encode, unit));
    auto const passed = TRY(pass(plan, [&](AVFrame const& frame) { return packets.push(frame); }));
    TRY(packets.finish());
    passes_.begin(share_of_settling);
    auto const after =
        TRY(av::measure_encode(SoundEncode::file_in(unit), packets.samples(), [&](double done) { passes_.at(done); }));
    auto const loudness = aim(plan);
    bool const is_loud_enough = !loudness || !after.integrated || std::abs(*loudness - *after.integrated) <= reached;
    bool const is_under = !after.true_peak || *after.true_peak <= ceiling_ + near_enough;
    if ((!is_loud_enough || !is_under) && tries < most_encodes) {
      correct(plan, after);
      continue;
    }
    auto& result = made.loudness;
    result.gain =
        rounded(plan.shape.curve.empty() || !after.integrated ? plan.shape.gain : *after.integrated - *before_.integrated);
    result.limited = rounded(passed.deepest);
    result.limited_time = rounded(passed.limited_time);
    result.encodes = tries;
    result.before = rounded(before_);
    result.after = rounded(after);
    result.notes = notes_;
    bool const is_left = !before_.integrated && wanted_.mode != "gain" && result.limited == 0;
    result.mode = is_left ? "skipped" : !plan.shape.curve.empty() ? "dynamic" : result.limited > 0 ? "limited" : "linear";
    note_misses(plan, result);
    made.unit = packets.result();
    made.unit["loudness"] = result;
    return made;
  }
}

void LoudnessFit::note_misses(Plan const& plan, LoudnessResult& result) const {
  constexpr double promised = 0.1;
  auto const& after = result.after;
  if (after.true_peak && *after.true_peak > wanted_.true_peak)
    result.notes.push_back(fmt::format("its true peak is {:.1f} dBTP, above the {:.1f} asked for, because of its encode",
                                       *after.true_peak, wanted_.true_peak));
  if (wanted_.mode == "gain" || !after.integrated || !before_.integrated) return;
  if (std::abs(*after.integrated - wanted_.integrated) <= promised) return;
  auto const why = wanted_.mode == "linear" ? "more gain would lift its peaks above the ceiling, and no limiter is asked for"
                   : !plan.reaches          ? "more gain would only be limited away"
                                            : "its encode changes it";
  result.notes.push_back(fmt::format("it has {:.1f} LUFS instead of {:.1f}: {}", *after.integrated, wanted_.integrated, why));
}

}  // namespace reelmill
