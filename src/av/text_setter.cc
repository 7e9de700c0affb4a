// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/text_setter.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

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

constexpr double least_of_size = 0.5, step_of_size = 0.1;
constexpr double most_of_height = 0.4;  // more of the picture is a wall

enum class Wrap { smart = 0, none = 2 };  // libass's numbers

char32_t point_of(std::string_view character) {
  auto const lead = static_cast<unsigned char>(character.front());
  char32_t point = character.size() == 1 ? lead : lead & (0x7fu >> character.size());
  for (std::size_t k = 1; k < character.size(); ++k) point = point << 6 | (static_cast<unsigned char>(character[k]) & 0x3fu);
  return point;
}

// The front has checked that the text is UTF-8.
template <class Take>
void for_each_character(std::string_view text, Take const& take) {
  for (std::size_t i = 0; i < text.size();) {
    auto const lead = static_cast<unsigned char>(text[i]);
    std::size_t const length = std::min<std::size_t>(lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1, text.size() - i);
    auto const character = text.substr(i, length);
    take(point_of(character), character, i);
    i += length;
  }
}

// Joiners, marks of direction and selectors of variants show nothing by themselves.
bool is_invisible(char32_t point) {
  return (point >= 0x200b && point <= 0x200f) || (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x2069) ||
         (point >= 0xfe00 && point <= 0xfe0f) || point == 0xfeff || point == 0xad;
}

bool is_ideographic(char32_t point) { return point >= 0x2e80 && point < 0xfe00; }

// Braces and backslashes would be markup; a word joiner, which shows nothing, keeps a backslash from meaning anything.
std::string escaped(std::string_view character) {
  if (character == "\n") return "\\N";
  if (character == "\\") return "\\\xe2\x81\xa0";
  if (character == "{") return "\\{";
  return std::string(character);
}

std::uint32_t ass_colour(Rgb const& colour) {
  return std::uint32_t{colour.red} << 24 | std::uint32_t{colour.green} << 16 | std::uint32_t{colour.blue} << 8;
}

int alignment_of(std::string_view position) {
  auto const says = [&](std::string_view word) { return position.find(word) != std::string_view::npos; };
  int const across = says("left") ? HALIGN_LEFT : says("right") ? HALIGN_RIGHT : HALIGN_CENTER;
  return across | (says("top") ? VALIGN_TOP : says("bottom") ? VALIGN_SUB : VALIGN_CENTER);
}

// Lines that begin with a dash are of different speakers.
bool begins_with_dash(std::string_view text) {
  return text.starts_with('-') || text.starts_with("\xe2\x80\x93") || text.starts_with("\xe2\x80\x94");
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
  return out;
}

