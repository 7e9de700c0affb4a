// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/title.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include <ass/ass.h>
#include <fmt/format.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include "av/colour.h"
#include "base/text.h"

namespace reelmill::av {

namespace {
struct FreesAss {
  void operator()(ASS_Library* library) const { ass_library_done(library); }
  void operator()(ASS_Renderer* renderer) const { ass_renderer_done(renderer); }
  void operator()(ASS_Track* track) const { ass_free_track(track); }
};
struct FreesFont {
  void operator()(FT_Library library) const { FT_Done_FreeType(library); }
  void operator()(FT_Face face) const { FT_Done_Face(face); }
};
using FontLibrary = std::unique_ptr<std::remove_pointer_t<FT_Library>, FreesFont>;
using FontFace = std::unique_ptr<std::remove_pointer_t<FT_Face>, FreesFont>;

// What libass has to be told of a font.
struct Font {
  std::string family;
  bool bold = false;
};

// The front has checked that the text is UTF-8.
template <class Take>
void for_each_character(std::string_view text, Take const& take) {
  for (std::size_t i = 0; i < text.size();) {
    auto const lead = static_cast<unsigned char>(text[i]);
    std::size_t const length = std::min<std::size_t>(lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1, text.size() - i);
    char32_t point = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
    take(point, text.substr(i, length));
    i += length;
  }
}

Result<Font> look_into(TitleNode const& title, std::string const& bytes) {
  auto const name = printable(title.font.path.substr(title.font.path.rfind('/') + 1));
  FT_Library raw_library = nullptr;
  if (FT_Init_FreeType(&raw_library)) return Error{.kind = ErrorKind::full, .what = "setting a title: out of memory"};
  FontLibrary const library(raw_library);
  FT_Face raw_face = nullptr;
  if (FT_New_Memory_Face(library.get(), reinterpret_cast<FT_Byte const*>(bytes.data()), static_cast<FT_Long>(bytes.size()),
                         title.face, &raw_face))
    return Error{.kind = ErrorKind::media, .what = fmt::format("setting a title: {} is no font that can be read", name)};
  FontFace const face(raw_face);
  if (!FT_IS_SCALABLE(face.get()) || !face->family_name || FT_Select_Charmap(face.get(), FT_ENCODING_UNICODE))
    return Error{.kind = ErrorKind::media,
                 .what = fmt::format("setting a title: the font {} has no outlines for Unicode text, choose another", name)};
  Error lacking{.kind = ErrorKind::project, .what = {}};
  for_each_character(title.text, [&](char32_t point, std::string_view character) {
    if (point == '\n' || !lacking.what.empty() || FT_Get_Char_Index(face.get(), point)) return;
    lacking.what = fmt::format("setting a title: the font '{}' has no glyph for '{}' (U+{:04X}), choose one that has",
                               face->family_name, character, static_cast<std::uint32_t>(point));
  });
  if (!lacking.what.empty()) return lacking;
  return Font{face->family_name, (face->style_flags & FT_STYLE_FLAG_BOLD) != 0};
}

// Braces and backslashes would be markup; a word joiner, which shows nothing, keeps a backslash from meaning anything.
std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '\n')
      out += "\\N";
    else if (c == '\\')
      out += "\\\xe2\x81\xa0";
    else if (c == '{')
      out += "\\{";
    else
      out += c;
  }
  return out;
}

std::uint32_t ass_colour(Rgb const& colour) {
  return std::uint32_t{colour.red} << 24 | std::uint32_t{colour.green} << 16 | std::uint32_t{colour.blue} << 8;
}

int alignment_of(std::string_view position) {
  auto const says = [&](std::string_view word) { return position.find(word) != std::string_view::npos; };
  int const across = says("left") ? HALIGN_LEFT : says("right") ? HALIGN_RIGHT : HALIGN_CENTER;
  return across | (says("top") ? VALIGN_TOP : says("bottom") ? VALIGN_SUB : VALIGN_CENTER);
}

Result<void> fill_track(ASS_Track& track, TitleNode const& title, Font const& font, int width, int height, int margin) {
  double const size = std::min(width, height) * title.size / 100;
  track.track_type = ASS_Track::TRACK_TYPE_ASS;
  track.PlayResX = width;
  track.PlayResY = height;
  track.ScaledBorderAndShadow = 1;
  track.WrapStyle = 0;
  int const style_at = ass_alloc_style(&track);
  auto& style = track.styles[style_at];
  style.Name = strdup("Default");
  style.FontName = strdup(font.family.c_str());
  style.FontSize = size;
  style.PrimaryColour = style.SecondaryColour = ass_colour(TRY(parse_colour(title.colour)));
  style.OutlineColour = style.BackColour = ass_colour(TRY(parse_colour(title.outline_colour)));
  style.Bold = font.bold || title.bold ? 1 : 0;
  style.ScaleX = style.ScaleY = 1;
  style.BorderStyle = 1;
  style.Outline = size * title.outline / 100;
  style.Alignment = alignment_of(title.position);
  style.MarginL = style.MarginR = style.MarginV = margin;
  style.Encoding = -1;  // the text's own direction
  int const event_at = ass_alloc_event(&track);
  auto& event = track.events[event_at];
  event.Style = style_at;
  event.Duration = 1000;
  event.Text = strdup(escaped(title.text).c_str());
  return {};
}

