// SPDX-License-Identifier: Apache-2.0
#include "support/memory_group.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

namespace support {
namespace {

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return static_cast<bool>(file);
}

// Where the kernel says that we are: "4:memory:/a" of version 1, "0::/a" of version 2.
std::string own_group() {
  std::ifstream file("/proc/self/cgroup");
  std::string unified;
  for (std::string line; std::getline(file, line);) {
    const auto name = line.substr(line.find(':') + 1);
    if (name.starts_with("memory:")) return "/sys/fs/cgroup/memory" + name.substr(7);
    if (name.starts_with(":")) unified = "/sys/fs/cgroup" + name.substr(1);
  }
  return unified;
}

}  // namespace

MemoryGroup::MemoryGroup(std::size_t bytes)
    : path_(own_group() + "/shellstrap-" + std::to_string(::getpid())) {
  if (::mkdir(path_.c_str(), 0755) != 0) {
    reason_ = path_ + ": " + std::strerror(errno);
    return;
  }
  const auto limit = std::to_string(bytes);
  if (!write(path_ + "/memory.limit_in_bytes", limit) && !write(path_ + "/memory.max", limit))
    reason_ = path_ + " has no limit to set";
  write(path_ + "/memory.swap.max", "0");
}

MemoryGroup::~MemoryGroup() {
  for (int i = 0; i < 1000 && ::rmdir(path_.c_str()) != 0 && errno == EBUSY; ++i) {
    std::ifstream members(path_ + "/cgroup.procs");
    for (pid_t pid = 0; members >> pid;) ::kill(pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

bool MemoryGroup::add(pid_t pid) const {
  return write(path_ + "/cgroup.procs", std::to_string(pid));
}

}  // namespace support
