// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/index_stage.h"

#include <fmt/format.h>

#include "base/disk.h"
#include "graph/plausible.h"
#include "project/media_files.h"

namespace reelmill {

namespace {
constexpr double bytes_indexed_a_second = 400e6;
}

Result<PlannedIndex> planned_index(std::string id, std::filesystem::path const& file, Key begun, Known const& known,
                                   Builds const& builds) {
  auto const stamp = TRY(stamp_of(file));
  auto const name = file.filename().string();
  PlannedIndex out{{}, index_key(std::move(begun), file, stamp, builds), {}};
  auto const key = out.key.hex();
  auto const result = known.result(key);
  out.stage =
      planned_stage(std::move(id), IndexStage{key, file.string()}, result ? std::vector<std::string>() : std::vector{key});
  auto& planned = out.stage;
  planned.tasks = {"demux", "packet hashes", "access points"};
  planned.inputs = {name};
  planned.outputs = {"index"};
  planned.total = static_cast<double>(stamp.size);
  planned.cost = 0.1 + planned.total / bytes_indexed_a_second;
  planned.memory = 64 << 20;
  if (planned.state == StageState::run) {
    if (auto const faults = judge_unread(file); !is_valid(faults))
      return Error{.kind = ErrorKind::media, .what = fmt::format("reading {}: {}", name, faults.front().message)};
    return out;
  }
  out.index = result->at("index").get<SourceIndex>();
  if (auto const wrong = implausible(*out.index))
    return Error{.kind = ErrorKind::media, .what = fmt::format("planning {}: {}", name, *wrong)};
  return out;
}

}  // namespace reelmill
