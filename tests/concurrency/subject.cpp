// SPDX-License-Identifier: Apache-2.0
#include "subject.h"

#include "base/io/unique_fd.h"
#include "support/process_tools.h"

#include <fcntl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace concurrency {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

proc::Child start(const Subject::Options& options) {
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  auto started = proc::Child::start(
      {options.bootstrap,
       {options.bootstrap},
       {"AWS_LAMBDA_RUNTIME_API=" + options.address, "_HANDLER=" + options.handler,
        "LAMBDA_TASK_ROOT=" + options.task_root, "PATH=/usr/local/bin:/usr/bin:/bin",
        "AWS_LAMBDA_INITIALIZATION_TYPE=lambda-managed-instances", "AWS_LAMBDA_LOG_FORMAT=JSON",
        "AWS_LAMBDA_MAX_CONCURRENCY=" + std::to_string(options.workers)},
       options.task_root},
      {{0, null.get()}, {1, null.get()}, {2, null.get()}});
  if (auto* child = std::get_if<proc::Child>(&started)) return std::move(*child);
  std::fprintf(stderr, "concurrency: cannot start %s\n", options.bootstrap.c_str());
  std::exit(2);
}

std::size_t share_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  std::size_t kib = 0;
  while (file >> word && word != "Pss:") {
  }
  file >> kib;
  return kib;
}

std::size_t share_of_tree(pid_t pid) {
  std::size_t sum = share_of(pid);
  for (const pid_t child : support::children_of(pid)) sum += share_of_tree(child);
  return sum;
}

}  // namespace

Subject::Subject(const Options& options) : child_(start(options)) {}

Subject::~Subject() {
  ::kill(child_.pid(), SIGTERM);
  if (!child_.wait_until(base::Deadline::after(kPatience))) child_.signal_group(SIGKILL);
  child_.reap();
}

std::size_t Subject::memory_kib() const {
  return share_of_tree(child_.pid());
}

}  // namespace concurrency
