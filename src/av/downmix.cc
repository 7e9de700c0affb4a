// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/downmix.h"

#include <algorithm>
#include <array>
#include <numbers>

#include <fmt/format.h>

namespace reelmill::av {

namespace {
constexpr double half_power = 0.5 * std::numbers::sqrt2;

struct Sides {
  double left = 0, right = 0;
};

Sides sides_of(AVChannel channel, Downmix const& downmix) {
  switch (channel) {
    case AV_CHAN_FRONT_LEFT:
    case AV_CHAN_FRONT_LEFT_OF_CENTER:
    case AV_CHAN_STEREO_LEFT:
    case AV_CHAN_WIDE_LEFT:
      return {1, 0};
    case AV_CHAN_FRONT_RIGHT:
    case AV_CHAN_FRONT_RIGHT_OF_CENTER:
    case AV_CHAN_STEREO_RIGHT:
    case AV_CHAN_WIDE_RIGHT:
      return {0, 1};
    case AV_CHAN_FRONT_CENTER:
      return {downmix.center, downmix.center};
    case AV_CHAN_BACK_LEFT:
    case AV_CHAN_SIDE_LEFT:
    case AV_CHAN_TOP_FRONT_LEFT:
    case AV_CHAN_TOP_BACK_LEFT:
    case AV_CHAN_TOP_SIDE_LEFT:
    case AV_CHAN_SURROUND_DIRECT_LEFT:
      return {downmix.surround, 0};
    case AV_CHAN_BACK_RIGHT:
    case AV_CHAN_SIDE_RIGHT:
    case AV_CHAN_TOP_FRONT_RIGHT:
    case AV_CHAN_TOP_BACK_RIGHT:
    case AV_CHAN_TOP_SIDE_RIGHT:
    case AV_CHAN_SURROUND_DIRECT_RIGHT:
      return {0, downmix.surround};
    case AV_CHAN_BACK_CENTER:
    case AV_CHAN_TOP_CENTER:
    case AV_CHAN_TOP_FRONT_CENTER:
    case AV_CHAN_TOP_BACK_CENTER:
      return {downmix.surround * half_power, downmix.surround * half_power};
    case AV_CHAN_LOW_FREQUENCY:
    case AV_CHAN_LOW_FREQUENCY_2:
      return {downmix.lfe, downmix.lfe};
    default:
      return {0, 0};
  }
}

std::string name_of(AVChannelLayout const& layout, int at) {
  std::array<char, 16> name{};
  av_channel_name(name.data(), name.size(), av_channel_layout_channel_from_index(&layout, static_cast<unsigned>(at)));
  return name.data();
}

std::string row_text(AVChannelLayout const& source, double const* row) {
  std::string text;
  for (int i = 0; i < source.nb_channels; ++i)
    if (row[i] != 0) text += fmt::format("{}{:.3g} {}", text.empty() ? "" : " + ", row[i], name_of(source, i));
  return text.empty() ? "nothing" : text;
}
// The one on the same side behind the listener, which other layouts have instead; itself where there is none.
AVChannel stand_in(AVChannel channel) {
  switch (channel) {
    case AV_CHAN_BACK_LEFT:
      return AV_CHAN_SIDE_LEFT;
    case AV_CHAN_BACK_RIGHT:
      return AV_CHAN_SIDE_RIGHT;
    case AV_CHAN_SIDE_LEFT:
      return AV_CHAN_BACK_LEFT;
    case AV_CHAN_SIDE_RIGHT:
      return AV_CHAN_BACK_RIGHT;
    default:
      return channel;
  }
}
}  // namespace

Matrix placing_matrix(AVChannelLayout const& source, AVChannelLayout const& wanted) {
  auto const count = static_cast<std::size_t>(source.nb_channels);
  Matrix out;
  out.factors.resize(count * static_cast<std::size_t>(wanted.nb_channels));
  auto const place = [&](AVChannel channel, std::size_t from) {
    int to = av_channel_layout_index_from_channel(&wanted, channel);
    if (to < 0) to = av_channel_layout_index_from_channel(&wanted, stand_in(channel));
    if (to < 0) return;
    out.factors[static_cast<std::size_t>(to) * count + from] = 1;
    out.text +=
        fmt::format("{}{} = {}", out.text.empty() ? "" : ", ", name_of(wanted, to), name_of(source, static_cast<int>(from)));
  };
  for (std::size_t i = 0; i < count; ++i)
    place(count == 1 ? AV_CHAN_FRONT_CENTER : av_channel_layout_channel_from_index(&source, static_cast<unsigned>(i)), i);
  return out;
}

bool takes_one_side(AVChannelLayout const& source, Downmix const& downmix) {
  return source.nb_channels == 2 && (downmix.side == "left" || downmix.side == "right");
}

Matrix downmix_matrix(AVChannelLayout const& source, int channels, Downmix const& downmix) {
  auto const count = static_cast<std::size_t>(source.nb_channels);
  std::vector<double> left(count), right(count);
  bool const is_one_side = takes_one_side(source, downmix);
  bool const is_mono = count == 1 || is_one_side;
  bool const has_places = source.order == AV_CHANNEL_ORDER_NATIVE || source.order == AV_CHANNEL_ORDER_CUSTOM;
  for (std::size_t i = 0; i < count; ++i) {
    auto const sides = is_mono || !has_places
                           ? Sides{1, 1}
                           : sides_of(av_channel_layout_channel_from_index(&source, static_cast<unsigned>(i)), downmix);
    bool const is_taken = !is_one_side || (downmix.side == "left") == (i == 0);
    left[i] = is_taken ? sides.left : 0;
    right[i] = is_taken ? sides.right : 0;
  }
  Matrix out;
  if (channels == 1) {
    double const share = is_mono ? 0.5 : half_power;
    for (std::size_t i = 0; i < count; ++i) out.factors.push_back(share * (left[i] + right[i]));
  } else {
    out.factors = left;
    out.factors.insert(out.factors.end(), right.begin(), right.end());
  }
  double most = 0;
  for (auto row = out.factors.begin(); row != out.factors.end(); row += source.nb_channels) {
    double sum = 0;
    for (auto factor = row; factor != row + source.nb_channels; ++factor) sum += *factor;
    most = std::max(most, sum);
  }
  // Without places there is no way to tell which channels belong together, so they always get room.
  if (most > 1 && (downmix.normalize || !has_places))
    for (auto& factor : out.factors) factor /= most;
  std::array<char, 64> name{};
  av_channel_layout_describe(&source, name.data(), name.size());
  out.text = channels == 1 ? fmt::format("{} to mono: {}", name.data(), row_text(source, out.factors.data()))
                           : fmt::format("{} to stereo: left = {}, right = {}", name.data(), row_text(source, out.factors.data()),
                                         row_text(source, out.factors.data() + count));
  return out;
}

}  // namespace reelmill::av
