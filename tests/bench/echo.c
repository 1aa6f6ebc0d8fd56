// SPDX-License-Identifier: Apache-2.0
// The executable handler of the benchmark, the same for the floor and for bootstrap: answers with its event.
// Static and without stdio, so that what is measured is the starting of it.
#include <unistd.h>

static char buffer[64 * 1024];

int main(void) {
  ssize_t got;
  while ((got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
    for (ssize_t done = 0; done < got;) {
      ssize_t written = write(STDOUT_FILENO, buffer + done, (size_t)(got - done));
      if (written < 0) return 1;
      done += written;
    }
  }
  return got < 0;
}
