// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of a text in whatever encoding, as UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace reelmill {

struct DecodedText {
  std::string text;      // UTF-8 without a byte order mark, lines end at \n, no NUL in it
  std::string encoding;  // what it was, "UTF-8"
  std::vector<std::string> notes;
};

// `encoding` as iconv knows it, or empty: byte order mark, UTF-16 by its zeros, UTF-8 where the bytes are, what an XML
// declaration says, what uchardet takes them for, windows-1252. What cannot be decoded becomes U+FFFD and is told. An encoding
// that is not known is an error of kind usage.
Result<DecodedText> decode_text(std::string_view bytes, std::string const& name, std::string const& encoding);

}  // namespace reelmill
