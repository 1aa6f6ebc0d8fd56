// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proc/child/child.h"

#include <string>

namespace support {

/// Serves the files of a folder over HTTP on a free port of 127.0.0.1 (Python's own server) until destroyed.
/// Aborts the test program where it does not start.
class HttpFileServer {
 public:
  explicit HttpFileServer(const std::string& folder);

  [[nodiscard]] int port() const { return port_; }

 private:
  int port_ = 0;
  proc::Child server_;
};

}  // namespace support
