// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervisor.h"

#include "runtime/worker.h"

#include <poll.h>
#include <unistd.h>

#include <thread>

namespace runtime {
namespace {

// The service kills what is still there 300 ms after SIGTERM (an internal extension has 500): SIGKILL goes to
// the children after 200, and what can be answered by then is.
constexpr auto kShutdownTime = std::chrono::milliseconds(290);

}  // namespace

Supervisor::Supervisor(const api::Endpoint& endpoint, const Prepared& prepared,
                       const proc::SignalQueue& signals, base::Logger& logger)
    : endpoint_(endpoint),
      prepared_(prepared),
      signals_(signals),
      logger_(logger),
      muster_(prepared.settings.concurrency),
      departures_(prepared.settings.concurrency) {}

std::variant<int, handler::InitProblem> Supervisor::run() {
  for (int i = 1; i < prepared_.settings.concurrency; ++i) start_worker();
  work();
  if (auto problem = muster_.problem()) return *std::move(problem);
  departures_.wait_for_all(stopping() ? base::Deadline::after(kShutdownTime) : base::Deadline::never());
  return stopping() ? 0 : 1;
}

// The thread lives as long as the process: children are killed with the thread that started them.
void Supervisor::start_worker() {
  std::thread([this] {
    work();
    for (;;) ::pause();
  }).detach();
}

// Runners are made side by side, and nobody polls before all of them are there: an init error can only be
// reported as long as no event was asked for.
void Supervisor::work() {
  auto made = make_runner(prepared_, family_, logger_);
  auto* problem = std::get_if<handler::InitProblem>(&made);
  if (!muster_.arrive(problem != nullptr ? std::optional(*problem) : std::nullopt)) return;
  const int stop_fd = signals_.fd();  // readable as long as nobody takes the signal: for every worker
  Worker worker(api::RuntimeClient(endpoint_, stop_fd), *std::get<std::unique_ptr<handler::Runner>>(made),
                {prepared_.settings, prepared_.handler_name, prepared_.task_root, logger_, stop_fd});
  const auto end = worker.serve();
  if (const auto* lost = std::get_if<api::Lost>(&end))
    logger_.error("the Runtime API is lost: " + lost->reason);
  departures_.note_one();
}

bool Supervisor::stopping() const {
  pollfd signal{signals_.fd(), POLLIN, 0};
  return ::poll(&signal, 1, 0) > 0;
}

}  // namespace runtime
