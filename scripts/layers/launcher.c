/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in /opt/bin for a command that needs variables of its own, or has another name than its program:
 * sets what DEFAULTS names and nobody has set yet, and becomes TARGET, arguments untouched. Needs no shell and no
 * library, so neither what the host has nor LD_LIBRARY_PATH can hurt it.
 * Compiled by scripts/layers/launcher.py with -nostdlib and
 *   TARGET    "/opt/..."
 *   DEFAULTS  "NAME=value", "NAME=value", (each with its comma; may be empty) */

#if defined(__x86_64__)
enum { kWrite = 1, kExecve = 59, kExit = 60 };
static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call launch\n");
#elif defined(__aarch64__)
enum { kWrite = 64, kExecve = 221, kExit = 93 };
static long call(long number, long a, long b, long c) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}
__asm__(".globl _start\n_start: mov x0, sp\n bl launch\n");
#endif

static const char* const kDefaults[] = {DEFAULTS 0};

static int names_the_same(const char* variable, const char* other) {
  while (*variable == *other && *variable != '=' && *variable != '\0') ++variable, ++other;
  return *variable == '=' && *other == '=';
}

static int is_set(const char* variable, char** environment) {
  for (; *environment != 0; ++environment)
    if (names_the_same(variable, *environment)) return 1;
  return 0;
}

static void complain(void) {
  static const char kSentence[] = "cannot start " TARGET ": is its layer there, and whole?\n";
  call(kWrite, 2, (long)kSentence, sizeof kSentence - 1);
}

/* The kernel's stack: argc, argv, 0, environment, 0. */
void launch(long* stack) {
  char** const argv = (char**)(stack + 1);
  char** const environment = argv + stack[0] + 1;
  long count = 0;
  while (environment[count] != 0) ++count;
  const char* extended[count + (long)(sizeof kDefaults / sizeof *kDefaults)];
  long last = 0;
  for (; last < count; ++last) extended[last] = environment[last];
  for (const char* const* entry = kDefaults; *entry != 0; ++entry)
    if (!is_set(*entry, environment)) extended[last++] = *entry;
  extended[last] = 0;
  call(kExecve, (long)TARGET, (long)argv, (long)extended);
  complain();
  call(kExit, 127, 0, 0);
}
