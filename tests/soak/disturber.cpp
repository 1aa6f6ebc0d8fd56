// SPDX-License-Identifier: Apache-2.0
#include "disturber.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace soak {
namespace {

// To find somebody: a program, or a fork, that is not there yet.
constexpr auto kPatience = std::chrono::milliseconds(20);

struct Target {
  pid_t pid;
  pid_t parent;
};

// Those of each of its threads: a worker's programs and shells are its own. Unlike a look through all of
// /proc this costs next to nothing.
std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code gone;
  const auto tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
    std::ifstream file(task.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

void signal(int pidfd, int number) {
  ::syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, 0);
}

std::vector<Target> targets(pid_t bootstrap, Disturbance::Whom whom) {
  std::vector<Target> found;
  for (const pid_t child : children_of(bootstrap)) {
    if (whom == Disturbance::Whom::child) found.push_back({child, bootstrap});
    if (whom == Disturbance::Whom::fork)
      for (const pid_t fork : children_of(child)) found.push_back({fork, child});
  }
  return found;
}

bool is_child(const Target& target) {
  std::ifstream file("/proc/" + std::to_string(target.pid) + "/status");
  std::string word;
  pid_t parent = 0;
  while (file >> word && word != "PPid:") {
  }
  return file >> parent && parent == target.parent;
}

}  // namespace

void Disturber::plan(const Disturbance& disturbance) {
  if (!disturbance.after) return static_cast<void>(disturb(disturbance));
  planned_.emplace_back(base::SteadyClock::now() + *disturbance.after, disturbance);
}

void Disturber::act() {
  const auto now = base::SteadyClock::now();
  std::erase_if(stopped_, [now](const auto& stopped) {
    if (stopped.first > now) return false;
    signal(stopped.second.get(), SIGCONT);
    return true;
  });
  std::erase_if(planned_, [this, now](const auto& planned) {
    if (planned.first > now) return false;
    return disturb(planned.second) || now - planned.first > kPatience;
  });
}

// A number may belong to somebody else by now: the descriptor makes sure that it is still the one we saw.
bool Disturber::disturb(const Disturbance& disturbance) {
  const auto all = targets(bootstrap_, disturbance.whom);
  if (all.empty()) return false;
  const auto target = all[disturbance.choice % all.size()];
  base::UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, target.pid, 0)));
  if (!pidfd.valid() || !is_child(target)) return false;
  signal(pidfd.get(), disturbance.signal);
  last_ = base::SteadyClock::now();
  if (disturbance.signal == SIGSTOP)
    note_stop(disturbance, target.pid, std::move(pidfd));
  else
    ++(disturbance.signal == SIGKILL ? ledger_.killed : ledger_.signaled);
  return true;
}

void Disturber::note_stop(const Disturbance& disturbance, pid_t pid, base::UniqueFd pidfd) {
  ++ledger_.stopped;
  if (disturbance.stopped_for)
    return static_cast<void>(stopped_.emplace_back(*last_ + *disturbance.stopped_for, std::move(pidfd)));
  const bool is_shell = disturbance.whom == Disturbance::Whom::child && !children_of(pid).empty();
  runs_.read();
  stopped_at_work_ |= !is_shell && runs_.may_be_at_work(pid);
}

}  // namespace soak
