// Loops over memory, free of libtorch. Tensors are rows of `channels` floats: a channels-last image batch has a row per pixel.
#pragma once

#include <cstdint>

namespace instantnet {

enum class Activation : int32_t { kIdentity = 0, kRelu = 1, kQuantize = 2 };

// Value = scale * code, code a whole number in low..high. Unused unless the activation is kQuantize.
struct Grid {
  float scale = 1;
  float low = 0;
  float high = 0;
};

// Grid of a clip: unsigned 0..2^bits-1 with clip at the top, or signed -2^(bits-1)..2^(bits-1)-1 with -clip at the bottom.
Grid grid_of(float clip, int32_t bits, bool is_signed);

// The loops of one kind of machine.
struct Kernels {
  // sum[c] += x - pivot, squares[c] += (x - pivot)^2 over the rows.
  void (*channel_moments)(const float* x, int64_t rows, int64_t channels, const float* pivot, float* sum, float* squares);

  // In the next three, z = x * scale[c] + shift[c], which for kQuantize comes out in steps of the grid.

  // y = activation(z).
  void (*affine_activate)(
      const float* x, float* y, int64_t rows, int64_t channels, const float* scale, const float* shift, Activation activation, Grid grid);

  // With g the gradient of activation(z), let through by the straight-through rule:
  // sum[c] += g, product[c] += g * (x - mean[c]) and step[c] += gradient of the grid's scale.
  void (*affine_activate_sums)(
      const float* x, const float* gradient, int64_t rows, int64_t channels, const float* scale, const float* shift, const float* mean,
      Activation activation, Grid grid, float* sum, float* product, float* step);

  // dx = gain[c] * g - offset[c] - slope[c] * x, g as above.
  void (*affine_activate_backward)(
      const float* x, const float* gradient, float* dx, int64_t rows, int64_t channels, const float* scale, const float* shift,
      const float* gain, const float* offset, const float* slope, Activation activation, Grid grid);

  // y = quantised x, or quantised x + other when other is given.
  void (*quantize)(const float* x, const float* other, float* y, int64_t count, Grid grid);

  // dx = gradient where x (or x + other) lies on the grid; returns the gradient of the grid's scale.
  float (*quantize_backward)(const float* x, const float* other, const float* gradient, float* dx, int64_t count, Grid grid);

  // One output channel of weights: scale max|w| / levels, whole codes in -levels..levels.
  void (*quantize_channel)(const float* w, float* y, int64_t count, float levels);

  // Squared error of quantising x.
  float (*quantization_error)(const float* x, int64_t count, Grid grid);
};

// Those of this machine.
const Kernels& kernels();

// Makes kernels() those of any machine.
void use_baseline(bool only);

}  // namespace instantnet
