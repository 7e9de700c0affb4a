// SPDX-License-Identifier: GPL-3.0-or-later
#include "av/fourier.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "av/failure.h"

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/tx.h>
}

namespace reelmill::av {

void Fourier::Close::operator()(AVTXContext* context) const { av_tx_uninit(&context); }

void Fourier::Buffer::Free::operator()(float* it) const { av_free(it); }

Fourier::Buffer::Buffer(std::size_t floats) : memory(static_cast<float*>(av_calloc(floats, sizeof(float)))) {
  if (!memory) throw std::bad_alloc();
}

Result<Fourier::Transform> Fourier::open(std::size_t length, bool inverse) {
  AVTXContext* context = nullptr;
  Transform out;
  float const scale = inverse ? 1.0F / static_cast<float>(length) : 1.0F;
  int const code = av_tx_init(&context, &out.run, AV_TX_FLOAT_RDFT, inverse ? 1 : 0, static_cast<int>(length), &scale, 0);
  out.context.reset(context);
  if (code < 0) return failure(code, "making a Fourier transform");
  return out;
}

Result<Fourier> Fourier::open(std::size_t length) { return Fourier(length, TRY(open(length, false)), TRY(open(length, true))); }

Fourier::Fourier(std::size_t length, Transform there, Transform back)
    : length_(length), there_(std::move(there)), back_(std::move(back)), in_(length + 2), out_(length + 2) {}

void Fourier::forward(float const* samples, Spectrum& spectrum) {
  std::copy_n(samples, length_, in_.memory.get());
  there_.run(there_.context.get(), out_.memory.get(), in_.memory.get(), sizeof(float));
  spectrum.resize(bins());
  std::memcpy(static_cast<void*>(spectrum.data()), out_.memory.get(), bins() * sizeof(std::complex<float>));
}

void Fourier::backward(Spectrum const& spectrum, std::vector<float>& samples) {
  // The transform writes into what it reads.
  std::memcpy(in_.memory.get(), spectrum.data(), bins() * sizeof(std::complex<float>));
  back_.run(back_.context.get(), out_.memory.get(), in_.memory.get(), sizeof(float));
  samples.assign(out_.memory.get(), out_.memory.get() + length_);
}

}  // namespace reelmill::av
