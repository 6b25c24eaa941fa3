// Operators that do in one pass over memory what libtorch does in many, with their gradients.
#include "abi.h"
#include "kernels.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace instantnet;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

// Rows handled at once. Partial sums are kept per block and added in block order: the result does not depend on the thread count.
constexpr int64_t kBlockRows = 256;
constexpr int64_t kBlockValues = 16384;

at::Tensor rows_last(const at::Tensor& x) {
  TORCH_CHECK(x.scalar_type() == at::kFloat, "Expected a float32 tensor, got ", x.scalar_type(), ".");
  TORCH_CHECK(x.dim() == 2 || x.dim() == 4, "Expected [batch, features] or [batch, channels, h, w], got ", x.dim(), " dimensions.");
  return x.contiguous(x.dim() == 4 ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
}

// Calls f(block, first row, rows) for every block, on several threads where it pays.
template <class F>
void for_blocks(int64_t rows, int64_t block_rows, F f) {
  int64_t blocks = (rows + block_rows - 1) / block_rows;
  at::parallel_for(0, blocks, 4, [&](int64_t first, int64_t last) {
    for (int64_t b = first; b < last; b++) f(b, b * block_rows, std::min(block_rows, rows - b * block_rows));
  });
}

// Adds up `parts` rows of `width` floats.
std::vector<double> total(const std::vector<float>& partial, int64_t parts, int64_t width) {
  std::vector<double> sum(static_cast<size_t>(width));
  for (int64_t p = 0; p < parts; p++)
    for (int64_t i = 0; i < width; i++) sum[i] += partial[p * width + i];
  return sum;
}

const float* floats(const at::Tensor& t) { return t.data_ptr<float>(); }

// An absent tensor has to be an empty optional: the graph refuses an undefined tensor as an input.
using Optional = c10::optional<at::Tensor>;

Optional given(Handle handle) { return handle ? Optional(*handle) : c10::nullopt; }

bool quantized(int64_t bits) { return bits < 32; }

Grid grid_from(const at::Tensor& clip, int64_t bits, bool is_signed) {
  if (!quantized(bits)) return {};
  TORCH_CHECK(bits >= 2 && bits <= 16, "Activations are quantised to 2 to 16 bits, not ", bits, ".");
  TORCH_CHECK(clip.defined() && clip.numel() == 1, "Quantising needs a clip of one element.");
  float value = *floats(clip);
  TORCH_CHECK(value > 0 && std::isfinite(value), "A clip must be positive and finite, not ", value, ".");
  return grid_of(value, static_cast<int32_t>(bits), is_signed);
}

// The scale is a fixed fraction of the clip, so one gradient is the other times it. `damping` is the caller's gradient scale.
at::Tensor clip_gradient(double by_step, float clip, Grid grid, double damping) {
  at::Tensor gradient = at::empty({1});
  *gradient.data_ptr<float>() = static_cast<float>(by_step * (grid.scale / clip) * damping);
  return gradient;
}

struct QuantizeWeights : Function<QuantizeWeights> {
  static at::Tensor forward(AutogradContext*, const at::Tensor& weights, int64_t bits) {
    TORCH_CHECK(bits >= 2 && bits <= 16, "Weights are quantised to 2 to 16 bits, not ", bits, ".");
    TORCH_CHECK(weights.scalar_type() == at::kFloat && weights.dim() >= 2, "Weights are float32 with output channels first.");
    at::Tensor w = weights.contiguous(weights.suggest_memory_format());
    at::Tensor y = at::empty_like(w);
    int64_t channels = w.size(0), count = w.numel() / std::max<int64_t>(1, channels);
    float levels = static_cast<float>((1 << (bits - 1)) - 1);
    for (int64_t c = 0; c < channels; c++) quantize_channel(floats(w) + c * count, y.data_ptr<float>() + c * count, count, levels);
    return y;
  }

  static variable_list backward(AutogradContext*, variable_list gradients) { return {gradients[0], at::Tensor()}; }
};

struct QuantizeActivation : Function<QuantizeActivation> {
  static at::Tensor forward(
      AutogradContext* ctx, const at::Tensor& left, const Optional& right, const at::Tensor& clip, int64_t bits, bool is_signed,
      double damping) {
    at::Tensor x = rows_last(left);
    at::Tensor other = right ? rows_last(*right) : at::Tensor();
    TORCH_CHECK(!other.defined() || other.sizes() == x.sizes(), "Cannot add ", other.sizes(), " to ", x.sizes(), ".");
    Grid grid = grid_from(clip, bits, is_signed);
    at::Tensor y = at::empty_like(x);
    const float* others = other.defined() ? floats(other) : nullptr;
    for_blocks(x.numel(), kBlockValues, [&](int64_t, int64_t at, int64_t count) {
      quantize(floats(x) + at, others ? others + at : nullptr, y.data_ptr<float>() + at, count, grid);
    });
    ctx->save_for_backward({x, other, clip});
    ctx->saved_data["bits"] = bits;
    ctx->saved_data["signed"] = is_signed;
    ctx->saved_data["damping"] = damping;
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const at::Tensor &x = saved[0], &other = saved[1], &clip = saved[2];
    Grid grid = grid_from(clip, ctx->saved_data["bits"].toInt(), ctx->saved_data["signed"].toBool());
    at::Tensor g = rows_last(gradients[0]);
    at::Tensor dx = at::empty_like(x);
    const float* others = other.defined() ? floats(other) : nullptr;
    std::vector<float> partial(static_cast<size_t>((x.numel() + kBlockValues - 1) / kBlockValues));
    for_blocks(x.numel(), kBlockValues, [&](int64_t block, int64_t at, int64_t count) {
      partial[block] = quantize_backward(
          floats(x) + at, others ? others + at : nullptr, floats(g) + at, dx.data_ptr<float>() + at, count, grid);
    });
    double step = total(partial, static_cast<int64_t>(partial.size()), 1)[0];
    at::Tensor by_clip = clip_gradient(step, *floats(clip), grid, ctx->saved_data["damping"].toDouble());
    return {dx, other.defined() ? dx : at::Tensor(), by_clip, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

// What follows a convolution: y = activation((x - mean) / sqrt(variance + eps) * gamma + beta).
struct NormalizeActivate : Function<NormalizeActivate> {
  // Rows of the saved table: per channel, z = x * kScale + kShift; kMean and kInverse are of the statistics used.
  enum Row { kScale, kShift, kMean, kInverse, kRows };

  static at::Tensor forward(
      AutogradContext* ctx, const at::Tensor& input, const at::Tensor& gamma, const at::Tensor& beta, at::Tensor running_mean,
      at::Tensor running_variance, const Optional& maybe_clip, bool training, double momentum, double eps, bool relu, int64_t bits,
      bool is_signed, double damping) {
    at::Tensor x = rows_last(input), clip = maybe_clip.value_or(at::Tensor());
    int64_t channels = x.size(1), rows = x.numel() / std::max<int64_t>(1, channels);
    TORCH_CHECK(rows > 0, "Batch norm needs at least one value per channel.");
    for (const at::Tensor& t : {gamma, beta, running_mean, running_variance})
      TORCH_CHECK(t.numel() == channels && t.is_contiguous(), "Batch norm of ", channels, " channels got a parameter of ", t.numel(), ".");
    at::Tensor table = at::empty({kRows, channels});
    float* rows_of_table = table.data_ptr<float>();
    if (training) {
      batch_statistics(x, rows, channels, momentum, running_mean, running_variance, rows_of_table, eps);
    } else {
      for (int64_t c = 0; c < channels; c++) {
        rows_of_table[kMean * channels + c] = floats(running_mean)[c];
        rows_of_table[kInverse * channels + c] = static_cast<float>(1.0 / std::sqrt(floats(running_variance)[c] + eps));
      }
    }
    for (int64_t c = 0; c < channels; c++) {
      float scale = floats(gamma)[c] * rows_of_table[kInverse * channels + c];
      rows_of_table[kScale * channels + c] = scale;
      rows_of_table[kShift * channels + c] = floats(beta)[c] - rows_of_table[kMean * channels + c] * scale;
    }
    Activation activation = quantized(bits) ? Activation::kQuantize : relu ? Activation::kRelu : Activation::kIdentity;
    TORCH_CHECK(!quantized(bits) || relu != is_signed, "A tensor after ReLU is unsigned, one without ReLU signed.");
    Grid grid = grid_from(clip, bits, is_signed);
    at::Tensor y = at::empty_like(x);
    for_blocks(rows, kBlockRows, [&](int64_t, int64_t first, int64_t count) {
      affine_activate(
          floats(x) + first * channels, y.data_ptr<float>() + first * channels, count, channels, rows_of_table + kScale * channels,
          rows_of_table + kShift * channels, activation, grid);
    });
    ctx->save_for_backward({x, table, clip});
    ctx->saved_data["bits"] = bits;
    ctx->saved_data["signed"] = is_signed;
    ctx->saved_data["damping"] = damping;
    ctx->saved_data["activation"] = static_cast<int64_t>(activation);
    ctx->saved_data["training"] = training;
    return y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const at::Tensor &x = saved[0], &table = saved[1], &clip = saved[2];
    bool training = ctx->saved_data["training"].toBool();
    auto activation = static_cast<Activation>(ctx->saved_data["activation"].toInt());
    Grid grid = grid_from(clip, ctx->saved_data["bits"].toInt(), ctx->saved_data["signed"].toBool());
    at::Tensor g = rows_last(gradients[0]);
    int64_t channels = x.size(1), rows = x.numel() / channels;
    const float *scale = floats(table) + kScale * channels, *shift = floats(table) + kShift * channels;
    const float *mean = floats(table) + kMean * channels, *inverse = floats(table) + kInverse * channels;

    int64_t blocks = (rows + kBlockRows - 1) / kBlockRows;
    std::vector<float> partial(static_cast<size_t>(blocks * 3 * channels));
    for_blocks(rows, kBlockRows, [&](int64_t block, int64_t first, int64_t count) {
      float* sums = partial.data() + block * 3 * channels;
      affine_activate_sums(
          floats(x) + first * channels, floats(g) + first * channels, count, channels, scale, shift, mean, activation, grid, sums,
          sums + channels, sums + 2 * channels);
    });
    std::vector<double> sums = total(partial, blocks, 3 * channels);

    at::Tensor dgamma = at::empty({channels}), dbeta = at::empty({channels});
    std::vector<float> offset(static_cast<size_t>(channels)), slope(static_cast<size_t>(channels));
    double step = 0;
    for (int64_t c = 0; c < channels; c++) {
      double by_xhat = sums[channels + c] * inverse[c];
      dbeta.data_ptr<float>()[c] = static_cast<float>(sums[c]);
      dgamma.data_ptr<float>()[c] = static_cast<float>(by_xhat);
      step += sums[2 * channels + c];
      if (!training) continue;  // fixed statistics: no gradient flows through them
      double along = scale[c] * inverse[c] * by_xhat / rows;
      slope[c] = static_cast<float>(along);
      offset[c] = static_cast<float>(scale[c] * sums[c] / rows - along * mean[c]);
    }
    at::Tensor dx = at::empty_like(x);
    for_blocks(rows, kBlockRows, [&](int64_t, int64_t first, int64_t count) {
      affine_activate_backward(
          floats(x) + first * channels, floats(g) + first * channels, dx.data_ptr<float>() + first * channels, count, channels, scale,
          shift, offset.data(), slope.data(), activation, grid);
    });
    at::Tensor by_clip;
    if (activation == Activation::kQuantize)
      by_clip = clip_gradient(step, *floats(clip), grid, ctx->saved_data["damping"].toDouble());
    at::Tensor none;
    return {dx, dgamma, dbeta, none, none, by_clip, none, none, none, none, none, none, none};
  }

 private:
  static void batch_statistics(
      const at::Tensor& x, int64_t rows, int64_t channels, double momentum, at::Tensor& running_mean, at::Tensor& running_variance,
      float* rows_of_table, double eps) {
    const float* pivot = floats(x);  // the first row: keeps the squares small when the mean is far from zero
    int64_t blocks = (rows + kBlockRows - 1) / kBlockRows;
    std::vector<float> partial(static_cast<size_t>(blocks * 2 * channels));
    for_blocks(rows, kBlockRows, [&](int64_t block, int64_t first, int64_t count) {
      float* sums = partial.data() + block * 2 * channels;
      channel_moments(floats(x) + first * channels, count, channels, pivot, sums, sums + channels);
    });
    std::vector<double> sums = total(partial, blocks, 2 * channels);
    for (int64_t c = 0; c < channels; c++) {
      double off = sums[c] / rows, mean = pivot[c] + off;
      double variance = std::max(0.0, sums[channels + c] / rows - off * off);
      rows_of_table[kMean * channels + c] = static_cast<float>(mean);
      rows_of_table[kInverse * channels + c] = static_cast<float>(1.0 / std::sqrt(variance + eps));
      float &running = running_mean.data_ptr<float>()[c], &spread = running_variance.data_ptr<float>()[c];
      double unbiased = rows > 1 ? variance * rows / (rows - 1) : variance;
      running = static_cast<float>(running + momentum * (mean - running));
      spread = static_cast<float>(spread + momentum * (unbiased - spread));
    }
  }
};

}  // namespace

INSTANTNET_API Handle it_quantize_weights(Handle weights, int32_t bits) {
  return make([&] { return QuantizeWeights::apply(*weights, static_cast<int64_t>(bits)); });
}

INSTANTNET_API Handle it_quantize_activation(Handle x, Handle other, Handle clip, int32_t bits, int32_t is_signed, double damping) {
  return make([&] {
    return QuantizeActivation::apply(*x, given(other), *clip, static_cast<int64_t>(bits), is_signed != 0, damping);
  });
}

INSTANTNET_API Handle it_normalize_activate(
    Handle x, Handle gamma, Handle beta, Handle mean, Handle variance, Handle clip, int32_t training, double momentum, double eps,
    int32_t relu, int32_t bits, int32_t is_signed, double damping) {
  return make([&] {
    return NormalizeActivate::apply(
        *x, *gamma, *beta, *mean, *variance, given(clip), training != 0, momentum, eps, relu != 0, static_cast<int64_t>(bits),
        is_signed != 0, damping);
  });
}

// The clip that quantises x with the least squared error, searched from its largest magnitude down to a twentieth of it.
INSTANTNET_API int32_t it_best_clip(Handle x, int32_t bits, int32_t is_signed, float* best) {
  return act([&] {
    TORCH_CHECK(bits >= 2 && bits <= 16, "Activations are quantised to 2 to 16 bits, not ", bits, ".");
    at::Tensor values = rows_last(*x);
    const float* v = floats(values);
    int64_t count = values.numel();
    float peak = 0;
    for (int64_t i = 0; i < count; i++) peak = std::max(peak, is_signed ? std::fabs(v[i]) : v[i]);
    TORCH_CHECK(std::isfinite(peak), "The activations are not finite.");
    *best = peak > 0 ? peak : 1.0f;
    if (peak == 0) return;
    constexpr int kSteps = 40;
    double least = -1;
    for (int k = 2; k <= kSteps; k++) {
      float clip = peak * static_cast<float>(k) / kSteps;
      double error = quantization_error(v, count, grid_of(clip, bits, is_signed != 0));
      if (least < 0 || error < least) {
        least = error;
        *best = clip;
      }
    }
  });
}
