// SPDX-License-Identifier: Apache-2.0
#include "runtime/answer/streams.h"

#include "base/text/text.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace runtime {
namespace {

// The service's error bodies stay far below 256 KiB; nothing larger can be meant as one.
constexpr std::size_t kLargestErrorObject = 64 * 1024;

}  // namespace

bool AnswerBuffer::take(std::string_view bytes) {
  written_ += bytes.size();
  return written_ <= limit_ && bytes_.append(bytes).ok();
}

Streams::Streams(int answer_fd, std::size_t answer_limit, base::Logger& logger, base::LogContext who)
    : answer_fd_(answer_fd),
      answer_limit_(answer_limit),
      logger_(logger),
      who_(who),
      answer_(answer_limit),
      stdout_log_(logger, who_, &budget_),
      stderr_log_(logger, who_, &budget_),
      stderr_copy_(stderr_log_, answer_limit) {
  outputs_ = {{STDOUT_FILENO, &stdout_log_}, {STDERR_FILENO, &stderr_log_}};
  if (answer_fd == 0) return;  // a file of the call
  if (answer_fd > STDERR_FILENO) outputs_.push_back({answer_fd, nullptr});
  answer_output() = {answer_fd, &answer_, 0, true};
}

void Streams::put_answer_in_memory() {
  answer_output().file_limit = answer_limit_;
}

proc::Output& Streams::answer_output() {
  const bool is_standard = answer_fd_ <= STDERR_FILENO;
  return outputs_[is_standard ? static_cast<std::size_t>(answer_fd_ - STDOUT_FILENO) : 2];
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

// Of an answer that cannot be read nothing is known.
LineTail Streams::answer_tail() const {
  const auto& bytes = answer_.bytes();
  std::array<char, LineTail::kKept> end{};
  const auto read = bytes.read_at(bytes.size() - std::min(bytes.size(), end.size()), end);
  LineTail tail;
  if (read) tail.add({end.data(), *read});
  return tail;
}

std::vector<std::string> Streams::last_stderr_lines() const {
  return answer_fd_ == STDERR_FILENO ? answer_tail().lines() : stderr_log_.tail().lines();
}

std::vector<std::string> Streams::last_stdout_lines() const {
  return answer_fd_ == STDOUT_FILENO ? answer_tail().lines_of_text() : stdout_log_.tail().lines_of_text();
}

void Streams::log_stderr_answer() {
  if (answer_fd_ != STDERR_FILENO) return;
  const auto whole = small_answer();
  log_late(whole.empty() ? base::join(last_stderr_lines(), "\n") : whole);
}

void Streams::log_stdout_answer() {
  if (answer_fd_ == STDOUT_FILENO) log_late(base::join(last_stdout_lines(), "\n"));
}

void Streams::log_late(std::string_view text) {
  LogStream log(logger_, who_, &budget_);
  log.take(text);
  log.finish();
}

}  // namespace runtime
