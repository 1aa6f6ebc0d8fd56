/* SPDX-License-Identifier: Apache-2.0 */
/* Leads the paths that a layer's packages own to where the layer has them. It is linked into each program of the layer, and
 * so takes the place of the C library's functions there and in the libraries of that program; other programs never see it.
 * What it knows is TABLE, compiled in: the path of a file or folder, and where that is below /opt. No file is read for it,
 * and a path that is not in the table is passed on as it came. Programs are started by redirect_start.c.
 * Not reached: what the C library opens by itself (converters, time zones, name services), raw system calls, static programs.
 * Compiled by scripts/layers/redirect.py with -nostdlib and a header `table.h`:
 *   TABLE  {"/usr/share/x", "/opt/shellstrap/NAME/root/usr/share/x"}, ... sorted by strcmp() of the first
 * Every function has the meaning, the errors and the ownership that its name has in POSIX or glibc. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "redirect.h"

struct Entry {
  const char* from;
  const char* to;
};
static const struct Entry kTable[] = {
#include "table.h"
};
enum { kEntries = sizeof kTable / sizeof *kTable };

/* Paths -------------------------------------------------------------------------------------------------------------- */

/* Without `//`, `/./` and `/../`, and below /usr what Debian merged into it; 0 where it does not fit. Layers have no
 * symbolic links, so `..` is what it seems to be. */
static size_t tidy(const char* path, char* out) {
  static const char* const kMerged[] = {"/bin/", "/sbin/", "/lib/", "/lib64/"};
  size_t length = 0;
  for (const char* part = path; *part != '\0';) {
    while (*part == '/') ++part;
    const size_t size = strcspn(part, "/");
    if (size == 2 && part[0] == '.' && part[1] == '.') {
      while (length > 0 && out[--length] != '/') {
      }
    } else if (size > 0 && !(size == 1 && part[0] == '.')) {
      if (length + size + 8 > kPath) return 0;
      out[length++] = '/';
      memcpy(out + length, part, size);
      length += size;
    }
    part += size;
  }
  out[length] = '\0';
  for (size_t at = 0; at < sizeof kMerged / sizeof *kMerged; ++at) {
    if (strncmp(out, kMerged[at], strlen(kMerged[at])) != 0) continue;
    memmove(out + 4, out, length + 1);
    memcpy(out, "/usr", 4);
    return length + 4;
  }
  return length;
}

static const struct Entry* entry_of(const char* path, size_t length) {
  size_t low = 0, high = kEntries;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    int order = strncmp(path, kTable[middle].from, length);
    if (order == 0 && kTable[middle].from[length] != '\0') order = -1;
    if (order == 0) return &kTable[middle];
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return NULL;
}

const char* lead(const char* path, char* out) {
  char tidied[kPath];
  if (path == NULL || path[0] != '/') return path;
  const size_t length = tidy(path, tidied);
  for (size_t end = length; end > 0; --end) {  /* the longest entry counts */
    if (end != length && tidied[end] != '/') continue;
    const struct Entry* const entry = entry_of(tidied, end);
    if (entry == NULL) continue;
    const size_t size = strlen(entry->to);
    if (size + (length - end) >= kPath) return path;
    memcpy(out, entry->to, size);
    memcpy(out + size, tidied + end, length - end + 1);
    return out;
  }
  return path;
}

#define LED(path)       \
  char led_[kPath];     \
  path = lead(path, led_)
#define LEAD(result, name, parameters, path, ...) \
  result name parameters {                        \
    NEXT(name);                                   \
    LED(path);                                    \
    return next(__VA_ARGS__);                     \
  }

/* Files -------------------------------------------------------------------------------------------------------------- */

#define OPEN(name, parameters, ...)                  \
  int name parameters {                              \
    NEXT(name);                                      \
    LED(path);                                       \
    mode_t mode = 0;                                 \
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {      \
      va_list rest;                                  \
      va_start(rest, flags);                         \
      mode = va_arg(rest, mode_t);                   \
      va_end(rest);                                  \
    }                                                \
    return next(__VA_ARGS__, mode);                  \
  }
