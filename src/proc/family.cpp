// SPDX-License-Identifier: Apache-2.0
#include "proc/family.h"

#include "base/deadline.h"

#include <dirent.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

namespace proc {
namespace {

// A process that does not end within this after SIGKILL hangs in the kernel: it ends when it can.
constexpr auto kSweepLimit = std::chrono::seconds(1);
constexpr auto kPause = std::chrono::milliseconds(1);

/// The parent of `pid` by /proc/PID/stat, whose second field may hold blanks and parentheses; 0 when it is
/// gone.
pid_t parent_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto end_of_name = line.rfind(')');
  char state = 0;
  int parent = 0;
  if (end_of_name == std::string::npos) return 0;
  if (std::sscanf(line.c_str() + end_of_name + 1, " %c %d", &state, &parent) != 2) return 0;
  return parent;
}

/// Children of this process; a scan, because /proc/PID/task/TID/children is not in every kernel.
std::vector<pid_t> own_children() {
  std::vector<pid_t> children;
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), &::closedir);
  const pid_t self = ::getpid();
  while (const dirent* entry = processes ? ::readdir(processes.get()) : nullptr) {
    const pid_t pid = std::atoi(entry->d_name);
    if (pid > 0 && parent_of(pid) == self) children.push_back(pid);
  }
  return children;
}

}  // namespace

Family::Family() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::variant<Child, LaunchError> Family::start(const Command& command,
                                               const std::vector<DescriptorMapping>& descriptors) {
  const std::lock_guard lock(mutex_);
  auto started = Child::start(command, descriptors);
  if (const auto* child = std::get_if<Child>(&started)) known_.insert(child->pid());
  return started;
}

Child::Ended Family::reap(Child& child) {
  const std::lock_guard lock(mutex_);
  known_.erase(child.pid());
  return child.reap();
}

std::vector<pid_t> Family::strangers() const {
  auto children = own_children();
  std::erase_if(children, [this](pid_t pid) { return known_.contains(pid); });
  return children;
}

void Family::sweep() {
  const auto limit = base::Deadline::after(kSweepLimit);
  const std::lock_guard lock(mutex_);
  for (auto pids = strangers(); !pids.empty() && !limit.passed(); pids = strangers()) {
    for (const pid_t pid : pids) ::kill(pid, SIGKILL);
    for (const pid_t pid : pids)
      while (::waitpid(pid, nullptr, WNOHANG) == 0 && !limit.passed()) std::this_thread::sleep_for(kPause);
  }
}

}  // namespace proc
