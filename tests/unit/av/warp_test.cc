// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/warp.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace reelmill::av {
namespace {

constexpr std::int64_t whole = std::int64_t{1} << 32;
constexpr Affine identity{whole, 0, 0, 0, whole, 0};

struct Plane {
  int width = 0, height = 0;
  std::ptrdiff_t stride = 0;
  std::vector<std::uint8_t> data;

  Plane(int w, int h, int padding = 0)
      : width(w), height(h), stride(w + padding), data(static_cast<std::size_t>(stride) * static_cast<std::size_t>(h)) {}
  PlaneView view() const { return {data.data(), stride, width, height}; }
  std::uint8_t& at(int x, int y) { return data[static_cast<std::size_t>(y * stride + x)]; }
  std::uint8_t at(int x, int y) const { return data[static_cast<std::size_t>(y * stride + x)]; }
};

Plane noise(int width, int height, std::uint64_t seed, int padding = 0) {
  std::mt19937_64 random(seed);
  Plane plane(width, height, padding);
  for (auto& sample : plane.data) sample = static_cast<std::uint8_t>(random());
  return plane;
}

Plane warped(Plane const& in, Affine const& affine, Border border = Border::mirror, std::uint8_t fill = 16) {
  Plane out(in.width, in.height);
  warp_plane(in.view(), out.data.data(), out.stride, affine, border, fill);
  return out;
}

Affine shift(double x, double y) {
  return {whole, 0, static_cast<std::int64_t>(x * 4294967296.0), 0, whole, static_cast<std::int64_t>(y * 4294967296.0)};
}

TEST(Warp, VectorsAndPlainCodeAgree) {
  std::mt19937_64 random(1);
  std::pair<int, int> const sizes[] = {{1, 1}, {3, 5}, {4, 4}, {5, 4}, {1, 40}, {33, 1}, {63, 47}, {128, 72}, {161, 91}};
  for (auto const& [width, height] : sizes)
    for (int i = 0; i < 40; ++i) {
      auto const in = noise(width, height, random(), static_cast<int>(random() % 9));
      auto const about = [&](double middle, double spread) {
        return static_cast<std::int64_t>((middle + spread * (static_cast<double>(random() % 2001) / 1000 - 1)) * 4294967296.0);
      };
      double const wild = i % 4 == 0 ? 1.0 : 0.05;
      Affine const affine{about(1, wild), about(0, wild), about(0, width), about(0, wild), about(1, wild), about(0, height)};
      auto const border = random() % 2 ? Border::mirror : Border::fill;
      Plane vectors(width, height, 3), plain(width, height, 3);
      warp_plane(in.view(), vectors.data.data(), vectors.stride, affine, border, 77);
      warp_plane_plain(in.view(), plain.data.data(), plain.stride, affine, border, 77);
      ASSERT_EQ(vectors.data, plain.data) << width << 'x' << height << " case " << i;
    }
}

TEST(Warp, ExtremePicturesAgreeToo) {
  for (std::uint8_t const a : {0, 255}) {
    Plane in(64, 64);
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 64; ++x) in.at(x, y) = (x + y) % 2 ? a : static_cast<std::uint8_t>(255 - a);
    for (int phase = 0; phase < 256; ++phase) {
      auto const affine = shift(phase / 256.0, (255 - phase) / 256.0);
      Plane plain(64, 64);
      warp_plane_plain(in.view(), plain.data.data(), plain.stride, affine, Border::mirror, 0);
      ASSERT_EQ(warped(in, affine).data, plain.data) << phase;
    }
  }
}

TEST(Warp, NoMotionChangesNothing) {
  for (int const size : {1, 2, 3, 17, 64}) {
    auto const in = noise(size, size + 3, 2);
    EXPECT_EQ(warped(in, identity).data, in.data);
    EXPECT_EQ(warped(in, identity, Border::fill).data, in.data);
    auto const none = affine_of({}, size, size + 3, 0, 0);
    EXPECT_EQ(warped(in, none).data, in.data);
  }
}

TEST(Warp, AFlatPictureStaysFlat) {
  for (int const level : {0, 1, 16, 127, 235, 255}) {
    Plane in(50, 40);
    std::fill(in.data.begin(), in.data.end(), static_cast<std::uint8_t>(level));
    EXPECT_EQ(warped(in, affine_of({777, -1234, 20'000, 50'000}, 50, 40, 0, 0)).data, in.data) << level;
  }
}

