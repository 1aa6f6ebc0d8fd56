// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "proc/run/byte_sink.h"
#include "runtime/log/line_tail.h"
#include "runtime/log/log_record.h"

#include <string>
#include <string_view>

namespace runtime {

/// One stream of a child on its way to the log: whole lines as they come, each as LogRecords has it. A line
/// without an end is passed on in pieces, so that memory stays bounded and no reader of the log has to take
/// more at once.
class LogStream : public proc::ByteSink {
 public:
  /// Everything is borrowed. `budget`: what the invocation may wait for the log's reader; without one the
  /// stream has its own.
  explicit LogStream(base::Logger& logger, base::LogContext who = {}, base::LogBudget* budget = nullptr)
      : logger_(logger),
        records_(logger.options(), who),
        budget_(budget != nullptr ? *budget : own_budget_) {}
  LogStream(const LogStream&) = delete;
  LogStream& operator=(const LogStream&) = delete;

  bool take(std::string_view bytes) override;

  /// Passes on what is left without a line end, with one added. Call once, when the stream has ended.
  void finish();

  /// What came last.
  [[nodiscard]] const LineTail& tail() const { return tail_; }

 private:
  std::string_view pass_on_lines(std::string_view bytes);
  std::string_view pass_on_untouched(std::string_view bytes);
  void pass_on(std::string& lines);

  base::Logger& logger_;
  LogRecords records_;
  base::LogBudget own_budget_;
  base::LogBudget& budget_;
  std::string partial_;  // the line that has not ended yet
  LineTail tail_;
};

}  // namespace runtime
