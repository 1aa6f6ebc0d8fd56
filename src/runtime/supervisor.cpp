// SPDX-License-Identifier: Apache-2.0
#include "runtime/supervisor.h"

#include "runtime/worker.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace runtime {
namespace {

// The service kills what is still there 300 ms after SIGTERM (an internal extension has 500): SIGKILL goes to
// the children after 200, and what can be answered by then is.
constexpr auto kShutdownTime = std::chrono::milliseconds(290);

// How long orphans that have ended may wait to be reaped.
constexpr auto kOrphanPause = std::chrono::seconds(1);

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
  if (::getpid() == 1) start_reaper();
  for (int i = 1; i < prepared_.settings.concurrency; ++i) start_worker();
  work();
  auto end = wait_for_the_rest();
  if (prepared_.settings.leftovers == handler::Leftovers::end) family_.end_all();
  return end;
}

std::variant<int, handler::InitProblem> Supervisor::wait_for_the_rest() {
  if (auto problem = muster_.problem()) {
    if (stopping()) return 0;  // that is why
    return *std::move(problem);
  }
  departures_.wait_for_all(stopping() ? base::Deadline::after(kShutdownTime) : base::Deadline::never());
  return stopping() ? 0 : 1;
}

// The first process of a container is the parent of every orphan in it, also of those that have nothing to do
// with us (docker exec), and while no event comes nobody sweeps.
void Supervisor::start_reaper() {
  orphans_.emplace(std::initializer_list<int>{SIGCHLD});
  std::thread([this] {
    for (;;) {
      orphans_->wait_until(base::Deadline::never());
      std::this_thread::sleep_for(kOrphanPause);
      family_.reap_ended();
    }
  }).detach();
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
  auto made = make_runner(prepared_, family_, logger_, signals_.fd());
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
