// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/fonts.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include <fmt/format.h>
#include <fontconfig/fontconfig.h>

#include "base/text.h"

namespace reelmill {

namespace {

constexpr std::array<std::string_view, 6> generic{"sans-serif", "sans", "serif", "monospace", "mono", "system-ui"};

struct FreesPattern {
  void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
};
using Pattern = std::unique_ptr<FcPattern, FreesPattern>;

struct FreesFonts {
  void operator()(FcFontSet* fonts) const { FcFontSetDestroy(fonts); }
};
using Fonts = std::unique_ptr<FcFontSet, FreesFonts>;

struct FreesNames {
  void operator()(FcObjectSet* names) const { FcObjectSetDestroy(names); }
};
struct FreesCharacters {
  void operator()(FcCharSet* characters) const { FcCharSetDestroy(characters); }
};
using Characters = std::unique_ptr<FcCharSet, FreesCharacters>;

FcChar8 const* text(std::string const& value) { return reinterpret_cast<FcChar8 const*>(value.c_str()); }

std::string text_in(FcPattern const* pattern, char const* name) {
  FcChar8* value = nullptr;
  if (FcPatternGetString(pattern, name, 0, &value) != FcResultMatch) return {};
  return reinterpret_cast<char const*>(value);
}

// Whether the configuration says that `found` stands for what was asked, rather than that it would do.
bool is_alias(FcPattern const* substituted, std::string const& found) {
  FcValue value;
  FcValueBinding binding{};
  for (int i = 0; FcPatternGetWithBinding(substituted, FC_FAMILY, i, &value, &binding) == FcResultMatch; ++i)
    if (binding != FcValueBindingWeak && value.type == FcTypeString && FcStrCmpIgnoreCase(value.u.s, text(found)) == 0)
      return true;
  return false;
}

}  // namespace

Result<FontFile> find_font(std::string const& family, bool bold) {
  Pattern const pattern(FcPatternCreate());
  FcPatternAddString(pattern.get(), FC_FAMILY, text(family));
  FcPatternAddInteger(pattern.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
  FcPatternAddInteger(pattern.get(), FC_SLANT, FC_SLANT_ROMAN);
  FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
  if (!FcConfigSubstitute(nullptr, pattern.get(), FcMatchPattern))
    return Error{.kind = ErrorKind::failed, .what = "looking for fonts: the configuration of fontconfig cannot be read"};
  FcDefaultSubstitute(pattern.get());
  FcResult outcome{};
  Pattern const found(FcFontMatch(nullptr, pattern.get(), &outcome));
  auto const file = found ? text_in(found.get(), FC_FILE) : std::string();
  if (file.empty())
    return Error{.kind = ErrorKind::missing, .what = "no font is installed, install one or give a font file's path"};
  auto const name = text_in(found.get(), FC_FAMILY);
  if (std::find(generic.begin(), generic.end(), family) == generic.end() && !is_alias(pattern.get(), name))
    return Error{
        .kind = ErrorKind::missing,
        .what = fmt::format("the font '{}' is not installed, the nearest that is: '{}'", printable(family), printable(name))};
  int face = 0;
  FcPatternGetInteger(found.get(), FC_INDEX, 0, &face);
  return FontFile{file, face & 0xffff};
}

namespace {
// Null where fontconfig does not know the font.
Characters characters_of(FontFile const& font) {
  Pattern const pattern(FcPatternCreate());
  FcPatternAddString(pattern.get(), FC_FILE, text(font.file.string()));
  std::unique_ptr<FcObjectSet, FreesNames> const names(FcObjectSetBuild(FC_CHARSET, FC_INDEX, nullptr));
  Fonts const found(FcFontList(nullptr, pattern.get(), names.get()));
  for (int i = 0; found && i < found->nfont; ++i) {
    int face = 0;
    FcCharSet* characters = nullptr;
    FcPatternGetInteger(found->fonts[i], FC_INDEX, 0, &face);
    if ((face & 0xffff) == font.face && FcPatternGetCharSet(found->fonts[i], FC_CHARSET, 0, &characters) == FcResultMatch)
      return Characters(FcCharSetCopy(characters));
  }
  return nullptr;
}
}  // namespace

std::optional<bool> has_glyph(FontFile const& font, char32_t character) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, int>, Characters> known;
  std::lock_guard const lock(mutex);
  auto const [place, is_new] = known.try_emplace({font.file.string(), font.face});
  if (is_new) place->second = characters_of(font);
  if (!place->second) return std::nullopt;
  return FcCharSetHasChar(place->second.get(), character) == FcTrue;
}

Result<FontFile> find_font_with(char32_t character, bool bold) {
  Pattern const pattern(FcPatternCreate());
  Characters const wanted(FcCharSetCreate());
  FcCharSetAddChar(wanted.get(), character);
  FcPatternAddCharSet(pattern.get(), FC_CHARSET, wanted.get());
  FcPatternAddInteger(pattern.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
  FcPatternAddInteger(pattern.get(), FC_SLANT, FC_SLANT_ROMAN);
  FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
  FcPatternAddBool(pattern.get(), FC_COLOR, FcFalse);
  FcConfigSubstitute(nullptr, pattern.get(), FcMatchPattern);
  FcDefaultSubstitute(pattern.get());
  FcResult outcome{};
  Fonts const sorted(FcFontSort(nullptr, pattern.get(), FcFalse, nullptr, &outcome));
  for (int i = 0; sorted && i < sorted->nfont; ++i) {
    FcCharSet* characters = nullptr;
    FcBool is_scalable = FcFalse;
    FcPatternGetBool(sorted->fonts[i], FC_SCALABLE, 0, &is_scalable);
    if (!is_scalable || FcPatternGetCharSet(sorted->fonts[i], FC_CHARSET, 0, &characters) != FcResultMatch ||
        !FcCharSetHasChar(characters, character))
      continue;
    int face = 0;
    FcPatternGetInteger(sorted->fonts[i], FC_INDEX, 0, &face);
    return FontFile{text_in(sorted->fonts[i], FC_FILE), face & 0xffff};
  }
  return Error{.kind = ErrorKind::missing,
               .what = fmt::format("no installed font has a glyph for U+{:04X}", static_cast<std::uint32_t>(character))};
}

}  // namespace reelmill
