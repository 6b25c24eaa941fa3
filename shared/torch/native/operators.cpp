// libtorch's own operators, one line each: no logic here.
#include "abi.h"

#include <ATen/ops/abs.h>
#include <ATen/ops/add.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/amin.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/div.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/round.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/tanh.h>

#include <array>
#include <vector>

using namespace instantnet;

INSTANTNET_API Handle it_add(Handle a, Handle b) {
  return make([&] { return at::add(*a, *b); });
}
INSTANTNET_API Handle it_sub(Handle a, Handle b) {
  return make([&] { return at::sub(*a, *b); });
}
INSTANTNET_API Handle it_mul(Handle a, Handle b) {
  return make([&] { return at::mul(*a, *b); });
}
INSTANTNET_API Handle it_div(Handle a, Handle b) {
  return make([&] { return at::div(*a, *b); });
}
INSTANTNET_API Handle it_add_scalar(Handle a, double b) {
  return make([&] { return at::add(*a, b); });
}
INSTANTNET_API Handle it_mul_scalar(Handle a, double b) {
  return make([&] { return at::mul(*a, b); });
}
INSTANTNET_API Handle it_relu(Handle a) {
  return make([&] { return at::relu(*a); });
}
INSTANTNET_API Handle it_tanh(Handle a) {
  return make([&] { return at::tanh(*a); });
}
INSTANTNET_API Handle it_abs(Handle a) {
  return make([&] { return at::abs(*a); });
}
INSTANTNET_API Handle it_round(Handle a) {
  return make([&] { return at::round(*a); });
}
INSTANTNET_API Handle it_clamp(Handle a, double low, double high) {
  return make([&] { return at::clamp(*a, low, high); });
}
INSTANTNET_API Handle it_softmax(Handle a, int64_t dim) {
  return make([&] { return at::softmax(*a, dim); });
}
INSTANTNET_API Handle it_eq(Handle a, Handle b) {
  return make([&] { return at::eq(*a, *b); });
}
INSTANTNET_API Handle it_sum(Handle a) {
  return make([&] { return at::sum(*a); });
}
INSTANTNET_API Handle it_mean(Handle a) {
  return make([&] { return at::mean(*a); });
}
INSTANTNET_API Handle it_mean_dims(Handle a, const int64_t* dims, int32_t count) {
  return make([&] { return at::mean(*a, at::IntArrayRef(dims, static_cast<size_t>(count))); });
}
INSTANTNET_API Handle it_amax(Handle a, const int64_t* dims, int32_t count, int32_t keepdim) {
  return make([&] { return at::amax(*a, at::IntArrayRef(dims, static_cast<size_t>(count)), keepdim != 0); });
}
INSTANTNET_API Handle it_amin(Handle a, const int64_t* dims, int32_t count, int32_t keepdim) {
  return make([&] { return at::amin(*a, at::IntArrayRef(dims, static_cast<size_t>(count)), keepdim != 0); });
}
INSTANTNET_API Handle it_argmax(Handle a, int64_t dim) {
  return make([&] { return at::argmax(*a, dim); });
}
INSTANTNET_API Handle it_reshape(Handle a, const int64_t* sizes, int32_t dims) {
  return make([&] { return a->reshape(at::IntArrayRef(sizes, static_cast<size_t>(dims))); });
}
INSTANTNET_API Handle it_permute(Handle a, const int64_t* order, int32_t dims) {
  return make([&] { return a->permute(at::IntArrayRef(order, static_cast<size_t>(dims))); });
}
INSTANTNET_API Handle it_narrow(Handle a, int64_t dim, int64_t start, int64_t length) {
  return make([&] { return a->narrow(dim, start, length); });
}
INSTANTNET_API Handle it_index_select(Handle a, int64_t dim, Handle index) {
  return make([&] { return at::index_select(*a, dim, *index); });
}
INSTANTNET_API Handle it_cat(const Handle* tensors, int32_t count, int64_t dim) {
  return make([&] {
    std::vector<at::Tensor> parts;
    for (int32_t i = 0; i < count; i++) parts.push_back(*tensors[i]);
    return at::cat(parts, dim);
  });
}
INSTANTNET_API Handle it_detach(Handle a) {
  return make([&] { return a->detach(); });
}
INSTANTNET_API Handle it_clone(Handle a) {
  return make([&] { return a->clone(); });
}
INSTANTNET_API Handle it_alias(Handle a) {
  return make([&] { return *a; });
}
INSTANTNET_API Handle it_contiguous(Handle a, int8_t format) {
  return make([&] {
    auto wanted = static_cast<at::MemoryFormat>(format);
    at::Tensor ordered = a->contiguous(wanted);
    // With one channel both orders are the same bytes, libtorch keeps the row-major strides, and every convolution after it follows them.
    if (wanted == at::MemoryFormat::ChannelsLast && ordered.suggest_memory_format() != wanted)
      ordered = ordered.as_strided(ordered.sizes(), {ordered.size(1) * ordered.size(2) * ordered.size(3), 1, ordered.size(3) * ordered.size(1), ordered.size(1)});
    return ordered;
  });
}
INSTANTNET_API Handle it_to_type(Handle a, int8_t dtype) {
  return make([&] { return a->to(static_cast<at::ScalarType>(dtype)); });
}
INSTANTNET_API int32_t it_copy_(Handle a, Handle source) {
  return act([&] { a->copy_(*source); });
}
INSTANTNET_API int32_t it_fill_(Handle a, double value) {
  return act([&] { a->fill_(value); });
}
// Strides and padding are of height and width.
INSTANTNET_API Handle it_conv2d(Handle input, Handle weight, Handle bias, const int64_t* strides, const int64_t* padding, int64_t groups) {
  return make([&] {
    return at::conv2d(*input, *weight, optional(bias), at::IntArrayRef(strides, 2), at::IntArrayRef(padding, 2), 1, groups);
  });
}
INSTANTNET_API Handle it_linear(Handle input, Handle weight, Handle bias) {
  return make([&] { return at::linear(*input, *weight, optional(bias)); });
}
INSTANTNET_API Handle it_batch_norm(
    Handle input, Handle mean, Handle variance, Handle weight, Handle bias, int32_t training, double momentum, double eps) {
  return make([&] {
    return at::batch_norm(*input, optional(weight), optional(bias), optional(mean), optional(variance), training != 0, momentum, eps, false);
  });
}
// Window, step and padding are those of both directions.
INSTANTNET_API Handle it_max_pool2d(Handle input, int64_t kernel, int64_t stride, int64_t padding) {
  return make([&] { return at::max_pool2d(*input, kernel, stride, padding); });
}
INSTANTNET_API Handle it_cross_entropy(Handle logits, Handle labels) {
  return make([&] { return at::cross_entropy_loss(*logits, *labels); });
}
INSTANTNET_API Handle it_mse_loss(Handle a, Handle b) {
  return make([&] { return at::mse_loss(*a, *b); });
}
