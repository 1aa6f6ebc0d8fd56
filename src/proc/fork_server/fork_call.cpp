// SPDX-License-Identifier: Apache-2.0
#include "proc/fork_server/fork_call.h"

#include <csignal>
#include <utility>

namespace proc {
namespace {

using base::Deadline;

// Between two looks whether somebody has stopped what we wait for.
constexpr auto kLook = std::chrono::milliseconds(20);
// Forks in place of one that ended before it had its event: chance does not hit so often.
constexpr int kReplacements = 2;
// For the server's word about a fork that has ended, when the call's time is over.
constexpr auto kLastWord = std::chrono::milliseconds(100);
constexpr int kSignalBase = 128;

}  // namespace

ForkServer::Call::Call(ForkServer& server, const ForkInput& input)
    : server_(server), input_(input), look_at_(Deadline::after(kLook)), replacements_left_(kReplacements) {
  advance(false);
}

Subject::WakeFds ForkServer::Call::wake_fds() const {
  const int fork = exited_ ? -1 : server_.lane_.pidfd.get();
  return {server_.status_.read_end.get(), server_.server_.pidfd(), server_.log_fd(), fork};
}

Deadline ForkServer::Call::wake_at() const {
  return lost_ ? Deadline::after({}) : Deadline::earlier_of(server_limit_, look_at_);
}

bool ForkServer::Call::has_ended() {
  const bool alone = server_.server_has_ended();  // asked first: its last words count
  server_.take_log();
  server_.take_status();
  if (lost_ || server_.protocol_.is(State::ended)) return true;
  exited_ = server_.fork_has_ended();
  if (look_at_.passed()) look();
  return advance(alone) || await_server(alone);
}

bool ForkServer::Call::advance(bool server_has_ended) {
  switch (server_.protocol_.state()) {
    case State::waiting:
      return !server_has_ended && send();
    case State::gone:
      return judge_gone();
    case State::broken:
      return lose("the shell that waits for it answered oddly");
    default:
      return false;
  }
}

bool ForkServer::Call::send() {
  const auto sent = server_.send(input_);
  return !sent && lose("its event cannot be passed on: " + sent.error().message);
}

bool ForkServer::Call::judge_gone() {
  const auto& protocol = server_.protocol_;
  const auto taken = protocol.was_sent() ? server_.lane_.taken() : Taken::nothing;
  if (taken == Taken::nothing) return replace_fork();
  if (taken == Taken::part || protocol.spoiled())
    return lose("its shell ended before it called the function: nothing ran");
  return true;
}

bool ForkServer::Call::replace_fork() {
  if (signal_ || replacements_left_-- == 0)
    return lose("its shell ended before it had the event, as did those in its place: nothing ran");
  const bool ordered = server_.lane_.forget_fork() && server_.order(server_.protocol_.order_fork());
  return !ordered && lose("no shell can be had in place of one that ended: nothing ran");
}

// What it has to say: that it has forked, or how the fork ended.
bool ForkServer::Call::await_server(bool server_has_ended) {
  if (server_has_ended) return lose("the shell that waits for it has ended");
  if (!waits_for_server()) {
    server_limit_ = Deadline::never();
    return false;
  }
  if (server_limit_.is_never()) {
    server_limit_ = Deadline::after(kForkLimit);
    look_at_ = Deadline::after(kLook);
  }
  return server_limit_.passed() && lose("the shell that waits for it does not answer");
}

bool ForkServer::Call::waits_for_server() const {
  return server_.protocol_.is(State::forking) || (server_.protocol_.is(State::sent) && exited_);
}

// Until the function runs, which may stop itself, who stands still was stopped by somebody else.
void ForkServer::Call::look() {
  look_at_ = Deadline::never();
  if (waits_for_server())
    server_.continue_server();
  else if (server_.protocol_.is(State::sent) && server_.lane_.taken() != Taken::all)
    continue_if_stopped(server_.lane_.pid);
  else
    return;
  look_at_ = Deadline::after(kLook);
}

// Where there is no fork any more, or none yet, the server has a moment left for its word.
void ForkServer::Call::signal_group(int signal) {
  server_.kill_fork(signal);
  if (signal == SIGCONT) return;
  signal_ = signal;
  if (!waits_for_server()) return;
  server_limit_ = Deadline::after(kLastWord);
  if (signal == SIGKILL) lose("the shell that waits for it was too late");
}

bool ForkServer::Call::lose(std::string reason) {
  if (!lost_) lost_ = std::move(reason);
  return true;
}

Subject::End ForkServer::Call::finish() {
  const auto& protocol = server_.protocol_;
  if (protocol.is(State::ended)) return {.state = ExitState::exited(protocol.status())};
  if (protocol.is(State::gone)) return {.state = state_of(protocol.status()), .lost = lost_};
  if (protocol.is(State::waiting)) return {.state = ExitState::exited(0), .lost = lost_};  // it waits on
  // Its shell may still say how it ended; nobody waits for that any more.
  if (signal_ && server_.fork_has_ended()) return {.state = ExitState::signaled(*signal_), .lost = lost_};
  server_.kill_fork(SIGKILL);
  server_.protocol_.doubt();
  if (!server_.server_has_ended()) return {.state = ExitState::signaled(SIGKILL), .lost = lost_};
  const auto ended = server_.end_server();
  // When the system is out of memory, that is the fact to report.
  if (ended.state.signal() && !ended.lost) lost_.reset();
  return {.state = ended.state, .usage = ended.usage, .lost = lost_};
}

// A shell folds signals into its status; who was signaled by us is not taken for a number that he chose.
ExitState ForkServer::Call::state_of(int status) const {
  if (signal_ && status > kSignalBase) return ExitState::signaled(status - kSignalBase);
  return ExitState::exited(status);
}

}  // namespace proc
