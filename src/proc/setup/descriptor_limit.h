// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>

#include <cstddef>
#include <optional>

namespace proc {

/// How many descriptors a process may have (RLIMIT_NOFILE).
struct DescriptorLimit {
  std::size_t now;   ///< the soft limit
  std::size_t most;  ///< what it can be raised to: the hard limit
};
/// Of this process; nullopt: the kernel does not say.
std::optional<DescriptorLimit> descriptor_limit();

/// Raises the soft limit of this process to `count`. Children still start with the one before, because they
/// are to see what whoever started us gave them; that costs each of them one system call. Once, before the
/// first child.
bool raise_descriptor_limit(std::size_t count);

/// What children start with, where it is not what this process has. Private to this room, like the next one.
std::optional<rlimit> limit_for_children();

/// In the child, behind its descriptors, which may lie above the limit. The name of the call that failed, or
/// nullptr.
const char* restore_descriptor_limit(const rlimit& limit);

}  // namespace proc
