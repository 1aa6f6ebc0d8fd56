// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/process_facts.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

namespace bench {
namespace {

std::string proc_path(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

// The value of "NAME:   123 kB" in bytes.
std::size_t kilobytes(const std::string& file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + ":")) return std::stoul(line.substr(name.size() + 1)) * 1024;
  }
  return 0;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> all;
  std::error_code gone;
  for (const auto& thread : std::filesystem::directory_iterator(proc_path(pid, "task"), gone)) {
    std::ifstream children(thread.path() / "children");
    for (pid_t child = 0; children >> child;) all.push_back(child);
  }
  return all;
}

// Fields 14 to 17 of /proc/PID/stat: utime, stime, and both of the children that were waited for.
std::chrono::nanoseconds cpu_time(pid_t pid) {
  std::ifstream file(proc_path(pid, "stat"));
  std::string word;
  // The name, field 2, may hold blanks, but it ends with the last closing parenthesis: nothing of ours has
  // two.
  std::getline(file, word, ')');
  for (int field = 3; field < 14; ++field) file >> word;
  long sum = 0;
  for (long ticks = 0, field = 14; field <= 17 && file >> ticks; ++field) sum += ticks;
  return std::chrono::nanoseconds(std::chrono::seconds(sum)) / ::sysconf(_SC_CLK_TCK);
}

std::string last_line(const std::string& file) {
  std::ifstream lines(file);
  std::string last;
  for (std::string line; std::getline(lines, line);) last = line;
  return last;
}

}  // namespace

std::size_t peak_memory(pid_t pid) {
  return kilobytes(proc_path(pid, "status"), "VmHWM");
}

std::size_t family_memory(pid_t pid) {
  std::size_t total = kilobytes(proc_path(pid, "smaps_rollup"), "Pss");
  for (const pid_t child : children_of(pid)) total += family_memory(child);
  return total;
}

std::chrono::nanoseconds family_cpu_time(pid_t pid) {
  auto total = cpu_time(pid);
  for (const pid_t child : children_of(pid)) total += family_cpu_time(child);
  return total;
}

std::string ending_in_words(pid_t pid, const std::string& log) {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
    return "the connection was lost";
  const auto how = info.si_code == CLD_EXITED ? "ended with status " + std::to_string(info.si_status)
                                              : std::string("killed: ") + ::strsignal(info.si_status);
  return how + ": " + last_line(log);
}

}  // namespace bench
