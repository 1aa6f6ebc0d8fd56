// SPDX-License-Identifier: Apache-2.0
#include "handler/runner/program_runner.h"

#include "handler/runner/child_environment.h"
#include "proc/child/family.h"

#include <utility>

namespace handler {
namespace {

constexpr auto kStartLimit = std::chrono::seconds(1);

}  // namespace

ProgramRunner::ProgramRunner(ProgramSpec spec, base::Environment environment, std::string directory,
                             Leftovers leftovers, proc::Family& family, Warn warn)
    : spec_(std::move(spec)),
      environment_(std::move(environment)),
      directory_(std::move(directory)),
      leftovers_(leftovers),
      family_(family),
      warn_(std::move(warn)) {}

proc::RunResult ProgramRunner::run(const Call& call) {
  auto environment = child_environment(environment_, call.invocation, call.variables);
  for (const auto& warning : environment.warnings) warn_(warning, call.invocation.request_id);

  const auto& arguments = call.arguments != nullptr ? *call.arguments : spec_.arguments;
  const auto& directory = call.directory != nullptr ? *call.directory : directory_;
  const proc::Command command{spec_.program, arguments, std::move(environment.strings), directory};
  proc::RunOptions options;
  options.stdin_fd = call.input().fd();
  options.outputs = call.outputs;
  options.terminate_at = call.terminate_at;
  options.kill_at = call.kill_at;
  options.stop_fd = call.stop_fd;
  options.family = &family_;
  options.keep_group = leftovers_ == Leftovers::keep;
  options.held = &held_;
  return proc::run(command, options);
}

// What other workers start meanwhile has it open for a moment, too; where that moment does not end, nobody
// can tell.
bool ProgramRunner::is_answer_held() {
  auto answer = std::exchange(held_, {});
  return answer.can_be_open() && family_.wait_for_starts(base::Deadline::after(kStartLimit)) &&
         proc::is_still_held(answer, proc::HolderPatience(family_.stop_fd()));
}

Settled ProgramRunner::settle() {
  const bool held = is_answer_held();
  if (leftovers_ == Leftovers::end) return {family_.sweep(), held};
  family_.reap_ended();
  return {0, held};
}

}  // namespace handler
