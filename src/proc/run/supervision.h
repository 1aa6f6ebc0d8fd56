// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"
#include "proc/child/exit_state.h"
#include "proc/run/collector.h"
#include "proc/run/run.h"

#include <array>
#include <optional>
#include <string>

namespace proc {

/// What a run waits for: it ends by itself, or because it is told to. A child, or a fork made by a child.
/// Private to this room.
class Subject {
 public:
  virtual ~Subject() = default;

  /// Readable when has_ended() may have changed; -1 where fewer are needed.
  using WakeFds = std::array<int, 4>;
  [[nodiscard]] virtual WakeFds wake_fds() const = 0;

  /// When has_ended() changes without any of them.
  [[nodiscard]] virtual base::Deadline wake_at() const { return base::Deadline::never(); }

  /// Never blocks.
  virtual bool has_ended() = 0;

  virtual void signal_group(int signal) = 0;

  struct End {
    ExitState state;
    Usage usage{};
    std::optional<std::string> lost{};  ///< why the state is not known
  };
  /// Once, when it has ended and its outputs were collected.
  virtual End finish() = 0;
};

/// Collects its outputs and enforces `options` until the subject has ended; see run(). Leaves
/// RunResult::elapsed to the caller.
RunResult supervise(Subject& subject, Collector& collector, const RunOptions& options);

}  // namespace proc