TEST(Warp, WholeShiftsAreExactAndBordersAreMirroredOrFilled) {
  auto const in = noise(40, 30, 3);
  for (auto const& [dx, dy] : {std::pair(5, -3), std::pair(-7, 0), std::pair(0, 29), std::pair(-39, 11)}) {
    auto const affine = affine_of({.dx = dx * 256, .dy = dy * 256}, 40, 30, 0, 0);
    auto const mirrored = warped(in, affine), filled = warped(in, affine, Border::fill, 16);
    for (int y = 0; y < 30; ++y)
      for (int x = 0; x < 40; ++x) {
        int const sx = x - dx, sy = y - dy;
        bool const inside = sx >= 0 && sx < 40 && sy >= 0 && sy < 30;
        auto const mirror = [](int at, int size) { return at < 0 ? -1 - at : at >= size ? 2 * size - 1 - at : at; };
        ASSERT_EQ(mirrored.at(x, y), in.at(mirror(sx, 40), mirror(sy, 30))) << dx << ' ' << dy << ' ' << x << ' ' << y;
        ASSERT_EQ(filled.at(x, y), inside ? in.at(sx, sy) : 16) << dx << ' ' << dy << ' ' << x << ' ' << y;
      }
  }
}

double catmull_rom(double t) {
  t = std::abs(t);
  if (t < 1) return 1.5 * t * t * t - 2.5 * t * t + 1;
  return t < 2 ? -0.5 * t * t * t + 2.5 * t * t - 4 * t + 2 : 0;
}

double reference(Plane const& in, double x, double y) {
  double sum = 0;
  auto const x0 = static_cast<int>(std::floor(x)), y0 = static_cast<int>(std::floor(y));
  for (int r = y0 - 1; r <= y0 + 2; ++r)
    for (int c = x0 - 1; c <= x0 + 2; ++c) sum += in.at(c, r) * catmull_rom(x - c) * catmull_rom(y - r);
  return std::clamp(sum, 0.0, 255.0);
}

// A picture without steps, so that an error of half a phase (1/512 sample) stays below a level.
Plane waves(int width, int height) {
  Plane plane(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      plane.at(x, y) = static_cast<std::uint8_t>(std::lround(128 + 60 * std::sin(x * 0.35) + 50 * std::cos(y * 0.27 + x * 0.1)));
  return plane;
}

TEST(Warp, TurnsLikeTheReference) {
  auto const in = waves(160, 120);
  for (auto const& c : {Correction{300, -450, 0, 0}, Correction{0, 0, 50'000, 0}, Correction{-128, 77, -30'000, 80'000},
                        Correction{0, 0, 0, 150'000}, Correction{1000, 900, 100'000, 120'000}}) {
    auto const out = warped(in, affine_of(c, 160, 120, 0, 0));
    double const angle = c.angle * 1e-6, shrink = 1 / (1 + c.zoom * 1e-6);
    int compared = 0;
    for (int y = 0; y < 120; ++y)
      for (int x = 0; x < 160; ++x) {
        double const ox = (x - 79.5) * shrink - c.dx / 256.0, oy = (y - 59.5) * shrink - c.dy / 256.0;
        double const sx = 79.5 + std::cos(angle) * ox + std::sin(angle) * oy;
        double const sy = 59.5 - std::sin(angle) * ox + std::cos(angle) * oy;
        if (sx < 2 || sy < 2 || sx > 156 || sy > 116) continue;
        ++compared;
        ASSERT_NEAR(out.at(x, y), reference(in, sx, sy), 1.0) << x << ' ' << y << " angle " << c.angle;
      }
    EXPECT_GT(compared, 10'000);
  }
}

// Chroma moves with the luma it belongs to: half as many samples, and turned in the picture's own proportions.
TEST(Warp, ChromaMovesWithLuma) {
  Correction const c{600, -350, 40'000, 60'000};
  auto const luma = affine_of(c, 320, 180, 0, 0);
  struct {
    int shift_x, shift_y;
  } const cases[] = {{1, 1}, {1, 0}};
  for (auto const& [shift_x, shift_y] : cases) {
    auto const chroma = affine_of(c, 320 >> shift_x, 180 >> shift_y, shift_x, shift_y);
    auto const place = [](Affine const& a, double x, double y) {
      return std::pair(
          (static_cast<double>(a.ax) * x + static_cast<double>(a.bx) * y + static_cast<double>(a.cx)) / 4294967296.0,
          (static_cast<double>(a.ay) * x + static_cast<double>(a.by) * y + static_cast<double>(a.cy)) / 4294967296.0);
    };
    for (int y = 0; y < 180 >> shift_y; y += 17)
      for (int x = 0; x < 320 >> shift_x; x += 13) {
        double const kx = 1 << shift_x, ky = 1 << shift_y;
        // The middle of a chroma sample, in luma samples.
        auto const [lx, ly] = place(luma, (x + 0.5) * kx - 0.5, (y + 0.5) * ky - 0.5);
        auto const [cx, cy] = place(chroma, x, y);
        EXPECT_NEAR((cx + 0.5) * kx - 0.5, lx, 1e-5);
        EXPECT_NEAR((cy + 0.5) * ky - 0.5, ly, 1e-5);
      }
  }
}

}  // namespace
}  // namespace reelmill::av
