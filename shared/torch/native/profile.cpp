// Where operators' time goes, by kind, forward and backward. libtorch calls back at every operator and gradient node only between it_begin_profile
// and it_end_profile; at other times nothing is added.
#include "abi.h"

#include <ATen/record_function.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cctype>
#include <memory>
#include <string>
#include <string_view>

namespace {

using Clock = std::chrono::steady_clock;

// In the caller's order.
enum Phase { kConvolution, kActivation, kLoss, kOptimizer, kPhases, kElsewhere };

std::array<std::atomic<int64_t>, kPhases> nanoseconds;
at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;

// What runs inside an operator that is being timed belongs to it.
thread_local bool timing = false;

struct Timer : at::ObserverContext {
  Phase phase;
  Clock::time_point start = Clock::now();
  explicit Timer(Phase p) : phase(p) {}
};

bool contains(std::string_view name, std::string_view part) { return name.find(part) != std::string_view::npos; }

bool starts(std::string_view name, std::string_view part) { return name.substr(0, part.size()) == part; }

// Names are those of operators ("aten::clamp") and of gradient nodes ("ClampBackward1").
Phase phase_of(const char* operator_name) {
  std::string lower = operator_name;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::string_view name = lower;
  if (starts(name, "aten::")) name.remove_prefix(6);
  if (contains(name, "optimizer") || contains(name, "accumulategrad")) return kOptimizer;
  if (contains(name, "conv")) return kConvolution;
  if (contains(name, "loss") || contains(name, "softmax")) return kLoss;
  if (contains(name, "norm") || contains(name, "quantize") || contains(name, "activate")) return kActivation;
  if (starts(name, "addmm")) return kElsewhere;
  for (std::string_view part : {"relu", "threshold", "clamp", "round", "mul", "sub", "div", "add", "abs", "amax"})
    if (starts(name, part)) return kActivation;
  return kElsewhere;
}

std::unique_ptr<at::ObserverContext> start(const at::RecordFunction& function) {
  if (timing) return nullptr;
  Phase phase = phase_of(function.name());
  if (phase == kElsewhere) return nullptr;
  timing = true;
  return std::make_unique<Timer>(phase);
}

void end(const at::RecordFunction&, at::ObserverContext* context) {
  if (!context) return;
  auto* timer = static_cast<Timer*>(context);
  timing = false;
  nanoseconds[timer->phase] += std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - timer->start).count();
}

}  // namespace

// One at a time in the process; starts from zero.
INSTANTNET_API int32_t it_begin_profile() {
  return instantnet::act([] {
    TORCH_CHECK(callback == at::INVALID_CALLBACK_HANDLE, "A profile is being taken already.");
    for (auto& phase : nanoseconds) phase = 0;
    callback = at::addGlobalCallback(
        at::RecordFunctionCallback(start, end).scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION}));
  });
}

// Writes kPhases sums over all threads.
INSTANTNET_API int32_t it_end_profile(int64_t* sums) {
  return instantnet::act([&] {
    TORCH_CHECK(callback != at::INVALID_CALLBACK_HANDLE, "No profile is being taken.");
    at::removeCallback(callback);
    callback = at::INVALID_CALLBACK_HANDLE;
    for (int i = 0; i < kPhases; i++) sums[i] = nanoseconds[i];
  });
}
