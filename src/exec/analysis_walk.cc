// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <future>
#include <optional>

#include <fmt/format.h>

#include "av/decoder.h"
#include "av/demuxer.h"
#include "av/luma.h"
#include "av/motion.h"
#include "exec/bounded_queue.h"
#include "exec/outcome.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"

namespace reelmill {

namespace {
// A decode that begins at a point is believed when this many frames from it on equal those of the whole walk.
constexpr std::size_t frames_to_prove = 24;
constexpr std::size_t frames_ahead = 8;
constexpr std::size_t most_timeless = 50;  // one frame in so many may have no time that can be used

struct Walk {
  AnalysisStage const& stage;
  Reporter& reporter;
  av::Demuxer demuxer;
  SourceAnalysis found{};
  std::optional<av::MotionDetector> motion{};
  av::Luma luma{};
  std::int64_t last_duration = 0;
  std::size_t timeless = 0;  // frames left out, since their time is missing or not after the one before

  Result<av::Decoder> open_decoder() {
    return av::Decoder::open(*demuxer.stream(stage.stream).codecpar, demuxer.stream(stage.stream).time_base, demuxer.name());
  }

  Result<void> see(AVFrame const& frame) {
    auto const pts = frame.best_effort_timestamp;
    if (pts == AV_NOPTS_VALUE || (!found.pts.empty() && pts <= found.pts.back())) {
      ++timeless;
      return {};
    }
    note_form(frame);
    found.pts.push_back(pts);
    found.checksum.push_back(av::checksum(frame));
    last_duration = frame.pkt_duration;
    if (stage.motion) {
      auto const& size = found.sizes.front();
      if (!motion) motion = TRY(av::MotionDetector::open(size.width, size.height, stage.shakiness, stage.accuracy));
      auto const view = TRY(luma.of(frame));
      found.motion.push_back(motion->next(view.data, view.stride));
    }
    return {};
  }

  void note_form(AVFrame const& frame) {
    auto const at = static_cast<std::int64_t>(found.pts.size());
    if (found.sizes.empty()) found.peak = av::peak_light(frame);
    if (found.sizes.empty() || found.sizes.back().width != frame.width || found.sizes.back().height != frame.height)
      found.sizes.push_back({at, frame.width, frame.height});
    if (found.sizes.size() == 2 && found.sizes.back().frame == at)
      reporter.warning(
          fmt::format("{}: the picture changes from {}x{} to {}x{} at frame {}; all of it is brought to the first size",
                      demuxer.name(), found.sizes[0].width, found.sizes[0].height, frame.width, frame.height, at));
    if (frame.interlaced_frame) ++(frame.top_field_first ? found.top_first : found.bottom_first);
  }

  // Decoding goes on in a thread of its own while the pictures are looked at.
  Result<void> whole() {
    auto decoder = TRY(open_decoder());
    BoundedQueue<av::Frame> queue(frames_ahead);
    auto reader = std::async(std::launch::async, [&] {
      auto decoded = outcome_of(demuxer.name(), [&] { return decode_all(decoder, queue); });
      queue.end();
      return decoded;
    });
    // The future waits for the thread, which would wait for room in the queue.
    struct GiveUp {
      BoundedQueue<av::Frame>& queue;
      ~GiveUp() { queue.give_up(); }
    };
    auto const& stream = demuxer.stream(stage.stream);
    auto const total = static_cast<double>(std::max<std::int64_t>(0, stream.nb_frames));
    Result<void> seen;
    {
      GiveUp const at_the_end{queue};
      while (auto const frame = queue.pop()) {
        seen = see(*frame);
        if (!seen) break;
        auto const done = static_cast<double>(found.pts.size());
        reporter.progress(done, std::max(total, done + 1), "frames");
      }
    }
    TRY(std::move(seen));
    TRY(reader.get());
    if (timeless > found.pts.size() / most_timeless)
      return Error{
          .kind = ErrorKind::media,
          .what = fmt::format("analysing {}: the time stamps of {} frames are missing or run backwards; remux the file first",
                              demuxer.name(), timeless)};
    if (timeless > 0)
      reporter.warning(
          fmt::format("{}: {} frames are left out, since they are at no time of their own", demuxer.name(), timeless));
    if (found.pts.empty())
      return Error{.kind = ErrorKind::media, .what = fmt::format("analysing {}: not one frame could be decoded", demuxer.name())};
    if (decoder.errors() > 0)
      reporter.warning(fmt::format("{}: {} packets or frames are damaged", demuxer.name(), decoder.errors()));
    auto const count = static_cast<std::int64_t>(found.pts.size());
    if (last_duration <= 0 && count > 1) last_duration = (found.pts.back() - found.pts.front()) / (count - 1);
    if (last_duration <= 0 && stream.avg_frame_rate.num > 0)
      last_duration = av_rescale_q(1, av_inv_q(stream.avg_frame_rate), stream.time_base);
    found.end = found.pts.back() + std::max<std::int64_t>(1, last_duration);
    return {};
  }

  Result<void> decode_all(av::Decoder& decoder, BoundedQueue<av::Frame>& queue) {
    auto packet = av::make_packet();
    for (bool more = true, wanted = true; more && wanted;) {
      more = TRY(demuxer.read(*packet))
      == av::Pull::item;
      TRY(decoder.decode(more ? packet.get() : nullptr, [&](AVFrame& frame) -> Result<void> {
        auto mine = av::make_frame();
        av_frame_move_ref(mine.get(), &frame);
        wanted = queue.push(std::move(mine));
        return {};
      }));
    }
    return {};
  }

  Result<bool> proves(SeekPoint const& point) {
    auto const first = std::lower_bound(found.pts.begin(), found.pts.end(), point.pts);
    if (first == found.pts.end() || *first != point.pts) return false;
    auto at = static_cast<std::size_t>(first - found.pts.begin());
    auto const end = std::min(found.pts.size(), at + frames_to_prove);
    if (!demuxer.seek(stage.stream, point)) return false;
    auto decoder = TRY(open_decoder());
    auto packet = av::make_packet();
    bool same = true, more = true;
    while (more && same && at < end) {
      more = TRY(demuxer.read(*packet))
      == av::Pull::item;
      TRY(decoder.decode(more ? packet.get() : nullptr, [&](AVFrame& frame) -> Result<void> {
        auto const pts = frame.best_effort_timestamp;
        if (!same || at >= end || pts < found.pts[at]) return {};
        same = pts == found.pts[at] && av::checksum(frame) == found.checksum[at];
        ++at;
        return {};
      }));
    }
    return same && at == end;
  }
};
}  // namespace

Result<void> walk_analysis(AnalysisStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  Walk walk { stage, reporter, TRY(av::Demuxer::open(stage.source)) };
  if (stage.stream < 0 || stage.stream >= static_cast<int>(walk.demuxer.context().nb_streams))
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("analysing {}: it has no stream {}", walk.demuxer.name(), stage.stream)};
  walk.demuxer.keep_only(stage.stream);
  TRY(walk.whole());
  for (auto const& point : stage.prove) walk.found.proved.push_back(TRY(walk.proves(point)) ? 1 : 0);
  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  TRY(unit.finish({{"analysis", walk.found}}));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
