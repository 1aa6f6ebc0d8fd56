// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/account.h"

#include <sys/statvfs.h>

#include <fstream>
#include <variant>

namespace runtime {
namespace {

// Not from getrusage: that figure includes whoever started us, for the very reason that is told of in the
// header.
std::size_t own_peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib;
  }
  return 0;
}

std::optional<std::size_t> free_kib(const char* path) {
  struct statvfs space {};
  if (::statvfs(path, &space) != 0) return std::nullopt;
  return static_cast<std::size_t>(space.f_bavail) * space.f_frsize / 1024;
}

std::optional<proc::ExitState> end_of(const proc::Ending& ending) {
  return std::visit(
      [](const auto& known) -> std::optional<proc::ExitState> {
        if constexpr (requires { known.state; }) return known.state;
        return std::nullopt;
      },
      ending);
}

}  // namespace

void Account::note(const proc::RunResult& run) {
  end = end_of(run.ending);
  ended_by_itself = std::holds_alternative<proc::Exited>(run.ending);
  elapsed = run.elapsed;
  usage = run.usage;
  drained = run.drained;
  full = run.full;
}

void Account::note(const handler::Settled& settled) {
  leftovers = settled.ended;
  held = ended_by_itself && settled.held;
}

void Account::note(const api::FunctionError& error) {
  error_type = error.type.text();
  sentence = error.message;
}

Surroundings look_around(bool tmp_too) {
  return {own_peak_kib(), tmp_too ? free_kib("/tmp") : std::nullopt};
}

bool peak_is_bound(const Account& account, const Surroundings& surroundings) {
  return surroundings.own_peak_kib == 0 || account.usage.peak_memory_kib <= surroundings.own_peak_kib;
}

}  // namespace runtime
