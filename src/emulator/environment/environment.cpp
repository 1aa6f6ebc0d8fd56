// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/environment.h"

#include "emulator/broker/managed_broker.h"
#include "emulator/broker/on_demand_broker.h"
#include "emulator/environment/memory_gauge.h"
#include "emulator/environment/memory_report.h"
#include "emulator/environment/service_environment.h"
#include "emulator/http/api_trace.h"
#include "emulator/runtime_api/extension_api.h"
#include "emulator/runtime_api/runtime_api.h"
#include "proc/tree/process_tree.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>

namespace emulator {
namespace {

// The bootstrap answers and exits within 300 ms of SIGTERM, as an extension within 500.
constexpr auto kGrace = std::chrono::milliseconds(600);
// How often the memory of a running call is looked at: soon after its start, where many have their only
// processes, and then ever more seldom. A managed instance has many processes and calls.
constexpr auto kFirstLook = std::chrono::milliseconds(1);
constexpr auto kLookInterval = std::chrono::milliseconds(20);
constexpr auto kManagedLookInterval = std::chrono::milliseconds(500);
// Connections of a managed instance beside those of its workers.
constexpr std::size_t kSpareConnections = 64;

std::unique_ptr<Broker> broker_for(const Function& function) {
  if (function.is_managed()) return std::make_unique<ManagedBroker>();
  return std::make_unique<OnDemandBroker>();
}

ServerOptions listening_for(const Function& function, base::Logger* log) {
  auto options = runtime_api_options();
  options.log = log;
  options.most_connections = static_cast<std::size_t>(function.concurrency) + kSpareConnections;
  return options;
}

HttpHandler api_of(Broker& broker, bool restores, base::Logger* trace) {
  auto api = with_extensions(runtime_api(broker, restores));
  return trace != nullptr ? traced(std::move(api), *trace) : api;
}

proc::Command command_for(const Function& function, const std::string& address,
                          const base::Environment& own) {
  auto words = function.launcher;
  words.push_back(function.bootstrap);
  const auto program = words.front();
  return {program, std::move(words), service_environment(function, address, own).strings(),
          function.task_root};
}

std::string launch_sentence(const proc::Command& command, const proc::LaunchError& error) {
  return base::errno_error(error.call + " of the runtime " + command.program, error.code).message;
}

}  // namespace

Environment::Environment(const Options& options, proc::Family& family)
    : family_(family),
      broker_(broker_for(options.function)),
      init_limit_(options.function.is_managed() ? std::max(kManagedInitLimit, options.function.timeout)
                                                : kInitLimit),
      started_(base::SteadyClock::now()),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      look_interval_(options.function.is_managed() ? kManagedLookInterval : kLookInterval) {
  auto api = api_of(*broker_, takes_snapshots(options.function, options.own), options.api_trace);
  auto server =
      HttpServer::start(with_memory_reports(std::move(api), [this](std::size_t kib) { note_report(kib); }),
                        listening_for(options.function, options.log));
  if (!server) {
    broker_->close(NotStarted{server.error().message});
    ended();
    return;
  }
  server_ = *std::move(server);
  keeper_ = std::thread([this, command = command_for(options.function, server_->address(), options.own),
                         log_fd = options.log_fd] { keep(command, log_fd); });
}

Environment::~Environment() {
  stop();
  if (keeper_.joinable()) keeper_.join();
}

std::optional<Reply> Environment::wait_until_ready() {
  auto failed = broker_->wait_until_polled(base::Deadline::at(started_ + init_limit_), init_limit_);
  auto unknown = std::chrono::microseconds(0);
  init_duration_.compare_exchange_strong(
      unknown, std::chrono::duration_cast<std::chrono::microseconds>(base::SteadyClock::now() - started_));
  if (!failed) was_ready_ = true;
  return failed;
}

Environment::Call Environment::invoke(Event event) {
  ++calls_;
  looks_anew_ = true;
  wake();
  auto completed = broker_->invoke(std::move(event));
  --calls_;
  return {std::move(completed), peak_memory_kib_, init_duration_};
}

void Environment::stop() {
  give(Order::stop);
}

void Environment::end_now() {
  give(Order::kill);
}

void Environment::freeze() {
  freeze_wanted_ = true;
  wake();
}

void Environment::thaw() {
  freeze_wanted_ = false;
  wake();
}

bool Environment::wait_until_ended(base::Deadline limit) {
  const auto at_most = std::min<base::SteadyClock::duration>(limit.remaining(), std::chrono::hours(24));
  std::unique_lock lock(mutex_);
  return ended_changed_.wait_until(lock, base::SteadyClock::now() + at_most, [this] { return ended_; });
}

void Environment::give(Order order) {
  Order before = order_;
  while (before < order && !order_.compare_exchange_weak(before, order)) continue;
  wake();
}

void Environment::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void Environment::ended() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ended_changed_.notify_all();
}