// Even, so that the colours lie on their samples without being scaled.
Bounds evened(Bounds bounds) {
  bounds.left &= ~1, bounds.top &= ~1;
  bounds.right += (bounds.right - bounds.left) & 1, bounds.bottom += (bounds.bottom - bounds.top) & 1;
  return bounds;
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

class TextSetter::Impl {
 public:
  Impl(TextLook look, std::vector<TextFont> fonts, int width, int height)
      : look_(std::move(look)), fonts_(std::move(fonts)), width_(width), height_(height) {}

  Result<void> open() {
    FT_Library raw_library = nullptr;
    if (FT_Init_FreeType(&raw_library)) return out_of_memory();
    free_type_.reset(raw_library);
    for (auto const& font : fonts_) TRY(open(font));
    library_.reset(ass_library_init());
    if (!library_) return out_of_memory();
    ass_set_message_cb(
        library_.get(), [](int, char const*, va_list, void*) {}, nullptr);
    for (auto const& font : fonts_)
      ass_add_font(library_.get(), font.file.c_str(), font.bytes.data(), static_cast<int>(font.bytes.size()));
    renderer_.reset(ass_renderer_init(library_.get()));
    if (!renderer_) return out_of_memory();
    ass_set_frame_size(renderer_.get(), width_, height_);
    ass_set_storage_size(renderer_.get(), width_, height_);
    ass_set_fonts(renderer_.get(), nullptr, faces_.front()->family_name, ASS_FONTPROVIDER_NONE, nullptr, 0);
    return {};
  }

  Result<SetText> set(std::vector<PlacedText> const& texts) {
    auto const* const images = TRY(render(texts, Wrap::smart, 1, false));
    auto const bounds = evened(bounds_of(images));
    if (bounds.right <= bounds.left) return nothing_seen();
    if (!fits(bounds, 1)) return too_large(texts);
    return painted(images, bounds);
  }

  Result<SetText> set_to_fit(std::vector<PlacedText> const& texts) {
    auto const joined = in_one_line(texts);
    for (double scale = 1; scale > least_of_size - step_of_size / 2; scale -= step_of_size)
      for (auto const wrap : {Wrap::none, Wrap::smart}) {
        auto const* const images = TRY(render(wrap == Wrap::none ? texts : joined, wrap, scale, true));
        auto const bounds = evened(bounds_of(images));
        if (bounds.right <= bounds.left) return nothing_seen();
        if (fits(bounds, scale) && is_no_wall(images)) return painted(images, bounds);
      }
    return too_large(texts);
  }

 private:
  Error out_of_memory() const {
    return {.kind = ErrorKind::full, .what = fmt::format("setting a {}: out of memory", look_.what)};
  }
  Error nothing_seen() const {
    return {.kind = ErrorKind::project, .what = fmt::format("setting a {}: nothing of it can be seen", look_.what)};
  }
  Error too_large(std::vector<PlacedText> const& texts) const {
    return {.kind = ErrorKind::project,
            .what = fmt::format("setting the {} '{}': at {}x{} it does not fit inside the safe area, make it shorter or smaller",
                                look_.what, printable(texts.front().text), width_, height_)};
  }

  Result<void> open(TextFont const& font) {
    FT_Face raw_face = nullptr;
    if (FT_New_Memory_Face(free_type_.get(), reinterpret_cast<FT_Byte const*>(font.bytes.data()),
                           static_cast<FT_Long>(font.bytes.size()), font.face, &raw_face))
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("setting a {}: {} is no font that can be read", look_.what, printable(font.file))};
    auto const& face = faces_.emplace_back(raw_face);
    if (!FT_IS_SCALABLE(face.get()) || !face->family_name || FT_Select_Charmap(face.get(), FT_ENCODING_UNICODE))
      return Error{.kind = ErrorKind::media,
                   .what = fmt::format("setting a {}: the font {} has no outlines for Unicode text, choose another", look_.what,
                                       printable(font.file))};
    return {};
  }

  // Spaces and signs without a look of their own stay with the font of what is before them.
  std::optional<std::size_t> font_of(char32_t point, std::size_t current, std::vector<std::int32_t> const& fonts) const {
    if (is_invisible(point)) return current;
    if (point == ' ' && FT_Get_Char_Index(faces_[current].get(), point)) return current;
    for (auto const font : fonts)
      if (FT_Get_Char_Index(faces_.at(static_cast<std::size_t>(font)).get(), point)) return static_cast<std::size_t>(font);
    return std::nullopt;
  }

  Result<std::string> marked_up(PlacedText const& text) const {
    std::string out;
    auto const first = static_cast<std::size_t>(text.fonts.front());
    std::size_t current = first;
    bool was_italic = false;
    std::optional<Error> lacking;
    for_each_character(text.text, [&](char32_t point, std::string_view character, std::size_t at) {
      bool is_italic = false;
      for (std::size_t i = 0; i + 1 < text.italic.size(); i += 2)
        is_italic |= static_cast<std::int64_t>(at) >= text.italic[i] && static_cast<std::int64_t>(at) < text.italic[i + 1];
      if (is_italic != was_italic) out += is_italic ? "{\\i1}" : "{\\i0}";
      was_italic = is_italic;
      if (point != '\n') {
        auto const font = font_of(point, current, text.fonts);
        if (!font && !lacking)
          lacking = Error{.kind = ErrorKind::project,
                          .what = fmt::format("setting a {}: the font '{}' has no glyph for '{}' (U+{:04X}), choose one that has",
                                              look_.what, faces_.at(first)->family_name, character,
                                              static_cast<std::uint32_t>(point))};
        if (font && *font != current) out += fmt::format("{{\\fn{}}}", faces_[*font]->family_name);
        current = font.value_or(current);
      }
      out += escaped(character);
    });
    if (lacking) return *lacking;
    return out;
  }

  std::vector<PlacedText> in_one_line(std::vector<PlacedText> texts) const {
    for (auto& placed : texts) {
      std::string out;
      char32_t before = 0;
      std::vector<std::int32_t> moved = placed.italic;
      for_each_character(placed.text, [&](char32_t point, std::string_view character, std::size_t at) {
        auto const rest = std::string_view(placed.text).substr(at + 1);
        if (point == '\n' && !begins_with_dash(rest)) {
          bool const is_dense = is_ideographic(before) && !rest.empty() && static_cast<unsigned char>(rest.front()) >= 0xe2;
          if (!is_dense) out += ' ';
          for (auto& place : moved)
            if (is_dense && place > static_cast<std::int32_t>(out.size())) --place;
        } else {
          out += character;
        }
        before = point;
      });
      placed.text = std::move(out);
      placed.italic = std::move(moved);
    }
    return texts;
  }

  int margin() const { return static_cast<int>(std::lround(std::min(width_, height_) * look_.margin / 100)); }
  double size() const { return std::min(width_, height_) * look_.size / 100; }

  Result<ASS_Image const*> render(std::vector<PlacedText> const& texts, Wrap wrap, double scale, bool breaks_anywhere) {
    track_.reset(ass_new_track(library_.get()));
    if (!track_) return out_of_memory();
    auto& track = *track_;
    track.track_type = ASS_Track::TRACK_TYPE_ASS;
    track.PlayResX = width_;
    track.PlayResY = height_;
    track.ScaledBorderAndShadow = 1;
    track.WrapStyle = static_cast<int>(wrap);
    if (breaks_anywhere) ass_track_set_feature(&track, ASS_FEATURE_WRAP_UNICODE, 1);
    for (auto const& text : texts) {
      int const style_at = ass_alloc_style(&track);
      TRY(fill(track.styles[style_at], text, scale));
      int const event_at = ass_alloc_event(&track);
      auto& event = track.events[event_at];
      event.Style = style_at;
      event.ReadOrder = event_at;
      event.Duration = 1000;
      event.Text = strdup(TRY(marked_up(text)).c_str());
    }
    return ass_render_frame(renderer_.get(), &track, 0, nullptr);
  }

  Result<void> fill(ASS_Style& style, PlacedText const& text, double scale) const {
    auto const& face = *faces_.at(static_cast<std::size_t>(text.fonts.front()));
    bool const is_bold = (face.style_flags & FT_STYLE_FLAG_BOLD) != 0;
    style.Name = strdup("Default");
    style.FontName = strdup(face.family_name);
    style.FontSize = size() * scale;
    style.PrimaryColour = style.SecondaryColour = ass_colour(TRY(parse_colour(look_.colour)));
    style.OutlineColour = style.BackColour = ass_colour(TRY(parse_colour(look_.outline_colour)));
    style.Bold = is_bold || look_.bold ? 1 : 0;
    style.ScaleX = style.ScaleY = 1;
    style.BorderStyle = 1;
    style.Outline = size() * scale * look_.outline / 100;
    style.Alignment = alignment_of(text.position);
    style.MarginL = style.MarginR = style.MarginV = margin();
    style.Encoding = -1;  // the text's own direction
    return {};
  }

  // Letters may lean a little out of the box they are set in.
  bool fits(Bounds const& bounds, double scale) const {
    int const slack = static_cast<int>(std::ceil(size() * scale * (0.1 + look_.outline / 100))) + 1;
    int const edge = margin() - slack;
    return bounds.left >= edge && bounds.top >= edge && bounds.right <= width_ - edge && bounds.bottom <= height_ - edge;
  }

  // Texts at the top and at the bottom are judged each by itself.
  bool is_no_wall(ASS_Image const* images) const {
    Bounds top, bottom;
    for (auto const* image = images; image; image = image->next) {
      auto& half = image->dst_y + image->h / 2 < height_ / 2 ? top : bottom;
      half.top = std::min(half.top, image->dst_y);
      half.bottom = std::max(half.bottom, image->dst_y + image->h);
    }
    auto const most = static_cast<int>(height_ * most_of_height);
    return top.bottom - std::min(top.top, top.bottom) <= most && bottom.bottom - std::min(bottom.top, bottom.bottom) <= most;
  }

  Result<SetText> painted(ASS_Image const* images, Bounds const& bounds) const {
    SetText out{{bounds.right - bounds.left, bounds.bottom - bounds.top, {}}, bounds.left, bounds.top};
    out.image.pixels.resize(static_cast<std::size_t>(out.image.width) * static_cast<std::size_t>(out.image.height) * 4);
    for (auto const* image = images; image; image = image->next) paint(*image, bounds, out.image);
    return out;
  }

  TextLook look_;
  std::vector<TextFont> fonts_;
  int width_, height_;
  FontLibrary free_type_;
  std::vector<FontFace> faces_;
  std::unique_ptr<ASS_Library, FreesAss> library_;
  std::unique_ptr<ASS_Renderer, FreesAss> renderer_;
  std::unique_ptr<ASS_Track, FreesAss> track_;
};

TextSetter::TextSetter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TextSetter::TextSetter(TextSetter&&) noexcept = default;
TextSetter& TextSetter::operator=(TextSetter&&) noexcept = default;
TextSetter::~TextSetter() = default;

Result<TextSetter> TextSetter::open(TextLook look, std::vector<TextFont> fonts, int width, int height) {
  auto impl = std::make_unique<Impl>(std::move(look), std::move(fonts), width, height);
  TRY(impl->open());
  return TextSetter(std::move(impl));
}

Result<SetText> TextSetter::set(std::vector<PlacedText> const& texts) { return impl_->set(texts); }
Result<SetText> TextSetter::set_to_fit(std::vector<PlacedText> const& texts) { return impl_->set_to_fit(texts); }

}  // namespace reelmill::av
