// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "av/video_source.h"
#include "base/disk.h"
#include "exec/encode_lane.h"
#include "exec/picture_chain.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"
#include "graph/codecs.h"

namespace reelmill {

namespace {
constexpr char const* packets_name = "video.pkts";
constexpr int most_raises = 3;  // of the CRF, by two each time, once limiting the rate was not enough
constexpr double raise = 6;     // of the CRF, where the encoder cannot limit its rate

struct Wanted {
  EncodeNode const* node;
  std::vector<CeilingOfUnit> units;
  int tries = 0;  // encodes that broke the ceiling
};

bool is_last_try(EncodeNode const& node, int tries) {
  auto const* codec = video_codec_named(node.codec);
  if (!codec || !codec->has_crf()) return true;
  return codec->holds_ceiling ? tries > most_raises : node.crf + raise * tries >= codec->highest_crf;
}

// The rate control of the n-th try at a ceiling, for a chunk of this many seconds.
av::RateControl control_of(EncodeNode const& node, std::int64_t ceiling, int tries, double seconds) {
  if (tries == 0) return {.crf = node.crf};
  auto const* codec = video_codec_named(node.codec);
  if (codec && !codec->holds_ceiling) return {.crf = std::min(node.crf + raise * tries, codec->highest_crf)};
  auto const inside = static_cast<std::int64_t>(static_cast<double>(ceiling) * seconds / (seconds + 1));
  return {.crf = node.crf + 2 * (tries - 1), .maxrate = inside, .buffer = inside * 9 / 10};
}

class ChunkRenderer {
 public:
  ChunkRenderer(VideoStage const& stage, std::filesystem::path const& attempt, Reporter& reporter)
      : stage_(stage), attempt_(attempt), reporter_(reporter), chain_(stage.nodes) {
    for (auto const& chunk : stage.chunks) total_ += static_cast<double>(chunk.shown());
  }

  Result<void> render(VideoChunk const& chunk, av::VideoSource& source) {
    auto pending = TRY(wanted_of(chunk));
    auto const progress_before = done_;
    while (!pending.empty()) {
      pending = TRY(pass(chunk, source, std::move(pending)));
      done_ = progress_before + static_cast<double>(chunk.shown());
    }
    return {};
  }

 private:
  using Lanes = std::vector<std::unique_ptr<EncodeLane>>;

  Result<std::vector<Wanted>> wanted_of(VideoChunk const& chunk) const {
    std::vector<Wanted> wanted;
    for (auto const& node : stage_.nodes) {
      auto const* encode = std::get_if<EncodeNode>(&node);
      if (!encode) continue;
      Wanted mine{encode, {}};
      for (auto const& unit : chunk.wanted) {
        if (unit.node != encode->id) continue;
        auto const variant = static_cast<std::size_t>(unit.variant);
        if (variant >= encode->variants.size())
          return Error{.kind = ErrorKind::bug, .what = fmt::format("encode '{}' has no variant {}", encode->id, unit.variant)};
        mine.units.push_back({encode->variants[variant].ceiling, unit.key});
      }
      if (!mine.units.empty()) wanted.push_back(std::move(mine));
    }
    return wanted;
  }

