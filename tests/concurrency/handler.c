/* SPDX-License-Identifier: Apache-2.0 */
/* Prints whose event it got: request id, trace id, tenant, event. Before that it waits for 20 ms, or computes
 * for as long, where the event says so. Static, so that starting it costs little. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char event[64 * 1024];

static void read_event(void) {
  size_t size = 0;
  ssize_t got;
  while ((got = read(0, event + size, sizeof event - 1 - size)) > 0) size += (size_t)got;
}

static const char* variable(const char* name) {
  const char* value = getenv(name);
  return value != NULL ? value : "(none)";
}

static long cpu_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(void) {
  const struct timespec while_long = {0, 20 * 1000 * 1000};
  read_event();
  if (strstr(event, "\"waits\"") != NULL) nanosleep(&while_long, NULL);
  if (strstr(event, "\"computes\"") != NULL)
    for (const long end = cpu_ms() + 20; cpu_ms() < end;) continue;
  printf("%s %s %s %s", variable("AWS_LAMBDA_REQUEST_ID"), variable("_X_AMZN_TRACE_ID"),
         variable("LAMBDA_RUNTIME_AWS_TENANT_ID"), event);
  return 0;
}
