// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/supervisor.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace runtime {
namespace {

// The service kills what is still there 300 ms after SIGTERM (an internal extension has 500): SIGKILL goes to
// the children after 200, and what can be answered by then is.
constexpr auto kShutdownTime = std::chrono::milliseconds(290);

// How long orphans that have ended may wait to be reaped.
constexpr auto kOrphanPause = std::chrono::seconds(1);

// Before a worker that has lost the Runtime API asks again. One that has held out for a while is as good as
// new.
constexpr auto kFirstPause = std::chrono::milliseconds(100);
constexpr auto kLongestPause = std::chrono::milliseconds(5000);
constexpr auto kHeldOut = std::chrono::seconds(10);

}  // namespace

Supervisor::Supervisor(const api::Endpoint& endpoint, const Prepared& prepared, proc::Family& family,
                       const proc::SignalQueue& signals, base::Logger& logger)
    : endpoint_(endpoint),
      prepared_(prepared),
      signals_(signals),
      logger_(logger),
      family_(family),
      shutdown_(prepared.hooks.shutdown,
                prepared.settings.extension ? Shutdown::kExtensionTime : Shutdown::kShortTime, signals.fd()),
      muster_(prepared.settings.concurrency),
      snapshot_(endpoint, prepared, family, logger, signals.fd()),
      attendance_(prepared.settings.concurrency) {}

std::variant<int, handler::InitProblem> Supervisor::run() {
  if (::getpid() == 1) start_reaper();
  for (int i = 1; i < prepared_.settings.concurrency; ++i)
    if (!start_worker()) break;
  work(true);
  auto end = wait_for_the_rest();
  if (stopping()) shutdown_.run({prepared_.child_environment, prepared_.task_root, family_, logger_});
  if (prepared_.settings.leftovers == handler::Leftovers::end) family_.end_all();
  return end;
}

std::variant<int, handler::InitProblem> Supervisor::wait_for_the_rest() {
  if (auto problem = muster_.problem() ? muster_.problem() : snapshot_.problem()) {
    if (stopping()) return 0;  // that is why
    return *std::move(problem);
  }
  attendance_.wait_until_over(stopping() ? base::Deadline::after(kShutdownTime) : base::Deadline::never());
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
bool Supervisor::start_worker() try {
  std::thread([this] {
    work(false);
    for (;;) ::pause();
  }).detach();
  return true;
} catch (const std::system_error& error) {
  muster_.arrive(handler::InitProblem{
      api::ErrorType::Known::init_error,
      "cannot start " + std::to_string(prepared_.settings.concurrency) + " workers: " + error.what(),
      {}});
  return false;
}

// Runners are made side by side, and nobody polls before all of them are there: an init error can only be
// reported as long as no event was asked for.
void Supervisor::work(bool is_first) {
  auto made = make();
  auto* problem = std::get_if<handler::InitProblem>(&made);
  if (!muster_.arrive(problem != nullptr ? std::optional(*problem) : std::nullopt)) return;
  auto& runner = std::get<std::unique_ptr<handler::Runner>>(made);
  if (snapshot_.pass(*runner, is_first)) serve_until_over(std::move(runner));
}

void Supervisor::serve_until_over(std::unique_ptr<handler::Runner> runner) {
  for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    const auto started = base::SteadyClock::now();
    const auto end = serve(runner);
    const auto* lost = std::get_if<api::Lost>(&end);
    const bool others_are_there = attendance_.leave([&] {
      if (lost != nullptr) logger_.error("the Runtime API is lost: " + lost->reason);
    });
    if (lost == nullptr || !others_are_there) return;
    if (base::SteadyClock::now() - started > kHeldOut) pause = kFirstPause;
    logger_.error("a worker has lost the Runtime API and asks again in " + std::to_string(pause.count()) +
                  " ms: " + lost->reason);
    if (!attendance_.come_back_after(pause, signals_.fd())) return;
  }
}

// Each time on a new connection. Whatever a worker throws, the others know nothing of it; what its runner is
// worth then nobody knows.
Worker::End Supervisor::serve(std::unique_ptr<handler::Runner>& runner) try {
  if (runner == nullptr) {
    auto made = make();
    if (const auto* problem = std::get_if<handler::InitProblem>(&made)) return api::Lost{problem->message};
    runner = std::get<std::unique_ptr<handler::Runner>>(std::move(made));
    if (const auto problem = snapshot_.catch_up(*runner)) {
      runner.reset();
      return api::Lost{problem->message};
    }
  }
  const int stop_fd = signals_.fd();  // readable as long as nobody takes the signal: for every worker
  return Worker(api::RuntimeClient(endpoint_, stop_fd), *runner,
                {prepared_.settings, prepared_.handler_name, prepared_.directory, logger_, stop_fd})
      .serve();
} catch (const std::exception& error) {
  runner.reset();
  return api::Lost{std::string("it had to be given up: ") + error.what()};
}

std::variant<std::unique_ptr<handler::Runner>, handler::InitProblem> Supervisor::make() try {
  return make_runner(prepared_, family_, logger_, signals_.fd());
} catch (const std::exception& error) {
  return handler::InitProblem{api::ErrorType::Known::init_error, error.what(), {}};
}

bool Supervisor::stopping() const {
  pollfd signal{signals_.fd(), POLLIN, 0};
  return ::poll(&signal, 1, 0) > 0;
}

}  // namespace runtime
