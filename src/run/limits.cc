// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/limits.h"

#include <algorithm>

#include "base/disk.h"
#include "graph/media_limits.h"

namespace reelmill {
namespace {

constexpr std::int64_t mebi = 1 << 20, gibi = 1 << 30;

// Libraries, stacks and arenas take addresses and hardly any memory.
constexpr std::int64_t addresses_unused = 3 * gibi;
constexpr std::int64_t times_expected_memory = 4;
constexpr double cpu_to_begin_with = 600, times_expected_cpu = 250;
constexpr std::int64_t bytes_demuxed_a_second = 20'000'000;
constexpr std::int64_t file_to_begin_with = 64 * mebi;

std::int64_t size_of(std::string const& file) {
  auto const stamp = stamp_of(file);
  return stamp ? stamp->size : 0;
}

// The largest file each kind of work may have to write.
std::int64_t largest_file(IndexStage const& stage) { return gibi + size_of(stage.source) / 10; }

std::int64_t largest_file(VideoStage const& stage) {
  std::int64_t largest = 0;
  for (auto const& chunk : stage.chunks)
    for (auto const& node : stage.nodes)
      if (auto const* encode = std::get_if<EncodeNode>(&node))
        if (auto const map = chunk.maps.find(to_string(encode->rate)); map != chunk.maps.end())
          largest = std::max(largest, static_cast<std::int64_t>(map->second.size()) * encode->width * encode->height * 4);
  return largest;
}

std::int64_t largest_file(AudioStage const& stage) {
  constexpr std::int64_t largest_sample = 8;
  double seconds = stage.duration.value();
  for (auto const& bed : stage.beds) seconds = std::max(seconds, seconds_of(bed, stage.duration));
  return static_cast<std::int64_t>(seconds * stage.sample_rate) * stage.channels * largest_sample;
}

std::int64_t largest_file(CopyStage const& stage) {
  constexpr std::int64_t largest_head = 64;  // of a packet
  return size_of(stage.source) + stage.packets * largest_head;
}

std::int64_t largest_file(MuxStage const& stage) {
  std::int64_t sum = 0;
  for (auto const& input : stage.video) sum += size_of(input.path);
  for (auto const& input : stage.audio) sum += size_of(input.path);
  return 2 * sum;
}

std::int64_t largest_file(AnalysisStage const& stage) { return gibi + size_of(stage.source) / 10; }
std::int64_t largest_file(ProbeStage const&) { return gibi; }
std::int64_t largest_file(SyncStage const&) { return gibi; }
std::int64_t largest_file(TranscriptStage const&) { return gibi; }

// Demuxing is bound by the file's size alone; how much there is to decode in a file that nobody has looked at is not known.
double cpu_seconds(Stage const& stage, double expected) {
  double const demuxing = 60 + static_cast<double>(size_of(source_of(stage)) / bytes_demuxed_a_second);
  if (std::holds_alternative<IndexStage>(stage) || std::holds_alternative<CopyStage>(stage)) return demuxing;
  if (auto const* probe = std::get_if<ProbeStage>(&stage)) return demuxing + (probe->deep ? 3600.0 * most::hours : 0);
  return cpu_to_begin_with + times_expected_cpu * expected;
}

}  // namespace

StageLimits limits_of(Stage const& stage, Expected const& expected, std::filesystem::path const& folder) {
  constexpr std::int64_t most_memory = std::int64_t{1} << 44;
  StageLimits limits;
  limits.address_space = addresses_unused + times_expected_memory * std::clamp<std::int64_t>(expected.memory, 0, most_memory);
  limits.cpu_seconds = static_cast<std::int64_t>(std::min(cpu_seconds(stage, expected.cpu_seconds), 1e9));
  limits.file_size = file_to_begin_with + std::visit([](auto const& it) { return largest_file(it); }, stage);
  if (auto const room = free_space(folder)) limits.file_size = std::clamp<std::int64_t>(*room, mebi, limits.file_size);
  return limits;
}

}  // namespace reelmill
