// The loops. Compiled once per kind of machine, each time with other compiler options and INSTANTNET_LOOPS naming the result; so nothing
// here may be shared with other files: no inline function of the standard library, no external symbol but that one.
#include "kernels.h"

#define INLINE inline __attribute__((always_inline))

namespace instantnet {

namespace {

// Codes stay below 2^22, where adding and taking away 1.5 * 2^23 rounds half to even, on every machine and in any vector width.
constexpr float kRoundingMagic = 12582912.0f;

INLINE float round_code(float v) { return (v + kRoundingMagic) - kRoundingMagic; }

INLINE float clamp(float v, float low, float high) {
  v = v > low ? v : low;
  return v < high ? v : high;
}

// Rounds values that are given in steps of the grid.
struct Rounder {
  float low, high;
  explicit Rounder(Grid g) : low(g.low), high(g.high) {}
  INLINE float code(float v) const { return round_code(clamp(v, low, high)); }
  // What a gradient becomes on its way back, and what it does to the scale: the rounding error inside the grid, the end code outside.
  // One comparison made a factor, because compilers keep that in vectors where they would copy whole sums for a choice.
  INLINE float inside(float v) const { return clamp(v, low, high) == v ? 1.0f : 0.0f; }
  INLINE float pass(float v, float g) const { return g * inside(v); }
  INLINE float by_scale(float v) const { return code(v) - v * inside(v); }
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
      if constexpr (A == Activation::kQuantize) z = rounder.code(z) * grid.scale;
      y[c] = z;
    }
  }
}

// Eight floats in one register where the machine has such registers, two halves elsewhere.
using Eight = float __attribute__((vector_size(32), aligned(4)));
using Mask = int32_t __attribute__((vector_size(32), aligned(4)));

INLINE Eight load(const float* p) { return *reinterpret_cast<const Eight*>(p); }
INLINE void add_to(float* p, Eight v) { *reinterpret_cast<Eight*>(p) += v; }
INLINE Eight masked(Eight v, Mask keep) { return (Eight)((Mask)v & keep); }

// Sums of eight channels over the rows of a tile: what the channels share stays in registers.
template <Activation A>
INLINE void sum_eight(
    const float* x, const float* g, int64_t rows, int64_t channels, const float* scale, const float* shift, const float* mean,
    Grid grid, float* sum, float* product, float* step) {
  const Eight a = load(scale), b = load(shift), m = load(mean), low = Eight{} + grid.low, high = Eight{} + grid.high;
  const Eight magic = Eight{} + kRoundingMagic;
  Eight s{}, p{}, d{};
  for (int64_t r = 0; r < rows; r++, x += channels, g += channels) {
    const Eight value = load(x), gradient = load(g), z = value * a + b;
    Eight through = gradient;
    if constexpr (A == Activation::kRelu) through = masked(gradient, z > Eight{});
    if constexpr (A == Activation::kQuantize) {
      Eight clamped = z > low ? z : low;
      clamped = clamped < high ? clamped : high;
      const Mask inside = clamped == z;
      through = masked(gradient, inside);
      d += gradient * (((clamped + magic) - magic) - masked(z, inside));
    }
    s += through;
    p += through * (value - m);
  }
  add_to(sum, s);
  add_to(product, p);
  if constexpr (A == Activation::kQuantize) add_to(step, d);
}

template <Activation A>
INLINE void sum_one(
    const float* x, const float* g, int64_t rows, int64_t channels, const float* scale, const float* shift, const float* mean,
    const Rounder& rounder, float* sum, float* product, float* step) {
  for (int64_t r = 0; r < rows; r++, x += channels, g += channels) {
    float z = *x * *scale + *shift, through = pass<A>(z, *g, rounder);
    *sum += through;
    *product += through * (*x - *mean);
    if constexpr (A == Activation::kQuantize) *step += *g * rounder.by_scale(z);
  }
}

template <Activation A>
INLINE void sum_all_rows(
    const float* x, const float* g, int64_t rows, int64_t channels, const float* scale, const float* shift, const float* mean, Grid grid,
    float* sum, float* product, float* step) {
  constexpr int64_t kTileRows = 16;  // of some 100 channels, twice: half of a first-level cache
  const Rounder rounder(grid);
  for (int64_t first = 0; first < rows; first += kTileRows, x += kTileRows * channels, g += kTileRows * channels) {
    int64_t tile = rows - first < kTileRows ? rows - first : kTileRows, c = 0;
    for (; c + 8 <= channels; c += 8)
      sum_eight<A>(x + c, g + c, tile, channels, scale + c, shift + c, mean + c, grid, sum + c, product + c, step + c);
    for (; c < channels; c++)
      sum_one<A>(x + c, g + c, tile, channels, scale + c, shift + c, mean + c, rounder, sum + c, product + c, step + c);
  }
}

