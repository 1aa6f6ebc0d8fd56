// SPDX-License-Identifier: Apache-2.0
#include "proc/fork_server/fork_protocol.h"

#include <cassert>
#include <cstdio>

namespace proc {
namespace {

constexpr std::size_t kRecordSize = 24;

}  // namespace

void ForkProtocol::hear(const StatusLine& line, bool fork_has_ended) {
  if (line.fork != fork_ || is(State::broken)) return doubt();
  if (line.word == "pid") return hear_pid(line);
  if (line.word == "end") return hear_end(line);
  if (line.word == "wait") return hear_wait(line, fork_has_ended);
  if (line.word != "bad" || (!is(State::waiting) && !is(State::sent))) return doubt();
  spoiled_ = true;
}

void ForkProtocol::hear_pid(const StatusLine& line) {
  const bool expected = is(State::preparing) || is(State::forking);
  if (!expected || line.value <= 0) return doubt();
  state_ = State::waiting;
}

void ForkProtocol::hear_end(const StatusLine& line) {
  const bool is_over = is(State::ended) || is(State::gone);
  if (!is_over && line.call == 0UL) {
    spoiled_ = true;
  } else if (is(State::sent) && line.call == call_ && !spoiled_) {
    status_ = line.value;
    state_ = State::ended;
  } else {
    doubt();
  }
}

void ForkProtocol::hear_wait(const StatusLine& line, bool fork_has_ended) {
  const bool awaited = is(State::forking) || is(State::waiting) || is(State::sent) || is(State::ended);
  if (!awaited || !fork_has_ended) return doubt();
  if (!is(State::ended)) status_ = line.value;
  state_ = State::gone;
}

std::string ForkProtocol::send(unsigned long call, std::size_t parts) {
  assert(is(State::waiting));
  call_ = call;
  was_sent_ = true;
  state_ = State::sent;
  char record[64];
  std::snprintf(record, sizeof record, "%9lu %9lu %4zu", fork_, call, parts);
  return {record, kRecordSize};
}

std::string ForkProtocol::order_fork() {
  return order("fork", State::forking);
}

std::string ForkProtocol::order_hook() {
  return order("hook", State::preparing);
}

std::string ForkProtocol::order(const char* word, State next) {
  assert(is(State::gone));
  ++fork_;
  status_ = 0;
  was_sent_ = false;
  spoiled_ = false;
  state_ = next;
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%s %11lu", word, fork_);
  return {text, static_cast<std::size_t>(size)};
}

Taken taken_of(std::size_t control, std::size_t read, std::size_t end) {
  if (control == kRecordSize && read == 0) return Taken::nothing;
  return control == 0 && read >= end ? Taken::all : Taken::part;
}

}  // namespace proc
