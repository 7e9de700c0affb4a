// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "ops/operation.h"

namespace reelmill {

namespace {

// Sizes are those of the scripts that libass' users know: of 288 lines, here of the picture's shorter side.
constexpr double lines = 288;

struct BurnOptions {
  std::string font = "Arial";
  double size = 24;
  bool bold = false;
  std::string colour = "#ffffff";
  double outline = 2;
  std::string outline_colour = "#000000";
  double margin = 5;
};

constexpr std::array params{
    param<&BurnOptions::font>("font", "family, or a font file; what it lacks is set in another that is installed", Form::font),
    param<&BurnOptions::size>("size", "height of a line, of which 288 are the picture's shorter side", unit::none, {4, 72}),
    param<&BurnOptions::bold>("bold", "heavier letters"),
    param<&BurnOptions::colour>("colour", "of the letters", Form::colour),
    param<&BurnOptions::outline>("outline", "width of the line around the letters, in the same measure", unit::none, {0, 8}),
    param<&BurnOptions::outline_colour>("outline_colour", "of that line", Form::colour),
    param<&BurnOptions::margin>("margin", "the safe area's distance from the picture's edges, of its shorter side", unit::percent,
                                {0, 40})};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<BurnOptions const&>(any);
  lowering.drawn = true;
  CaptionNode node;
  node.fonts = {{{options.font, {}}, 0}};
  node.bold = options.bold;
  node.size = options.size / lines * 100;
  node.outline = options.outline / options.size * 100;
  node.colour = options.colour;
  node.outline_colour = options.outline_colour;
  node.margin = options.margin;
  lowering.video.push_back(std::move(node));
}

}  // namespace

extern Operation const burn;
constinit Operation const burn{.name = "burn",
                               .summary = "Set the captions upon the picture, above all else",
                               .track = Track::captions,
                               .reach = {},
                               .version = 1,
                               .params = params,
                               .defaults = make_defaults<BurnOptions>,
                               .lower = lower};

}  // namespace reelmill
