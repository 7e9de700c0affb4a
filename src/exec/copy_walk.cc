// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "av/demuxer.h"
#include "av/packets_file.h"
#include "av/stream_info.h"
#include "base/hash.h"
#include "exec/unit_folder.h"
#include "exec/walks.h"

namespace reelmill {

namespace {
constexpr char const* packets_name = "video.pkts";
constexpr std::size_t most_untimed = 64;

Error refused(av::Demuxer const& demuxer, std::string_view what) {
  return {.kind = ErrorKind::media, .what = fmt::format("copying the picture of {}: {}", demuxer.name(), what)};
}
}  // namespace

Result<void> walk_copy(CopyStage const& stage, std::filesystem::path const& attempt, Reporter& reporter) {
  auto demuxer = TRY(av::Demuxer::open(stage.source));
  if (stage.stream < 0 || static_cast<unsigned>(stage.stream) >= demuxer.context().nb_streams)
    return refused(demuxer, "it has lost a stream since it was indexed");
  auto& stream = demuxer.stream(stage.stream);
  auto const description = av::describe(stream);
  Hasher identity;
  av::add_picture(identity, stream);
  auto unit = TRY(UnitFolder::make(attempt, stage.key));
  auto writer = TRY(av::PacketsWriter::create(unit.path(packets_name)));
  auto const write = [&](AVPacket& taken) -> Result<void> {
    taken.pts -= stage.origin;
    taken.dts -= stage.origin;
    TRY(writer.write(taken));
    reporter.progress(static_cast<double>(writer.packets()), static_cast<double>(stage.packets), "packets");
    return {};
  };
  std::vector<av::Packet> untimed;  // until a decoding time is told
  bool has_dts = false;
  auto packet = av::make_packet();
  while (TRY(demuxer.read(*packet)) == av::Pull::item) {
    if (packet->stream_index != stage.stream) continue;
    av::add_packet(identity, *packet);
    if (writer.packets() + static_cast<std::int64_t>(untimed.size()) == stage.packets) continue;
    has_dts |= packet->dts != AV_NOPTS_VALUE;
    if (!has_dts) {
      if (untimed.size() == most_untimed) return refused(demuxer, "its packets have no decoding times; encode it");
      untimed.push_back(std::exchange(packet, av::make_packet()));
      continue;
    }
    for (std::size_t i = 0; i < untimed.size(); ++i) {
      untimed[i]->dts = av::dts_before(packet->dts, packet->duration, untimed.size() - i);
      TRY(write(*untimed[i]));
    }
    untimed.clear();
    if (packet->dts == AV_NOPTS_VALUE) packet->dts = packet->pts;
    TRY(write(*packet));
  }
  for (auto& last : untimed) {
    last->dts = last->pts;
    TRY(write(*last));
  }
  if (identity.hex() != stage.identity)
    return refused(demuxer, "its packets are not those that were indexed; has the file changed since?");
  TRY(writer.finish(description));
  TRY(unit.finish({{"packets", packets_name},
                   {"frames", writer.packets()},
                   {"bytes", writer.bytes()},
                   {"payload_hash", writer.payload_hash()},
                   {"extradata_hash", Hasher().add(description["extradata"].get<std::string>()).hex()}}));
  reporter.unit_done(stage.key);
  return {};
}

}  // namespace reelmill
