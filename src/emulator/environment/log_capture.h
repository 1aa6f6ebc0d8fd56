// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "base/log/logger.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace emulator {

/// The log of one execution environment: what is written to fd() goes on to the log of the emulator in whole
/// lines, and the end of it is kept for the caller who asks. Any thread may call.
class LogCapture {
 public:
  /// What the service returns of a log.
  static constexpr std::size_t kTail = 4096;

  /// `target` is borrowed. `kept`: how much of the end is looked through for tails.
  LogCapture(base::Pipe pipe, base::Logger& target, std::size_t kept = kTail);
  /// Passes on what has been written until now, and listens no more.
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  [[nodiscard]] int fd() const { return pipe_.write_end.get(); }

  /// Forgets the end of the log: a call begins.
  void begin();
  /// The last `kept` bytes since begin(), everything included that was written before the call of this.
  std::string tail();
  /// Of the same, where calls run side by side, the lines with `part` in them; nobody calls begin() then.
  std::string tail_with(std::string_view part);

 private:
  void listen();
  void drain();
  void take(std::string_view bytes);

  base::Pipe pipe_;
  base::Logger& target_;
  const std::size_t kept_;
  base::UniqueFd stop_;  // eventfd
  std::mutex mutex_;     // of what follows, and of reading
  std::string tail_;
  std::string unfinished_line_;
  std::thread listener_;
};

}  // namespace emulator
