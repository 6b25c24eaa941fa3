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
constexpr int64_t kBlockRows = 128;
constexpr int64_t kBlockValues = 16384;

at::Tensor rows_last(const at::Tensor& x) {
  TORCH_CHECK(x.scalar_type() == at::kFloat, "Expected a float32 tensor, got ", x.scalar_type(), ".");
  TORCH_CHECK(x.dim() == 2 || x.dim() == 4, "Expected [batch, features] or [batch, channels, h, w], got ", x.dim(), " dimensions.");
  return x.contiguous(x.dim() == 4 ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
}

enum class Order { kForward, kBackward };

// Calls f(block, first row, rows) for every block, on several threads where it pays. Whatever wrote a tensor wrote its end last: a pass
// from the end finds that still in the cache, and the pass after it, from the start, what this one read last.
template <class F>
void for_blocks(int64_t rows, int64_t block_rows, Order order, F f) {
  int64_t blocks = (rows + block_rows - 1) / block_rows;
  at::parallel_for(0, blocks, 4, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++) {
      int64_t b = order == Order::kForward ? i : first + last - 1 - i;
      f(b, b * block_rows, std::min(block_rows, rows - b * block_rows));
    }
  });
}

// Adds up `parts` rows of `width` floats.
std::vector<double> total(const std::vector<float>& partial, int64_t parts, int64_t width) {
  std::vector<double> sum(static_cast<size_t>(width));
  for (int64_t p = 0; p < parts; p++)
    for (int64_t i = 0; i < width; i++) sum[i] += partial[p * width + i];
  return sum;
}

// Several rows of few channels seen as one row of many: loops over a row should be long enough to be worth starting.
struct Tiling {
  int64_t rows, channels, repeat;

  Tiling(int64_t all_rows, int64_t narrow) : rows(all_rows), channels(narrow), repeat(1) {
    constexpr int64_t kWorthwhile = 96;
    for (int64_t r = kWorthwhile / narrow; r > 1 && repeat == 1; r--)
      if (all_rows % r == 0) repeat = r;
    rows /= repeat;
    channels *= repeat;
  }

  std::vector<float> widen(const float* values, float factor = 1) const {
    std::vector<float> wide(static_cast<size_t>(channels));
    int64_t narrow = channels / repeat;
    for (int64_t i = 0; i < channels; i++) wide[i] = values[i % narrow] * factor;
    return wide;
  }

  // Adds up the repeats of `tables` tables of sums that lie one after the other.
  std::vector<double> fold(const std::vector<double>& wide, int64_t tables) const {
    int64_t narrow = channels / repeat;
    std::vector<double> sums(static_cast<size_t>(narrow * tables));
    for (int64_t t = 0; t < tables; t++)
      for (int64_t i = 0; i < channels; i++) sums[t * narrow + i % narrow] += wide[t * channels + i];
    return sums;
  }
};

const float* floats(const at::Tensor& t) { return t.data_ptr<float>(); }

// An absent tensor has to be an empty optional: the graph refuses an undefined tensor as an input.
using Optional = c10::optional<at::Tensor>;

Optional given(Handle handle) { return handle ? Optional(*handle) : c10::nullopt; }

bool quantized(int64_t bits) { return bits < 32; }

// Up to here the loops' way of rounding is exact; a float32 holds 24 bits.
constexpr int64_t kMaxBits = 22;

