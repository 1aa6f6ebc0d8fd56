// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/fork_server/status_lines.h"

#include <cstddef>
#include <string>

namespace proc {

/// What the bootstrap and a fork server say to each other, and what may be believed of it: a state machine
/// without a descriptor. Private to this room. tests/model has the same as a model that is checked
/// exhaustively; states and messages bear the same names there, which a test compares.
///
/// The server S prepares, and then forks F_1, F_2 … one after the other, each before there is an event for
/// it, and waits for each. The bootstrap B gives fork N the event of call C.
///
///   B to S, orders of 16 characters   fork N     let fork N happen; S ends unless N is its own count + 1.
///                                                The first fork needs none
///                                     hook N     prepare once more, by what the message says, then fork N
///   B to F_N, one record of 24        N C parts  the event of call C: so many parts, each with a NUL behind
///                                                it, are in the message; the last one is the event
///   S or F_N to B, lines              pid N PID  F_N waits for its record
///                                     bad N 0    F_N has read something else, or not all of it: it ends
///                                     end N C S  F_N: the function has returned, the outputs are complete;
///                                                C is 0 where F_N ends before it called the function
///                                     wait N S   S: F_N has ended, with status S (128 + N: by signal N)
///
/// That a fork has taken its record is inferred and not announced, which would cost a call a wake-up: the
/// control pipe is empty (its one reader reads all of it at once) and the message has been read to its end.
///
///   state      goes to    when
///   preparing  waiting    pid N
///   forking    waiting    pid N
///              gone       wait N: it ended before it could say that it waits
///   waiting    sent       B sends the record
///              gone       wait N: it ended while it waited; nothing is lost
///   sent       ended      end N C S, of this N and this C
///              gone       wait N S
///   ended      gone       wait N S
///   gone       forking    B orders fork N + 1
///              preparing  B orders a hook
///   any        broken     anything else is said: nothing is believed any more, S is replaced
///
/// `end` of call 0, which may come from preparing on, and `bad` change no state: they say that the function
/// will not have run when the fork is gone. `wait` is believed of a fork that has ended only: a shell whose
/// wait was cut short says it of one that goes on.
class ForkProtocol {
 public:
  enum class State { preparing, forking, waiting, sent, ended, gone, broken };

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool is(State state) const { return state_ == state; }

  /// The fork that the state is about.
  [[nodiscard]] unsigned long fork() const { return fork_; }
  /// ended: what the function returned. gone: as the server says.
  [[nodiscard]] int status() const { return status_; }
  /// It was sent its record.
  [[nodiscard]] bool was_sent() const { return was_sent_; }
  /// It has said that it ends without having called the function.
  [[nodiscard]] bool spoiled() const { return spoiled_; }

  /// Takes a line. `fork_has_ended`: the process that `pid` has named has; before, there is none at all.
  void hear(const StatusLine& line, bool fork_has_ended);
  /// It makes no sense, whatever the reason.
  void doubt() { state_ = State::broken; }

  /// waiting to sent: the record of that call. `parts`: of the message.
  std::string send(unsigned long call, std::size_t parts);
  /// gone to forking, or to preparing: the order.
  std::string order_fork();
  std::string order_hook();

  /// The server counts its forks in nine digits; it is to be replaced before.
  static constexpr unsigned long kMostForks = 999'999'999;

 private:
  void hear_pid(const StatusLine& line);
  void hear_end(const StatusLine& line);
  void hear_wait(const StatusLine& line, bool fork_has_ended);
  std::string order(const char* word, State next);

  State state_ = State::preparing;
  unsigned long fork_ = 1;
  unsigned long call_ = 0;
  int status_ = 0;
  bool was_sent_ = false;
  bool spoiled_ = false;
};

/// How much a fork that has ended had taken of what it was sent.
enum class Taken {
  nothing,  ///< the record is still in the pipe: the event can be another fork's
  part,     ///< it had begun: the function has not run, and nobody else may take the rest
  all,      ///< from then on its end is the function's
};
/// Pure. `control`: bytes left in the control pipe; `read`: of the message, up to `end`, which is where the
/// event ends for the fork; only a function that runs gets beyond.
Taken taken_of(std::size_t control, std::size_t read, std::size_t end);

}  // namespace proc
