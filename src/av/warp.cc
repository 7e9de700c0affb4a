// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/warp.h"

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace reelmill::av {

namespace {
constexpr int phase_bits = 8;
constexpr int phases = 1 << phase_bits;
constexpr int one = 1 << 14;  // the weights of a phase add up to this

using Weights = std::array<std::int16_t, 4>;

// Integer arithmetic from the start: no rounding mode or library can change a weight.
constexpr std::array<Weights, phases> make_weights() {
  std::array<Weights, phases> table{};
  for (int phase = 0; phase < phases; ++phase) {
    std::int64_t const t = phase, u = phases;
    std::int64_t const cube = u * u * u;
    auto const scaled = [&](std::int64_t doubled) {
      std::int64_t const value = doubled * one;
      std::int64_t const divisor = 2 * cube;
      return static_cast<std::int16_t>((value >= 0 ? value + divisor / 2 : value - divisor / 2) / divisor);
    };
    auto& w = table[static_cast<std::size_t>(phase)];
    w[0] = scaled(-t * t * t + 2 * t * t * u - t * u * u);
    w[2] = scaled(-3 * t * t * t + 4 * t * t * u + t * u * u);
    w[3] = scaled(t * t * t - t * t * u);
    w[1] = static_cast<std::int16_t>(one - w[0] - w[2] - w[3]);
  }
  return table;
}
alignas(64) constexpr std::array<Weights, phases> weights = make_weights();

struct Position {
  int x, y, phase_x, phase_y;
};

Position position(std::int64_t x, std::int64_t y) {
  constexpr std::int64_t half_phase = std::int64_t{1} << (31 - phase_bits);
  x += half_phase;
  y += half_phase;
  return {static_cast<int>(x >> 32), static_cast<int>(y >> 32), static_cast<int>((x >> (32 - phase_bits)) & (phases - 1)),
          static_cast<int>((y >> (32 - phase_bits)) & (phases - 1))};
}

int mirrored(int at, int size) {
  if (size == 1) return 0;
  int const period = 2 * size;
  at %= period;
  if (at < 0) at += period;
  return at < size ? at : period - 1 - at;
}

std::uint8_t finish(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp((sum + (1 << 19)) >> 20, 0, 255)); }

std::uint8_t sample_edge(PlaneView const& in, Position const& p, Border border, std::uint8_t fill) {
  auto const& wx = weights[static_cast<std::size_t>(p.phase_x)];
  auto const& wy = weights[static_cast<std::size_t>(p.phase_y)];
  std::int32_t sum = 0;
  for (int r = 0; r < 4; ++r) {
    std::int32_t row = 0;
    for (int k = 0; k < 4; ++k) {
      int const x = p.x - 1 + k, y = p.y - 1 + r;
      bool const outside = x < 0 || y < 0 || x >= in.width || y >= in.height;
      std::uint8_t const sample =
          outside && border == Border::fill ? fill : in.data[mirrored(y, in.height) * in.stride + mirrored(x, in.width)];
      row += sample * wx[static_cast<std::size_t>(k)];
    }
    sum += ((row + 128) >> 8) * wy[static_cast<std::size_t>(r)];
  }
  return finish(sum);
}

bool is_inside(Position const& p, PlaneView const& in) {
  return p.x >= 1 && p.y >= 1 && p.x + 2 < in.width && p.y + 2 < in.height;
}

std::uint8_t sample_inside(PlaneView const& in, Position const& p) {
  auto const& wx = weights[static_cast<std::size_t>(p.phase_x)];
  auto const& wy = weights[static_cast<std::size_t>(p.phase_y)];
  auto const* row = in.data + (p.y - 1) * in.stride + (p.x - 1);
  std::int32_t sum = 0;
  for (std::size_t r = 0; r < 4; ++r, row += in.stride)
    sum += ((row[0] * wx[0] + row[1] * wx[1] + row[2] * wx[2] + row[3] * wx[3] + 128) >> 8) * wy[r];
  return finish(sum);
}

using Four = std::array<Position, 4>;

// The rows of two samples across: [r0 r1 of p, r0 r1 of q | r2 r3 of p, r2 r3 of q], rounded to 6 bits behind the point.
__attribute__((target("avx2"))) __m256i rows_of(PlaneView const& in, Position const& p, Position const& q) {
  auto const pairs = [&](Position const& at) __attribute__((target("avx2"))) {
    auto const* row = in.data + (at.y - 1) * in.stride + (at.x - 1);
    std::array<std::int32_t, 4> four;
    for (std::size_t r = 0; r < 4; ++r, row += in.stride) std::memcpy(&four[r], row, 4);
    std::int64_t across;
    std::memcpy(&across, weights[static_cast<std::size_t>(at.phase_x)].data(), 8);
    __m256i const samples = _mm256_cvtepu8_epi16(_mm_setr_epi32(four[0], four[1], four[2], four[3]));
    return _mm256_madd_epi16(samples, _mm256_set1_epi64x(across));
  };
  __m256i const sums = _mm256_hadd_epi32(pairs(p), pairs(q));
  return _mm256_srai_epi32(_mm256_add_epi32(sums, _mm256_set1_epi32(128)), 8);
}

__attribute__((target("avx2"))) std::int32_t sample_four(PlaneView const& in, Four const& at) {
  __m256i const rows = _mm256_packs_epi32(rows_of(in, at[0], at[1]), rows_of(in, at[2], at[3]));
  std::array<std::int64_t, 4> down;
  for (std::size_t i = 0; i < 4; ++i) std::memcpy(&down[i], weights[static_cast<std::size_t>(at[i].phase_y)].data(), 8);
  __m128 const first = _mm_castsi128_ps(_mm_set_epi64x(down[1], down[0]));
  __m128 const second = _mm_castsi128_ps(_mm_set_epi64x(down[3], down[2]));
  __m128i const upper = _mm_castps_si128(_mm_shuffle_ps(first, second, _MM_SHUFFLE(2, 0, 2, 0)));
  __m128i const lower = _mm_castps_si128(_mm_shuffle_ps(first, second, _MM_SHUFFLE(3, 1, 3, 1)));
  __m256i const halves = _mm256_madd_epi16(rows, _mm256_set_m128i(lower, upper));
  __m128i const sums = _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
  __m128i const rounded = _mm_srai_epi32(_mm_add_epi32(sums, _mm_set1_epi32(1 << 19)), 20);
  __m128i const narrow = _mm_packs_epi32(rounded, rounded);
  return _mm_cvtsi128_si32(_mm_packus_epi16(narrow, narrow));
}

std::uint8_t sample(PlaneView const& in, Position const& p, Border border, std::uint8_t fill) {
  return is_inside(p, in) ? sample_inside(in, p) : sample_edge(in, p, border, fill);
}

__attribute__((target("avx2"))) void warp_plane_avx2(PlaneView const& in, std::uint8_t* out, std::ptrdiff_t out_stride,
                                                     Affine const& a, Border border, std::uint8_t fill) {
  for (int y = 0; y < in.height; ++y, out += out_stride) {
    std::int64_t sx = a.bx * y + a.cx, sy = a.by * y + a.cy;
    int x = 0;
    for (; x + 4 <= in.width; x += 4, sx += 4 * a.ax, sy += 4 * a.ay) {
      Four const at{position(sx, sy), position(sx + a.ax, sy + a.ay), position(sx + 2 * a.ax, sy + 2 * a.ay),
                    position(sx + 3 * a.ax, sy + 3 * a.ay)};
      // A straight line whose ends are inside is inside.
      if (is_inside(at[0], in) && is_inside(at[3], in)) {
        std::int32_t const four = sample_four(in, at);
        std::memcpy(out + x, &four, 4);
      } else {
        for (int i = 0; i < 4; ++i) out[x + i] = sample(in, at[static_cast<std::size_t>(i)], border, fill);
      }
    }
    for (; x < in.width; ++x, sx += a.ax, sy += a.ay) out[x] = sample(in, position(sx, sy), border, fill);
  }
}
}  // namespace

