// SPDX-License-Identifier: Apache-2.0
#include "emulated_service.h"

#include "base/deadline.h"
#include "base/io/unique_fd.h"
#include "base/text/text.h"
#include "support/http_client.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace concurrency {
namespace {

constexpr auto kPath = "/2015-03-31/functions/f/invocations";
constexpr auto kPatience = std::chrono::seconds(20);

std::string header_of(const std::string& head, std::string_view name) {
  for (const auto line : base::split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon != line.npos && base::equal_ignoring_case(line.substr(0, colon), name))
      return std::string(base::trim(line.substr(colon + 1)));
  }
  return "";
}

// The emulator gives requests their ids itself.
bool is_answered_well(support::HttpConnection& client, Identity identity, std::string& wrong) {
  const auto headers = "Content-Type: application/json\r\nX-Amzn-Trace-Id: " + identity.trace_id +
                       "\r\nX-Amz-Tenant-Id: " + identity.tenant_id + "\r\n";
  const auto answer = client.exchange("POST", kPath, identity.event, headers);
  identity.request_id = answer ? header_of(answer->head, "x-amzn-RequestId") : "";
  if (answer && answer->status == 200 && answer->body == identity.answer()) return true;
  wrong = answer ? answer->head + answer->body : "no answer";
  return false;
}

int port_announced(int fd) {
  std::string url;
  std::array<char, 100> buffer{};
  for (ssize_t got = 0; !url.ends_with('\n') && (got = ::read(fd, buffer.data(), buffer.size())) > 0;)
    url.append(buffer.data(), static_cast<std::size_t>(got));
  const auto colon = url.rfind(':');
  return colon == url.npos ? 0 : std::atoi(url.c_str() + colon + 1);
}

}  // namespace

EmulatedService::EmulatedService(const Options& options) : workers_(options.workers) {
  auto out = base::make_pipe();
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  auto started = proc::Child::start(
      {options.cli,
       {options.cli, "serve", "--port", "0", "--concurrency", std::to_string(workers_), "--timeout", "60",
        "--task-root", options.task_root, "--bootstrap", options.bootstrap, options.handler},
       {"PATH=/usr/local/bin:/usr/bin:/bin"},
       options.task_root},
      {{0, null.get()}, {1, out->write_end.get()}, {2, null.get()}});
  if (std::holds_alternative<proc::LaunchError>(started)) std::exit(2);
  child_.emplace(std::get<proc::Child>(std::move(started)));
  out->write_end.reset();
  port_ = port_announced(out->read_end.get());
  if (port_ == 0) std::fprintf(stderr, "concurrency: shellstrap serve does not start\n");
}

EmulatedService::~EmulatedService() {
  ::kill(child_->pid(), SIGTERM);
  if (!child_->wait_until(base::Deadline::after(kPatience))) child_->signal_group(SIGKILL);
  child_->reap();
}

Tally EmulatedService::run(std::size_t count, const std::string& what) {
  std::mutex mutex;
  Tally tally;
  std::size_t taken = 0;
  const auto call = [&] {
    support::HttpConnection client(port_);
    for (std::unique_lock lock(mutex); taken < count;) {
      const auto number = ++taken;
      std::string wrong;
      lock.unlock();
      const bool good = is_answered_well(client, identity_of(number, what), wrong);
      lock.lock();
      ++(good ? tally.answered : tally.wrong);
      if (!good && tally.first_wrong.empty()) tally.first_wrong = wrong;
    }
  };
  const auto started = base::SteadyClock::now();
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < workers_; ++i) callers.emplace_back(call);
  for (auto& caller : callers) caller.join();
  tally.seconds = std::chrono::duration<double>(base::SteadyClock::now() - started).count();
  return tally;
}

}  // namespace concurrency
