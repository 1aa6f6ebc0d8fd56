// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"
#include "base/log/logger.h"
#include "proc/run/byte_sink.h"
#include "proc/run/run.h"
#include "runtime/log/log_stream.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runtime {

/// Collects a buffered answer, byte for byte, and refuses what goes beyond `limit` bytes.
class AnswerBuffer : public proc::ByteSink {
 public:
  explicit AnswerBuffer(std::size_t limit) : limit_(limit) {}

  bool take(std::string_view bytes) override;

  [[nodiscard]] const base::Spool& bytes() const { return bytes_; }
  base::Spool take_bytes() { return std::move(bytes_); }

  /// Bytes that the handler is known to have written, refused ones included.
  [[nodiscard]] std::size_t written() const { return written_; }

 private:
  const std::size_t limit_;
  std::size_t written_ = 0;
  base::Spool bytes_;
};

/// The streams of one invocation: which descriptor of the child is the answer, and the log for all others.
/// Standard error may be kept beside.
class Streams {
 public:
  /// `answer_fd`: 1, 2, or 3 to 9; 0: the answer is a file. `who`, borrowed: whose lines those of the log
  /// are.
  Streams(int answer_fd, std::size_t answer_limit, base::Logger& logger, base::LogContext who = {});

  /// From now on standard error is kept, too, up to the answer's limit; before the run, and where it is not
  /// the answer.
  void keep_stderr() { outputs_[1].sink = &stderr_copy_; }

  /// The answer's descriptor is a file in memory, with the answer's limit; before the run.
  void put_answer_in_memory();
  [[nodiscard]] const AnswerBuffer& kept_stderr() const { return stderr_copy_.bytes; }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  [[nodiscard]] const std::vector<proc::Output>& outputs() const { return outputs_; }
  [[nodiscard]] const AnswerBuffer& answer() const { return answer_; }

  /// Where an answer goes that is a file; nullptr: it comes from one of the outputs.
  [[nodiscard]] proc::ByteSink* file_answer() { return answer_fd_ == 0 ? &answer_ : nullptr; }

  /// The answer's bytes, moved out of here; the last thing asked for.
  base::Spool take_answer() { return answer_.take_bytes(); }

  /// Ends the log streams; after the run.
  void finish();

  /// What a failed call printed as its answer, where that is small enough to be the handler's own error; else
  /// empty.
  [[nodiscard]] std::string small_answer() const;

  /// The last lines of standard error, also where that is the answer.
  [[nodiscard]] std::vector<std::string> last_stderr_lines() const;

  /// The last lines of standard output where they are UTF-8, also where that is the answer; else none.
  [[nodiscard]] std::vector<std::string> last_stdout_lines() const;

  /// Where standard error is the answer, a failed call's answer belongs into the log, too: its last lines
  /// where it is large.
  void log_stderr_answer();

  /// The same for the last lines of standard output.
  void log_stdout_answer();

 private:
  /// Passes on to the log what it keeps.
  struct Copy : proc::ByteSink {
    Copy(LogStream& stream, std::size_t limit) : log(stream), bytes(limit) {}
    bool take(std::string_view more) override { return log.take(more) && bytes.take(more); }

    LogStream& log;
    AnswerBuffer bytes;
  };

  [[nodiscard]] LineTail answer_tail() const;
  void log_late(std::string_view text);
  proc::Output& answer_output();

  const int answer_fd_;
  const std::size_t answer_limit_;
  base::Logger& logger_;
  const base::LogContext who_;
  base::LogBudget budget_;  // of all lines together
  AnswerBuffer answer_;
  LogStream stdout_log_;
  LogStream stderr_log_;
  Copy stderr_copy_;
  std::vector<proc::Output> outputs_;
};

}  // namespace runtime
