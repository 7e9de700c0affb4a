// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/caption_fonts.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/disk.h"
#include "base/hash.h"
#include "base/text.h"
#include "captions/characters.h"
#include "captions/clock_text.h"
#include "project/fonts.h"

namespace reelmill {

namespace {
// Lines' ends, spaces, joiners, marks of direction and selectors of variants need no glyph.
bool needs_glyph(char32_t point) {
  return point > 0x20 && point != 0xa0 && point != 0xad && !(point >= 0x200b && point <= 0x200f) &&
         !(point >= 0x202a && point <= 0x202e) && !(point >= 0x2060 && point <= 0x2069) && !(point >= 0xfe00 && point <= 0xfe0f) &&
         point != 0xfeff;
}

class Fonts {
 public:
  explicit Fonts(CaptionNode const& burn) : bold_(burn.bold) {
    auto const& font = burn.fonts.front();
    fonts_.push_back(font);
    files_.push_back({font.file.path, font.face});
  }

  // By number; the first one has what fontconfig does not know of it, for the worker to judge.
  Result<std::int32_t> font_of(char32_t point) {
    for (std::size_t i = 0; i < files_.size(); ++i)
      if (has_glyph(files_[i], point).value_or(i == 0)) return static_cast<std::int32_t>(i);
    auto const found = TRY(find_font_with(point, bold_));
    CaptionFont font{{found.file.string(), TRY(file_hash(found.file))}, found.face};
    files_.push_back(found);
    fonts_.push_back(std::move(font));
    return static_cast<std::int32_t>(fonts_.size() - 1);
  }

  std::vector<CaptionFont> take() { return std::move(fonts_); }

 private:
  bool bold_;
  std::vector<CaptionFont> fonts_;
  std::vector<FontFile> files_;
};
}  // namespace

Result<FilmCaptions> drawn_captions(Captions const& captions, CaptionNode const& burn) {
  FilmCaptions out;
  Fonts fonts(burn);
  std::map<char32_t, std::int32_t> known;
  for (auto const& cue : captions.cues) {
    FilmCaption film{cue.from, cue.to, {}};
    film.caption.text = cue.text;
    film.caption.at_top = cue.at_top;
    for (auto const& run : cue.runs)
      if (run.kind == Emphasis::italic)
        film.caption.italic.insert(film.caption.italic.end(),
                                   {static_cast<std::int32_t>(run.begin), static_cast<std::int32_t>(run.end)});
    for (std::string_view rest = cue.text; !rest.empty();) {
      auto const [point, length] = first_character(rest);
      if (needs_glyph(point)) {
        auto const [place, is_new] = known.try_emplace(point, 0);
        if (is_new) {
          auto const font = fonts.font_of(point);
          if (!font)
            return Error{.kind = font.error().kind,
                         .what = fmt::format("captions at {}: '{}': {}; install one that has, or change the caption",
                                             caption_clock(cue.from, '.'), printable(rest.substr(0, length)), font.error().what)};
          place->second = *font;
        }
        auto& used = film.caption.fonts;
        if (std::find(used.begin(), used.end(), place->second) == used.end()) used.push_back(place->second);
      }
      rest.remove_prefix(length);
    }
    out.captions.push_back(std::move(film));
  }
  out.fonts = fonts.take();
  return out;
}

}  // namespace reelmill
