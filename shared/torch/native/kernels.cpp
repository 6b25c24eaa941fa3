#include "kernels.h"

#include <algorithm>
#include <cmath>

// Each loop is compiled for AVX2 with FMA and for the baseline, and the machine's own is bound when the library loads.
#if defined(__x86_64__)
#define PER_MACHINE __attribute__((target_clones("arch=haswell", "default")))
#else
#define PER_MACHINE
#endif
#define INLINE inline __attribute__((always_inline))

namespace instantnet {

namespace {

// Codes stay below 2^16, where adding and taking away 1.5 * 2^23 rounds half to even, on every machine and in any vector width.
INLINE float round_code(float v) {
  constexpr float kMagic = 12582912.0f;
  return (v + kMagic) - kMagic;
}

INLINE float clamp(float v, float low, float high) {
  v = v > low ? v : low;
  return v < high ? v : high;
}

struct Rounder {
  float scale, inverse, low, high;
  explicit Rounder(Grid g) : scale(g.scale), inverse(1.0f / g.scale), low(g.low), high(g.high) {}
  INLINE float operator()(float z) const { return round_code(clamp(z * inverse, low, high)) * scale; }
  // What a gradient becomes on its way back, and what it does to the scale: the rounding error inside the grid, the end code outside.
  // One comparison made a factor, because compilers keep that in vectors where they would copy whole sums for a choice.
  INLINE float inside(float v, float clamped) const { return clamped == v ? 1.0f : 0.0f; }
  INLINE float pass(float z, float g) const {
    float v = z * inverse;
    return g * inside(v, clamp(v, low, high));
  }
  INLINE float by_scale(float z) const {
    float v = z * inverse, clamped = clamp(v, low, high);
    return round_code(clamped) - v * inside(v, clamped);
  }
};

template <Activation A>
INLINE float pass(float z, float g, const Rounder& rounder) {
  if constexpr (A == Activation::kRelu) return g * (z > 0 ? 1.0f : 0.0f);
  if constexpr (A == Activation::kQuantize) return rounder.pass(z, g);
  return g;
}

template <Activation A>
INLINE void forward_rows(
    const float* x, float* y, int64_t rows, int64_t channels, const float* scale, const float* shift, Grid grid) {
  const Rounder rounder(grid);
  for (int64_t r = 0; r < rows; r++, x += channels, y += channels) {
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
      float z = x[c] * scale[c] + shift[c];
      if constexpr (A == Activation::kRelu) z = z > 0 ? z : 0.0f;
      if constexpr (A == Activation::kQuantize) z = rounder(z);
      y[c] = z;
    }
  }
}

// kRows rows at once, so that the sums are loaded and stored once for all of them.
template <Activation A, int kRows>
INLINE void sum_rows(
    const float* x, const float* g, int64_t channels, const float* scale, const float* shift, const float* mean, const Rounder& rounder,
    float* sum, float* product, float* step) {
#pragma omp simd
  for (int64_t c = 0; c < channels; c++) {
    float a = 0, b = 0, d = 0;
#pragma GCC unroll 8
    for (int r = 0; r < kRows; r++) {
      float value = x[r * channels + c], gradient = g[r * channels + c];
      float z = value * scale[c] + shift[c];
      float through = pass<A>(z, gradient, rounder);
      a += through;
      b += through * (value - mean[c]);
      if constexpr (A == Activation::kQuantize) d += gradient * rounder.by_scale(z);
    }
    sum[c] += a;
    product[c] += b;
    if constexpr (A == Activation::kQuantize) step[c] += d;
  }
}

template <Activation A>
INLINE void sum_all_rows(
    const float* x, const float* g, int64_t rows, int64_t channels, const float* scale, const float* shift, const float* mean,
    const Rounder& rounder, float* sum, float* product, float* step) {
  constexpr int kRows = 4;
  for (; rows >= kRows; rows -= kRows, x += kRows * channels, g += kRows * channels)
    sum_rows<A, kRows>(x, g, channels, scale, shift, mean, rounder, sum, product, step);
  for (; rows > 0; rows--, x += channels, g += channels)
    sum_rows<A, 1>(x, g, channels, scale, shift, mean, rounder, sum, product, step);
}

template <Activation A>
INLINE void backward_rows(
    const float* x, const float* g, float* dx, int64_t rows, int64_t channels, const float* scale, const float* shift,
    const float* offset, const float* slope, Grid grid) {
  const Rounder rounder(grid);
  for (int64_t r = 0; r < rows; r++, x += channels, g += channels, dx += channels) {
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
      float z = x[c] * scale[c] + shift[c];
      dx[c] = scale[c] * pass<A>(z, g[c], rounder) - offset[c] - slope[c] * x[c];
    }
  }
}

}  // namespace

