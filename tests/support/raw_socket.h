// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/unique_fd.h"

#include <optional>
#include <string>
#include <string_view>

namespace support {

struct Listener {
  base::UniqueFd fd;
  int port = 0;
};

/// Listens on a free port of 127.0.0.1. Aborts the test program where that cannot be had.
Listener listen_on_loopback();

/// The next connection, with TCP_NODELAY; invalid once the listener was shut down.
base::UniqueFd accept_from(int listener);

/// Everything, or false where the peer is gone. Never raises SIGPIPE.
bool send_all(int fd, std::string_view bytes);

/// What is there, waited for; nullopt at the end of the stream or when it broke.
std::optional<std::string> receive_some(int fd);

/// Whether the peer has closed or reset the connection, with nothing left to read.
bool peer_has_left(int fd);

/// Makes the close of `fd` a reset (RST) instead of an orderly end.
void reset_on_close(int fd);

}  // namespace support
