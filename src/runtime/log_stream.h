// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/logger.h"
#include "proc/byte_sink.h"

#include <string>
#include <string_view>
#include <vector>

namespace runtime {

/// Remembers the end of a stream for an error's stackTrace: at most 20 lines and 8 KiB.
class LineTail {
 public:
  static constexpr std::size_t kLines = 20;
  static constexpr std::size_t kBytes = 8 * 1024;

  void add(std::string_view bytes);
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::string bytes_;
};

/// One stream of a child on its way to the log: whole lines as they come, untouched. A line without an end is
/// passed on in pieces of kLongestLine, so that memory stays bounded and no reader of the log has to take
/// more at once.
class LogStream : public proc::ByteSink {
 public:
  static constexpr std::size_t kLongestLine = 64 * 1024 - 1;

  explicit LogStream(base::Logger& logger) : logger_(logger) {}

  bool take(std::string_view bytes) override;

  /// Passes on what is left without a line end, with one added. Call once, when the stream has ended.
  void finish();

  [[nodiscard]] std::vector<std::string> last_lines() const { return tail_.lines(); }

 private:
  std::size_t take_piece(std::string_view piece);
  void pass_on_lines(std::string_view bytes);

  base::Logger& logger_;
  std::string partial_;  // the line that has not ended yet
  LineTail tail_;
};

}  // namespace runtime
