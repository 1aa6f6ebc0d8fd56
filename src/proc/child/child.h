// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "base/io/unique_fd.h"
#include "proc/child/exit_state.h"
#include "proc/setup/command.h"

#include <sys/types.h>

#include <atomic>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace proc {

class Family;

/// Why a program did not start: the system call that refused and its errno (E2BIG, ENOENT, EACCES, ENOEXEC…).
struct LaunchError {
  std::string call;  ///< "execve", "chdir", "vfork"…
  int code = 0;
};

/// One running program and its process group, of which it is the leader. Move-construct only: assigning over
/// a running child would orphan it. The destructor kills the group and reaps the leader; see reap() for what
/// it does with one that does not die.
///
/// What the program gets: exactly the mapped descriptors, every signal at its default with an empty mask, a
/// process group of its own, SIGKILL when the *thread* that started it ends (so start children only on
/// threads that live as long as the process), and its orphans adopted by itself while it lives.
class Child {
 public:
  /// Blocks until exec has succeeded or failed: microseconds, but nothing bounds an exec that hangs (a mount
  /// that does not answer). The kernel suspends the calling thread alone. A failed start leaves nothing
  /// behind. Where this process ignores SIGCHLD at its first start it goes back to the default, without which
  /// no child can be waited for.
  static std::variant<Child, LaunchError> start(const Command& command,
                                                const std::vector<DescriptorMapping>& descriptors);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Readable once the leader has ended; it stays a zombie until reap(), so its pid and group cannot be
  /// reused.
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }

  /// Blocks until the leader has ended or `limit` has passed; true when it has ended.
  bool wait_until(base::Deadline limit) const;

  /// When memory runs out, this process and what it starts from now on go first, and we stay to report it.
  /// Written from here, after the exec: before it the value would be ours, too. A refusal is not an error.
  void put_first_in_line() const;

  /// Sends `signal` to every process of the group, and to the leader wherever it went. Harmless when none is
  /// left.
  void signal_group(int signal) const;

  struct Ended {
    ExitState state;
    Usage usage{};
    std::optional<std::string> lost{};  ///< why the state is not known, a clause; `state` is SIGKILL then
  };
  /// Reaps the leader, which has ended or was killed: one that only runs is given up like one that does not
  /// die. Once only. Never blocks for good: waits for the end as long as a DeathLimit, and then 200 ms at
  /// most for somebody who traces the leader to let go of its status. What cannot be reaped by then is left
  /// to the family, which reaps it when it can; without a family it stays what it is.
  Ended reap();

  /// The same without waiting for an end that is no longer expected.
  Ended abandon();

 private:
  friend class Family;
  static std::variant<Child, LaunchError> start(const Command& command,
                                                const std::vector<DescriptorMapping>& descriptors,
                                                std::atomic<pid_t>* announced);
  [[nodiscard]] bool wait_until_dead() const;
  [[nodiscard]] std::optional<Ended> take_status() const;
  Ended let_go(Ended ended);

  Child(pid_t pid, base::UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  pid_t pid_ = -1;            // -1: moved from, or reaped
  Family* family_ = nullptr;  // that accounts for it
  base::UniqueFd pidfd_;
};

}  // namespace proc