template <Activation A>
INLINE void backward_rows(
    const float* x, const float* g, float* dx, int64_t rows, int64_t channels, const float* scale, const float* shift,
    const float* gain, const float* offset, const float* slope, Grid grid) {
  const Rounder rounder(grid);
  for (int64_t r = 0; r < rows; r++, x += channels, g += channels, dx += channels) {
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
      float z = x[c] * scale[c] + shift[c];
      dx[c] = gain[c] * pass<A>(z, g[c], rounder) - offset[c] - slope[c] * x[c];
    }
  }
}

void channel_moments(const float* x, int64_t rows, int64_t channels, const float* pivot, float* sum, float* squares) {
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

void affine_activate(
    const float* x, float* y, int64_t rows, int64_t channels, const float* scale, const float* shift, Activation activation, Grid grid) {
  switch (activation) {
    case Activation::kIdentity: return forward_rows<Activation::kIdentity>(x, y, rows, channels, scale, shift, grid);
    case Activation::kRelu: return forward_rows<Activation::kRelu>(x, y, rows, channels, scale, shift, grid);
    case Activation::kQuantize: return forward_rows<Activation::kQuantize>(x, y, rows, channels, scale, shift, grid);
  }
}

void affine_activate_sums(
    const float* x, const float* gradient, int64_t rows, int64_t channels, const float* scale, const float* shift, const float* mean,
    Activation activation, Grid grid, float* sum, float* product, float* step) {
  switch (activation) {
    case Activation::kIdentity:
      return sum_all_rows<Activation::kIdentity>(x, gradient, rows, channels, scale, shift, mean, grid, sum, product, step);
    case Activation::kRelu:
      return sum_all_rows<Activation::kRelu>(x, gradient, rows, channels, scale, shift, mean, grid, sum, product, step);
    case Activation::kQuantize:
      return sum_all_rows<Activation::kQuantize>(x, gradient, rows, channels, scale, shift, mean, grid, sum, product, step);
  }
}

void affine_activate_backward(
    const float* x, const float* gradient, float* dx, int64_t rows, int64_t channels, const float* scale, const float* shift,
    const float* gain, const float* offset, const float* slope, Activation activation, Grid grid) {
  switch (activation) {
    case Activation::kIdentity:
      return backward_rows<Activation::kIdentity>(x, gradient, dx, rows, channels, scale, shift, gain, offset, slope, grid);
    case Activation::kRelu:
      return backward_rows<Activation::kRelu>(x, gradient, dx, rows, channels, scale, shift, gain, offset, slope, grid);
    case Activation::kQuantize:
      return backward_rows<Activation::kQuantize>(x, gradient, dx, rows, channels, scale, shift, gain, offset, slope, grid);
  }
}

void quantize(const float* x, const float* other, float* y, int64_t count, Grid grid) {
  const Rounder rounder(grid);
  const float inverse = 1.0f / grid.scale;
  if (!other) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) y[i] = rounder.code(x[i] * inverse) * grid.scale;
    return;
  }
#pragma omp simd
  for (int64_t i = 0; i < count; i++) y[i] = rounder.code((x[i] + other[i]) * inverse) * grid.scale;
}

float quantize_backward(const float* x, const float* other, const float* gradient, float* dx, int64_t count, Grid grid) {
  const Rounder rounder(grid);
  const float inverse = 1.0f / grid.scale;
  float step = 0;
  if (!other) {
#pragma omp simd reduction(+ : step)
    for (int64_t i = 0; i < count; i++) {
      float v = x[i] * inverse;
      dx[i] = rounder.pass(v, gradient[i]);
      step += gradient[i] * rounder.by_scale(v);
    }
    return step;
  }
#pragma omp simd reduction(+ : step)
  for (int64_t i = 0; i < count; i++) {
    float v = (x[i] + other[i]) * inverse;
    dx[i] = rounder.pass(v, gradient[i]);
    step += gradient[i] * rounder.by_scale(v);
  }
  return step;
}

void quantize_channel(const float* w, float* y, int64_t count, float levels) {
  float peak = 0;
  for (int64_t i = 0; i < count; i++) {
    float size = w[i] < 0 ? -w[i] : w[i];
    peak = peak > size ? peak : size;
  }
  // A channel of zeros stays zeros at any scale.
  float scale = peak > 0 ? peak / levels : 1.0f;
#pragma omp simd
  for (int64_t i = 0; i < count; i++) y[i] = round_code(w[i] / scale) * scale;
}

float quantization_error(const float* x, int64_t count, Grid grid) {
  const Rounder rounder(grid);
  const float inverse = 1.0f / grid.scale;
  float error = 0;
#pragma omp simd reduction(+ : error)
  for (int64_t i = 0; i < count; i++) {
    float d = rounder.code(x[i] * inverse) * grid.scale - x[i];
    error += d * d;
  }
  return error;
}

}  // namespace

extern const Kernels INSTANTNET_LOOPS = {
    channel_moments, affine_activate, affine_activate_sums, affine_activate_backward,
    quantize,        quantize_backward, quantize_channel,   quantization_error,
};

}  // namespace instantnet
