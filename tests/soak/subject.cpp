// SPDX-License-Identifier: Apache-2.0
#include "subject.h"

#include "base/io/unique_fd.h"
#include "support/process_tools.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace soak {
namespace {

constexpr auto kLongestEnd = std::chrono::seconds(20);
constexpr auto kLongestFarewell = std::chrono::seconds(5);

std::vector<std::string> environment_of(const Subject::Options& options) {
  auto all = options.environment;
  all.push_back("AWS_LAMBDA_RUNTIME_API=" + options.address);
  all.push_back("_HANDLER=" + options.handler);
  all.push_back("LAMBDA_TASK_ROOT=" + options.task_root);
  all.push_back("PATH=/usr/local/bin:/usr/bin:/bin");
  all.push_back("AWS_LAMBDA_MAX_CONCURRENCY=" + std::to_string(options.workers));
  return all;
}

proc::Child start(const Subject::Options& options) {
  // Whatever the bootstrap leaves behind becomes ours, and is counted.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const base::UniqueFd log(::open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  auto started =
      proc::Child::start({options.program, {options.program}, environment_of(options), options.task_root},
                         {{0, null.get()}, {1, log.get()}, {2, log.get()}});
  if (auto* child = std::get_if<proc::Child>(&started)) return std::move(*child);
  std::fprintf(stderr, "soak: cannot start %s\n", options.program.c_str());
  std::exit(2);
}

std::size_t kib_of(const std::string& name, pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  std::size_t kib = 0;
  while (file >> word && word != name) {
  }
  file >> kib;
  return kib;
}

std::size_t count_below(pid_t pid) {
  std::size_t count = 0;
  for (const pid_t child : support::children_of(pid)) count += 1 + count_below(child);
  return count;
}

std::string describe_below(pid_t pid, const std::string& indent) {
  std::string text;
  for (const pid_t child : support::children_of(pid)) {
    std::ifstream file("/proc/" + std::to_string(child) + "/stat");
    std::string line;
    std::getline(file, line);
    text += indent + line.substr(0, line.find(')') + 3) + "\n" + describe_below(child, indent + "  ");
  }
  return text;
}

std::string in_words(const proc::ExitState& state) {
  if (state.signal()) return "SIG" + proc::signal_name(*state.signal());
  return std::to_string(*state.status());
}

}  // namespace

Subject::Subject(const Options& options) : child_(start(options)) {}

Holdings Subject::holdings() const {
  Holdings holdings;
  const auto descriptors = support::open_descriptors(child_.pid());
  if (!descriptors.empty()) holdings.descriptors = descriptors.size();
  holdings.resident_kib = kib_of("VmRSS:", child_.pid());
  holdings.anonymous_kib = kib_of("RssAnon:", child_.pid());
  holdings.processes = count_below(child_.pid());
  return holdings;
}

std::string Subject::processes() const {
  return describe_below(child_.pid(), "  ");
}

Subject::End Subject::end() {
  ::kill(child_.pid(), SIGTERM);
  if (!child_.wait_until(base::Deadline::after(kLongestEnd))) ::kill(child_.pid(), SIGKILL);
  const auto state = child_.reap().state;
  End end{in_words(state), state.success(), 0};
  // What ends with the bootstrap takes a moment; ours by then, it is reaped here.
  const auto are_gone = [] {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    return support::children_of(::getpid()).empty();
  };
  if (support::wait_for(are_gone, kLongestFarewell)) return end;
  for (const pid_t left : support::children_of(::getpid())) {
    ++end.left;
    ::kill(left, SIGKILL);
    ::waitpid(left, nullptr, 0);
  }
  return end;
}

}  // namespace soak
