// SPDX-License-Identifier: Apache-2.0
#include "emulator/sandbox_place.h"

#include "emulator/sources.h"

#include <utility>

namespace emulator {
namespace {

Sandbox::Options logging_to(int fd, Sandbox::Options options) {
  options.log_fd = fd;
  return options;
}

}  // namespace

SandboxPlace::SandboxPlace(Sandbox::Options options, base::Pipe log, proc::Family& family,
                           base::Logger& logger)
    : function_(options.function),
      logger_(logger),
      log_(std::move(log), logger),
      lines_(log_.fd()),
      sandbox_(logging_to(log_.fd(), std::move(options)), family, lines_) {}

Place::Served SandboxPlace::serve(Event event) {
  follow_changes();
  log_.begin();
  auto outcome = sandbox_.invoke(std::move(event));
  return {std::move(outcome.reply), log_.tail()};
}

/// Looked at before the environment starts, so that no change can fall between.
void SandboxPlace::follow_changes() {
  auto now = sources_of(function_);
  if (now == sources_) return;
  if (!sources_.empty()) {
    logger_.info("the function has changed: this call starts it anew");
    sandbox_.renew();
  }
  sources_ = std::move(now);
}

}  // namespace emulator
