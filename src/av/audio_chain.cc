// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/audio_chain.h"

#include <algorithm>
#include <string>

#include "av/latency.h"

namespace reelmill::av {

namespace {
constexpr std::int64_t silence_piece = 4096;

// Only afftdn looks ahead; the other filters of the list give each sample as soon as they get it. What those delay near their
// corner frequency belongs to their sound, and a measurement would count it.
Result<std::int64_t> latency_of(AudioFilter const& filter, AudioFormat format) {
  return filter.filter == "afftdn" ? measured_latency(filter, format) : Result<std::int64_t>(0);
}
}  // namespace

Result<AudioChain> AudioChain::open(std::vector<AudioFilter> const& filters, AudioFormat format) {
  AudioChain out;
  out.format_ = format;
  if (filters.empty()) return out;
  auto graph = TRY(FilterGraph::for_sound(format, "filtering sound"));
  for (auto const& filter : filters) {
    TRY(graph.add(filter.filter, filter.options));
    auto const latency = TRY(latency_of(filter, format));
    if (latency == 0) continue;
    // What follows may depend on the time, so the delay is taken out where it arises.
    TRY(graph.add_own("atrim", {{"start_sample", std::to_string(latency)}}));
    TRY(graph.add_own("asetpts", {{"expr", "PTS-STARTPTS"}}));
    out.latency_ += latency;
  }
  TRY(graph.end_in(format));
  TRY(graph.close());
  out.graph_ = std::move(graph);
  return out;
}

Result<void> AudioChain::send(AVFrame const& frame) {
  auto const mine = share(frame);
  mine->pts = sent_;
  sent_ += frame.nb_samples;
  return graph_->push(mine.get());
}

Result<void> AudioChain::drain(Take const& take) {
  while (auto const frame = TRY(graph_->pull())) {
    frame->nb_samples = static_cast<int>(std::min<std::int64_t>(frame->nb_samples, taken_ - given_));
    if (frame->nb_samples <= 0) continue;
    given_ += frame->nb_samples;
    TRY(take(*frame));
  }
  return {};
}

Result<void> AudioChain::push(AVFrame const& frame, Take const& take) {
  if (!graph_) return take(frame);
  taken_ += frame.nb_samples;
  TRY(send(frame));
  return drain(take);
}

Result<void> AudioChain::finish(Take const& take) {
  if (!graph_) return {};
  // A window beyond the latency, because a filter may keep part of its last window.
  for (auto rest = 2 * latency_ + silence_piece; rest > 0 && given_ < taken_; rest -= silence_piece) {
    TRY(send(*TRY(make_samples(format_, static_cast<int>(silence_piece)))));
    TRY(drain(take));
  }
  TRY(graph_->push(nullptr));
  TRY(drain(take));
  if (given_ != taken_)
    return Error{.kind = ErrorKind::bug, .what = "the sound filters gave back another number of samples than they got"};
  return {};
}

}  // namespace reelmill::av
