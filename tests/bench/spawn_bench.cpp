// SPDX-License-Identifier: Apache-2.0
// What proc::run costs beside the least that any program can do to run a child: pipes, vfork, exec, poll,
// wait4. usage: spawn_bench [ROUNDS [PROGRAM]] Both sides take turns round by round, so that whatever else
// the machine does hits both.
#include "proc/run/run.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

class CountingSink : public proc::ByteSink {
 public:
  bool take(std::string_view bytes) override {
    count += bytes.size();
    return true;
  }
  std::size_t count = 0;
};

std::size_t read_all(int out, int err) {
  static char buffer[64 * 1024];
  pollfd polled[] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  std::size_t total = 0;
  for (int open = 2; open > 0;) {
    ::poll(polled, 2, -1);
    for (pollfd& entry : polled) {
      if (entry.revents == 0) continue;
      const ssize_t got = ::read(entry.fd, buffer, sizeof buffer);
      if (got > 0) total += static_cast<std::size_t>(got);
      if (got > 0) continue;
      entry.fd = -1;
      --open;
    }
  }
  return total;
}

// The floor.
std::size_t run_raw(const char* program) {
  int out[2];
  int err[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) std::abort();
  const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const char* argv[] = {program, nullptr};
  const char* envp[] = {nullptr};
  const pid_t pid = ::vfork();
  if (pid == 0) {
    ::dup2(input, 0);
    ::dup2(out[1], 1);
    ::dup2(err[1], 2);
    ::execve(program, const_cast<char**>(argv), const_cast<char**>(envp));
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  const std::size_t total = read_all(out[0], err[0]);
  for (const int fd : {out[0], err[0], input}) ::close(fd);
  int status = 0;
  rusage usage{};
  if (::wait4(pid, &status, 0, &usage) != pid || status != 0) std::abort();
  return total;
}

std::size_t run_ours(const char* program) {
  CountingSink out;
  CountingSink err;
  const auto result = proc::run({program, {program}, {}, ""}, {.outputs = {{1, &out}, {2, &err}}});
  const auto* exited = std::get_if<proc::Exited>(&result.ending);
  if (exited == nullptr || !exited->state.success()) std::abort();
  return out.count + err.count;
}

double timed(std::size_t (*run)(const char*), const char* program) {
  const auto started = Clock::now();
  if (run(program) == 0) std::abort();
  return Microseconds(Clock::now() - started).count();
}

double percentile(std::vector<double> times, double share) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
}

void report(const char* name, const std::vector<double>& times) {
  std::printf("%-5s p50 %7.1f us   p99 %7.1f us\n", name, percentile(times, 0.5), percentile(times, 0.99));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 1000;
  const char* program = argc > 2 ? argv[2] : SPAWN_BENCH_CHILD;
  std::vector<double> raw;
  std::vector<double> ours;
  for (int round = 0; round < rounds; ++round) {
    raw.push_back(timed(run_raw, program));
    ours.push_back(timed(run_ours, program));
  }
  report("floor", raw);
  report("run()", ours);
  std::printf("ratio p50 %.3f   p99 %.3f\n", percentile(ours, 0.5) / percentile(raw, 0.5),
              percentile(ours, 0.99) / percentile(raw, 0.99));
  return 0;
}
