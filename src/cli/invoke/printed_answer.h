// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "emulator/call/answer_listener.h"

#include <atomic>
#include <string>

namespace cli {

/// Prints a streamed answer while it comes. Where nobody reads what is printed, the handler waits. On a
/// terminal its last line is ended, so that no line of the log sticks to it; everywhere else it stays as it
/// is.
class PrintedAnswer : public emulator::AnswerListener {
 public:
  /// `separator` comes before the first byte. Descriptors are borrowed; a readable `stop_fd` ends the
  /// printing.
  PrintedAnswer(int fd, std::string separator, int stop_fd);

  void begin(const std::string&) override {}
  bool take(std::string_view bytes) override;
  void end() override;

  // After the call.
  [[nodiscard]] bool failed() const { return failed_; }
  /// Something was printed, and no end of line behind it.
  [[nodiscard]] bool needs_newline() const { return last_ != '\n'; }

 private:
  const int fd_;
  std::string separator_;
  const int stop_fd_;
  const bool is_terminal_;
  const base::UniqueFd ended_;  // an eventfd
  std::atomic<bool> failed_ = false;
  std::atomic<char> last_ = '\n';
};

}  // namespace cli
