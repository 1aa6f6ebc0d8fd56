// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/setup/command.h"

#include <array>
#include <optional>
#include <vector>

namespace proc {

/// The descriptor table of a child, worked out before the child exists and put in place by it. Private to
/// this room.
class DescriptorPlan {
 public:
  /// Above what shells take for themselves (bash: 63 and downwards, and 10 and upwards), with room for more.
  static constexpr int kHighestTarget = 127;

  /// nullopt: a target that is given twice or lies outside 0 to kHighestTarget, or a source that is no
  /// descriptor.
  static std::optional<DescriptorPlan> make(const std::vector<DescriptorMapping>& mappings);

  /// In the child: afterwards the targets are open and nothing else but `report_fd`, which stays
  /// close-on-exec and may have moved out of their way. Sources may be targets of other mappings. One system
  /// call for each mapping and one for each gap between targets, however far apart they are. Changes no
  /// memory but the stack and `report_fd`, because after vfork all of it is the parent's. The name of the
  /// call that failed (errno says why; EMFILE: the targets, and a few numbers above them, do not fit into
  /// RLIMIT_NOFILE), or nullptr. `report_fd` is open in any case.
  const char* apply(int& report_fd) const;

 private:
  using Sources = std::array<int, kHighestTarget + 1>;  // by target; kNone: not a target
  static constexpr int kNone = -1;

  DescriptorPlan() { sources_.fill(kNone); }
  [[nodiscard]] bool is_target(int fd) const {
    return fd <= highest_ && sources_[static_cast<unsigned>(fd)] != kNone;
  }
  [[nodiscard]] const char* arrange(int& report_fd) const;
  bool stage(Sources& sources) const;
  bool place(const Sources& sources) const;
  bool close_the_rest(int report_fd) const;

  Sources sources_{};
  int highest_ = -1;
};

}  // namespace proc
