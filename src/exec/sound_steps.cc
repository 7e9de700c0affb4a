// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/sound_steps.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace reelmill {

Result<SoundSteps> SoundSteps::open(AudioStage const& stage, std::filesystem::path const& folder, av::AudioFormat format) {
  SoundSteps out;
  std::span<AudioFilter const> const filters(stage.filters);
  std::size_t done = 0;
  for (auto const& bed : stage.beds) {
    auto const after = static_cast<std::size_t>(bed.after);
    TRY(out.add_filters(filters.subspan(done, after - done), format));
    TRY(out.add_bed(bed, stage, folder, format));
    done = after;
  }
  TRY(out.add_filters(filters.subspan(done), format));
  return out;
}

Result<void> SoundSteps::add_filters(std::span<AudioFilter const> filters, av::AudioFormat format) {
  if (!filters.empty()) steps_.emplace_back(TRY(av::AudioChain::open({filters.begin(), filters.end()}, format)));
  return {};
}

Result<void> SoundSteps::add_bed(SoundBed const& bed, AudioStage const& stage, std::filesystem::path const& folder,
                                 av::AudioFormat format) {
  auto const sample_at = [&](double second) { return std::llround(second * format.sample_rate); };
  std::int64_t const whole = round(stage.duration * Rational(format.sample_rate));
  std::int64_t end = bed.to > 0 ? sample_at(bed.to) : whole;
  std::int64_t const begin = sample_at(bed.from);
  if (std::min(whole, end) <= std::max<std::int64_t>(0, begin)) return {};
  // Of a part of the film, whether the file's end is near enough for its fade to be heard.
  std::int64_t const most = std::min<std::int64_t>(whole + sample_at(bed.fade_out), end) - begin;
  auto const sound = std::make_shared<BedSound>(TRY(BedSound::open(bed, most, folder, format)));
  beds_.push_back(sound);
  if (!bed.loop && sound->samples() < most) end = begin + sound->samples();
  steps_.emplace_back(std::in_place_type<av::BedMixer>, bed, end, format,
                      [sound](std::int64_t at, AVFrame& into) { return sound->read(at, into); });
  return {};
}

Result<void> SoundSteps::push_to(std::size_t step, AVFrame const& frame, Take const& take) {
  if (step == steps_.size()) return take(frame);
  auto const next = [&](AVFrame const& made) { return push_to(step + 1, made, take); };
  return std::visit([&](auto& it) { return it.push(frame, next); }, steps_[step]);
}

Result<void> SoundSteps::finish(Take const& take) {
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    auto const next = [&](AVFrame const& made) { return push_to(step + 1, made, take); };
    TRY(std::visit([&](auto& it) { return it.finish(next); }, steps_[step]));
  }
  return {};
}

std::int64_t SoundSteps::latency() const {
  std::int64_t sum = 0;
  for (auto const& step : steps_)
    if (auto const* const chain = std::get_if<av::AudioChain>(&step)) sum += chain->latency();
  return sum;
}

}  // namespace reelmill
