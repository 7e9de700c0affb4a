// SPDX-License-Identifier: GPL-3.0-or-later
// Encoded packets of one chunk of one export, or of a whole sound track, between the encoder and the muxer. The bytes
// are described in docs/formats.md. Time stamps: video counts output frames from the chunk's first; audio counts samples.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "av/handles.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"

namespace reelmill::av {

// Of a stream: what the muxer must know about it, as JSON (codec, size, colours, extradata as hex, …).
Json describe(AVCodecParameters const& parameters);
// Of a stream that is copied: its clock, the shape of its pixels and what its container says beside the packets as well.
Json describe(AVStream const& stream);
Result<Parameters> parameters_of(Json const& description);
// Gives the stream what a description says beside its parameters.
Result<void> add_side_data(Json const& description, AVStream& stream);

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

class PacketsWriter {
 public:
  static Result<PacketsWriter> create(std::filesystem::path const& path);
  Result<void> write(AVPacket const& packet);
  // The description goes last, since an encoder's extradata may come late. Syncs and closes.
  Result<void> finish(Json const& description);

  std::int64_t packets() const { return packets_; }
  std::int64_t bytes() const { return bytes_; }             // of payload
  std::string payload_hash() const { return hash_.hex(); }  // XXH3-128 over all packets and the description, hex; after finish

 private:
  PacketsWriter(std::FILE* file, std::string name);
  Result<void> put(void const* data, std::size_t size);

  std::unique_ptr<std::FILE, CloseFile> file_;
  std::string name_;
  Hasher hash_;
  std::int64_t packets_ = 0, bytes_ = 0;
};

class PacketsReader {
 public:
  static Result<PacketsReader> open(std::filesystem::path const& path);
  Json const& description() const { return description_; }
  // False at the end; then payload_hash() is that of everything read.
  Result<bool> read(AVPacket& packet);
  std::string payload_hash() const { return hash_.hex(); }
  std::int64_t packets() const { return packets_; }

 private:
  PacketsReader(std::FILE* file, std::string name);

  std::unique_ptr<std::FILE, CloseFile> file_;
  std::string name_;
  Hasher hash_;
  Json description_;
  std::string text_;  // of the description
  std::int64_t packets_ = 0, total_ = 0;
  bool at_end_ = false;
};

}  // namespace reelmill::av
