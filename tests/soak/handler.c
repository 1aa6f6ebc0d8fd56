/* SPDX-License-Identifier: Apache-2.0 */
/* The handler of the soak: does what the event's first letter says, and writes into a file of its own, SOAK_RUNS,
 * where a run begins and where it ends well; see runs.h. Static, so that starting it costs little.
 */
#include <fcntl.h>
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

/* The event's second word, at most 31 characters of it; reading it does not move the event's offset. */
static const char* event_id(void) {
  static char head[40];
  if (pread(0, head, sizeof head - 1, 0) < 2) return "";
  char* const end = strchr(head + 2, ' ');
  if (end) *end = 0;
  return head + 2;
}

/* One short line, whole: several handlers write at a time. */
static void say_run(char what) {
  char line[96];
  const int size = snprintf(line, sizeof line, "%c %s %d\n", what, event_id(), (int)getpid());
  const int file = open(getenv("SOAK_RUNS"), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (write(file, line, (size_t)size) != size) _exit(7);
  close(file);
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
  say_run('b');
  if (action == 'n') return say_run('e'), 0; /* the rest is never read */
  lseek(0, 0, SEEK_SET);
  const size_t size = read_event();
  if (action == 'k') raise(SIGKILL);
  if (action == 't')
    for (;;) pause();
  if (action == 'l') usleep(5000);
  if (action == 'd') leave_daemon(0);
  if (action == 'o') leave_daemon(1);
  if (action == 'x') return (void)fputs("it failed\n", stderr), 3;
  echo(size);
  say_run('e');
  return 0;
}