OPEN(open, (const char* path, int flags, ...), path, flags)
OPEN(open64, (const char* path, int flags, ...), path, flags)
OPEN(openat, (int at, const char* path, int flags, ...), at, path, flags)
OPEN(openat64, (int at, const char* path, int flags, ...), at, path, flags)
int __open_2(const char* path, int flags) { return open(path, flags); }
int __open64_2(const char* path, int flags) { return open64(path, flags); }
int __openat_2(int at, const char* path, int flags) { return openat(at, path, flags); }
int __openat64_2(int at, const char* path, int flags) { return openat64(at, path, flags); }
LEAD(FILE*, fopen, (const char* restrict path, const char* restrict mode), path, path, mode)
LEAD(FILE*, fopen64, (const char* restrict path, const char* restrict mode), path, path, mode)
LEAD(FILE*, freopen, (const char* restrict path, const char* restrict mode, FILE* restrict file), path, path, mode, file)
LEAD(FILE*, freopen64, (const char* restrict path, const char* restrict mode, FILE* restrict file), path, path, mode, file)
LEAD(int, stat, (const char* restrict path, struct stat* restrict out), path, path, out)
LEAD(int, stat64, (const char* restrict path, struct stat64* restrict out), path, path, out)
LEAD(int, lstat, (const char* restrict path, struct stat* restrict out), path, path, out)
LEAD(int, lstat64, (const char* restrict path, struct stat64* restrict out), path, path, out)
LEAD(int, fstatat, (int at, const char* restrict path, struct stat* restrict out, int flags), path, at, path, out, flags)
LEAD(int, fstatat64, (int at, const char* restrict path, struct stat64* restrict out, int flags), path, at, path, out, flags)
LEAD(int, statx, (int at, const char* restrict path, int flags, unsigned mask, struct statx* restrict out), path, at, path, flags,
     mask, out)
LEAD(int, statfs, (const char* path, struct statfs* out), path, path, out)
LEAD(int, statfs64, (const char* path, struct statfs64* out), path, path, out)
LEAD(int, statvfs, (const char* restrict path, struct statvfs* restrict out), path, path, out)
LEAD(int, statvfs64, (const char* restrict path, struct statvfs64* restrict out), path, path, out)
LEAD(int, access, (const char* path, int mode), path, path, mode)
LEAD(int, eaccess, (const char* path, int mode), path, path, mode)
LEAD(int, euidaccess, (const char* path, int mode), path, path, mode)
LEAD(int, faccessat, (int at, const char* path, int mode, int flags), path, at, path, mode, flags)
LEAD(ssize_t, readlink, (const char* restrict path, char* restrict out, size_t size), path, path, out, size)
LEAD(ssize_t, readlinkat, (int at, const char* restrict path, char* restrict out, size_t size), path, at, path, out, size)
LEAD(char*, realpath, (const char* restrict path, char* restrict out), path, path, out)
LEAD(char*, canonicalize_file_name, (const char* path), path, path)
char* __realpath_chk(const char* path, char* out, size_t size) { return (void)size, realpath(path, out); }
ssize_t __readlink_chk(const char* path, char* out, size_t size, size_t room) { return (void)room, readlink(path, out, size); }

/* Folders ------------------------------------------------------------------------------------------------------------ */

typedef int (*Filter)(const struct dirent*);
typedef int (*Order)(const struct dirent**, const struct dirent**);
typedef int (*Filter64)(const struct dirent64*);
typedef int (*Order64)(const struct dirent64**, const struct dirent64**);
LEAD(DIR*, opendir, (const char* path), path, path)
LEAD(int, chdir, (const char* path), path, path)
LEAD(int, scandir, (const char* restrict path, struct dirent*** restrict out, Filter filter, Order order), path, path, out, filter,
     order)
LEAD(int, scandir64, (const char* restrict path, struct dirent64*** restrict out, Filter64 filter, Order64 order), path, path, out,
     filter, order)
LEAD(int, ftw, (const char* path, __ftw_func_t visit, int fds), path, path, visit, fds)
LEAD(int, ftw64, (const char* path, __ftw64_func_t visit, int fds), path, path, visit, fds)
LEAD(int, nftw, (const char* path, __nftw_func_t visit, int fds, int flags), path, path, visit, fds, flags)
LEAD(int, nftw64, (const char* path, __nftw64_func_t visit, int fds, int flags), path, path, visit, fds, flags)
LEAD(int, glob, (const char* restrict path, int flags, int (*failed)(const char*, int), glob_t* restrict out), path, path, flags,
     failed, out)
LEAD(int, glob64, (const char* restrict path, int flags, int (*failed)(const char*, int), glob64_t* restrict out), path, path,
     flags, failed, out)

/* Libraries ---------------------------------------------------------------------------------------------------------- */

/* The loader looks at who called, for search paths: these jump there, as the last thing that they do, and the path has to
 * outlive them. */
static __thread char kept[kPath];
void* dlopen(const char* path, int flags) {
  NEXT(dlopen);
  return next(lead(path, kept), flags);
}
void* dlmopen(Lmid_t space, const char* path, int flags) {
  NEXT(dlmopen);
  return next(space, lead(path, kept), flags);
}