Affine affine_of(Correction const& correction, int width, int height, int shift_x, int shift_y) {
  // One rounding to 2⁻³² at the end; sine and cosine by series, since libm's last bit differs between versions.
  double const angle = correction.angle * 1e-6;
  double const square = angle * angle;
  double const sine = angle * (1 - square / 6 * (1 - square / 20 * (1 - square / 42)));
  double const cosine = 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)));
  double const shrink = 1.0 / (1.0 + correction.zoom * 1e-6);
  double const dx = correction.dx / 256.0 / (1 << shift_x), dy = correction.dy / 256.0 / (1 << shift_y);
  // Samples of a subsampled plane are further apart one way than the other; turning needs equal steps.
  double const aspect = static_cast<double>(1 << shift_y) / (1 << shift_x);
  double const middle_x = (width - 1) / 2.0, middle_y = (height - 1) / 2.0;
  // in = middle + R(-angle) · ((out - middle) · shrink - d)
  double const ax = cosine * shrink, bx = sine * shrink * aspect;
  double const ay = -sine * shrink / aspect, by = cosine * shrink;
  double const cx = middle_x - ax * middle_x - bx * middle_y - (cosine * dx + sine * aspect * dy);
  double const cy = middle_y - ay * middle_x - by * middle_y - (-sine / aspect * dx + cosine * dy);
  auto const fixed = [](double value) { return static_cast<std::int64_t>(std::floor(value * 4294967296.0 + 0.5)); };
  return {fixed(ax), fixed(bx), fixed(cx), fixed(ay), fixed(by), fixed(cy)};
}

void warp_plane_plain(PlaneView const& in, std::uint8_t* out, std::ptrdiff_t out_stride, Affine const& a, Border border,
                      std::uint8_t fill) {
  for (int y = 0; y < in.height; ++y, out += out_stride) {
    std::int64_t sx = a.bx * y + a.cx, sy = a.by * y + a.cy;
    for (int x = 0; x < in.width; ++x, sx += a.ax, sy += a.ay) out[x] = sample(in, position(sx, sy), border, fill);
  }
}

void warp_plane(PlaneView const& in, std::uint8_t* out, std::ptrdiff_t out_stride, Affine const& affine, Border border,
                std::uint8_t fill) {
  static bool const has_avx2 = __builtin_cpu_supports("avx2");
  if (has_avx2)
    warp_plane_avx2(in, out, out_stride, affine, border, fill);
  else
    warp_plane_plain(in, out, out_stride, affine, border, fill);
}

}  // namespace reelmill::av
