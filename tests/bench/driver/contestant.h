// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "bench/driver/runtime_api.h"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// One row of the table: a program that serves the Runtime API, and its handler.
struct Contestant {
  std::string name;
  std::string program;
  std::string handler;                   ///< _HANDLER
  std::vector<std::string> environment;  ///< beyond what every contestant gets
  std::size_t polls = 1;                 ///< how many events it asks for at once
};

/// Where the contestants work and leave what they print.
struct Place {
  std::string task_root;
  std::string log_folder;
};

/// Why a contestant could not be measured, in words for the table.
struct Failed {
  std::string why;
};

/// A contestant at work: its Runtime API and its process, started as the service starts it. Ends with its
/// group when destroyed. What goes wrong is thrown as Failed, for it ends the whole row.
class Running {
 public:
  Running(const Contestant& contestant, const Place& place);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();

  /// From before the start of the program to the end of its first poll; of the last one if it has several.
  std::chrono::nanoseconds wait_for_first_polls();

  /// One invocation, the answer compared with `event` byte by byte. After the poll is there, waits `gap`, as
  /// nobody's events come without a break.
  std::chrono::nanoseconds call(const std::string& event, std::chrono::nanoseconds gap);

  /// As many calls as there are polls at a time, until `count` are answered; returns how long all took.
  std::chrono::nanoseconds call_at_once(const std::string& event, std::size_t count, std::size_t at_once);

  [[nodiscard]] std::size_t calls() const { return calls_; }
  [[nodiscard]] std::size_t peak_memory() const;    ///< VmHWM, bytes
  [[nodiscard]] std::size_t family_memory() const;  ///< proportional share of it and all descendants, bytes

  /// User and system time of it and all that it started, waited for or still there.
  [[nodiscard]] std::chrono::nanoseconds family_cpu_time() const;

 private:
  void stop();
  void wait(Clock::time_point limit);
  Answer wait_for_answer(Clock::time_point limit);
  void check(const Answer& answer, const std::string& event) const;
  std::string next_id();

  RuntimeApi api_;
  std::string log_;
  std::size_t expected_polls_;
  pid_t pid_ = -1;
  base::UniqueFd pidfd_;
  Clock::time_point started_;
  std::size_t calls_ = 0;
};

}  // namespace bench
