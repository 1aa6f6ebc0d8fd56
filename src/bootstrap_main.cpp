// SPDX-License-Identifier: Apache-2.0
#include "base/environment.h"
#include "base/io/unique_fd.h"
#include "base/log/logger.h"
#include "proc/setup/seclusion.h"
#include "proc/setup/signals.h"
#include "runtime/life/bootstrap.h"

#include <malloc.h>
#include <unistd.h>

#include <csignal>

int main(int argc, char** argv) {
  // One heap for all workers: one for each would hold on to the largest that each has ever needed.
  ::mallopt(M_ARENA_MAX, 1);
  base::ensure_standard_streams();
  // Once more SIGTERM where SIGHUP is ignored: nohup is meant.
  proc::SignalQueue signals({SIGTERM, SIGINT, proc::is_ignored(SIGHUP) ? SIGTERM : SIGHUP});
  proc::refuse_other_signals();
  // Before the /proc entries are closed: it opens its own.
  base::Logger logger(STDERR_FILENO, base::LogPatience::bounded);
  proc::shut_others_out();
  return runtime::run_bootstrap({argv + 1, argv + argc}, base::Environment::from(environ), signals, logger);
}
