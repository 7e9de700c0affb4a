// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/title.h"

namespace reelmill::av {

Result<SetText> set_text(TitleNode const& title, std::string const& font, int width, int height) {
  auto setter = TRY(TextSetter::open({.what = "title",
                                      .bold = title.bold,
                                      .size = title.size,
                                      .outline = title.outline,
                                      .colour = title.colour,
                                      .outline_colour = title.outline_colour,
                                      .margin = title.margin},
                                     {{title.font.path.substr(title.font.path.rfind('/') + 1), font, title.face}}, width, height));
  return setter.set({{title.text, title.position}});
}

}  // namespace reelmill::av
