// SPDX-License-Identifier: Apache-2.0
#include "support/process_tools.h"

#include "base/io/memory_file.h"
#include "base/text/text.h"
#include "proc/run/run.h"
#include "support/process_target.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

namespace support {
namespace {

std::vector<std::string> own_environment() {
  std::vector<std::string> strings;
  for (char** entry = ::environ; *entry != nullptr; ++entry) strings.emplace_back(*entry);
  return strings;
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  for (const auto folder : base::split(path != nullptr ? path : "/usr/bin:/bin", ':')) {
    const std::string candidate = std::string(folder) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return name;
}

proc::ExitState state_of(const proc::Ending& ending) {
  if (const auto* exited = std::get_if<proc::Exited>(&ending)) return exited->state;
  if (const auto* overdue = std::get_if<proc::Overdue>(&ending)) return overdue->state;
  return proc::ExitState::exited(127);
}

// The numbers among the names in a folder of /proc. The descriptor that reads our own folder is not one of
// them.
std::vector<int> numbers_in(const std::string& folder, bool is_own) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder.c_str()), &::closedir);
  std::vector<int> numbers;
  if (!entries) return numbers;
  while (const dirent* entry = ::readdir(entries.get()))
    if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])))
      numbers.push_back(std::atoi(entry->d_name));
  if (is_own) std::erase(numbers, ::dirfd(entries.get()));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

struct Stat {
  char state = 'X';
  pid_t parent = 0;
};

// "PID (NAME) STATE PPID ...": the name may hold anything, so that the last parenthesis counts.
Stat stat_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  Stat stat;
  if (name_end != std::string::npos)
    std::istringstream(line.substr(name_end + 1)) >> stat.state >> stat.parent;
  return stat;
}

}  // namespace

ToolResult run_tool(const std::vector<std::string>& argv, std::string_view stdin_text,
                    const std::optional<std::vector<std::string>>& environment) {
  const base::MemoryFile input = input_with(stdin_text);
  StringSink out;
  StringSink err;
  const proc::Command command{find_program(argv.at(0)), argv, environment ? *environment : own_environment(),
                              ""};
  const proc::RunResult result =
      proc::run(command, {.stdin_fd = input.fd(),
                          .outputs = {{1, &out}, {2, &err}},
                          .kill_at = base::Deadline::after(std::chrono::minutes(1))});
  if (const auto* refused = std::get_if<proc::LaunchError>(&result.ending))
    err.text = refused->call + ": " + std::strerror(refused->code);
  return {state_of(result.ending), std::move(out.text), std::move(err.text)};
}

bool wait_for(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  const auto end = base::Deadline::after(limit);
  while (!condition()) {
    if (end.passed()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

proc::ExitState end_of(proc::Child& child) {
  child.wait_until(base::Deadline::after(std::chrono::minutes(1)));
  return child.reap().state;
}

std::vector<int> open_descriptors(pid_t pid) {
  return numbers_in("/proc/" + std::to_string(pid) + "/fd", pid == ::getpid());
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> processes = numbers_in("/proc", false);
  std::erase_if(processes, [pid](pid_t candidate) { return stat_of(candidate).parent != pid; });
  return processes;
}

bool is_alive(pid_t pid) {
  const char state = stat_of(pid).state;
  return state != 'X' && state != 'Z';
}

}  // namespace support
