// SPDX-License-Identifier: GPL-3.0-or-later
// The Fourier transform of real numbers, of one length that is a power of two. One thread at a time.
#pragma once

#include <complex>
#include <memory>
#include <vector>

#include "base/result.h"

struct AVTXContext;

namespace reelmill::av {

class Fourier {
 public:
  // `length` is a power of two from 4 to 65536.
  static Result<Fourier> open(std::size_t length);

  std::size_t length() const { return length_; }
  std::size_t bins() const { return length_ / 2 + 1; }

  using Spectrum = std::vector<std::complex<float>>;
  // `samples` are length() many and are not changed; `spectrum` becomes bins() long.
  void forward(float const* samples, Spectrum& spectrum);
  // The inverse: `samples` become length() long.
  void backward(Spectrum const& spectrum, std::vector<float>& samples);

 private:
  struct Close {
    void operator()(AVTXContext* context) const;
  };
  struct Transform {
    std::unique_ptr<AVTXContext, Close> context;
    void (*run)(AVTXContext* context, void* out, void* in, std::ptrdiff_t stride) = nullptr;
  };
  struct Buffer {
    explicit Buffer(std::size_t floats);
    struct Free {
      void operator()(float* memory) const;
    };
    std::unique_ptr<float, Free> memory;
  };
  Fourier(std::size_t length, Transform there, Transform back);
  static Result<Transform> open(std::size_t length, bool inverse);

  std::size_t length_;
  Transform there_, back_;
  Buffer in_, out_;  // aligned as the transform wants them
};

}  // namespace reelmill::av
