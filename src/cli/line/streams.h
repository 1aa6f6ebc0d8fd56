// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

/// Reads until the end or until more than `limit` bytes came (then limit + 1 of them are returned). Blocks; a
/// readable `stop_fd` ends it with an error.
base::Result<std::string> read_all(int fd, std::size_t limit, int stop_fd);

/// Whether there is something to read that nobody has begun to: in a pipe or socket at the moment, or in a
/// file at whose beginning `fd` still is.
bool has_unread_bytes(int fd);

/// Writes all of `bytes`. Blocks while a pipe is full; a readable `stop_fd`, or `other_stop_fd`, ends it with
/// an error.
base::Status write_out(int fd, std::string_view bytes, int stop_fd, int other_stop_fd = -1);

}  // namespace cli
