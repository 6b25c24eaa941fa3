// Making, reading and releasing tensors; gradients; process-wide switches.
#include "abi.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/api/include/torch/version.h>

#include <atomic>
#include <cstring>
#include <string>

namespace {

thread_local std::string last_error;
std::atomic<int64_t> live_tensors{0};

at::IntArrayRef sizes_of(const int64_t* sizes, int32_t count) { return at::IntArrayRef(sizes, static_cast<size_t>(count)); }

at::TensorOptions options_of(int8_t dtype) { return at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)); }

}  // namespace

namespace instantnet {

void remember_error() noexcept {
  try {
    throw;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "an unknown C++ exception";
  }
  last_error = last_error.substr(0, last_error.find('\n'));
}

Handle to_handle(at::Tensor tensor) {
  auto* handle = new at::Tensor(std::move(tensor));
  live_tensors.fetch_add(1, std::memory_order_relaxed);
  return handle;
}

}  // namespace instantnet

using namespace instantnet;

// Copies at most `capacity` bytes of the waiting error (UTF-8, ended by zero) and forgets it; returns its whole length.
INSTANTNET_API int32_t it_take_error(char* buffer, int32_t capacity) {
  int32_t length = static_cast<int32_t>(last_error.size());
  if (capacity > 0) {
    std::strncpy(buffer, last_error.c_str(), static_cast<size_t>(capacity));
    buffer[capacity - 1] = 0;
  }
  last_error.clear();
  return length;
}

INSTANTNET_API void it_tensor_free(Handle tensor) {
  delete tensor;
  live_tensors.fetch_sub(1, std::memory_order_relaxed);
}

INSTANTNET_API int64_t it_live_tensors() { return live_tensors.load(std::memory_order_relaxed); }

INSTANTNET_API Handle it_from_data(const void* data, const int64_t* sizes, int32_t dims, int8_t dtype) {
  return make([&] {
    at::Tensor tensor = at::empty(sizes_of(sizes, dims), options_of(dtype));
    std::memcpy(tensor.data_ptr(), data, static_cast<size_t>(tensor.nbytes()));
    return tensor;
  });
}

INSTANTNET_API Handle it_full(const int64_t* sizes, int32_t dims, double value, int8_t dtype) {
  return make([&] { return at::full(sizes_of(sizes, dims), value, options_of(dtype)); });
}

INSTANTNET_API Handle it_randn(const int64_t* sizes, int32_t dims) {
  return make([&] { return at::randn(sizes_of(sizes, dims)); });
}

INSTANTNET_API Handle it_rand(const int64_t* sizes, int32_t dims) {
  return make([&] { return at::rand(sizes_of(sizes, dims)); });
}

INSTANTNET_API int64_t it_dim(Handle t) { return t->dim(); }
INSTANTNET_API int64_t it_size(Handle t, int64_t dim) { return t->size(dim); }
INSTANTNET_API int64_t it_numel(Handle t) { return t->numel(); }
INSTANTNET_API int8_t it_dtype(Handle t) { return static_cast<int8_t>(t->scalar_type()); }
INSTANTNET_API int32_t it_requires_grad(Handle t) { return t->requires_grad(); }
INSTANTNET_API int32_t it_is_contiguous(Handle t, int8_t format) { return t->is_contiguous(static_cast<at::MemoryFormat>(format)); }
INSTANTNET_API int64_t it_use_count(Handle t) { return static_cast<int64_t>(t->use_count()); }

// Address of the first element, or null with an error when the elements are not in row-major order.
INSTANTNET_API void* it_data(Handle t) {
  void* data = nullptr;
  act([&] {
    TORCH_CHECK(t->is_contiguous(), "The data of a tensor can be read only when it is contiguous: call contiguous() first.");
    data = t->data_ptr();
  });
  return data;
}

INSTANTNET_API int32_t it_set_requires_grad(Handle t, int32_t value) {
  return act([&] { t->set_requires_grad(value != 0); });
}

INSTANTNET_API int32_t it_backward(Handle t) {
  return act([&] { t->backward(); });
}

INSTANTNET_API int32_t it_backward_from(Handle t, Handle gradient) {
  return act([&] { t->backward(*gradient); });
}

// Null without an error means that the tensor has no gradient yet.
INSTANTNET_API Handle it_grad(Handle t) {
  if (!t->grad().defined()) return nullptr;
  return make([&] { return t->grad(); });
}

INSTANTNET_API int32_t it_grad_enabled() { return c10::GradMode::is_enabled(); }
INSTANTNET_API void it_set_grad_enabled(int32_t value) { c10::GradMode::set_enabled(value != 0); }
INSTANTNET_API int32_t it_num_threads() { return at::get_num_threads(); }
INSTANTNET_API int32_t it_set_num_threads(int32_t threads) {
  return act([&] { at::set_num_threads(threads); });
}
INSTANTNET_API int32_t it_manual_seed(int64_t seed) {
  return act([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

// Lives as long as the library.
INSTANTNET_API const char* it_version() { return TORCH_VERSION; }
