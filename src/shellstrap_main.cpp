// SPDX-License-Identifier: Apache-2.0
#include "base/environment.h"
#include "base/io/unique_fd.h"
#include "base/log/logger.h"
#include "cli/main.h"
#include "proc/setup/signals.h"

#include <unistd.h>

#include <csignal>

int main(int argc, char** argv) {
  base::ensure_standard_streams();
  proc::SignalQueue signals({SIGINT, SIGTERM, SIGHUP});
  base::Logger logger(STDERR_FILENO);
  const auto environment = base::Environment::from(environ);
  return cli::run({argv + 1, argv + argc}, {environment, signals, logger});
}
