/* SPDX-License-Identifier: Apache-2.0 */
/* The handler of the soak: does what the event's first letter says. Static, so that starting it costs little.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char event[256 * 1024];

static size_t read_event(void) {
  size_t size = 0;
  ssize_t got;
  while ((got = read(0, event + size, sizeof event - size)) > 0) size += (size_t)got;
  return size;
}

/* A process that outlives its parent, in a session of its own; it holds standard output if asked to. */
static void leave_daemon(int holds_output) {
  if (fork() != 0) return;
  setsid();
  if (fork() != 0) _exit(0);
  if (!holds_output) {
    close(1);
    close(2);
  }
  for (;;) pause();
}

static void write_all(const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t sent = write(1, bytes, size);
    if (sent <= 0) _exit(9);
    bytes += sent;
    size -= (size_t)sent;
  }
}

static void echo(size_t size) {
  char pid[32];
  write_all(event, size);
  write_all(pid, (size_t)snprintf(pid, sizeof pid, " %d", (int)getpid()));
}

int main(void) {
  char action = 0;
  if (read(0, &action, 1) != 1) return 8;
  if (action == 'n') return 0; /* the rest is never read */
  lseek(0, 0, SEEK_SET);
  const size_t size = read_event();
  if (action == 'k') raise(SIGKILL);
  if (action == 't')
    for (;;) pause();
  if (action == 'd') leave_daemon(0);
  if (action == 'o') leave_daemon(1);
  if (action == 'x') return (void)fputs("it failed\n", stderr), 3;
  echo(size);
  return 0;
}
