// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/copies.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "graph/codecs.h"
#include "plan/lower.h"

namespace reelmill {

namespace {
std::span<VideoPacket const> packets_of(SourceIndex const& index, CopiedPicture const& copied) {
  return std::span(index.packets).first(static_cast<std::size_t>(copied.stage.packets));
}

std::string wrong_container(std::string_view container, std::string_view codec) {
  auto const fitting = containers_for_copies(codec);
  if (fitting.empty()) return fmt::format("no container here takes a copy of {}; choose another codec than copy", codec);
  return fmt::format("a file of {} cannot hold {}, which {} can; set 'container'", container, codec, fmt::join(fitting, ", "));
}

void end_early(CopiedPicture& copied, std::vector<VideoPacket> const& packets, std::int64_t end) {
  std::vector<std::int64_t> next(packets.size() + 1, INT64_MAX);  // the earliest picture from here on
  for (auto i = packets.size(); i-- > 0;) next[i] = std::min(next[i + 1], packets[i].pts);
  auto latest = INT64_MIN;
  auto const all = static_cast<std::size_t>(copied.stage.packets);
  for (std::size_t i = 0; i < all; ++i) {
    latest = std::max(latest, packets[i].pts);
    if (latest >= end || next[i + 1] == INT64_MAX) break;
    if (latest < next[i + 1]) {
      copied.stage.packets = static_cast<std::int64_t>(i) + 1;
      copied.end = next[i + 1];
    }
  }
}
}  // namespace

CopiedPicture copied_picture(SourceIndex const& index, Shown const& film) {
  auto const& source = index.video.front();
  auto const& all = index.packets;
  auto const last = std::find_if(all.rbegin(), all.rend(), [](VideoPacket const& packet) { return !packet.discard; });
  CopiedPicture out;
  out.tick = source.time_base;
  out.rate = source.average_rate;
  out.stage.stream = source.stream;
  out.stage.identity = index.identity;
  out.stage.origin = film.first;
  out.stage.packets = all.rend() - last;
  out.end = film.end;
  if (film.end < shown(index).end) end_early(out, all, film.end);
  for (auto const& packet : packets_of(index, out)) out.bytes += packet.size;
  out.delay = static_cast<int>(std::clamp<std::int64_t>(film.first - all.front().dts, 0, INT32_MAX));
  return out;
}

Key copy_key(Key begun, VideoStreamInfo const& source, CopyStage const& stage, Builds const& builds) {
  return begun.add("content of the picture", stage.identity)
      .add("header", source.header)
      .add("first picture", stage.origin)
      .add("packets", stage.packets)
      .add(builds, libraries_of_index());
}

Result<void> check_copies(Project const& project) {
  for (auto const& target : project.exports) {
    if (!target.copies()) continue;
    for (auto const& step : project.video)
      if (changes_picture(step))
        return Error{
            .kind = ErrorKind::project,
            .what = fmt::format("line {}: {} changes the picture, which export '{}' copies as it is; remove it or give the "
                                "export another codec than copy",
                                step.line, step.operation->name, target.name)};
    if (project.range)
      return Error{
          .kind = ErrorKind::usage,
          .what = fmt::format("--from, --to: export '{}' copies the picture, which cannot be cut between its key frames; "
                              "take other exports with --only, or give it another codec than copy",
                              target.name)};
  }
  return {};
}

std::optional<std::string> obstacle(Export const& target, SourceIndex const& index, CopiedPicture const& copied) {
  auto const& source = index.video.front();
  auto const& container = *container_named(target.container);
  if (std::find(container.copies.begin(), container.copies.end(), source.codec) == container.copies.end())
    return wrong_container(container.name, source.codec);
  if ((source.rotation != 0 || source.mirrored) && !container.edit_lists)
    return fmt::format("a file of {} cannot say that its picture is to be turned; set 'container: mp4' or 'mov'", container.name);
  if (!source.is_timed) return std::string("its container does not say when each picture is shown; encode it");
  if (!source.is_steady) return std::string("its coding changes on the way; encode it");
  auto const packets = packets_of(index, copied);
  std::int64_t hidden = 0;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (packets[i].pts < packets[i].dts || (i > 0 && packets[i].dts <= packets[i - 1].dts))
      return fmt::format("its packet {} is out of order; encode it", i);
    if (packets[i].pts < copied.stage.origin)
      ++hidden;
    else if (packets[i].discard)
      return std::string("its edit list hides pictures between others; encode it");
  }
  if (hidden > 0 && !(container.edit_lists && target.edit_lists))
    return fmt::format(
        "{} of its pictures lie before the first that is shown, which only mp4 and mov with edit lists can say; "
        "set 'container' or encode it",
        hidden);
  return std::nullopt;
}

Result<CopiedPicture> copied_for(std::vector<Export>& exports, std::filesystem::path const& source, SourceIndex const& index,
                                 Shown const& film) {
  auto copied = copied_picture(index, film);
  copied.stage.source = source.string();
  for (auto& target : exports) {
    if (!target.copies()) continue;
    target.delay = Rational(copied.delay) * copied.tick;
    if (auto const what = obstacle(target, index, copied))
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("planning {}: export '{}' cannot copy its picture: {}", source.filename().string(),
                                       target.name, *what)};
  }
  return copied;
}

}  // namespace reelmill
