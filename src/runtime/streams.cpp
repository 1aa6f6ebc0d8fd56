// SPDX-License-Identifier: Apache-2.0
#include "runtime/streams.h"

#include <unistd.h>

namespace runtime {
namespace {

// The service's error bodies stay far below 256 KiB; nothing larger can be meant as one.
constexpr std::size_t kLargestErrorObject = 64 * 1024;

}  // namespace

Streams::Streams(int answer_fd, std::size_t answer_limit, base::Logger& logger, base::LogContext who)
    : answer_fd_(answer_fd),
      logger_(logger),
      who_(who),
      answer_(answer_limit),
      stdout_log_(logger, who_, &budget_),
      stderr_log_(logger, who_, &budget_),
      stderr_copy_(stderr_log_, answer_limit) {
  outputs_ = {{STDOUT_FILENO, &stdout_log_}, {STDERR_FILENO, &stderr_log_}};
  if (answer_fd == STDOUT_FILENO || answer_fd == STDERR_FILENO)
    outputs_[static_cast<std::size_t>(answer_fd - STDOUT_FILENO)].sink = &answer_;
  else if (answer_fd != 0)
    outputs_.push_back({answer_fd, &answer_});
}

void Streams::finish() {
  stdout_log_.finish();
  stderr_log_.finish();
}

std::string Streams::small_answer() const {
  if (answer_.bytes().size() > kLargestErrorObject) return {};
  const auto text = answer_.bytes().text();
  return text ? *text : std::string();
}

std::vector<std::string> Streams::last_stderr_lines() const {
  if (answer_fd_ != STDERR_FILENO) return stderr_log_.last_lines();
  LineTail tail;
  tail.add(small_answer());
  return tail.lines();
}

void Streams::log_failed_answer() {
  if (answer_fd_ != STDERR_FILENO) return;
  LogStream log(logger_, who_, &budget_);
  log.take(small_answer());
  log.finish();
}

}  // namespace runtime
