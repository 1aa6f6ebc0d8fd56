// SPDX-License-Identifier: Apache-2.0
#include "proc/tree/process_tree.h"

#include "base/io/unique_fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace proc {
namespace {

std::optional<std::string> read_small_file(const char* path) {
  const base::UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return std::nullopt;
  std::array<char, 4096> buffer{};
  std::string text;
  for (ssize_t got = 0; (got = ::read(file.get(), buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  return text;
}

std::vector<pid_t> numbers_in(const std::string& text) {
  std::vector<pid_t> numbers;
  const char* next = text.c_str();
  for (char* end = nullptr;; next = end) {
    const long number = std::strtol(next, &end, 10);
    if (end == next) return numbers;
    numbers.push_back(static_cast<pid_t>(number));
  }
}

// Folders in /proc/PID/task count as links of it, as its own two do: most processes have one thread, and each
// call lists its shell's three times.
bool has_one_entry(const char* folder) {
  struct stat found {};
  return ::stat(folder, &found) == 0 && found.st_nlink == 3;
}

std::optional<std::vector<pid_t>> children_of_thread(pid_t process, pid_t thread) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/task/%d/children", process, thread);
  const auto listed = read_small_file(path);
  if (!listed) return std::nullopt;
  return numbers_in(*listed);
}

// The second field may hold blanks and parentheses.
ProcessStat stat_in(const char* path) {
  const auto text = read_small_file(path).value_or("");
  const auto name = text.find('(');
  const auto end_of_name = text.rfind(')');
  ProcessStat stat;
  if (name == std::string::npos || end_of_name == std::string::npos) return stat;
  constexpr const char* kFields =
      " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %d %*s %llu";
  unsigned long long start = 0;
  if (std::sscanf(text.c_str() + end_of_name + 1, kFields, &stat.state, &stat.parent, &stat.threads,
                  &start) != 4)
    return {};
  stat.start = ProcessTime(start);
  stat.name = text.substr(name + 1, end_of_name - name - 1);
  return stat;
}

std::vector<pid_t> children_by_walk(pid_t parent) {
  auto children = numbered_entries("/proc");
  std::erase_if(children, [parent](pid_t pid) { return process_stat(pid).parent != parent; });
  return children;
}

}  // namespace

std::vector<int> numbered_entries(const char* folder) {
  std::vector<int> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder), &::closedir);
  while (const dirent* entry = entries ? ::readdir(entries.get()) : nullptr)
    if (const int number = std::atoi(entry->d_name); number > 0) numbers.push_back(number);
  return numbers;
}

ProcessTime process_time_now() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::duration_cast<ProcessTime>(std::chrono::seconds(now.tv_sec) +
                                                 std::chrono::nanoseconds(now.tv_nsec));
}

ProcessStat process_stat(pid_t pid) {
  char path[32];
  std::snprintf(path, sizeof path, "/proc/%d/stat", pid);
  return stat_in(path);
}

ProcessStat thread_stat(pid_t process, pid_t thread) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/task/%d/stat", process, thread);
  return stat_in(path);
}

std::vector<pid_t> threads_of(pid_t process) {
  char folder[32];
  std::snprintf(folder, sizeof folder, "/proc/%d/task", process);
  if (has_one_entry(folder)) return {process};
  return numbered_entries(folder);
}

// One small file a thread where the kernel has it (CONFIG_PROC_CHILDREN), else a walk over all of /proc.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const pid_t thread : threads_of(parent)) {
    const auto own = children_of_thread(parent, thread);
    if (!own) return children_by_walk(parent);
    children.insert(children.end(), own->begin(), own->end());
  }
  return children;
}

namespace {

std::vector<pid_t> stop_level_by_level(pid_t root) {
  std::vector<pid_t> tree = {root};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    ::kill(tree[i], SIGSTOP);
    const auto children = children_of(tree[i]);
    tree.insert(tree.end(), children.begin(), children.end());
  }
  return tree;
}

}  // namespace

void freeze_tree(pid_t root) {
  stop_level_by_level(root);
}

/// Stopping again what is stopped changes nothing, and gives the list in the order of the levels.
void thaw_tree(pid_t root) {
  const auto tree = stop_level_by_level(root);
  std::for_each(tree.rbegin(), tree.rend(), [](pid_t pid) { ::kill(pid, SIGCONT); });
}

}  // namespace proc
