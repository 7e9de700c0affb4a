// SPDX-License-Identifier: GPL-3.0-or-later
// What media may ask of libav: which containers are opened, which decoders run, how large a picture or a sound may call itself.
// libav knows hundreds more, among them playlists, scripts and image formats that name other files, and decoders that nobody
// films with and few have looked at.
#pragma once

#include <string>

#include "av/handles.h"
#include "base/result.h"

namespace reelmill::av {

// Names as libav's `format_whitelist` and `codec_whitelist` want them, separated by commas.
char const* allowed_formats();
char const* allowed_decoders();

// The decoder that reads `codec` here, or nullptr.
AVCodec const* decoder_for(AVCodecID codec);

// Says what is wrong with a stream that cannot be decoded here: a decoder that is missing or not allowed, a picture or a sound
// larger than graph/media_limits.h has it. `name` is what the message calls the file.
Result<AVCodec const*> find_decoder(AVCodecParameters const& parameters, std::string const& name);

// The most that libav may take in one piece of memory, for the whole process.
void limit_single_pieces();

}  // namespace reelmill::av
