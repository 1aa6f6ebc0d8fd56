// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"
#include "proc/child/family.h"

#include <atomic>
#include <chrono>
#include <thread>

namespace runtime {

/// Ends the process in time when a signal says so and the threads whose task that is cannot: the kernel
/// suspends whoever starts a program whose exec hangs, the first thread too, and nothing but the end of the
/// process gets it back. An end that is only slow, on a machine that gives us no time, is left to itself, or
/// it would leave an answer behind. A thread of its own, which starts nothing, from construction to
/// destruction. It ends the process by _Exit with status 0.
class LastResort {
 public:
  /// Of the 300 ms that the service grants, or 500 with an extension of our own; whoever ends by himself has
  /// ended before.
  static constexpr std::chrono::milliseconds kShortTime{280};
  static constexpr std::chrono::milliseconds kExtensionTime{480};

  /// Both are borrowed. `stop_fd` is readable from the signal on.
  LastResort(proc::Family& family, int stop_fd);
  ~LastResort();
  LastResort(const LastResort&) = delete;
  LastResort& operator=(const LastResort&) = delete;

  /// From the signal to the end of the process, for an exec that hangs by then; kShortTime until this is
  /// called.
  void allow(std::chrono::milliseconds time) { time_ = time; }

  /// What was left running shall live on. What was started and has not ended dies with its thread.
  void spare_leftovers() { ends_all_ = false; }

 private:
  void watch();
  bool exec_hangs();

  proc::Family& family_;
  const int stop_fd_;
  std::atomic<std::chrono::milliseconds> time_ = kShortTime;
  std::atomic<bool> ends_all_ = true;
  base::Pipe quit_;  // written to and closed when nobody needs the thread any more: one might be refused
  std::thread thread_;
};

}  // namespace runtime
