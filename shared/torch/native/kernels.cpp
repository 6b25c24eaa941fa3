#include "kernels.h"

#include <atomic>

namespace instantnet {

namespace {

// For tests: a new machine has to be able to run what an old one runs.
std::atomic<bool> baseline_only{false};

}  // namespace

extern const Kernels baseline_loops;
#if defined(__x86_64__)
extern const Kernels haswell_loops;
#endif

void use_baseline(bool only) { baseline_only.store(only, std::memory_order_relaxed); }

const Kernels& kernels() {
#if defined(__x86_64__)
  static const bool haswell = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (haswell && !baseline_only.load(std::memory_order_relaxed)) return haswell_loops;
#endif
  return baseline_loops;
}

Grid grid_of(float clip, int32_t bits, bool is_signed) {
  Grid grid;
  if (is_signed) {
    grid.low = -static_cast<float>(1 << (bits - 1));
    grid.high = -grid.low - 1;
    grid.scale = clip / -grid.low;
  } else {
    grid.high = static_cast<float>((1 << bits) - 1);
    grid.scale = clip / grid.high;
  }
  return grid;
}

}  // namespace instantnet
