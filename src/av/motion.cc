// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/motion.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "av/vidstab_memory.h"

extern "C" {
#include <vid.stab/libvidstab.h>
}

namespace reelmill::av {

namespace {
constexpr int proxy_side = 360;  // the shorter side is not reduced below this
constexpr int thumbnail_factor = 8;
constexpr double cut_threshold = 20;  // mean luma difference, and its jump, that only a new shot has

// libvidstab tells its settings to stderr at every start.
int keep_quiet(int, char const*, char const*, ...) { return VS_OK; }

// Mean of factor×factor blocks.
void reduce(std::uint8_t const* in, std::ptrdiff_t stride, int factor, int width, int height, std::uint8_t* out) {
  std::vector<std::uint16_t> sums(static_cast<std::size_t>(width) * static_cast<std::size_t>(factor));
  int const area = factor * factor;
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), std::uint16_t{0});
    for (int r = 0; r < factor; ++r) {
      auto const* row = in + (static_cast<std::ptrdiff_t>(y) * factor + r) * stride;
      for (std::size_t x = 0; x < sums.size(); ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + row[x]);
    }
    for (int x = 0; x < width; ++x) {
      int sum = area / 2;
      for (int k = 0; k < factor; ++k) sum += sums[static_cast<std::size_t>(x * factor + k)];
      out[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] =
          static_cast<std::uint8_t>(sum / area);
    }
  }
}

// The solution of a·x = b for a symmetric positive 4×4, or nothing if it has none.
bool solve(std::array<std::array<double, 5>, 4>& rows) {
  for (std::size_t column = 0; column < 4; ++column) {
    std::size_t pivot = column;
    for (std::size_t r = column + 1; r < 4; ++r)
      if (std::abs(rows[r][column]) > std::abs(rows[pivot][column])) pivot = r;
    if (std::abs(rows[pivot][column]) < 1e-9) return false;
    std::swap(rows[column], rows[pivot]);
    for (std::size_t r = 0; r < 4; ++r) {
      if (r == column) continue;
      double const ratio = rows[r][column] / rows[column][column];
      for (std::size_t k = column; k < 5; ++k) rows[r][k] -= ratio * rows[column][k];
    }
  }
  for (std::size_t r = 0; r < 4; ++r) rows[r][4] /= rows[r][r];
  return true;
}

double median(std::vector<double> values) {
  auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::array<double, 2> residual(Similarity const& s, FieldMotion const& f) {
  return {f.dx - (s.dx - s.angle * f.y + s.scale * f.x), f.dy - (s.dy + s.angle * f.x + s.scale * f.y)};
}

// Lucas–Kanade step: the part of the displacement below a pixel that integer search leaves.
struct Refined {
  double dx = 0, dy = 0;
  bool sound = false;
};
Refined refine(std::vector<std::uint8_t> const& current, std::vector<std::uint8_t> const& previous, int width, int height,
               Field const& field, Vec shift) {
  int const half = field.size / 2;
  int const x0 = std::max({field.x - half, 1, 1 - shift.x}), x1 = std::min({field.x + half, width - 2, width - 2 - shift.x});
  int const y0 = std::max({field.y - half, 1, 1 - shift.y}), y1 = std::min({field.y + half, height - 2, height - 2 - shift.y});
  if (x1 - x0 < 8 || y1 - y0 < 8) return {};
  double xx = 0, xy = 0, yy = 0, xt = 0, yt = 0;
  for (int y = y0; y < y1; ++y) {
    auto const* c = current.data() + static_cast<std::ptrdiff_t>(y) * width;
    auto const* p = previous.data() + static_cast<std::ptrdiff_t>(y + shift.y) * width + shift.x;
    int row_xx = 0, row_xy = 0, row_yy = 0, row_xt = 0, row_yt = 0;
    for (int x = x0; x < x1; ++x) {
      // Gradients of both pictures averaged: the step is then symmetric and right to second order.
      int const gx = p[x + 1] - p[x - 1] + c[x + 1] - c[x - 1];
      int const gy = p[x + width] - p[x - width] + c[x + width] - c[x - width];
      int const t = c[x] - p[x];
      row_xx += gx * gx, row_xy += gx * gy, row_yy += gy * gy;
      row_xt += gx * t, row_yt += gy * t;
    }
    xx += row_xx, xy += row_xy, yy += row_yy, xt += row_xt, yt += row_yt;
  }
  double const determinant = xx * yy - xy * xy;
  double const trace = xx + yy;
  if (determinant < 1e-3 * trace * trace || trace <= 0) return {};
  double const ex = 4 * (yy * xt - xy * yt) / determinant, ey = 4 * (xx * yt - xy * xt) / determinant;
  if (std::abs(ex) > 1.5 || std::abs(ey) > 1.5) return {};
  return {ex, ey, true};
}
}  // namespace

