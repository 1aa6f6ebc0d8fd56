// SPDX-License-Identifier: Apache-2.0
#include "base/environment.h"
#include "base/logger.h"
#include "base/unique_fd.h"
#include "proc/seclusion.h"
#include "proc/signals.h"
#include "runtime/bootstrap.h"

#include <unistd.h>

#include <csignal>

int main(int argc, char** argv) {
  proc::shut_others_out();
  base::ensure_standard_streams();
  proc::SignalQueue signals({SIGTERM, SIGINT});
  base::Logger logger(STDERR_FILENO);
  return runtime::run_bootstrap({argv + 1, argv + argc}, base::Environment::from(environ), signals, logger);
}
