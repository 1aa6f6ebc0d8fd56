/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the redirecting library that starts programs, see redirect.c. It looks at the first line of scripts, because the
 * kernel would look for their interpreter on the host. What system() and popen() start is the host's shell: they call the C
 * library's own spawn, which nothing can take the place of. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "redirect.h"

enum { kLine = 256, kWords = 3 };

/* What starts a program: its file, and the words before its own arguments where it is a script with an interpreter of the
 * layer. */
struct Start {
  char file[kPath];
  char interpreter[kPath];
  char line[kLine];
  char* words[kWords + 1]; /* interpreter as the script says it, its argument, the script */
};

/* The first words of `#!/usr/bin/perl -w` or `#!/usr/bin/env perl`, where the layer has that interpreter; else nothing. */
static void look_at_first_line(struct Start* start) {
  start->words[0] = NULL;
  const int file = open(start->file, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  const ssize_t size = read(file, start->line, kLine - 1);
  close(file);
  if (size < 3 || start->line[0] != '#' || start->line[1] != '!') return;
  start->line[size] = '\0';
  start->line[strcspn(start->line, "\n")] = '\0';
  char* const name = start->line + 2 + strspn(start->line + 2, " \t");
  char* argument = name + strcspn(name, " \t");
  if (*argument != '\0') *argument++ = '\0';
  argument += strspn(argument, " \t");
  for (size_t end = strlen(argument); end > 0 && strchr(" \t\r", argument[end - 1]) != NULL;) argument[--end] = '\0';
  char wanted[kLine + 16];
  const int is_env = strcmp(name, "/usr/bin/env") == 0;
  snprintf(wanted, sizeof wanted, "%s%s", is_env ? "/usr/bin/" : "", is_env ? argument : name);
  if (strchr(wanted, ' ') != NULL || lead(wanted, start->interpreter) != start->interpreter) return;
  start->words[0] = is_env ? argument : name;
  start->words[1] = is_env || *argument == '\0' ? start->file : argument;
  start->words[2] = is_env || *argument == '\0' ? NULL : start->file;
  start->words[kWords] = NULL;
}

/* Of `path` as exec has to have it. */
static void prepare(struct Start* start, const char* path) {
  const int saved = errno;
  const char* const led = lead(path, start->file);
  if (led != start->file) snprintf(start->file, kPath, "%s", led);
  look_at_first_line(start);
  errno = saved;
}

/* `room`: of argc + kWords + 1 pointers. */
static char* const* extend(const struct Start* start, char* const* argv, char** room) {
  if (start->words[0] == NULL) return argv;
  size_t count = 0;
  for (; start->words[count] != NULL; ++count) room[count] = start->words[count];
  for (char* const* argument = argv[0] == NULL ? argv : argv + 1; *argument != NULL; ++argument) room[count++] = *argument;
  room[count] = NULL;
  return room;
}

static size_t count_of(char* const* argv) {
  size_t count = 0;
  while (argv[count] != NULL) ++count;
  return count;
}

/* The file that a name without slash means, by PATH; the name itself where there is none. `out` has kPath bytes. */
static const char* search(const char* name, char* out) {
  const char* folder = getenv("PATH");
  if (strchr(name, '/') != NULL || folder == NULL) return name;
  for (size_t size; size = strcspn(folder, ":"), 1; folder += size + 1) {
    if (snprintf(out, kPath, "%.*s/%s", (int)(size > 0 ? size : 1), size > 0 ? folder : ".", name) < kPath &&
        access(out, X_OK) == 0)
      return out;
    if (folder[size] == '\0') return name;
  }
}

int execve(const char* path, char* const* argv, char* const* environment) {
  NEXT(execve);
  struct Start start;
  prepare(&start, path);
  char* room[count_of(argv) + kWords + 2];
  return next(start.words[0] != NULL ? start.interpreter : start.file, extend(&start, argv, room), environment);
}
int execvpe(const char* name, char* const* argv, char* const* environment) {
  NEXT(execvpe);
  char found[kPath];
  const char* const path = search(name, found);
  return strchr(path, '/') == NULL ? next(name, argv, environment) : execve(path, argv, environment);
}
int execv(const char* path, char* const* argv) { return execve(path, argv, environ); }
int execvp(const char* name, char* const* argv) { return execvpe(name, argv, environ); }

#define LISTED(name, call)                                                        \
  int name(const char* path, const char* first, ...) {                            \
    va_list rest;                                                                 \
    size_t count = 1;                                                             \
    va_start(rest, first);                                                        \
    while (va_arg(rest, char*) != NULL) ++count;                                  \
    va_end(rest);                                                                 \
    char* argv[count + 1];                                                        \
    argv[0] = (char*)first;                                                       \
    va_start(rest, first);                                                        \
    for (size_t at = 1; at <= count; ++at) argv[at] = va_arg(rest, char*);        \
    char* const* const environment = IS_WITH_ENVIRONMENT(rest);                   \
    va_end(rest);                                                                 \
    return call(path, argv, environment);                                         \
  }
#define IS_WITH_ENVIRONMENT(rest) environ
LISTED(execl, execve)
LISTED(execlp, execvpe)
#undef IS_WITH_ENVIRONMENT
#define IS_WITH_ENVIRONMENT(rest) va_arg(rest, char**)
LISTED(execle, execve)

int posix_spawn(pid_t* restrict pid, const char* restrict path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* restrict attributes, char* const* restrict argv, char* const* restrict environment) {
  NEXT(posix_spawn);
  struct Start start;
  prepare(&start, path);
  char* room[count_of(argv) + kWords + 2];
  return next(pid, start.words[0] != NULL ? start.interpreter : start.file, actions, attributes, extend(&start, argv, room),
              environment);
}
int posix_spawnp(pid_t* restrict pid, const char* restrict name, const posix_spawn_file_actions_t* actions,
                 const posix_spawnattr_t* restrict attributes, char* const* restrict argv, char* const* restrict environment) {
  NEXT(posix_spawnp);
  char found[kPath];
  const char* const path = search(name, found);
  return strchr(path, '/') == NULL ? next(pid, name, actions, attributes, argv, environment)
                                   : posix_spawn(pid, path, actions, attributes, argv, environment);
}
