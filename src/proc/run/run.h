// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"
#include "proc/child/child.h"
#include "proc/child/exit_state.h"
#include "proc/run/byte_sink.h"
#include "proc/setup/command.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace proc {

struct HeldOutput;

/// A descriptor of the child that is collected: its bytes go to `sink` (borrowed). It is a pipe of its own,
/// or, where `file_limit` is not 0, a file in memory: of that the sink gets what is in it when the run has
/// ended, and a run whose file is found to be larger than `file_limit` bytes is ended as Refused.
struct Output {
  int child_fd;
  ByteSink* sink;
  std::size_t file_limit = 0;
  bool whole =
      false;  ///< somebody counts on all of it: RunResult::full and RunOptions::held are about this one
};

struct RunOptions {
  int stdin_fd = -1;  ///< becomes descriptor 0 (-1: /dev/null); borrowed, at the position to read from
  std::vector<Output> outputs{};  ///< 1 and 2 must be among them; the child has no other descriptors
  base::Deadline terminate_at = base::Deadline::never();  ///< SIGTERM to the group
  base::Deadline kill_at = base::Deadline::never();       ///< SIGKILL to the group
  int stop_fd = -1;                                       ///< readable: SIGTERM now, SIGKILL after stop_grace
  std::chrono::milliseconds stop_grace{200};
  Family* family = nullptr;  ///< that accounts for the child; borrowed
  bool keep_group = false;   ///< what is left of the group when the main process has ended by itself lives on
  /// Where given, gets what is left of the output, if others may have it open when the main process has ended
  /// by itself. Then what is left of the group lives on: whoever asks sweeps later. Borrowed. A fork server
  /// knows it behind settle().
  HeldOutput* held = nullptr;
};

struct Exited {
  ExitState state;
};
/// Ended by us because terminate_at, or kill_at, had passed. Who ends before the signal was sent has Exited.
struct Overdue {
  ExitState state;
};
/// Ended by us, with SIGKILL at once, because a sink refused more.
struct Refused {
  int child_fd;  ///< whose bytes were refused; -1: those of a file that the program had left
};
/// Ended by us because stop_fd became readable.
struct Stopped {
  ExitState state;
};
/// How it ended cannot be known, because what would have told is gone.
struct Lost {
  std::string reason;
};
/// Never started: what the program was to get cannot be made of the event. From runners that make commands of
/// events, never from run().
struct NotStarted {
  std::string reason;
};
/// Ended by itself, but the file that was to be its answer is none. From runners that take answers from
/// files, never from run().
struct NoAnswer {
  ExitState state;
  std::string reason;  ///< what is there instead: "out.pdf is a link"
};
using Ending = std::variant<Exited, Overdue, Refused, Stopped, Lost, LaunchError, NotStarted, NoAnswer>;

struct RunResult {
  Ending ending;
  std::chrono::microseconds elapsed{0};
  Usage usage{};
  bool drained = true;  ///< false: a descendant was still writing when the drain limit ended the reading
  bool full = false;  ///< it ended exactly where its pipe was full: who does not wait for room lost the rest
};

/// Runs one command until its main process has ended or was ended; blocks that long. What is in the pipes
/// when the main process ends still reaches the sinks (at most 50 ms for a descendant that goes on writing);
/// a pipe that a background process holds open delays nothing. After Overdue nothing is drained. The rest of
/// the group is killed before the main process is reaped, so that its number cannot have been reused. The
/// first reason to end it is the one reported. A main process that SIGKILL does not end is waited for as long
/// as a DeathLimit, and a status that cannot be had is Lost. Nothing bounds an exec that hangs; see
/// Child::start.
RunResult run(const Command& command, const RunOptions& options);

}  // namespace proc
