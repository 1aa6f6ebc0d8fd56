// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/shutdown.h"

#include "api/client/extension.h"

#include <poll.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace runtime {
namespace {

// Less is no time for a program to do anything.
constexpr std::chrono::milliseconds kLeastTime{10};
// A connection may be lost in a freeze; whoever waits for the signal has time.
constexpr std::chrono::seconds kPause{1};

bool is_readable(int fd, int timeout) {
  pollfd polled{fd, POLLIN, 0};
  return ::poll(&polled, 1, timeout) > 0;
}

// Events are none of its business; that it asks for them is what makes it an extension.
void stay_extension(const api::Endpoint& endpoint, const std::string& identifier, base::Logger& logger,
                    int stop_fd) {
  for (;;) {
    const auto asked = api::await_extension_event(endpoint, identifier, stop_fd);
    if (is_readable(stop_fd, 0)) return;
    if (!asked && asked.error().code != 0)
      return logger.warn("SHELLSTRAP_EXTENSION: no SIGTERM may come any more: " + asked.error().message);
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

void ask_for_shutdown_signal(const api::Endpoint& endpoint, base::Logger& logger, int stop_fd) {
  auto identifier = api::register_extension(endpoint, stop_fd);
  if (!identifier && is_readable(stop_fd, 0)) return;
  if (!identifier)
    return logger.warn(
        "SHELLSTRAP_EXTENSION is on, but the registration as an extension failed, and no SIGTERM will "
        "come: " +
        identifier.error().message);
  std::thread([endpoint, identifier = *std::move(identifier), &logger, stop_fd] {
    stay_extension(endpoint, identifier, logger, stop_fd);
  }).detach();
}

Shutdown::Shutdown(const std::optional<Hook>& hook, std::chrono::milliseconds time, int stop_fd)
    : hook_(hook), time_(time) {
  if (!hook_) return;
  std::promise<base::SteadyClock::time_point> signaled;
  signaled_ = signaled.get_future();
  std::thread([signaled = std::move(signaled), stop_fd]() mutable {
    while (!is_readable(stop_fd, -1)) continue;
    signaled.set_value(base::SteadyClock::now());
  }).detach();
}

void Shutdown::run(const HookSurroundings& surroundings) {
  if (!hook_) return;
  const auto limit = base::Deadline::at(signaled_.get() + time_);
  if (limit.remaining() < kLeastTime)
    return surroundings.logger.warn(hook_->name + " was not run: ending what was running has taken the time");
  if (const auto problem = run_program(hook_, surroundings, limit))
    surroundings.logger.warn(problem->message);
}

}  // namespace runtime
