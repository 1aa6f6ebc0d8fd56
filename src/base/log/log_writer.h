// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// What one invocation may wait for the log's reader, all its lines together. Of one thread.
class LogBudget {
 public:
  /// What an answer may be late because nobody reads the log.
  static constexpr std::chrono::milliseconds kUsual{50};

  LogBudget() = default;

  [[nodiscard]] SteadyClock::duration left() const { return left_; }
  void spend(SteadyClock::duration time) { left_ = time < left_ ? left_ - time : SteadyClock::duration(0); }

 private:
  SteadyClock::duration left_ = kUsual;
};

/// Whether a reader that takes nothing holds up who writes, or costs lines.
enum class LogPatience { endless, bounded };

/// Writes whole lines to a descriptor, from any thread, never interleaved. With bounded patience a pipe or
/// socket whose reader stalls is waited for as long as the budget goes, and no longer than 50 ms since it
/// last took something; what then cannot be written is dropped, counted, and told of as soon as there is
/// room. A line that the pipe took in part is finished first, so that none is torn. Files and terminals are
/// written to as they are. A failing write is given up silently: a log must not fail an invocation.
class LogWriter {
 public:
  /// The line that tells of what was dropped, with its end.
  using Confession = std::function<std::string(std::size_t bytes, std::size_t lines)>;

  /// `fd` is borrowed. Of a pipe an open file description of our own is made where that is allowed: to switch
  /// the shared one to O_NONBLOCK would surprise everybody else who writes to it.
  LogWriter(int fd, LogPatience patience, Confession confession);
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  /// `lines` end with a line end. In writes of at most 64 KiB.
  void write(std::string_view lines, LogBudget& budget);

  /// Tells of what was dropped where there is room now. Costs nothing where nothing was.
  void catch_up();

 private:
  enum class Way { as_it_is, own_description, socket, in_small_pieces };

  bool try_write(std::string_view& lines);
  bool write_while_there_is_room(std::string_view& bytes);
  void confess();
  std::size_t write_some(std::string_view bytes);
  ssize_t write_once(std::string_view bytes) const;
  void owe_rest_of_line(std::string_view& lines);
  [[nodiscard]] bool has_room(int timeout) const;
  bool wait_for_room(Deadline limit);
  Deadline stalled_at();
  void drop(std::string_view lines);

  const int fd_;
  const LogPatience patience_;
  const Confession confession_;
  Way way_ = Way::as_it_is;
  UniqueFd own_;  // the same pipe or socket through a description that does not block

  std::atomic<bool> behind_ = false;  // something below is owed or dropped
  std::mutex mutex_;                  // never held while waiting with bounded patience
  std::string owed_;                  // the rest of a line whose start was written
  std::size_t dropped_bytes_ = 0;
  std::size_t dropped_lines_ = 0;
  std::optional<SteadyClock::time_point> full_since_;
};

}  // namespace base
