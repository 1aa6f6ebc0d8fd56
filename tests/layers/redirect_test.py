#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The library that leads a layer's programs to their files: each function that takes a path, with real programs of this machine."""
import pathlib
import subprocess
import tempfile
import unittest

import support
from layers import elf, redirect

# Calls one function by its name, with the path, and prints what it got: a file's content, a name, a number.
PROGRAM = r"""
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
static int show(int fd) { char text[100]; ssize_t n = read(fd, text, 100); if (n < 0) return 1; fwrite(text, 1, n, stdout); return 0; }
int main(int argc, char** argv) {
  const char* how = argv[1]; const char* path = argv[2]; char out[4096] = ""; struct stat facts; glob_t found;
  char* words[] = {(char*)path, "a b", NULL}; pid_t child; int status;
  if (!strcmp(how, "open")) return show(open(path, O_RDONLY));
  if (!strcmp(how, "openat")) return show(openat(AT_FDCWD, path, O_RDONLY));
  if (!strcmp(how, "fopen")) { FILE* f = fopen(path, "r"); return !f || show(fileno(f)); }
  if (!strcmp(how, "stat")) return stat(path, &facts) || printf("%d\n", (int)facts.st_size) < 0;
  if (!strcmp(how, "lstat")) return lstat(path, &facts) || printf("%d\n", (int)facts.st_size) < 0;
  if (!strcmp(how, "access")) return access(path, R_OK);
  if (!strcmp(how, "realpath")) return !realpath(path, out) || puts(out) < 0;
  if (!strcmp(how, "opendir")) { DIR* d = opendir(path); struct dirent* e; if (!d) return 1;
    while ((e = readdir(d))) if (e->d_name[0] != '.') puts(e->d_name); return 0; }
  if (!strcmp(how, "glob")) return glob(path, 0, NULL, &found) || puts(strrchr(found.gl_pathv[0], '/')) < 0;
  if (!strcmp(how, "chdir")) return chdir(path) || !getcwd(out, sizeof out) || puts(out) < 0;
  if (!strcmp(how, "execv")) return execv(path, words);
  if (!strcmp(how, "execvp")) return execvp(path, words);
  if (!strcmp(how, "execl")) return execl(path, path, "a b", (char*)NULL);
  if (!strcmp(how, "execle")) { char* none[] = {"X=1", NULL}; return execle(path, path, "a b", (char*)NULL, none); }
  if (!strcmp(how, "spawn")) return posix_spawn(&child, path, NULL, NULL, words, environ) || waitpid(child, &status, 0) < 0 || status;
  if (!strcmp(how, "spawnp")) return posix_spawnp(&child, path, NULL, NULL, words, environ) || waitpid(child, &status, 0) < 0 || status;
  return 99;
}
"""


class RedirectTest(unittest.TestCase):
    """With one folder for all: compiling takes longer than what is tried, and nothing is written there afterwards."""
    write = support.Folder.write

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-test.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.layer = cls.folder / "layer"
        cls.fill(cls("ask"))

    def fill(self):
        self.write("layer/share/data", "hello\n")
        self.write("layer/share/deep/one", "1\n")
        self.write("layer/tool", '#!/bin/sh\nprintf "[%s]" tool "$@"\n', 0o755)
        self.write("layer/talk", '#!/bin/sh\nshift $(($# - 2))\nprintf "[%s]" talk "$@"\n', 0o755)
        self.write("own", "own\n")
        self.write("script", "#!/usr/bin/talk-of-the-layer -w\n", 0o755)
        self.write("found", "#!/usr/bin/env talk-of-the-layer\n", 0o755)
        redirect.compile_library(support.HERE, self.places(), self.folder / "lib" / redirect.NAME)
        self.write("program.c", PROGRAM)
        subprocess.run([support.HERE.compiler, "-O1", self.folder / "program.c", "-o", self.folder / "program"], check=True)
        elf.patch(self.folder / "program", None, str(self.folder / "lib"))
        redirect.link(self.folder / "program")

    def places(self):
        return {"/usr/share/gadget": f"{self.layer}/share", "/usr/share/gadget/own": f"{self.folder}/own",
                "/usr/bin/tool-of-the-layer": f"{self.layer}/tool", "/usr/bin/talk-of-the-layer": f"{self.layer}/talk"}

    def ask(self, how, path):
        result = subprocess.run([self.folder / "program", how, path], capture_output=True, text=True, timeout=60)
        return result.stdout if result.returncode == 0 else result.returncode

    def test_every_way_to_a_file_leads_into_the_layer(self):
        for how, path, expected in (
                ("open", "/usr/share/gadget/data", "hello\n"), ("openat", "/usr/share/gadget/data", "hello\n"),
                ("fopen", "/usr/share/gadget/data", "hello\n"), ("stat", "/usr/share/gadget/data", "6\n"),
                ("lstat", "/usr/share/gadget/data", "6\n"), ("access", "/usr/share/gadget/data", ""),
                ("realpath", "/usr/share/gadget/data", f"{self.layer}/share/data\n"), ("opendir", "/usr/share/gadget/deep", "one\n"),
                ("glob", "/usr/share/gadget/de*/o*", "/one\n"), ("chdir", "/usr/share/gadget", f"{self.layer}/share\n")):
            self.assertEqual(self.ask(how, path), expected, how)

    def test_what_counts_is_the_path_and_not_how_it_is_written(self):
        for path in ("/usr//share/./gadget/data", "/usr/share/other/../gadget/data", "/usr/share/gadget/deep/../data",
                     "//usr/share/gadget//data", "/../usr/share/gadget/data"):
            self.assertEqual(self.ask("open", path), "hello\n", path)
        self.assertEqual(self.ask("access", "/bin/tool-of-the-layer"), "")  # Debian merged it
        self.assertEqual(self.ask("open", "/usr/share/gadget/own"), "own\n")  # the longest entry

    def test_other_paths_stay_what_they_are(self):
        self.assertEqual(self.ask("open", str(self.folder / "own")), "own\n")
        self.assertEqual(self.ask("open", "/usr/share/gadgets/data"), 1)
        self.assertEqual(self.ask("open", "/usr/share/gadge"), 1)
        self.assertEqual(self.ask("open", "share/gadget/data"), 1)
        self.assertEqual(self.ask("realpath", "/"), "/\n")
        self.assertEqual(self.ask("open", "/usr/share/gadget/" + "x" * 5000), 1)

    def test_every_way_to_start_a_program_starts_the_layers(self):
        for how in ("execv", "execvp", "execl", "execle", "spawn", "spawnp"):
            self.assertEqual(self.ask(how, "/usr/bin/tool-of-the-layer"), "[tool][a b]", how)
        for how in ("execvp", "spawnp"):
            self.assertEqual(self.ask(how, "tool-of-the-layer"), "[tool][a b]", how)  # found on PATH, where only the layer has it
            self.assertIn(self.ask(how, "no-such-tool"), (255, 1), how)

    def test_scripts_start_the_interpreter_of_the_layer(self):
        for script in (self.folder / "script", self.folder / "found"):
            for how in ("execv", "spawn"):
                self.assertEqual(self.ask(how, str(script)), f"[talk][{script}][a b]")

    def test_table_is_sorted_as_the_search_wants_it(self):
        self.assertEqual(redirect.table({"/a/b": "1", "/a-b": "2", "/a": "3"}), '{"/a", "3"},\n{"/a-b", "2"},\n{"/a/b", "1"},\n')


if __name__ == "__main__":
    support.main()
