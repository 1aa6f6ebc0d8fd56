// SPDX-License-Identifier: Apache-2.0
#include "support/http_file_server.h"

#include "base/io/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace support {
namespace {

// Prints the port once it listens: that line is what the constructor waits for.
constexpr const char* kServer =
    "import functools, http.server, sys\n"
    "handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])\n"
    "server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)\n"
    "print(server.server_port, flush=True)\n"
    "server.serve_forever()\n";

proc::Child start(const std::string& folder, int& port) {
  auto pipe = base::make_pipe();
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  auto started = proc::Child::start({"/usr/bin/env",
                                     {"env", "python3", "-c", kServer, folder},
                                     {"PATH=" + std::string(::getenv("PATH"))},
                                     ""},
                                    {{0, null.get()}, {1, pipe->write_end.get()}, {2, null.get()}});
  pipe->write_end.reset();  // or a server that dies would never end the wait
  std::array<char, 32> line{};
  if (std::holds_alternative<proc::Child>(started) &&
      ::read(pipe->read_end.get(), line.data(), line.size() - 1) > 0) {
    port = std::atoi(line.data());
    return std::get<proc::Child>(std::move(started));
  }
  std::perror("the HTTP file server did not start");
  std::abort();
}

}  // namespace

HttpFileServer::HttpFileServer(const std::string& folder) : server_(start(folder, port_)) {}

}  // namespace support