struct Bounds {
  int left = INT32_MAX, top = INT32_MAX, right = 0, bottom = 0;
};

// Of what can be seen: the bitmaps themselves are padded.
Bounds bounds_of(ASS_Image const* images) {
  Bounds out;
  for (auto const* image = images; image; image = image->next)
    for (int y = 0; y < image->h; ++y)
      for (int x = 0; x < image->w; ++x) {
        if (image->bitmap[static_cast<std::ptrdiff_t>(y) * image->stride + x] == 0) continue;
        out.left = std::min(out.left, image->dst_x + x);
        out.top = std::min(out.top, image->dst_y + y);
        out.right = std::max(out.right, image->dst_x + x + 1);
        out.bottom = std::max(out.bottom, image->dst_y + y + 1);
      }
  // Even, so that the colours lie on their samples without being scaled.
  out.left &= ~1, out.top &= ~1;
  out.right += (out.right - out.left) & 1, out.bottom += (out.bottom - out.top) & 1;
  return out;
}

void paint(ASS_Image const& image, Bounds const& bounds, Rgba& out) {
  std::uint32_t const colours[3]{image.color >> 24, image.color >> 16 & 0xff, image.color >> 8 & 0xff};
  std::uint32_t const opacity = 255 - (image.color & 0xff);
  for (int y = 0; y < image.h; ++y)
    for (int x = 0; x < image.w; ++x) {
      std::uint32_t const alpha = image.bitmap[static_cast<std::ptrdiff_t>(y) * image.stride + x] * opacity / 255;
      if (alpha == 0) continue;
      auto const at = (static_cast<std::size_t>(image.dst_y - bounds.top + y) * static_cast<std::size_t>(out.width) +
                       static_cast<std::size_t>(image.dst_x - bounds.left + x)) *
                      4;
      auto const blend = [&](std::size_t i, std::uint32_t colour) {
        out.pixels[at + i] = static_cast<std::uint8_t>((colour * alpha + out.pixels[at + i] * (255 - alpha) + 127) / 255);
      };
      for (std::size_t i = 0; i < 3; ++i) blend(i, colours[i]);
      blend(3, 255);
    }
}
}  // namespace

Result<SetText> set_text(TitleNode const& title, std::string const& bytes, int width, int height) {
  auto const font = TRY(look_into(title, bytes));
  std::unique_ptr<ASS_Library, FreesAss> const library(ass_library_init());
  if (!library) return Error{.kind = ErrorKind::full, .what = "setting a title: out of memory"};
  ass_set_message_cb(
      library.get(), [](int, char const*, va_list, void*) {}, nullptr);
  ass_add_font(library.get(), "title", bytes.data(), static_cast<int>(bytes.size()));
  std::unique_ptr<ASS_Renderer, FreesAss> const renderer(ass_renderer_init(library.get()));
  std::unique_ptr<ASS_Track, FreesAss> const track(ass_new_track(library.get()));
  if (!renderer || !track) return Error{.kind = ErrorKind::full, .what = "setting a title: out of memory"};
  ass_set_frame_size(renderer.get(), width, height);
  ass_set_storage_size(renderer.get(), width, height);
  ass_set_fonts(renderer.get(), nullptr, font.family.c_str(), ASS_FONTPROVIDER_NONE, nullptr, 0);
  int const margin = static_cast<int>(std::lround(std::min(width, height) * title.margin / 100));
  TRY(fill_track(*track, title, font, width, height, margin));

  auto const* const images = ass_render_frame(renderer.get(), track.get(), 0, nullptr);
  auto const bounds = bounds_of(images);
  if (bounds.right <= bounds.left) return Error{.kind = ErrorKind::project, .what = "setting a title: nothing of it can be seen"};
  // Letters may lean a little out of the box they are set in.
  int const slack = static_cast<int>(std::ceil(std::min(width, height) * title.size / 100 * (0.1 + title.outline / 100))) + 1;
  bool const fits = bounds.left >= margin - slack && bounds.top >= margin - slack && bounds.right <= width - margin + slack &&
                    bounds.bottom <= height - margin + slack;
  if (!fits)
    return Error{
        .kind = ErrorKind::project,
        .what = fmt::format("setting the title '{}': at {}x{} it does not fit inside the safe area, make it shorter or smaller",
                            printable(title.text), width, height)};
  SetText out{{bounds.right - bounds.left, bounds.bottom - bounds.top, {}}, bounds.left, bounds.top};
  out.image.pixels.resize(static_cast<std::size_t>(out.image.width) * static_cast<std::size_t>(out.image.height) * 4);
  for (auto const* image = images; image; image = image->next) paint(*image, bounds, out.image);
  return out;
}

}  // namespace reelmill::av