Grid grid_from(const at::Tensor& clip, int64_t bits, bool is_signed) {
  if (!quantized(bits)) return {};
  TORCH_CHECK(bits >= 2 && bits <= kMaxBits, "Activations are quantised to 2 to ", kMaxBits, " bits, not ", bits, ".");
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
    TORCH_CHECK(bits >= 2 && bits <= kMaxBits, "Weights are quantised to 2 to ", kMaxBits, " bits, not ", bits, ".");
    TORCH_CHECK(weights.scalar_type() == at::kFloat && weights.dim() >= 2, "Weights are float32 with output channels first.");
    at::Tensor w = weights.contiguous(weights.suggest_memory_format());
    at::Tensor y = at::empty_like(w);
    int64_t channels = w.size(0), count = w.numel() / std::max<int64_t>(1, channels);
    float levels = static_cast<float>((1 << (bits - 1)) - 1);
    for (int64_t c = 0; c < channels; c++) kernels().quantize_channel(floats(w) + c * count, y.data_ptr<float>() + c * count, count, levels);
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
    for_blocks(x.numel(), kBlockValues, Order::kForward, [&](int64_t, int64_t at, int64_t count) {
      kernels().quantize(floats(x) + at, others ? others + at : nullptr, y.data_ptr<float>() + at, count, grid);
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
    for_blocks(x.numel(), kBlockValues, Order::kForward, [&](int64_t block, int64_t at, int64_t count) {
      partial[block] = kernels().quantize_backward(
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
    const Tiling wide(rows, channels);
    const float unit = 1 / grid.scale;  // 1 where nothing is quantised
    const auto scale = wide.widen(rows_of_table + kScale * channels, unit), shift = wide.widen(rows_of_table + kShift * channels, unit);
    for_blocks(wide.rows, kBlockRows, Order::kForward, [&](int64_t, int64_t first, int64_t count) {
      int64_t at = first * wide.channels;
      kernels().affine_activate(floats(x) + at, y.data_ptr<float>() + at, count, wide.channels, scale.data(), shift.data(), activation, grid);
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

    const Tiling wide(rows, channels);
    const float unit = 1 / grid.scale;
    const auto wide_scale = wide.widen(scale, unit), wide_shift = wide.widen(shift, unit), wide_mean = wide.widen(mean);
    int64_t blocks = (wide.rows + kBlockRows - 1) / kBlockRows;
    std::vector<float> partial(static_cast<size_t>(blocks * 3 * wide.channels));
    for_blocks(wide.rows, kBlockRows, Order::kBackward, [&](int64_t block, int64_t first, int64_t count) {
      int64_t at = first * wide.channels;
      float* sums = partial.data() + block * 3 * wide.channels;
      kernels().affine_activate_sums(
          floats(x) + at, floats(g) + at, count, wide.channels, wide_scale.data(), wide_shift.data(), wide_mean.data(), activation, grid,
          sums, sums + wide.channels, sums + 2 * wide.channels);
    });
    std::vector<double> sums = wide.fold(total(partial, blocks, 3 * wide.channels), 3);

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
    const auto wide_gain = wide.widen(scale), wide_offset = wide.widen(offset.data()), wide_slope = wide.widen(slope.data());
    for_blocks(wide.rows, kBlockRows, Order::kForward, [&](int64_t, int64_t first, int64_t count) {
      int64_t at = first * wide.channels;
      kernels().affine_activate_backward(
          floats(x) + at, floats(g) + at, dx.data_ptr<float>() + at, count, wide.channels, wide_scale.data(), wide_shift.data(),
          wide_gain.data(), wide_offset.data(), wide_slope.data(), activation, grid);
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
    const Tiling wide(rows, channels);
    const auto pivots = wide.widen(pivot);
    int64_t blocks = (wide.rows + kBlockRows - 1) / kBlockRows;
    std::vector<float> partial(static_cast<size_t>(blocks * 2 * wide.channels));
    for_blocks(wide.rows, kBlockRows, Order::kBackward, [&](int64_t block, int64_t first, int64_t count) {
      float* sums = partial.data() + block * 2 * wide.channels;
      kernels().channel_moments(floats(x) + first * wide.channels, count, wide.channels, pivots.data(), sums, sums + wide.channels);
    });
    std::vector<double> sums = wide.fold(total(partial, blocks, 2 * wide.channels), 2);
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
  return make([&] {
    Visible visible("quantize_weights");
    return QuantizeWeights::apply(*weights, static_cast<int64_t>(bits));
  });
}

INSTANTNET_API Handle it_quantize_activation(Handle x, Handle other, Handle clip, int32_t bits, int32_t is_signed, double damping) {
  return make([&] {
    Visible visible("quantize_activation");
    return QuantizeActivation::apply(*x, given(other), *clip, static_cast<int64_t>(bits), is_signed != 0, damping);
  });
}

INSTANTNET_API Handle it_normalize_activate(
    Handle x, Handle gamma, Handle beta, Handle mean, Handle variance, Handle clip, int32_t training, double momentum, double eps,
    int32_t relu, int32_t bits, int32_t is_signed, double damping) {
  return make([&] {
    Visible visible("normalize_activate");
    return NormalizeActivate::apply(
        *x, *gamma, *beta, *mean, *variance, given(clip), training != 0, momentum, eps, relu != 0, static_cast<int64_t>(bits),
        is_signed != 0, damping);
  });
}

// The clip that quantises x with the least squared error, searched from its largest magnitude down to a twentieth of it. Looks at whole
// rows spread over the tensor, about kSampledValues of them: the error curve is flat at its least. Infinite values have an infinite clip.
INSTANTNET_API int32_t it_best_clip(Handle x, int32_t bits, int32_t is_signed, float* best) {
  return act([&] {
    TORCH_CHECK(bits >= 1 && bits <= kMaxBits, "A clip is sought for 1 to ", kMaxBits, " bits, not ", bits, ".");
    constexpr int64_t kSampledValues = 16384;
    at::Tensor values = rows_last(*x);
    int64_t channels = values.size(1), rows = values.numel() / std::max<int64_t>(1, channels);
    int64_t sampled = std::min(rows, std::max<int64_t>(1, kSampledValues / std::max<int64_t>(1, channels)));
    std::vector<float> sample(static_cast<size_t>(sampled * channels));
    for (int64_t r = 0; r < sampled; r++) std::copy_n(floats(values) + rows * r / sampled * channels, channels, &sample[r * channels]);
    float peak = 0;
    for (float v : sample) peak = std::max(peak, is_signed ? std::fabs(v) : v);
    *best = peak > 0 ? peak : 1.0f;
    if (peak == 0 || !std::isfinite(peak)) return;
    constexpr int kSteps = 40;
    double least = -1;
    for (int k = 2; k <= kSteps; k++) {
      float clip = peak * static_cast<float>(k) / kSteps;
      double error = kernels().quantization_error(sample.data(), static_cast<int64_t>(sample.size()), grid_of(clip, bits, is_signed != 0));
      if (least < 0 || error < least) {
        least = error;
        *best = clip;
      }
    }
  });
}

INSTANTNET_API void it_use_baseline(int32_t only) { use_baseline(only != 0); }
