// SPDX-License-Identifier: Apache-2.0
#include "support/control_group.h"

#include "base/text/text.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

namespace support {
namespace {

constexpr int kPeriod = 100'000;  // of the processor, in microseconds

// Where the kernel says that we are: "4:cpu,cpuacct:/a" of version 1, "0::/a" of version 2.
std::string own_group(const std::string& controller) {
  std::ifstream file("/proc/self/cgroup");
  std::string unified;
  for (std::string line; std::getline(file, line);) {
    const auto parts = base::split(line, ':');
    if (parts.size() != 3) continue;
    const auto controllers = base::split(parts[1], ',');
    if (parts[1].empty())
      unified = "/sys/fs/cgroup" + std::string(parts[2]);
    else if (std::ranges::find(controllers, controller) != controllers.end())
      return "/sys/fs/cgroup/" + std::string(parts[1]) + std::string(parts[2]);
  }
  return unified;
}

}  // namespace

ControlGroup::ControlGroup(const std::string& controller)
    : path_(own_group(controller) + "/shellstrap-" + controller + "-" + std::to_string(::getpid())) {
  if (::mkdir(path_.c_str(), 0755) != 0) reason_ = path_ + ": " + std::strerror(errno);
}

ControlGroup::~ControlGroup() {
  for (int i = 0; i < 1000 && ::rmdir(path_.c_str()) != 0 && errno == EBUSY; ++i) {
    std::ifstream members(path_ + "/cgroup.procs");
    for (pid_t pid = 0; members >> pid;) ::kill(pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

bool ControlGroup::add(pid_t pid) const {
  return set("cgroup.procs", std::to_string(pid));
}

bool ControlGroup::set(std::string_view file, std::string_view text) const {
  std::ofstream out(path_ + "/" + std::string(file));
  out << text << std::flush;
  return static_cast<bool>(out);
}

MemoryGroup::MemoryGroup(std::size_t bytes) : ControlGroup("memory") {
  const auto limit = std::to_string(bytes);
  if (usable() && !set("memory.limit_in_bytes", limit) && !set("memory.max", limit)) has_no_limit();
  static_cast<void>(set("memory.swap.max", "0"));  // of version 2 alone
}

CpuGroup::CpuGroup(int percent) : ControlGroup("cpu") {
  if (!usable()) return;
  const auto period = std::to_string(kPeriod);
  const auto quota = std::to_string(kPeriod / 100 * percent);
  if (set("cpu.max", quota + " " + period)) return;
  if (!set("cpu.cfs_period_us", period) || !set("cpu.cfs_quota_us", quota)) has_no_limit();
}

}  // namespace support