Similarity fit(std::vector<FieldMotion> const& fields) {
  if (fields.size() < 3) return {};
  std::vector<double> xs, ys;
  for (auto const& f : fields) xs.push_back(f.dx), ys.push_back(f.dy);
  Similarity s{median(xs), median(ys), 0, 0};
  for (int round = 0; round < 12; ++round) {
    std::vector<double> errors;
    for (auto const& f : fields) {
      auto const [ex, ey] = residual(s, f);
      errors.push_back(std::hypot(ex, ey));
    }
    double const cutoff = std::max(0.15, 3.5 * median(errors));
    std::array<std::array<double, 5>, 4> normal{};
    for (std::size_t i = 0; i < fields.size(); ++i) {
      double const ratio = errors[i] / cutoff;
      if (ratio >= 1) continue;
      double const weight = (1 - ratio * ratio) * (1 - ratio * ratio);
      auto const& f = fields[i];
      std::array<double, 4> const across{1, 0, -f.y, f.x}, down{0, 1, f.x, f.y};
      for (std::size_t r = 0; r < 4; ++r) {
        for (std::size_t k = 0; k < 4; ++k) normal[r][k] += weight * (across[r] * across[k] + down[r] * down[k]);
        normal[r][4] += weight * (across[r] * f.dx + down[r] * f.dy);
      }
    }
    if (!solve(normal)) break;
    s = {normal[0][4], normal[1][4], normal[2][4], normal[3][4]};
  }
  return s;
}

struct MotionDetector::Search {
  VSMotionDetect detect{};
};

void MotionDetector::FreeSearch::operator()(Search* search) const {
  vsMotionDetectionCleanup(&search->detect);
  delete search;
}

Result<MotionDetector> MotionDetector::open(int width, int height, int shakiness, int accuracy) {
  MotionDetector out;
  out.factor_ = std::max(1, std::min(width, height) / proxy_side);
  // libvidstab takes even sizes only.
  out.width_ = width / out.factor_ & ~1;
  out.height_ = height / out.factor_ & ~1;
  if (std::min(out.width_, out.height_) < 32) return out;  // too small to search; every motion is zero
  vs_log = keep_quiet;
  watch_vidstab_memory();
  VSFrameInfo info;
  if (!vsFrameInfoInit(&info, out.width_, out.height_, PF_GRAY8))
    return Error{.kind = ErrorKind::failed, .what = "preparing the motion search: the picture size is not supported"};
  auto configuration = vsMotionDetectGetDefaultConfig("reelmill");
  configuration.shakiness = shakiness;
  configuration.accuracy = std::max(accuracy, shakiness);
  configuration.numThreads = 1;
  auto search = std::make_unique<Search>();
  if (vsMotionDetectInit(&search->detect, &configuration, &info) != VS_OK)
    return Error{.kind = ErrorKind::failed, .what = "preparing the motion search failed"};
  out.search_.reset(search.release());
  return out;
}

bool MotionDetector::is_cut(Picture const& thumbnail) {
  double difference = 0;
  for (std::size_t i = 0; i < thumbnail.size(); ++i) difference += std::abs(int{thumbnail[i]} - int{thumbnail_[i]});
  difference /= static_cast<double>(std::max<std::size_t>(1, thumbnail.size()));
  bool const cut = std::min(difference, difference - last_difference_) > cut_threshold;
  last_difference_ = difference;
  return cut;
}

Motion MotionDetector::next(std::uint8_t const* luma, std::ptrdiff_t stride) {
  current_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
  reduce(luma, stride, factor_, width_, height_, current_.data());
  int const small_width = std::max(1, width_ / thumbnail_factor), small_height = std::max(1, height_ / thumbnail_factor);
  Picture small(static_cast<std::size_t>(small_width) * static_cast<std::size_t>(small_height));
  reduce(current_.data(), width_, std::min({thumbnail_factor, width_, height_}), small_width, small_height, small.data());

  bool const cut = !has_previous_ || is_cut(small);
  Motion motion{.cut = cut};
  if (search_) {
    VSFrame frame{};
    frame.data[0] = current_.data();
    frame.linesize[0] = width_;
    VidstabMemory const memory;
    LocalMotions found{};
    vsMotionDetection(&search_->detect, &found, &frame);
    if (!cut) {
      std::vector<FieldMotion> fields;
      for (int i = 0; i < vs_vector_size(&found); ++i) {
        auto const& local = *static_cast<LocalMotion*>(vs_vector_get(&found, i));
        auto const below = refine(current_, previous_, width_, height_, local.f, local.v);
        if (!below.sound) continue;
        fields.push_back(
            {local.f.x - (width_ - 1) / 2.0, local.f.y - (height_ - 1) / 2.0, -(local.v.x + below.dx), -(local.v.y + below.dy)});
      }
      auto const s = fit(fields);
      motion.dx = static_cast<std::int32_t>(std::lround(s.dx * factor_ * 256));
      motion.dy = static_cast<std::int32_t>(std::lround(s.dy * factor_ * 256));
      motion.angle = static_cast<std::int32_t>(std::lround(s.angle * 1e6));
    }
  }
  has_previous_ = true;
  std::swap(current_, previous_);
  std::swap(thumbnail_, small);
  return motion;
}

}  // namespace reelmill::av
