// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/fonts.h"

#include <algorithm>
#include <array>
#include <memory>
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

}  // namespace reelmill
