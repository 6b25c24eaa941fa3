// Optimiser steps over a whole list of parameters in one call.
#include "abi.h"

#include <c10/core/GradMode.h>

#include <cmath>

using namespace instantnet;

// v = momentum * v + gradient + weight_decay * p;  p -= rate * v.  Parameters without a gradient are left alone.
// Velocities have the parameters' shapes and start at zero.
INSTANTNET_API int32_t it_sgd_step(
    const Handle* parameters, const Handle* velocities, int32_t count, float rate, float momentum, float weight_decay) {
  return act([&] {
    Visible visible("optimizer");
    at::AutoGradMode no_grad(false);
    for (int32_t i = 0; i < count; i++) {
      at::Tensor gradient = parameters[i]->grad();
      if (!gradient.defined()) continue;
      gradient = gradient.contiguous();
      TORCH_CHECK(
          parameters[i]->is_contiguous() && velocities[i]->is_contiguous() && gradient.numel() == parameters[i]->numel(),
          "SGD needs contiguous float parameters with gradients of their shape.");
      float* p = parameters[i]->data_ptr<float>();
      float* v = velocities[i]->data_ptr<float>();
      const float* g = gradient.data_ptr<float>();
      for (int64_t j = 0, n = gradient.numel(); j < n; j++) {
        v[j] = momentum * v[j] + g[j] + weight_decay * p[j];
        p[j] -= rate * v[j];
      }
    }
  });
}

// Sets gradients to zero without freeing them; a parameter that has none stays without.
INSTANTNET_API int32_t it_zero_grad(const Handle* parameters, int32_t count) {
  return act([&] {
    Visible visible("optimizer");
    at::AutoGradMode no_grad(false);
    for (int32_t i = 0; i < count; i++) {
      at::Tensor& gradient = parameters[i]->mutable_grad();
      if (gradient.defined()) gradient.detach_().zero_();
    }
  });
}

// Adds the gradient of each replica to the parameter it stands for, and zeroes it there.
INSTANTNET_API int32_t it_gather_grad(const Handle* parameters, const Handle* replicas, int32_t count) {
  return act([&] {
    Visible visible("optimizer");
    at::AutoGradMode no_grad(false);
    for (int32_t i = 0; i < count; i++) {
      at::Tensor& from = replicas[i]->mutable_grad();
      if (!from.defined()) continue;
      at::Tensor& to = parameters[i]->mutable_grad();
      if (to.defined()) {
        to.add_(from);
      } else {
        to = from.clone();
      }
      from.zero_();
    }
  });
}

// Scales all gradients so that together they are no longer than `limit`; gives the length they had. A length that is not finite changes
// nothing.
INSTANTNET_API int32_t it_clip_grad_norm(const Handle* parameters, int32_t count, double limit, double* norm) {
  return act([&] {
    Visible visible("optimizer");
    at::AutoGradMode no_grad(false);
    double squares = 0;
    for (int32_t i = 0; i < count; i++) {
      at::Tensor gradient = parameters[i]->grad();
      if (!gradient.defined()) continue;
      gradient = gradient.contiguous();
      const float* g = gradient.data_ptr<float>();
      double part = 0;
      for (int64_t j = 0, n = gradient.numel(); j < n; j++) part += static_cast<double>(g[j]) * g[j];
      squares += part;
    }
    *norm = std::sqrt(squares);
    if (!std::isfinite(*norm) || *norm <= limit) return;
    for (int32_t i = 0; i < count; i++) {
      at::Tensor& gradient = parameters[i]->mutable_grad();
      if (gradient.defined()) gradient.mul_(limit / *norm);
    }
  });
}
