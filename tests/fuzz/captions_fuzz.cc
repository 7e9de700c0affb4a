// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a caption file of any name (the first byte says which): refused, or captions that every format can write and read
// again, that can be tidied, and laid out anew so that the checker finds no fault but one that nobody can avoid.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "captions/caption_file.h"
#include "captions/check.h"
#include "captions/lay_out.h"
#include "captions/tidy.h"
#include "fuzz/require.h"

using namespace reelmill;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::array names{"a.srt", "a.vtt", "a.ass", "a.ttml", "a", "a.xml"};
  constexpr std::array encodings{"", "", "", "", "utf-8", "windows-1252", "utf-16", "shift_jis"};
  std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
  auto const read = read_captions(bytes, names[data[0] % names.size()], encodings[data[0] / 32]);
  if (!read) {
    REQUIRE(read.error().kind == ErrorKind::media || read.error().kind == ErrorKind::usage);
    REQUIRE(is_utf8(read.error().what) && read.error().what.find('\n') == std::string::npos);
    return 0;
  }
  for (auto const& cue : read->captions.cues) {
    REQUIRE(is_utf8(cue.text));
    for (auto const& run : cue.runs) REQUIRE(run.begin < run.end && run.end <= cue.text.size());
  }
  auto const clean = tidy(read->captions).captions;
  for (auto const format : caption_formats) {
    auto const text = captions_text(clean, format);
    if (clean.cues.empty()) continue;
    auto const again = read_captions(text, "a." + std::string(name_of(format)), "utf-8");
    REQUIRE(again && again->format == format);
    REQUIRE(again->captions.cues.size() == clean.cues.size());
    for (std::size_t i = 0; i < clean.cues.size(); ++i) REQUIRE(again->captions.cues[i].text == clean.cues[i].text);
    REQUIRE(format == CaptionFormat::ass || again->captions.cues == clean.cues);
  }
  if (clean.cues.size() > 300) return 0;
  Transcript transcript;
  for (auto const& cue : clean.cues) transcript.segments.push_back({cue.from, cue.to, cue.text, 1, {}});
  CaptionProfile const profile;
  for (auto const& finding : check_captions({"", lay_out(transcript, profile, {})}, profile))
    REQUIRE(finding.code == "captions.reading_speed");
  return 0;
}
