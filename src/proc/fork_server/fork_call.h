// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/fork_server/fork_server.h"
#include "proc/run/supervision.h"

#include <optional>
#include <string>

namespace proc {

/// One run in a fork server, from the sending of its event to its end; forks that end before they have taken
/// it are replaced meanwhile. Private to this room.
class ForkServer::Call : public Subject {
 public:
  /// Both are borrowed. Sends the event where a fork waits.
  Call(ForkServer& server, const ForkInput& input);

  [[nodiscard]] WakeFds wake_fds() const override;
  [[nodiscard]] base::Deadline wake_at() const override;
  bool has_ended() override;
  void signal_group(int signal) override;
  End finish() override;

 private:
  bool advance(bool server_has_ended);
  bool send();
  bool judge_gone();
  bool replace_fork();
  bool await_server(bool server_has_ended);
  bool lose(std::string reason);
  void look();
  [[nodiscard]] bool waits_for_server() const;
  [[nodiscard]] bool may_be_taken_still() const;
  [[nodiscard]] ExitState state_of(int status) const;

  ForkServer& server_;
  const ForkInput& input_;
  base::Deadline server_limit_ = base::Deadline::never();  // of its word, while that is waited for
  base::Deadline look_at_;                                 // whether somebody has stopped it
  int replacements_left_;
  bool exited_ = false;        // the fork, seen in has_ended()
  std::optional<int> signal_;  // the last one of ours
  std::optional<std::string> lost_;
};

}  // namespace proc
