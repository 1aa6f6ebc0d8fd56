// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace oracle {

/// A function file that defines `handler`, and an event for it. Its behaviour is a function of the two: no
/// output depends on which of two processes is faster, and it ends by itself. The one exception is what it
/// leaves running.
struct Case {
  std::string name;
  std::string file;  ///< text
  std::string event;
};

/// What the trouble of a file that leaves nothing to call begins with.
inline constexpr const char* kInit = "init: ";
/// In `trouble`: of who has no end, in the function or while the file is sourced.
inline constexpr const char* kEndless = "did not end in time";
inline constexpr const char* kSourcing = "is still sourcing the file";

/// What a call of `handler` comes to.
struct Outcome {
  int status = 0;  ///< 128 + N when by signal N
  std::string out;
  std::string err;
  std::string log;      ///< what was printed while the file was sourced
  std::string trouble;  ///< why there is no status; empty: there is one

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// What differs between any two runs is made the same: numbers of processes in what bash says about jobs, and
/// line numbers (with the name of the text) of what is no user's file. A message of bash about a fault of its
/// own goes.
void calibrate(Outcome& outcome);

/// Without what bash says about jobs that have ended.
void drop_job_messages(Outcome& outcome);

/// For people.
std::string in_words(const Outcome& outcome);

}  // namespace oracle
