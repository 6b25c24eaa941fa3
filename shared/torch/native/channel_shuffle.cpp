// Channel shuffle with a gradient, which libtorch 1.13 leaves out.
#include "abi.h"

#include <ATen/ops/channel_shuffle.h>
#include <torch/csrc/autograd/custom_function.h>

using namespace instantnet;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

struct ChannelShuffle : Function<ChannelShuffle> {
  static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, int64_t groups) {
    ctx->saved_data["groups"] = groups;
    return at::channel_shuffle(x, groups);
  }

  // A table's columns in turn, back into rows: the same with as many groups as the table had columns.
  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    const at::Tensor& g = gradients[0];
    return {at::channel_shuffle(g, g.size(1) / ctx->saved_data["groups"].toInt()), at::Tensor()};
  }
};

}  // namespace

INSTANTNET_API Handle it_channel_shuffle(Handle input, int64_t groups) {
  return make([&] { return ChannelShuffle::apply(*input, groups); });
}
