// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/memory_gauge.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace emulator {
namespace {

// A handler that forks without end shall not keep us reading.
constexpr std::size_t kMostProcesses = 256;

/// Children belong to the thread that started them.
void add_children(pid_t parent, std::vector<pid_t>& found) {
  std::error_code gone;
  const std::filesystem::directory_iterator threads("/proc/" + std::to_string(parent) + "/task", gone);
  for (auto thread = begin(threads); !gone && thread != end(threads); thread.increment(gone)) {
    std::ifstream children(thread->path() / "children");
    for (pid_t child = 0; found.size() < kMostProcesses && children >> child;) found.push_back(child);
  }
}

}  // namespace

// VmHWM starts anew with exec, while the figure of wait4 can include the memory of the parent that did the
// vfork.
std::size_t peak_memory_kib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtoul(line.c_str() + 6, nullptr, 10);
  return 0;
}

std::size_t tree_peak_memory_kib(pid_t root) {
  std::vector<pid_t> tree = {root};
  std::size_t sum = 0;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    sum += peak_memory_kib(tree[i]);
    add_children(tree[i], tree);
  }
  return sum;
}

}  // namespace emulator
