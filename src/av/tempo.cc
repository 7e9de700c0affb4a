// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/tempo.h"

#include <algorithm>

#include "base/text.h"

namespace reelmill::av {

namespace {
constexpr int silence_piece = 4096, most_pieces = 64;  // the filter holds back less than a second
}

Result<Tempo> Tempo::open(Rational tempo, AudioFormat format) {
  Tempo out;
  out.tempo_ = tempo;
  out.format_ = format;
  if (tempo == Rational(1)) return out;
  auto graph = TRY(FilterGraph::for_sound(format, "changing the sound's tempo"));
  TRY(graph.add("rubberband", {{"tempo", shortest(tempo.value())}, {"channels", "together"}}));
  TRY(graph.end_in(format));
  TRY(graph.close());
  out.graph_ = std::move(graph);
  return out;
}

Result<void> Tempo::send(AVFrame const& frame) {
  auto const mine = share(frame);
  mine->pts = sent_;
  sent_ += frame.nb_samples;
  return graph_->push(mine.get());
}

Result<void> Tempo::drain(std::int64_t most, Take const& take) {
  while (auto const frame = TRY(graph_->pull())) {
    frame->nb_samples = static_cast<int>(std::min<std::int64_t>(frame->nb_samples, most - given_));
    if (frame->nb_samples <= 0) continue;
    given_ += frame->nb_samples;
    TRY(take(*frame));
  }
  return {};
}

Result<void> Tempo::push(AVFrame const& frame, Take const& take) {
  if (!graph_) return take(frame);
  taken_ += frame.nb_samples;
  TRY(send(frame));
  return drain(round(Rational(taken_) / tempo_), take);
}

Result<void> Tempo::finish(Take const& take) {
  if (!graph_) return {};
  auto const wanted = round(Rational(taken_) / tempo_);
  for (int piece = 0; piece < most_pieces && given_ < wanted; ++piece) {
    TRY(send(*TRY(make_samples(format_, silence_piece))));
    TRY(drain(wanted, take));
  }
  if (given_ != wanted)
    return Error{.kind = ErrorKind::bug, .what = "changing the sound's tempo gave another number of samples than it must"};
  return {};
}

}  // namespace reelmill::av