Grid grid_of(float clip, int32_t bits, bool is_signed) {
  Grid grid;
  if (is_signed) {
    grid.low = -static_cast<float>(1 << (bits - 1));
    grid.high = -grid.low - 1;
    grid.scale = clip / -grid.low;
  } else {
    grid.high = static_cast<float>((1 << bits) - 1);
    grid.scale = clip / grid.high;
  }
  return grid;
}

PER_MACHINE void channel_moments(const float* x, int64_t rows, int64_t channels, const float* pivot, float* sum, float* squares) {
  int64_t r = 0;
  for (; r + 1 < rows; r += 2, x += 2 * channels) {
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
      float d = x[c] - pivot[c], e = x[channels + c] - pivot[c];
      sum[c] += d + e;
      squares[c] += d * d + e * e;
    }
  }
  for (int64_t c = 0; r < rows && c < channels; c++) {
    float d = x[c] - pivot[c];
    sum[c] += d;
    squares[c] += d * d;
  }
}

PER_MACHINE void affine_activate(
    const float* x, float* y, int64_t rows, int64_t channels, const float* scale, const float* shift, Activation activation, Grid grid) {
  switch (activation) {
    case Activation::kIdentity: return forward_rows<Activation::kIdentity>(x, y, rows, channels, scale, shift, grid);
    case Activation::kRelu: return forward_rows<Activation::kRelu>(x, y, rows, channels, scale, shift, grid);
    case Activation::kQuantize: return forward_rows<Activation::kQuantize>(x, y, rows, channels, scale, shift, grid);
  }
}

PER_MACHINE void affine_activate_sums(
    const float* x, const float* gradient, int64_t rows, int64_t channels, const float* scale, const float* shift, const float* mean,
    Activation activation, Grid grid, float* sum, float* product, float* step) {
  const Rounder rounder(grid);
  switch (activation) {
    case Activation::kIdentity:
      return sum_all_rows<Activation::kIdentity>(x, gradient, rows, channels, scale, shift, mean, rounder, sum, product, step);
    case Activation::kRelu:
      return sum_all_rows<Activation::kRelu>(x, gradient, rows, channels, scale, shift, mean, rounder, sum, product, step);
    case Activation::kQuantize:
      return sum_all_rows<Activation::kQuantize>(x, gradient, rows, channels, scale, shift, mean, rounder, sum, product, step);
  }
}

PER_MACHINE void affine_activate_backward(
    const float* x, const float* gradient, float* dx, int64_t rows, int64_t channels, const float* scale, const float* shift,
    const float* offset, const float* slope, Activation activation, Grid grid) {
  switch (activation) {
    case Activation::kIdentity:
      return backward_rows<Activation::kIdentity>(x, gradient, dx, rows, channels, scale, shift, offset, slope, grid);
    case Activation::kRelu:
      return backward_rows<Activation::kRelu>(x, gradient, dx, rows, channels, scale, shift, offset, slope, grid);
    case Activation::kQuantize:
      return backward_rows<Activation::kQuantize>(x, gradient, dx, rows, channels, scale, shift, offset, slope, grid);
  }
}

PER_MACHINE void quantize(const float* x, const float* other, float* y, int64_t count, Grid grid) {
  const Rounder rounder(grid);
  if (!other) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) y[i] = rounder(x[i]);
    return;
  }
#pragma omp simd
  for (int64_t i = 0; i < count; i++) y[i] = rounder(x[i] + other[i]);
}

PER_MACHINE float quantize_backward(const float* x, const float* other, const float* gradient, float* dx, int64_t count, Grid grid) {
  const Rounder rounder(grid);
  float step = 0;
  if (!other) {
#pragma omp simd reduction(+ : step)
    for (int64_t i = 0; i < count; i++) {
      dx[i] = rounder.pass(x[i], gradient[i]);
      step += gradient[i] * rounder.by_scale(x[i]);
    }
    return step;
  }
#pragma omp simd reduction(+ : step)
  for (int64_t i = 0; i < count; i++) {
    float z = x[i] + other[i];
    dx[i] = rounder.pass(z, gradient[i]);
    step += gradient[i] * rounder.by_scale(z);
  }
  return step;
}

PER_MACHINE void quantize_channel(const float* w, float* y, int64_t count, float levels) {
  float peak = 0;
  for (int64_t i = 0; i < count; i++) peak = std::max(peak, std::fabs(w[i]));
  // A channel of zeros stays zeros at any scale.
  float scale = peak > 0 ? peak / levels : 1.0f;
#pragma omp simd
  for (int64_t i = 0; i < count; i++) y[i] = round_code(w[i] / scale) * scale;
}

PER_MACHINE float quantization_error(const float* x, int64_t count, Grid grid) {
  const Rounder rounder(grid);
  float error = 0;
#pragma omp simd reduction(+ : error)
  for (int64_t i = 0; i < count; i++) {
    float d = rounder(x[i]) - x[i];
    error += d * d;
  }
  return error;
}

}  // namespace instantnet
