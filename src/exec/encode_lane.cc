// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/encode_lane.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "av/decoder.h"
#include "av/packets_file.h"
#include "base/hash.h"
#include "exec/outcome.h"

namespace reelmill {

namespace {
constexpr std::size_t queue_length = 4;

}  // namespace

EncodeLane::EncodeLane(EncodeNode node, av::RateControl control, std::int64_t frames, std::vector<CeilingOfUnit> units,
                       std::filesystem::path file)
    : node_(std::move(node)),
      control_(control),
      frames_(frames),
      units_(std::move(units)),
      file_(std::move(file)),
      queue_(queue_length) {}

EncodeLane::~EncodeLane() {
  queue_.give_up();
  queue_.end();
  if (thread_.joinable()) thread_.join();
}

void EncodeLane::start() {
  thread_ = std::thread([this] {
    outcome_ = outcome_of("pictures", [this] { return work(); });
    queue_.give_up();
  });
}

Result<EncodeLane::Outcome> EncodeLane::finish() {
  queue_.end();
  thread_.join();
  return std::move(*outcome_);
}

Result<EncodeLane::Outcome> EncodeLane::work() {
  auto encoder = TRY(av::VideoEncoder::open(node_, control_, frames_));
  auto const parameters = TRY(encoder.parameters());
  auto const name = fmt::format("the {}x{} encode just made", node_.width, node_.height);
  auto check = TRY(av::Decoder::open(*parameters, {0, 1}, name, {.strict = true, .counts_only = true}));
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
  auto writer = TRY(av::PacketsWriter::create(file_));

  std::vector<CeilingJudge> judges;
  for (auto const& unit : units_) judges.emplace_back(unit.ceiling, node_.rate);
  auto const may_hold = [&](std::size_t i) { return units_[i].ceiling == 0 || judges[i].holds(); };
  auto const is_hopeless = [&] {
    for (std::size_t i = 0; i < units_.size(); ++i)
      if (may_hold(i)) return false;
    return !accepts_anything_;
  };

  std::int64_t decoded = 0;
  auto const count = [&](AVFrame& frame) -> Result<void> {
    if (frame.width != node_.width || frame.height != node_.height)
      return Error{.kind = ErrorKind::failed,
                   .what = fmt::format("checking {}: it decodes to {}x{}", name, frame.width, frame.height)};
    ++decoded;
    return {};
  };
  auto const take = [&](AVPacket& packet) -> Result<void> {
    TRY(writer.write(packet));
    for (auto& judge : judges) judge.add(std::int64_t{packet.size} * 8);
    return check.decode(&packet, count);
  };

  Outcome outcome{std::vector<bool>(units_.size(), false), {}};
  bool hopeless = false;
  for (bool more = true; more && !hopeless;) {
    auto const frame = queue_.pop();
    more = frame != nullptr;
    TRY(encoder.encode(frame.get(), take));
    hopeless = is_hopeless();
  }
  if (hopeless) return outcome;
  TRY(check.decode(nullptr, count));
  if (writer.packets() != frames_ || decoded != frames_)
    return Error{.kind = ErrorKind::failed,
                 .what = fmt::format("checking {}: {} frames went in, {} packets came out, {} frames decode", name, frames_,
                                     writer.packets(), decoded)};
  auto description = av::describe(*parameters);
  description["options_note"] = hex_of_bytes(encoder.options_note());
  TRY(writer.finish(description));
  for (std::size_t i = 0; i < units_.size(); ++i) outcome.held[i] = units_[i].ceiling == 0 || judges[i].passes();
  outcome.result = {{"frames", frames_},
                    {"bytes", writer.bytes()},
                    {"payload_hash", writer.payload_hash()},
                    {"extradata_hash", Hasher().add(description["extradata"].get<std::string>()).hex()},
                    {"crf", control_.crf},
                    {"capped", control_.maxrate > 0}};
  return outcome;
}

}  // namespace reelmill
