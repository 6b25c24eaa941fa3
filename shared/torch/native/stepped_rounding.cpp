// Rounding to a grid whose step is itself a tensor: one of the whole tensor or one of each channel, learned or measured.
#include "abi.h"

#include <ATen/ops/clamp.h>
#include <ATen/ops/round.h>
#include <ATen/ops/where.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace instantnet;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

using Optional = c10::optional<at::Tensor>;

// y = round(clamp((x - offset) / step, low, high)) * step + offset.
struct RoundToSteps : Function<RoundToSteps> {
  static at::Tensor forward(
      AutogradContext* ctx, const at::Tensor& x, const at::Tensor& step, const Optional& offset, double low, double high, bool inside_only,
      double damping) {
    at::Tensor code = offset ? x.sub(*offset).div_(step) : x.div(step);
    ctx->save_for_backward({code, step});
    ctx->saved_data["low"] = low;
    ctx->saved_data["high"] = high;
    ctx->saved_data["inside_only"] = inside_only;
    ctx->saved_data["damping"] = damping;
    at::Tensor y = at::clamp(code, low, high).round_().mul_(step);
    return offset ? y.add_(*offset) : y;
  }

  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    auto saved = ctx->get_saved_variables();
    const at::Tensor &code = saved[0], &step = saved[1], &g = gradients[0];
    double low = ctx->saved_data["low"].toDouble(), high = ctx->saved_data["high"].toDouble();
    at::Tensor inside = code.ge(low).logical_and_(code.le(high)), none;
    at::Tensor dx = ctx->saved_data["inside_only"].toBool() ? g.mul(inside) : g;
    at::Tensor by_step;
    if (ctx->needs_input_grad(1)) {
      at::Tensor slope = at::where(inside, at::round(code).sub_(code), at::clamp(code, low, high));
      by_step = slope.mul_(g).sum_to_size(step.sizes()).mul_(ctx->saved_data["damping"].toDouble());
    }
    return {dx, by_step, none, none, none, none, none};
  }
};

}  // namespace

INSTANTNET_API Handle it_round_to_steps(
    Handle x, Handle step, Handle offset, double low, double high, int32_t inside_only, double damping) {
  return make([&] {
    return RoundToSteps::apply(*x, *step, offset ? Optional(*offset) : c10::nullopt, low, high, inside_only != 0, damping);
  });
}
