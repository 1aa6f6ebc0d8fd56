// SPDX-License-Identifier: Apache-2.0
#include "proc/setup/signals.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using base::Deadline;
using proc::SignalQueue;

// Masks last: each promise is tried in a process of its own.
#define EXPECT_IN_A_FORK(promise) EXPECT_EXIT(::_exit((promise) ? 0 : 1), ::testing::ExitedWithCode(0), "")

bool readable(int fd) {
  pollfd polled{fd, POLLIN, 0};
  return ::poll(&polled, 1, 0) == 1;
}

bool signals_come_as_numbers() {
  SignalQueue queue({SIGTERM, SIGINT});
  if (readable(queue.fd())) return false;
  ::kill(::getpid(), SIGTERM);
  if (!readable(queue.fd())) return false;
  if (queue.wait_until(Deadline::after(20s)) != SIGTERM) return false;
  ::kill(::getpid(), SIGINT);
  return queue.wait_until(Deadline::never()) == SIGINT && !readable(queue.fd());
}

TEST(SignalQueueDeathTest, SignalsComeAsNumbers) {
  EXPECT_IN_A_FORK(signals_come_as_numbers());
}

bool wait_ends_at_its_limit() {
  SignalQueue queue({SIGTERM});
  const auto started = std::chrono::steady_clock::now();
  return queue.wait_until(Deadline::after(30ms)) == 0 && std::chrono::steady_clock::now() - started >= 30ms;
}

TEST(SignalQueueDeathTest, WaitEndsAtItsLimit) {
  EXPECT_IN_A_FORK(wait_ends_at_its_limit());
}

// A shell starts background commands with SIGINT ignored.
bool ignored_signals_arrive() {
  ::signal(SIGINT, SIG_IGN);
  SignalQueue queue({SIGINT});
  ::kill(::getpid(), SIGINT);
  return queue.wait_until(Deadline::after(20s)) == SIGINT;
}

TEST(SignalQueueDeathTest, SignalsThatWereIgnoredArrive) {
  EXPECT_IN_A_FORK(ignored_signals_arrive());
}

bool lost_reader_is_an_error() {
  const SignalQueue queue({SIGTERM});
  int ends[2];
  if (::pipe(ends) != 0) return false;
  ::close(ends[0]);
  return ::write(ends[1], "x", 1) == -1 && errno == EPIPE;
}

TEST(SignalQueueDeathTest, LostReaderIsAnErrorAndNoSignal) {
  EXPECT_IN_A_FORK(lost_reader_is_an_error());
}

}  // namespace
