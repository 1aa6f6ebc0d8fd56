// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/contestant.h"

#include "bench/driver/process_facts.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

namespace bench {
namespace {

constexpr std::chrono::seconds kStartLimit{5};
constexpr std::chrono::seconds kAnswerLimit{20};
constexpr int kMillisecondsToEnd = 2000;

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (auto& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

// An environment like the service's, and nothing of ours: what a shell does at its start depends on it.
std::vector<std::string> environment_of(const Contestant& contestant, const Place& place,
                                        const std::string& api) {
  std::vector<std::string> all{"PATH=/usr/local/bin:/usr/bin:/bin",
                               "LANG=en_US.UTF-8",
                               "TZ=:UTC",
                               "AWS_REGION=eu-west-1",
                               "AWS_LAMBDA_FUNCTION_NAME=bench",
                               "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
                               "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=1024",
                               "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
                               "AWS_LAMBDA_RUNTIME_API=" + api,
                               "LAMBDA_TASK_ROOT=" + place.task_root,
                               "_HANDLER=" + contestant.handler};
  all.insert(all.end(), contestant.environment.begin(), contestant.environment.end());
  return all;
}

std::string log_of(const Contestant& contestant, const Place& place) {
  return place.log_folder + "/" + contestant.name + ".log";
}

pid_t spawn(const Contestant& contestant, const Place& place, const std::string& api) {
  auto environment = environment_of(contestant, place, api);
  std::vector<std::string> arguments{contestant.program};
  const auto log = log_of(contestant, place);

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::posix_spawn_file_actions_adddup2(&files, 1, 2);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int failure = ::posix_spawn(&pid, contestant.program.c_str(), &files, &attributes,
                                    pointers(arguments).data(), pointers(environment).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  if (failure != 0) throw Failed{"cannot start " + contestant.program};
  return pid;
}

// The driver is a sub-reaper: what a contestant leaves behind falls to it.
void reap_leftovers() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
}

}  // namespace

Running::Running(const Contestant& contestant, const Place& place)
    : log_(log_of(contestant, place)), expected_polls_(contestant.polls), started_(Clock::now()) {
  pid_ = spawn(contestant, place, api_.address());
  pidfd_ = base::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

Running::~Running() {
  stop();
}

std::chrono::nanoseconds Running::wait_for_first_polls() {
  const auto limit = started_ + kStartLimit;
  while (api_.polls() < expected_polls_) {
    Answer answer;
    if (api_.take_answer(answer)) throw Failed{"init error: " + std::string(answer.body.substr(0, 200))};
    if (api_.wait(pidfd_.get(), limit)) continue;
    if (Clock::now() < limit) throw Failed{ending_in_words(pid_, log_)};
    throw Failed{"only " + std::to_string(api_.polls()) + " of " + std::to_string(expected_polls_) +
                 " polls within " + std::to_string(kStartLimit.count()) + " s"};
  }
  return api_.last_poll() - started_;
}

void Running::wait(Clock::time_point limit) {
  if (api_.wait(pidfd_.get(), limit)) return;
  throw Failed{Clock::now() < limit ? ending_in_words(pid_, log_)
                                    : "no answer within " + std::to_string(kAnswerLimit.count()) + " s"};
}

Answer Running::wait_for_answer(Clock::time_point limit) {
  Answer answer;
  while (!api_.take_answer(answer)) wait(limit);
  return answer;
}

void Running::check(const Answer& answer, const std::string& event) const {
  if (!answer.is_response) throw Failed{"error: " + std::string(answer.body.substr(0, 200))};
  if (answer.body != event)
    throw Failed{"a wrong answer of " + std::to_string(answer.body.size()) + " bytes"};
}

std::string Running::next_id() {
  char id[64];
  std::snprintf(id, sizeof id, "8476a536-e9f4-11e8-9739-%012zx", ++calls_);
  return id;
}

std::chrono::nanoseconds Running::call(const std::string& event, std::chrono::nanoseconds gap) {
  const auto limit = Clock::now() + kAnswerLimit;
  while (api_.polls() == 0) wait(limit);
  if (gap.count() > 0) std::this_thread::sleep_for(gap);
  const auto id = next_id();
  const auto sent = api_.send_event(id, event);
  const auto answer = wait_for_answer(limit);
  check(answer, event);
  if (answer.request_id != id) throw Failed{"an answer to " + answer.request_id + ", not to " + id};
  return answer.arrived - sent;
}

std::chrono::nanoseconds Running::call_at_once(const std::string& event, std::size_t count,
                                               std::size_t at_once) {
  const auto started = Clock::now();
  std::set<std::string> in_flight;
  for (std::size_t sent = 0, answered = 0; answered < count;) {
    for (; sent < count && in_flight.size() < at_once && api_.polls() > 0; ++sent)
      api_.send_event(*in_flight.insert(next_id()).first, event);
    wait(Clock::now() + kAnswerLimit);
    for (Answer answer; api_.take_answer(answer); ++answered) {
      check(answer, event);
      if (in_flight.erase(answer.request_id) != 1) throw Failed{"answered twice: " + answer.request_id};
    }
  }
  return Clock::now() - started;
}

std::size_t Running::peak_memory() const {
  return bench::peak_memory(pid_);
}
std::size_t Running::family_memory() const {
  return bench::family_memory(pid_);
}

std::chrono::nanoseconds Running::family_cpu_time() const {
  return bench::family_cpu_time(pid_);
}

// As the service does it; the hard way after two seconds.
void Running::stop() {
  ::kill(-pid_, SIGTERM);
  pollfd polled{pidfd_.get(), POLLIN, 0};
  if (::poll(&polled, 1, kMillisecondsToEnd) <= 0) ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  ::kill(-pid_, SIGKILL);
  reap_leftovers();
}

}  // namespace bench
