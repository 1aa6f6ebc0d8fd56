// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/system_check.h"

#include "proc/setup/capabilities.h"
#include "proc/setup/descriptor_limit.h"
#include "runtime/life/descriptor_need.h"

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

std::string calls(std::size_t count) {
  return count == 1 ? "one call" : std::to_string(count) + " calls at a time";
}

InitProblem too_few_descriptors(const DescriptorNeed& need, std::size_t limit) {
  return {ErrorType::Known::init_error,
          "For " + calls(need.lanes) + " the bootstrap needs up to " + std::to_string(need.total()) +
              " descriptors, and this environment allows " + std::to_string(limit) +
              " (RLIMIT_NOFILE): enough for " + std::to_string(need.lanes_within(limit)) +
              ". Lower AWS_LAMBDA_MAX_CONCURRENCY or SHELLSTRAP_BATCH_PARALLEL, or raise the limit."};
}

std::optional<InitProblem> check_descriptors(const Prepared& prepared) {
  const auto need = descriptor_need(prepared);
  const auto limit = proc::descriptor_limit();
  if (!limit || need.total() <= limit->now) return std::nullopt;
  if (need.total() <= limit->most && proc::raise_descriptor_limit(need.total())) return std::nullopt;
  return too_few_descriptors(need, limit->most);
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
  if (auto problem = check_descriptors(prepared)) return problem;
  return check_listing(prepared, logger);
}

}  // namespace runtime