  // Decodes the chunk once for all that is wanted; what broke its ceiling comes back, to be tried again.
  Result<std::vector<Wanted>> pass(VideoChunk const& chunk, av::VideoSource& source, std::vector<Wanted> wanted) {
    Lanes lanes;
    for (auto const& want : wanted) {
      auto const map = chunk.maps.find(to_string(want.node->rate));
      if (map == chunk.maps.end())
        return Error{.kind = ErrorKind::bug,
                     .what = fmt::format("a chunk has no frame map for {} fps", to_string(want.node->rate))};
      auto const frames = static_cast<std::int64_t>(map->second.size());
      auto const control =
          control_of(*want.node, want.units.front().ceiling, want.tries, static_cast<double>(frames) / want.node->rate.value());
      auto const file = attempt_ / fmt::format("{}.pkts", want.units.front().key);
      lanes.push_back(std::make_unique<EncodeLane>(*want.node, control, frames, want.units, file));
      if (is_last_try(*want.node, want.tries)) lanes.back()->accept_anything();
      lanes.back()->start();
    }
    TRY(feed(chunk, source, lanes));

    std::vector<Wanted> again;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      auto const outcome = TRY(lanes[i]->finish());
      for (std::size_t u = 0; u < wanted[i].units.size(); ++u) {
        auto const& unit = wanted[i].units[u];
        bool const last_try = is_last_try(*wanted[i].node, wanted[i].tries);
        if (!outcome.held[u] && !last_try) {
          again.push_back({wanted[i].node, {unit}, wanted[i].tries + 1});
          continue;
        }
        if (!outcome.held[u])
          reporter_.warning(fmt::format("a part of the {}x{} export stays above its ceiling of {} bit/s, at CRF {}",
                                        wanted[i].node->width, wanted[i].node->height, unit.ceiling,
                                        outcome.result.at("crf").get<double>()));
        TRY(commit(unit.key, lanes[i]->file(), outcome.result));
      }
      std::error_code ignored;
      std::filesystem::remove(lanes[i]->file(), ignored);
    }
    return again;
  }

  Result<void> feed(VideoChunk const& chunk, av::VideoSource& source, Lanes& lanes) {
    struct Reader {
      EncodeLane* lane;
      std::vector<std::int32_t> const* map;
      std::size_t next = 0;
      bool open = true;
    };
    std::vector<Reader> readers;
    std::set<std::string> needed;
    for (auto const& lane : lanes) {
      readers.push_back({lane.get(), &chunk.maps.at(to_string(lane->node().rate))});
      needed.merge(chain_.needed_for(lane->node().in));
    }
    TRY(source.begin(chunk));
    for (auto i = chunk.first_shown(); i < chunk.end_shown(); ++i) {
      auto frame = TRY(source.next());
      auto const shows = [&](Reader const& reader) {
        return reader.open && reader.next < reader.map->size() && (*reader.map)[reader.next] == static_cast<std::int32_t>(i);
      };
      if (std::any_of(readers.begin(), readers.end(), shows)) {
        auto const pictures = TRY(chain_.run(std::move(frame), chunk, i, needed));
        for (auto& reader : readers)
          for (; shows(reader); ++reader.next) reader.open = reader.lane->push(av::share(*pictures.at(reader.lane->node().in)));
      }
      if (std::none_of(readers.begin(), readers.end(), [](Reader const& reader) { return reader.open; })) break;
      if (done_ < total_) done_ += 1;
      reporter_.progress(done_, total_, "frames");
    }
    return {};
  }

  Result<void> commit(std::string const& key, std::filesystem::path const& file, Json result) {
    auto unit = TRY(UnitFolder::make(attempt_, key));
    std::error_code problem;
    // Exports that differ only in a ceiling they do not reach share one encode.
    std::filesystem::create_hard_link(file, unit.path(packets_name), problem);
    if (problem) TRY(copy_file_atomically(file, unit.path(packets_name)));
    result["packets"] = packets_name;
    TRY(unit.finish(result));
    reporter_.unit_done(key);
    return {};
  }

  VideoStage const& stage_;
  std::filesystem::path const& attempt_;
  Reporter& reporter_;
  PictureChain chain_;
  double done_ = 0, total_ = 0;
};
}  // namespace

Result<void> walk_video(VideoStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  auto source = TRY(av::VideoSource::open(stage));
  ChunkRenderer renderer(stage, attempt, reporter);
  for (auto const& chunk : stage.chunks) {
    if (chunk.shown() == 0) return Error{.kind = ErrorKind::bug, .what = "a chunk without frames"};
    TRY(renderer.render(chunk, source));
  }
  return {};
}

}  // namespace reelmill
