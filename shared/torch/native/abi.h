// C interface of the shim: how tensors cross it and how errors leave it.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/record_function.h>

#include <cstdint>
#include <utility>

#define INSTANTNET_API extern "C" __attribute__((visibility("default")))

// A tensor as the caller sees it: owned, one reference to libtorch's tensor, released by it_tensor_free.
using Handle = at::Tensor*;

namespace instantnet {

// Keeps the text of the exception in flight for it_take_error; thread-local, so concurrent callers do not mix.
void remember_error() noexcept;

Handle to_handle(at::Tensor tensor);

// Runs f; a tensor it returns becomes a handle. Null means that it threw and the error waits.
template <class F>
Handle make(F f) noexcept {
  try {
    return to_handle(f());
  } catch (...) {
    remember_error();
    return nullptr;
  }
}

// Runs f for its effect. 0 is success; -1 means that it threw and the error waits.
template <class F>
int32_t act(F f) noexcept {
  try {
    f();
    return 0;
  } catch (...) {
    remember_error();
    return -1;
  }
}

// Shows work of our own to it_begin_profile, as libtorch shows its operators.
class Visible {
 public:
  explicit Visible(const char* name) : record_(at::RecordScope::FUNCTION) {
    if (record_.isActive()) record_.before(name);
  }

 private:
  at::RecordFunction record_;
};

// A tensor argument that may be absent.
inline at::Tensor optional(Handle handle) { return handle ? *handle : at::Tensor(); }

}  // namespace instantnet