void Environment::keep(const proc::Command& command, int log_fd) {
  const base::UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  auto started = family_.start(command, {{0, nothing.get()}, {1, log_fd}, {2, log_fd}});
  if (const auto* refused = std::get_if<proc::LaunchError>(&started)) {
    broker_->close(NotStarted{launch_sentence(command, *refused)});
  } else {
    auto& child = std::get<proc::Child>(started);
    runtime_ = child.pid();
    watch(child);
    runtime_ = -1;
    child.signal_group(SIGKILL);  // while the leader is a zombie, so that its number cannot have been reused
    const auto end = child.reap();
    family_.sweep();
    broker_->close(RuntimeExited{end.state});
  }
  broker_->hang_up();
  ended();
}

void Environment::watch(const proc::Child& child) {
  std::array<pollfd, 2> watched{{{child.pidfd(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  while ((watched[0].revents & POLLIN) == 0) {
    obey(child);
    ::poll(watched.data(), watched.size(), base::Deadline::earlier_of(next_look(), kill_at_).poll_timeout());
    std::uint64_t count = 0;
    [[maybe_unused]] const auto drained = ::read(wake_.get(), &count, sizeof count);
    look_at_memory(child);
  }
}

void Environment::obey(const proc::Child& child) {
  const Order order = order_;
  freeze_or_thaw(child, freeze_wanted_ && order == Order::none);
  if (order == Order::kill || kill_at_.passed()) {
    child.signal_group(SIGKILL);
    kill_at_ = base::Deadline::never();
  } else if (order == Order::stop && kill_at_.is_never()) {
    child.signal_group(SIGTERM);
    kill_at_ = base::Deadline::after(kGrace);
  }
}

void Environment::freeze_or_thaw(const proc::Child& child, bool frozen) {
  if (frozen != frozen_) frozen ? proc::freeze_tree(child.pid()) : proc::thaw_tree(child.pid());
  frozen_ = frozen;
}

base::Deadline Environment::next_look() {
  if (looks_anew_.exchange(false)) look_pause_ = kFirstLook;
  if (calls_ == 0) return base::Deadline::never();
  if (look_interval_ == kManagedLookInterval) return base::Deadline::after(look_interval_);
  const auto pause = std::min(look_pause_, look_interval_);
  look_pause_ = 2 * pause;
  return base::Deadline::after(pause);
}

void Environment::look_at_memory(const proc::Child& child) {
  const auto now = base::SteadyClock::now();
  if (look_interval_ == kManagedLookInterval && now - looked_at_memory_ < look_interval_) return;
  looked_at_memory_ = now;
  raise_peak(tree_peak_memory_kib(child.pid()));
}

// The kernel counts the runtime's memory as that of what it starts, up to the exec: no more than that says
// nothing.
void Environment::note_report(std::size_t kib) {
  const auto own = emulator::peak_memory_kib(runtime_);
  if (kib > own) raise_peak(own + kib);
}

void Environment::raise_peak(std::size_t kib) {
  auto before = peak_memory_kib_.load();
  while (before < kib && !peak_memory_kib_.compare_exchange_weak(before, kib)) continue;
}

}  // namespace emulator
