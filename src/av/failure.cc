// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/failure.h"

#include <array>
#include <cerrno>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/log.h>
}

namespace reelmill::av {

Error failure(int averror, std::string doing, ErrorKind otherwise) {
  ErrorKind const kind = [&] {
    switch (averror) {
      case AVERROR_INVALIDDATA:
      case AVERROR_STREAM_NOT_FOUND:
      case AVERROR_PATCHWELCOME:
        return ErrorKind::media;
      case AVERROR_DECODER_NOT_FOUND:
      case AVERROR_ENCODER_NOT_FOUND:
      case AVERROR_DEMUXER_NOT_FOUND:
      case AVERROR_MUXER_NOT_FOUND:
      case AVERROR_FILTER_NOT_FOUND:
        return ErrorKind::missing;
      case AVERROR(ENOSPC):
      case AVERROR(EDQUOT):
      case AVERROR(EFBIG):
      case AVERROR(ENOMEM):
        return ErrorKind::full;
      default:
        return otherwise;
    }
  }();
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(averror, text.data(), text.size());
  return {.kind = kind, .what = doing + ": " + text.data()};
}

void tell_errors_only() { av_log_set_level(AV_LOG_ERROR); }

}  // namespace reelmill::av
