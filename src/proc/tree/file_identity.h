// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>

namespace proc {

/// Which file or pipe it is, whoever has it open: the ends of a pipe are the same.
struct FileIdentity {
  dev_t device;
  ino_t inode;

  bool operator==(const FileIdentity&) const = default;
};

/// Of a descriptor of ours; nullopt: it is none.
std::optional<FileIdentity> identity_of(int fd);

}  // namespace proc
