/* The bytes of the event: {"language": "c", "bytes": 17}. Built by: cc -O2 -static -o c c.c */
#include <stdio.h>

int main(void) {
  static char buffer[65536];
  size_t bytes = 0;
  for (size_t size; (size = fread(buffer, 1, sizeof buffer, stdin)) > 0;) bytes += size;
  return printf("{\"language\": \"c\", \"bytes\": %zu}\n", bytes) < 0;
}
