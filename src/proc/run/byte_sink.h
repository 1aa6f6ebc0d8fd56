// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace proc {

/// Where bytes of a child go, in order, as they come. Called on the thread that runs the child.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  /// False refuses: the run ends the child and reports Refused. `bytes` is never empty and valid during the
  /// call only.
  virtual bool take(std::string_view bytes) = 0;

  /// It cannot pass on what it has yet: meanwhile nothing is read for it, so that a child that writes more
  /// than a pipe holds has to wait. What is in the pipe when the child ends is taken all the same.
  [[nodiscard]] virtual bool busy() const { return false; }

  /// `events`, as poll(2) has them, of a descriptor that the sink itself waits for; -1: of none.
  struct Wait {
    int fd = -1;
    short events = 0;
  };
  /// Asked before each wait for the child.
  [[nodiscard]] virtual Wait waits_for() const { return {}; }

  /// What it waits for is there. Never blocks. False refuses, as of take().
  virtual bool proceed() { return true; }
};

}  // namespace proc
