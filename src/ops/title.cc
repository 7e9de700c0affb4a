// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "ops/drawn.h"

namespace reelmill {

namespace {

struct TitleOptions {
  std::string text;
  std::string font = "sans-serif";
  double size = 8;
  bool bold = false;
  std::string colour = "#ffffff";
  double outline = 4;
  std::string outline_colour = "#000000";
  std::string position = "bottom";
  double margin = 5;
  double opacity = 100;
  double from = 0;
  double to = 0;
  double fade = 0;
};

constexpr auto params = with_drawn_params<TitleOptions>(std::array{
    required<&TitleOptions::text>("text", "what is written; it is broken into lines where it must be", Form::lines),
    param<&TitleOptions::font>("font", "family, or a font file", Form::font),
    param<&TitleOptions::size>("size", "height of a line, of the picture's shorter side", unit::percent, {1, 50}),
    param<&TitleOptions::bold>("bold", "heavier letters"),
    param<&TitleOptions::colour>("colour", "of the letters", Form::colour),
    param<&TitleOptions::outline>("outline", "width of the line around the letters, of their size", unit::percent, {0, 20}),
    param<&TitleOptions::outline_colour>("outline_colour", "of that line", Form::colour),
    param<&TitleOptions::position>("position", "where on the picture", unit::none, {}, drawn_positions),
    param<&TitleOptions::margin>("margin",
                                 "the safe area's distance from the picture's edges, of its shorter side; the text stays inside",
                                 unit::percent, {0, 45}),
});

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<TitleOptions const&>(any);
  lowering.drawn = true;
  lowering.timings[lowering.video.size()] = drawn_envelope(options);
  TitleNode node;
  node.text = options.text;
  node.font.path = options.font;
  node.bold = options.bold;
  node.size = options.size;
  node.outline = options.outline;
  node.colour = options.colour;
  node.outline_colour = options.outline_colour;
  node.position = options.position;
  node.margin = options.margin;
  lowering.video.push_back(std::move(node));
}

}  // namespace

extern Operation const title;
constinit Operation const title{.name = "title",
                                .summary = "Write a text on the finished picture",
                                .track = Track::video,
                                .reach = {},
                                .version = 1,
                                .params = params,
                                .defaults = make_defaults<TitleOptions>,
                                .lower = lower,
                                .check = check_drawn<TitleOptions>};

}  // namespace reelmill
