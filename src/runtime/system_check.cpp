// SPDX-License-Identifier: Apache-2.0
#include "runtime/system_check.h"

#include "proc/capabilities.h"

#include <unistd.h>

#include <cstring>
#include <string>

namespace runtime {
namespace {

using api::ErrorType;
using handler::InitProblem;

std::optional<InitProblem> check_calls(proc::Need need) {
  const auto refused = proc::find_refused_call(need);
  if (!refused) return std::nullopt;
  return InitProblem{ErrorType::Known::init_error,
                     std::string(refused->call) + ": " + std::strerror(refused->code) +
                         ". The bootstrap needs this system call " + refused->purpose +
                         ", and this kernel, or a filter in front of it (seccomp), refuses it: allow it, or "
                         "take a newer kernel."};
}

bool is_function(const Prepared& prepared) {
  return std::holds_alternative<handler::ShellFunctionSpec>(prepared.handler);
}

// The first process of a container has one more, which reaps.
bool starts_threads(const Prepared& prepared) {
  const auto& settings = prepared.settings;
  return settings.concurrency > 1 || settings.batch_parallel > 1 || settings.extension ||
         prepared.hooks.shutdown || ::getpid() == 1;
}

// The calls of a shell share its pipes: what one has left running could write into the answer of another. A
// program has pipes of its own in each run.
std::optional<InitProblem> check_listing(const Prepared& prepared, base::Logger& logger) {
  const auto listed = proc::can_list_children();
  if (listed) return std::nullopt;
  const auto reason = listed.error().message + ". ";
  if (is_function(prepared))
    return InitProblem{ErrorType::Known::init_error,
                       reason +
                           "Shell functions need /proc, for what a call has left running to be ended before "
                           "it writes into the next answer: mount it, or make the handler an executable "
                           "script."};
  if (prepared.settings.leftovers == handler::Leftovers::end)
    logger.warn(
        reason +
        "Without /proc, what a call leaves running in a session of its own cannot be found, and stays");
  return std::nullopt;
}

}  // namespace

std::optional<InitProblem> check_system() {
  return check_calls(proc::Need::children);
}

std::optional<InitProblem> check_system_for(const Prepared& prepared, base::Logger& logger) {
  if (starts_threads(prepared))
    if (auto problem = check_calls(proc::Need::threads)) return problem;
  if (is_function(prepared))
    if (auto problem = check_calls(proc::Need::warm_shell)) return problem;
  return check_listing(prepared, logger);
}

}  // namespace runtime
