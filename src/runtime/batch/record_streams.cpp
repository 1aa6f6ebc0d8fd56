// SPDX-License-Identifier: Apache-2.0
#include "runtime/batch/record_streams.h"

#include <unistd.h>

namespace runtime {
namespace {

// As of an invocation: nothing larger can be meant as an error object.
constexpr std::size_t kLargestErrorObject = 64 * 1024;

}  // namespace

RecordStreams::RecordStreams(int answer_fd, base::Logger& logger, base::LogContext who,
                             base::LogBudget& budget)
    : stdout_log_(logger, who, &budget),
      stderr_log_(logger, who, &budget),
      answer_log_(logger, who, &budget),
      answer_(answer_log_) {
  outputs_ = {{STDOUT_FILENO, &stdout_log_}, {STDERR_FILENO, &stderr_log_}};
  if (answer_fd == STDOUT_FILENO || answer_fd == STDERR_FILENO)
    outputs_[static_cast<std::size_t>(answer_fd - STDOUT_FILENO)].sink = &answer_;
  else
    outputs_.push_back({answer_fd, &answer_});
}

void RecordStreams::finish() {
  stdout_log_.finish();
  stderr_log_.finish();
  answer_log_.finish();
}

bool RecordStreams::Keeper::take(std::string_view bytes) {
  is_large = is_large || kept.size() + bytes.size() > kLargestErrorObject;
  if (is_large)
    kept.clear();
  else
    kept.append(bytes);
  return log.take(bytes);
}

}  // namespace runtime
