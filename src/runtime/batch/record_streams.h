// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "proc/run/run.h"
#include "runtime/log/log_stream.h"

#include <string>
#include <string_view>
#include <vector>

namespace runtime {

/// The streams of one record of a batch. Its answer is nobody's: all that it prints goes to the log. The
/// beginning of what would have been its answer is kept, because it may be an error object.
class RecordStreams {
 public:
  /// Everything is borrowed. `answer_fd`: 1, 2, or 3 to 9.
  RecordStreams(int answer_fd, base::Logger& logger, base::LogContext who, base::LogBudget& budget);
  RecordStreams(const RecordStreams&) = delete;
  RecordStreams& operator=(const RecordStreams&) = delete;

  [[nodiscard]] const std::vector<proc::Output>& outputs() const { return outputs_; }

  /// Ends the log's lines; after the run.
  void finish();

  /// Where small enough to be an error object; else empty.
  [[nodiscard]] const std::string& small_answer() const { return answer_.kept; }

 private:
  /// Passes on all bytes and keeps them as long as they are few.
  struct Keeper : proc::ByteSink {
    explicit Keeper(LogStream& stream) : log(stream) {}
    bool take(std::string_view bytes) override;

    LogStream& log;
    std::string kept{};
    bool is_large = false;
  };

  LogStream stdout_log_;
  LogStream stderr_log_;
  LogStream answer_log_;
  Keeper answer_;
  std::vector<proc::Output> outputs_;
};

}  // namespace runtime
