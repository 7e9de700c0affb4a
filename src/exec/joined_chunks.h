// SPDX-License-Identifier: GPL-3.0-or-later
// The packets of many chunks as one sequence: each chunk is proved by its hash when it has been read, each seam by decoding
// over it, and all must have the same parameter sets. Of a copied stream, its one file as it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "av/packets_file.h"
#include "base/result.h"
#include "exec/seam_check.h"
#include "graph/stage.h"

namespace reelmill {

// For whatever does not fit together.
Error damaged(std::string const& what);

class JoinedChunks {
 public:
  // `chunks` stays the caller's and must outlive this.
  JoinedChunks(std::vector<PacketsInput> const& chunks, bool is_copied) : chunks_(chunks), is_copied_(is_copied) {}

  Result<void> open();
  // Of the first chunk, and so of all.
  AVCodecParameters const& parameters() const { return *parameters_; }
  Json const& description() const { return reader_->description(); }
  // Of the chunks read to their end.
  std::int64_t frames() const { return base_; }
  // False at the end. pts and dts count frames of the film, before any delay; duration is 1. Of a copied stream, they are its
  // own.
  Result<bool> read(AVPacket& packet);
  // After the end: waits for what the seams have shown. To be called once.
  Result<void> finish();

 private:
  Result<void> next_file();
  Result<void> close_file();
  Result<void> fit_in(AVPacket& packet);
  Result<void> collect_seam(AVPacket const& packet);
  void check_seam();
  Result<void> prepend_note(AVPacket& packet);

  std::vector<PacketsInput> const& chunks_;
  bool is_copied_;
  std::size_t at_ = 0;
  std::optional<av::PacketsReader> reader_;
  av::Parameters parameters_;
  av::Packet last_key_;
  SeamCheck::Seam seam_;  // as far as it was read
  std::optional<SeamCheck> seams_;
  std::string extradata_;
  std::vector<std::uint8_t> note_;
  std::int64_t base_ = 0, last_dts_ = 0;
  int in_file_ = 0;
  bool has_last_ = false;
};

}  // namespace reelmill
