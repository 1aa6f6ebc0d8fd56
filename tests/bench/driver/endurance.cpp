// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/endurance.h"

#include "bench/driver/loads.h"
#include "bench/driver/measure.h"
#include "bench/driver/statistics.h"

#include <spawn.h>
#include <sys/wait.h>

namespace bench {
namespace {

// Bash and its file alone, as far as the driver can: its answer is that it has ended.
bool source_once(const std::string& file) {
  std::string words[] = {"bash", "--noprofile", "--norc", "-c", "builtin source \"$1\"", "bash", file};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                       words[4].data(), words[5].data(), words[6].data(), nullptr};
  char path[] = "PATH=/usr/bin:/bin";
  char* environment[] = {path, nullptr};
  pid_t pid = -1;
  int status = -1;
  if (::posix_spawn(&pid, "/bin/bash", nullptr, nullptr, arguments, environment) != 0) return false;
  return ::waitpid(pid, &status, 0) == pid && status == 0;
}

}  // namespace

Endurance endure(const Contestant& contestant, std::size_t calls, const Place& place) {
  Endurance found;
  try {
    const auto event = event_of(kSmallEvent);
    Running running(contestant, place);
    running.wait_for_first_polls();
    for (std::size_t i = 0; i < calls; ++i) {
      running.call(event, {});
      if (i == calls / 10) found.early_peak = running.peak_memory();
    }
    found.final_peak = running.peak_memory();
  } catch (const Failed& failed) {
    found.failure = failed.why;
  }
  return found;
}

Throughput measure_throughput(const Contestant& contestant, std::size_t calls, const Place& place) {
  Throughput found;
  try {
    const auto event = event_of(kSmallEvent);
    Running running(contestant, place);
    running.wait_for_first_polls();
    found.family_memory = running.family_memory();
    running.call_at_once(event, contestant.polls, contestant.polls);
    const std::chrono::duration<double> taken = running.call_at_once(event, calls, contestant.polls);
    found.per_second = static_cast<double>(calls) / taken.count();
  } catch (const Failed& failed) {
    found.failure = failed.why;
  }
  return found;
}

double sourcing_time(const std::string& file, std::size_t times) {
  std::vector<double> taken;
  for (std::size_t i = 0; i < times; ++i) {
    const auto started = Clock::now();
    if (!source_once(file)) return 0;
    taken.push_back(std::chrono::duration<double, std::milli>(Clock::now() - started).count());
  }
  return median(taken);
}

}  // namespace bench
