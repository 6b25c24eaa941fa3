// Memory of tensors, kept for the next tensor of the same size.
//
// A training step allocates the same few hundred buffers again and again. glibc returns large ones to the kernel and takes them
// back as zero pages: some 3 million page faults a step at batch 128. Here a freed buffer waits in a list of its size class on the
// thread that freed it; only between
// it_begin_recycling and it_end_recycling, so that the rest of the process keeps plain malloc.
#include "abi.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

namespace {

constexpr size_t kAlignment = 64;       // one cache line, and the widest vector
constexpr size_t kSmallest = 512;  // below, malloc is as fast and wastes less

std::atomic<int32_t> users{0};        // recycling is on while there are any
std::atomic<int32_t> pauses{0};       // and off again while there are any of these; what waits keeps waiting
std::atomic<uint64_t> generation{0};  // raised when the last user leaves: stale lists empty themselves at their next use

// Lies before the bytes of every tensor.
struct alignas(kAlignment) Header {
  size_t capacity;  // 0 for a buffer that is never kept
};

size_t size_class(size_t bytes) {
  // Eight classes per power of two: at most 12.5 % is wasted.
  size_t step = size_t{1} << (63 - __builtin_clzll(bytes) - 3);
  return (bytes + step - 1) / step * step;
}

bool recycles() { return users.load(std::memory_order_relaxed) > 0 && pauses.load(std::memory_order_relaxed) == 0; }

// Set when a thread's lists are gone: buffers freed still later, while the thread or the process ends, go back to malloc.
thread_local bool lists_gone = false;

struct FreeLists {
  std::unordered_map<size_t, std::vector<Header*>> by_capacity;
  uint64_t seen = 0;

  ~FreeLists() {
    clear();
    lists_gone = true;
  }

  void clear() {
    for (auto& [capacity, headers] : by_capacity)
      for (Header* header : headers) std::free(header);
    by_capacity.clear();
  }

  void refresh() {
    uint64_t now = generation.load(std::memory_order_relaxed);
    if (seen != now) {
      clear();
      seen = now;
    }
  }
};

thread_local FreeLists free_lists;

Header* allocate_header(size_t capacity, size_t kept) {
  size_t bytes = (sizeof(Header) + capacity + kAlignment - 1) / kAlignment * kAlignment;
  void* memory = std::aligned_alloc(kAlignment, bytes);
  if (!memory) throw std::bad_alloc();
  auto* header = static_cast<Header*>(memory);
  header->capacity = kept;
  return header;
}

void release(void* data) {
  if (!data) return;
  Header* header = static_cast<Header*>(data) - 1;
  if (header->capacity == 0 || lists_gone || !recycles()) {
    std::free(header);
    return;
  }
  free_lists.refresh();
  free_lists.by_capacity[header->capacity].push_back(header);
}

class RecyclingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) const override {
    if (bytes == 0) return {nullptr, nullptr, &release, c10::Device(c10::DeviceType::CPU)};
    Header* header;
    if (bytes < kSmallest || lists_gone || !recycles()) {
      header = allocate_header(bytes, 0);
    } else {
      size_t capacity = size_class(bytes);
      free_lists.refresh();
      auto& waiting = free_lists.by_capacity[capacity];
      if (waiting.empty()) {
        header = allocate_header(capacity, capacity);
      } else {
        header = waiting.back();
        waiting.pop_back();
      }
    }
    return {header + 1, header + 1, &release, c10::Device(c10::DeviceType::CPU)};
  }

  // oneDNN asks for bare pointers and returns them here.
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
};

RecyclingAllocator allocator;

}  // namespace

INSTANTNET_API void it_begin_recycling() {
  static std::once_flag installed;
  std::call_once(installed, [] { c10::SetCPUAllocator(&allocator, 1); });
  users.fetch_add(1, std::memory_order_relaxed);
}

INSTANTNET_API void it_pause_recycling() { pauses.fetch_add(1, std::memory_order_relaxed); }

INSTANTNET_API void it_resume_recycling() { pauses.fetch_sub(1, std::memory_order_relaxed); }

INSTANTNET_API void it_end_recycling() {
  if (users.fetch_sub(1, std::memory_order_relaxed) == 1) generation.fetch_add(1, std::memory_order_relaxed);
}
