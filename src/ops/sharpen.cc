// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <string>

#include "base/text.h"
#include "ops/operation.h"

namespace reelmill {

namespace {

struct SharpenOptions {
  double amount = 1;
  int size = 5;
  double chroma = 0;
};

constexpr std::array params{
    param<&SharpenOptions::amount>("amount", "how much of the fine detail is added", unit::none, {0, 5}),
    param<&SharpenOptions::size>(
        "size", "width of the neighbourhood that detail is told from; even numbers are taken as the next odd one", unit::pixels,
        {3, 23}),
    param<&SharpenOptions::chroma>("chroma", "the same for the colours", unit::none, {0, 5}),
};

void lower(std::any const& any, Lowering& lowering) {
  auto const& options = std::any_cast<SharpenOptions const&>(any);
  if (options.amount == 0 && options.chroma == 0) return;
  auto const size = std::to_string(options.size | 1);
  lowering.video.push_back(FilterNode{.id = "",
                                      .in = "",
                                      .filter = "unsharp",
                                      .options = {{"luma_msize_x", size},
                                                  {"luma_msize_y", size},
                                                  {"luma_amount", shortest(options.amount)},
                                                  {"chroma_msize_x", size},
                                                  {"chroma_msize_y", size},
                                                  {"chroma_amount", shortest(options.chroma)}}});
}

}  // namespace

extern Operation const sharpen;
constinit Operation const sharpen{.name = "sharpen",
                                  .summary = "Sharpen by an unsharp mask",
                                  .track = Track::video,
                                  .reach = {},
                                  .version = 1,
                                  .params = params,
                                  .defaults = make_defaults<SharpenOptions>,
                                  .lower = lower};

}  // namespace reelmill
