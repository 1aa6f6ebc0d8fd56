// SPDX-License-Identifier: Apache-2.0
#include "runtime/life/descriptor_need.h"

#include "proc/child/family.h"

namespace runtime {
namespace {

// Standard streams, log, signals, orphans, the end of workers, extension, X-Ray, the last resort: 11.
// /dev/null, a folder and a file of /proc and a process while one sweep goes on: 4. A child before its exec
// has copies of up to eleven descriptors above the numbers that they are to have, and its report: 13.
constexpr std::size_t kOfStart = 13;
constexpr std::size_t kBase = 11 + 4 + kOfStart;
// Of each shell that starts: the other ends of its pipes, up to six, /dev/null and the report, less a call's.
constexpr std::size_t kOfOpenings = std::size_t{proc::Family::kOpenings} * 5;
// The highest number that a warm shell's descriptors are to have is 118, and a program's 9.
constexpr std::size_t kLeastOfShell = 118 + 1 + kOfStart;
constexpr std::size_t kLeastOfProgram = 9 + 1 + kOfStart;

// Connection, event and answer.
constexpr std::size_t kOfCall = 3;
// Process, report of its start, standard error that is kept, files of a template, a TMPDIR.
constexpr std::size_t kOfProgram = 1 + 2 + 1 + 3 + 1;
// Event, and message for writing and for reading; both ends of control, one of status, orders, log and each
// output; the shell and its fork. (While a shell starts there is no call, so that the report of its start is
// among those of a call.)
constexpr std::size_t kOfShell = 1 + 2 + 2 + 1 + 1 + 1 + 2;

// Those that last: control, status, orders and log.
constexpr std::size_t kPipesOfShell = 4;

std::size_t outputs(const Prepared& prepared) {
  return prepared.settings.answer_fd > 2 ? 3 : 2;
}

std::size_t lanes_of(const Settings& settings) {
  return static_cast<std::size_t>(settings.concurrency) * static_cast<std::size_t>(settings.batch_parallel);
}

bool is_program(const Prepared& prepared) {
  return std::holds_alternative<handler::ProgramSpec>(prepared.handler);
}

}  // namespace

DescriptorNeed descriptor_need(const Prepared& prepared) {
  const auto lanes = lanes_of(prepared.settings);
  if (is_program(prepared))
    return {kBase, kOfCall + kOfProgram + 2 * outputs(prepared), lanes, kLeastOfProgram};
  return {kBase + kOfOpenings, kOfCall + kOfShell + outputs(prepared), lanes, kLeastOfShell};
}

// An answer that is a file is no pipe.
proc::PipeNeed pipe_need(const Prepared& prepared) {
  const std::size_t files = prepared.settings.answer_in_memory ? 1 : 0;
  return {lanes_of(prepared.settings), outputs(prepared) - files, is_program(prepared) ? 0 : kPipesOfShell};
}

}  // namespace runtime
