// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/cube.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "av/fade.h"
#include "base/text.h"

namespace reelmill::av {

namespace {
constexpr int largest_edge = 129, longest_curve = 65536, gamma_points = 4096;
constexpr float farthest = 1000;  // values beyond it are no colours

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    auto const begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    auto const end = std::min(line.find_first_of(" \t\r"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::optional<std::array<float, 3>> three_numbers(std::span<std::string_view const> words) {
  if (words.size() != 3) return std::nullopt;
  std::array<float, 3> out{};
  for (std::size_t i = 0; i < 3; ++i) {
    auto const number = parse_number(words[i]);
    if (!number || std::abs(*number) > farthest) return std::nullopt;
    out[i] = static_cast<float>(*number);
  }
  return out;
}

template <class Vector>
Vector load(std::array<float, 4> const& point) {
  Vector out;
  std::memcpy(&out, point.data(), sizeof out);
  return out;
}

template <class Vector>
Vector clamped(Vector const& value, Vector const& low, Vector const& high) {
  auto const above = value < low ? low : value;
  return above > high ? high : above;
}
}  // namespace

Result<Cube> Cube::parse(std::string_view text, std::string_view name) {
  Cube out;
  int line_number = 0;
  auto const wrong = [&](std::string_view what) {
    return Error{.kind = ErrorKind::project,
                 .what = fmt::format("reading the look-up table {}: line {}: {}", printable(name), line_number, what)};
  };
  std::size_t wanted = 0;
  for (auto const line : split(text, '\n')) {
    ++line_number;
    auto const words = words_of(line);
    if (words.empty() || words[0].starts_with('#') || words[0] == "TITLE") continue;
    auto const values = std::span(words).subspan(1);
    if (words[0] == "LUT_1D_SIZE" || words[0] == "LUT_3D_SIZE") {
      bool const curve = words[0] == "LUT_1D_SIZE";
      if (out.size_) return wrong("a second size; a table of both one and three dimensions is not understood, export it as one");
      auto const size = values.size() == 1 ? parse_integer(values[0]) : std::nullopt;
      int const most = curve ? longest_curve : largest_edge;
      if (!size || *size < 2 || *size > most) return wrong(fmt::format("the size must be between 2 and {}", most));
      out.is_curve_ = curve;
      out.size_ = static_cast<int>(*size);
      wanted = static_cast<std::size_t>(*size);
      if (!curve) wanted *= wanted * wanted;
      out.points_.reserve(wanted);
    } else if (words[0] == "DOMAIN_MIN" || words[0] == "DOMAIN_MAX") {
      auto const numbers = three_numbers(values);
      if (!numbers) return wrong(fmt::format("{} needs three numbers", words[0]));
      auto& edge = words[0] == "DOMAIN_MIN" ? out.low_ : out.high_;
      for (std::size_t i = 0; i < 3; ++i) edge[i] = (*numbers)[i];
    } else if (words[0] == "LUT_1D_INPUT_RANGE" || words[0] == "LUT_3D_INPUT_RANGE") {
      auto const low = values.size() == 2 ? parse_number(values[0]) : std::nullopt;
      auto const high = values.size() == 2 ? parse_number(values[1]) : std::nullopt;
      if (!low || !high || std::abs(*low) > farthest || std::abs(*high) > farthest)
        return wrong(fmt::format("{} needs two numbers", words[0]));
      for (int i = 0; i < 3; ++i) out.low_[i] = static_cast<float>(*low), out.high_[i] = static_cast<float>(*high);
    } else {
      auto const numbers = three_numbers(words);
      if (!numbers)
        return wrong(fmt::format("'{}' is neither three numbers nor a key word of a .cube file", printable(line.substr(0, 40))));
      if (!out.size_) return wrong("numbers before LUT_1D_SIZE or LUT_3D_SIZE");
      if (out.points_.size() == wanted) return wrong(fmt::format("more than the {} entries that the size asks for", wanted));
      out.points_.push_back({(*numbers)[0], (*numbers)[1], (*numbers)[2], 0});
    }
  }
  if (!out.size_) return wrong("there is no LUT_1D_SIZE or LUT_3D_SIZE; is this a .cube file?");
  if (out.points_.size() != wanted) return wrong(fmt::format("the file ends after {} of {} entries", out.points_.size(), wanted));
  for (int i = 0; i < 3; ++i)
    if (!(out.low_[i] < out.high_[i])) return wrong("the domain is empty");
  return out;
}

Result<Cube> Cube::of_table(int size, std::vector<std::int32_t> const& table) {
  auto const edge = static_cast<std::size_t>(size);
  if (size < 2 || size > largest_edge || table.size() != edge * edge * edge * 3)
    return Error{.kind = ErrorKind::bug, .what = "a look-up table of another size than it says"};
  Cube out;
  out.size_ = size;
  for (std::size_t i = 0; i < table.size(); i += 3) {
    auto const value = [&](std::size_t channel) { return static_cast<float>(table[i + channel]) / 65536; };
    out.points_.push_back({value(0), value(1), value(2), 0});
  }
  return out;
}

Result<Cube> Cube::of_gamma(std::vector<std::int32_t> const& gamma) {
  if (gamma.size() != 3 || std::any_of(gamma.begin(), gamma.end(), [](auto each) { return each < 65; }))
    return Error{.kind = ErrorKind::bug, .what = "a gamma that is none"};
  Cube out;
  out.is_curve_ = true;
  out.size_ = gamma_points;
  for (int i = 0; i < gamma_points; ++i) {
    std::array<float, 4> point{};
    for (std::size_t c = 0; c < 3; ++c)
      point[c] = static_cast<float>(std::pow(static_cast<double>(i) / (gamma_points - 1), 65536.0 / gamma[c]));
    out.points_.push_back(point);
  }
  return out;
}

void Cube::soften(int share) {
  float const towards = static_cast<float>(share) / 65536;
  auto const edge = static_cast<std::size_t>(size_);
  for (std::size_t i = 0; i < points_.size(); ++i) {
    std::array<std::size_t, 3> const at =
        is_curve_ ? std::array{i, i, i} : std::array{i % edge, i / edge % edge, i / edge / edge};
    for (std::size_t channel = 0; channel < 3; ++channel) {
      auto const c = static_cast<int>(channel);
      float const same = low_[c] + (high_[c] - low_[c]) * static_cast<float>(at[channel]) / static_cast<float>(size_ - 1);
      points_[i][channel] = same + (points_[i][channel] - same) * towards;
    }
  }
}

Cube::Colour Cube::along_curves(Colour const& place) const {
  Colour out{0, 0, 0, 0};
  for (int c = 0; c < 3; ++c) {
    int const at = std::min(static_cast<int>(place[c]), size_ - 2);
    float const rest = place[c] - static_cast<float>(at);
    float const low = points_[static_cast<std::size_t>(at)][static_cast<std::size_t>(c)];
    out[c] = low + (points_[static_cast<std::size_t>(at) + 1][static_cast<std::size_t>(c)] - low) * rest;
  }
  return out;
}

// The cell is cut into six tetrahedra along its grey diagonal, so that greys are interpolated between greys only.
Cube::Colour Cube::inside_tetrahedron(Colour const& place) const {
  std::array<float, 3> rest{};
  std::size_t base = 0, stride = 1;
  std::array<std::size_t, 3> step{};
  for (std::size_t c = 0; c < 3; ++c) {
    float const value = place[static_cast<int>(c)];
    int const at = std::min(static_cast<int>(value), size_ - 2);
    rest[c] = value - static_cast<float>(at);
    base += static_cast<std::size_t>(at) * stride;
    step[c] = stride;
    stride *= static_cast<std::size_t>(size_);
  }
  std::size_t first = 0, second = 1, third = 2;
  if (rest[first] < rest[second]) std::swap(first, second);
  if (rest[second] < rest[third]) std::swap(second, third);
  if (rest[first] < rest[second]) std::swap(first, second);
  auto const at = [&](std::size_t offset) { return load<Colour>(points_[base + offset]); };
  return at(0) * (1 - rest[first]) + at(step[first]) * (rest[first] - rest[second]) +
         at(step[first] + step[second]) * (rest[second] - rest[third]) + at(step[0] + step[1] + step[2]) * rest[third];
}

Cube::Colour Cube::look_up(Colour const& colour) const {
  auto const inside = clamped(colour, low_, high_);
  auto const place = (inside - low_) / (high_ - low_) * static_cast<float>(size_ - 1);
  return (is_curve_ ? along_curves(place) : inside_tetrahedron(place)) + (colour - inside);
}

Result<Frame> Cube::apply(AVFrame const& in, LumaWeights const& k, PicturePool& pool) const {
  auto out = TRY(pool.take());
  copy_looks(in, *out);
  float const red_of_v = 2 * (1 - k.red), blue_of_u = 2 * (1 - k.blue);
  float const green_of_u = -blue_of_u * k.blue / k.green, green_of_v = -red_of_v * k.red / k.green;
  auto const sample = [](float value) { return static_cast<std::uint8_t>(std::clamp(static_cast<int>(value + 0.5f), 0, 255)); };
  for (int y = 0; y < in.height; y += 2) {
    auto const row = [&](AVFrame const& frame, int plane, int at) {
      return frame.data[plane] + static_cast<std::ptrdiff_t>(at) * frame.linesize[plane];
    };
    auto const *const us = row(in, 1, y / 2), *const vs = row(in, 2, y / 2);
    for (int x = 0; x < in.width; x += 2) {
      float const u = static_cast<float>(us[x / 2] - 128) / 224, v = static_cast<float>(vs[x / 2] - 128) / 224;
      Colour const tint{red_of_v * v, green_of_u * u + green_of_v * v, blue_of_u * u, 0};
      Colour sum{0, 0, 0, 0};
      float count = 0;
      for (int dy = 0; dy < 2 && y + dy < in.height; ++dy)
        for (int dx = 0; dx < 2 && x + dx < in.width; ++dx) {
          float const luma = static_cast<float>(row(in, 0, y + dy)[x + dx] - 16) / 219;
          auto const rgb = look_up(tint + luma);
          row(*out, 0, y + dy)[x + dx] = sample(16 + 219 * (k.red * rgb[0] + k.green * rgb[1] + k.blue * rgb[2]));
          sum += rgb;
          count += 1;
        }
      auto const mean = sum / count;
      float const luma = k.red * mean[0] + k.green * mean[1] + k.blue * mean[2];
      row(*out, 1, y / 2)[x / 2] = sample(128 + 224 * (mean[2] - luma) / blue_of_u);
      row(*out, 2, y / 2)[x / 2] = sample(128 + 224 * (mean[0] - luma) / red_of_v);
    }
  }
  return out;
}

}  // namespace reelmill::av
