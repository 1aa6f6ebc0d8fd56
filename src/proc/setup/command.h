// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace proc {

/// Everything that decides what execve runs. Built and checked before the child exists, so that nothing is
/// allocated or looked up between vfork and exec. There is never a shell between an argument here and the
/// program.
struct Command {
  std::string program;                   ///< path for execve: no search takes place
  std::vector<std::string> arguments;    ///< argv, the program's name first
  std::vector<std::string> environment;  ///< "NAME=value", the whole environment
  std::string directory;                 ///< working directory; empty: the parent's
};

/// One descriptor of the child: `child_fd` becomes a copy of `source_fd`, which stays the caller's.
struct DescriptorMapping {
  int child_fd;
  int source_fd;
};

}  // namespace proc
