// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/sandbox_place.h"

#include "emulator/environment/sources.h"

#include <utility>

namespace emulator {
namespace {

Sandbox::Options logging_to(int fd, Sandbox::Options options) {
  options.log_fd = fd;
  return options;
}

// Looked through for the lines of one call among those of many.
constexpr std::size_t kManagedTail = 256 * 1024;

/// The first one speaks for all where the environment is to end.
class Slot final : public Place {
 public:
  Slot(std::shared_ptr<SandboxPlace> whole, bool is_first) : whole_(std::move(whole)), is_first_(is_first) {}
  Served serve(Event event) override { return whole_->serve(std::move(event)); }
  void cancel() override {
    if (is_first_) whole_->cancel();
  }

 private:
  const std::shared_ptr<SandboxPlace> whole_;
  const bool is_first_;
};

}  // namespace

SandboxPlace::SandboxPlace(Sandbox::Options options, base::Pipe log, proc::Family& family,
                           base::Logger& logger)
    : function_(options.function),
      logger_(logger),
      log_(std::move(log), logger, function_.is_managed() ? kManagedTail : LogCapture::kTail),
      lines_(log_.fd()),
      sandbox_(logging_to(log_.fd(), std::move(options)), family, lines_) {}

Place::Served SandboxPlace::serve(Event event) {
  follow_changes();
  if (function_.is_managed()) return serve_beside_others(event);
  log_.begin();
  auto outcome = sandbox_.invoke(event);
  return {std::move(outcome.reply), log_.tail()};
}

/// Every line of a JSON log has its request's id.
Place::Served SandboxPlace::serve_beside_others(const Event& event) {
  auto outcome = sandbox_.invoke(event);
  return {std::move(outcome.reply), event.wants_log ? log_.tail_with(event.request_id) : ""};
}

/// Looked at before the environment starts, so that no change can fall between.
void SandboxPlace::follow_changes() {
  const std::lock_guard lock(mutex_);
  auto now = sources_of(function_);
  if (now == sources_) return;
  if (!sources_.empty()) {
    logger_.info("the function has changed: this call starts it anew");
    sandbox_.renew();
  }
  sources_ = std::move(now);
}

std::vector<std::unique_ptr<Place>> slots_of(std::unique_ptr<SandboxPlace> whole, int count) {
  const std::shared_ptr<SandboxPlace> shared = std::move(whole);
  std::vector<std::unique_ptr<Place>> slots;
  for (int number = 0; number < count; ++number) slots.push_back(std::make_unique<Slot>(shared, number == 0));
  return slots;
}

}  // namespace emulator
