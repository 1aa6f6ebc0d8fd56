// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervisor.h"

#include "runtime/worker.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <thread>

namespace runtime {
namespace {

// The service kills what is still there 300 ms after SIGTERM (an internal extension has 500): SIGKILL goes to
// the children after 200, and what can be answered by then is.
constexpr auto kShutdownTime = std::chrono::milliseconds(290);

void announce(int event_fd) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_fd, &one, sizeof one);
}

int take_announcements(int event_fd) {
  std::uint64_t count = 0;
  return ::read(event_fd, &count, sizeof count) == sizeof count ? static_cast<int>(count) : 0;
}

}  // namespace

Supervisor::Supervisor(const api::Endpoint& endpoint, const Prepared& prepared, proc::SignalQueue& signals,
                       base::Logger& logger)
    : endpoint_(endpoint),
      prepared_(prepared),
      signals_(signals),
      logger_(logger),
      muster_(prepared.settings.concurrency),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      workers_ended_(::eventfd(0, EFD_CLOEXEC)) {}

std::variant<int, handler::InitProblem> Supervisor::run() {
  int serving = prepared_.settings.concurrency;
  for (int i = 0; i < serving; ++i) start_worker();
  while (serving > 0) {
    if (wait_for_signal_or_worker() == Event::signal) return shut_down();
    if (auto problem = muster_.problem()) return *std::move(problem);
    serving -= take_announcements(workers_ended_.get());
  }
  return 1;
}

Supervisor::Event Supervisor::wait_for_signal_or_worker() const {
  std::array<pollfd, 2> watched{{{signals_.fd(), POLLIN, 0}, {workers_ended_.get(), POLLIN, 0}}};
  while (::poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {
  }
  return (watched[0].revents & POLLIN) != 0 ? Event::signal : Event::worker_ended;
}

// The thread lives as long as the process: children are killed with the thread that started them.
void Supervisor::start_worker() {
  std::thread([this] {
    work();
    announce(workers_ended_.get());
    for (;;) ::pause();
  }).detach();
}

// Runners are made side by side, and nobody polls before all of them are there: an init error can only be
// reported as long as no event was asked for.
void Supervisor::work() {
  auto made = make_runner(prepared_, family_, logger_);
  auto* problem = std::get_if<handler::InitProblem>(&made);
  if (!muster_.arrive(problem != nullptr ? std::optional(*problem) : std::nullopt)) return;
  Worker worker(
      api::RuntimeClient(endpoint_), *std::get<std::unique_ptr<handler::Runner>>(made),
      {prepared_.settings, prepared_.handler_name, prepared_.task_root, logger_, in_flight_, stop_.get()});
  logger_.error("the Runtime API is lost: " + worker.serve());
}

int Supervisor::shut_down() {
  announce(stop_.get());
  in_flight_.wait_for_none(base::Deadline::after(kShutdownTime));
  return 0;
}

}  // namespace runtime
