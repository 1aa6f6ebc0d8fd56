// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "proc/setup/command.h"

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace proc {

/// What a program is allowed to see and to do. Folders of the system (/usr, /etc and their like) and /proc
/// are there always, read-only; of /dev there is what needs no terminal.
struct Confinement {
  struct View {
    std::string source;  ///< on this machine, a file or a folder
    std::string target;  ///< absolute: where the program sees it, read-only
  };
  uid_t user = 0;  ///< what this process's own user and group are called inside
  gid_t group = 0;
  std::vector<View> views;
  std::string scratch;            ///< the one folder that can be written to: in memory, empty
  std::size_t scratch_bytes = 0;  ///< how much fits in
  std::size_t descriptors = 0;    ///< how many may be open
};

/// Confines this very process, by name spaces of the kernel: needs no privilege where users may make them.
/// For a process with one thread that will become() the program next; it dies with its parent from here on.
/// An error says what the kernel refused: the process then sees this machine, as its own user, and the rest
/// holds all the same.
base::Status confine(const Confinement& wanted);

/// Becomes the program, with default signals: returns only the error.
base::Error become(const Command& command);

}  // namespace proc
