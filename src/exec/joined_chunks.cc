// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/joined_chunks.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace reelmill {

Error damaged(std::string const& what) {
  return {.kind = ErrorKind::failed, .what = fmt::format("joining the chunks: {}", what)};
}

namespace {
constexpr int frames_across_seam = 3;  // decoded on the far side; they refer to that side's IDR only
}

Result<void> JoinedChunks::open() {
  TRY(next_file());
  parameters_ = TRY(av::parameters_of(reader_->description()));
  if (is_copied_) return {};
  auto note = bytes_of_hex(reader_->description().value("options_note", std::string()));
  if (!note) return damaged("the note of the encoder cannot be read");
  note_ = std::move(*note);
  seams_.emplace(TRY(av::Decoder::open(*parameters_, {0, 1}, "a seam between chunks", {.strict = true, .counts_only = true})));
  return {};
}

Result<bool> JoinedChunks::read(AVPacket& packet) {
  while (!TRY(reader_->read(packet))) {
    TRY(close_file());
    if (at_ == chunks_.size()) return false;
    TRY(next_file());
  }
  if (!is_copied_) TRY(fit_in(packet));
  if (has_last_ && packet.dts <= last_dts_) return damaged("decoding times run backwards");
  has_last_ = true;
  last_dts_ = packet.dts;
  return true;
}

Result<void> JoinedChunks::fit_in(AVPacket& packet) {
  TRY(collect_seam(packet));
  packet.pts += base_;
  packet.dts += base_;
  packet.duration = 1;
  if (!note_.empty()) TRY(prepend_note(packet));
  return {};
}

Result<void> JoinedChunks::next_file() {
  reader_ = TRY(av::PacketsReader::open(chunks_[at_].path));
  auto const extradata = reader_->description().at("extradata").get<std::string>();
  if (at_ == 0) extradata_ = extradata;
  if (extradata != extradata_) return damaged("their parameter sets differ");
  in_file_ = 0;
  return {};
}

Result<void> JoinedChunks::close_file() {
  auto const& input = chunks_[at_];
  if (reader_->payload_hash() != input.payload_hash || reader_->packets() != input.frames)
    return damaged("a cached chunk is not what was verified; run again");
  base_ += input.frames;
  ++at_;
  check_seam();
  return {};
}

// The last key frame of a chunk and the first frames of the next go through one decoder.
Result<void> JoinedChunks::collect_seam(AVPacket const& packet) {
  bool const is_key = packet.flags & AV_PKT_FLAG_KEY;
  if (in_file_ == 0 && !is_key) return damaged("a chunk does not begin with a key frame");
  if (in_file_ == 0 && last_key_) seam_.push_back(std::move(last_key_));
  if (!seam_.empty()) seam_.emplace_back(av::allocated(av_packet_clone(&packet)));
  if (is_key) last_key_.reset(av::allocated(av_packet_clone(&packet)));
  ++in_file_;
  if (in_file_ == frames_across_seam) check_seam();
  return {};
}

void JoinedChunks::check_seam() {
  if (!seam_.empty()) seams_->push(std::exchange(seam_, {}));
}

Result<void> JoinedChunks::finish() { return seams_ ? seams_->finish() : Result<void>(); }

Result<void> JoinedChunks::prepend_note(AVPacket& packet) {
  auto const size = static_cast<int>(note_.size());
  auto joined = av::make_packet();
  if (av_new_packet(joined.get(), packet.size + size) < 0)
    return Error{.kind = ErrorKind::full, .what = "joining the chunks: out of memory"};
  std::copy(note_.begin(), note_.end(), joined->data);
  std::copy(packet.data, packet.data + packet.size, joined->data + size);
  av_packet_copy_props(joined.get(), &packet);
  av_packet_unref(&packet);
  av_packet_move_ref(&packet, joined.get());
  note_.clear();
  return {};
}

}  // namespace reelmill
