/* SPDX-License-Identifier: Apache-2.0 */
/* What redirect.c (files, folders, libraries) and redirect_start.c (programs) share. */
#pragma once
#include <dlfcn.h>

enum { kPath = 4096 }; /* bytes of a path, its end included */

/* Where the path leads: itself, or what `out` (of kPath bytes) holds then. Changes nothing else, errno included; calls nothing
 * that allocates or locks, because it runs between fork and exec, too. */
__attribute__((visibility("hidden"))) const char* lead(const char* path, char* out);

/* The C library's own function, found once. */
#define NEXT(name)                                                \
  static __typeof__(name)* next;                                  \
  if (next == NULL) next = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)
