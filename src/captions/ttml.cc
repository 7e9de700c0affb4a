// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "captions/clock_text.h"
#include "captions/marked_text.h"
#include "captions/reading.h"

namespace reelmill {

namespace {

class TtmlMarkup final : public MarkupWriter {
 public:
  std::string opened(Emphasis kind) const override {
    switch (kind) {
      case Emphasis::italic:
        return "<span tts:fontStyle=\"italic\">";
      case Emphasis::bold:
        return "<span tts:fontWeight=\"bold\">";
      case Emphasis::underline:
        return "<span tts:textDecoration=\"underline\">";
    }
    return "<span>";
  }
  std::string closed(Emphasis) const override { return "</span>"; }
  std::string line_end() const override { return "<br/>"; }
  std::string escaped(std::string_view piece) const override { return escaped_for_xml(piece); }
};

}  // namespace

std::string ttml_text(Captions const& captions) {
  auto out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<tt xmlns=\"http://www.w3.org/ns/ttml\" xmlns:tts=\"http://www.w3.org/ns/ttml#styling\" "
      "xmlns:ttp=\"http://www.w3.org/ns/ttml#parameter\" ttp:timeBase=\"media\" xml:space=\"preserve\" xml:lang=\"{}\">"
      "<head><layout>"
      "<region xml:id=\"bottom\" tts:origin=\"10% 10%\" tts:extent=\"80% 80%\" tts:displayAlign=\"after\" "
      "tts:textAlign=\"center\"/>"
      "<region xml:id=\"top\" tts:origin=\"10% 10%\" tts:extent=\"80% 80%\" tts:displayAlign=\"before\" "
      "tts:textAlign=\"center\"/>"
      "</layout></head><body><div>",
      plain_language(captions.language));
  TtmlMarkup const markup;
  for (auto const& cue : captions.cues) {
    auto const text = markup.write(cue);
    if (text.empty()) continue;
    out += fmt::format("\n<p begin=\"{}\" end=\"{}\" region=\"{}\">{}</p>", caption_clock(cue.from, '.'),
                       caption_clock(std::max(cue.from, cue.to), '.'), cue.at_top ? "top" : "bottom", text);
  }
  return out + "\n</div></body></tt>\n";
}

}  // namespace reelmill
