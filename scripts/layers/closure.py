# SPDX-License-Identifier: Apache-2.0
"""The shared libraries that programs load, found in the unpacked packages alone."""
import fnmatch
import functools
import re

from . import elf
from .refusal import Refusal

# No file says that it needs these: the C library loads them by itself, for names and for thread cancellation.
LOADED_BY_LIBC = ("libgcc_s.so.1", "libnss_dns.so.2", "libnss_files.so.2")
PUBLIC = re.compile(r".*/lib[^/]+\.so\.\d+")


class Libraries:
    """{soname: path in the root}, growing with each program that is added."""

    def __init__(self, root, machine):
        self.root = root
        self.folders = [f"usr/lib/{machine.triplet}", "usr/lib", "usr/lib64"]
        self.found = {}
        self.needs = {}  # path -> sonames, of everything that was looked at

    def add_needs_of(self, path):
        """Everything that the file at this path needs, and what that needs."""
        if path in self.needs:
            return
        facts = elf.read(self.root.path(path))
        self.needs[path] = list(facts.needed)
        for soname in facts.needed:
            self.add(soname, facts.search_path, path)
        for soname in LOADED_BY_LIBC if facts.interpreter else ():
            if self.find(soname, ()):
                self.add(soname, (), path)

    def add(self, soname, search_path, needed_by):
        path = self.find(soname, [folder.replace("$ORIGIN", "/" + needed_by.rsplit("/", 1)[0]) for folder in search_path])
        if path is None:
            raise Refusal(f"{soname}, which /{needed_by} needs, is in none of the packages. If there is a lock, build with "
                          "--update-lock.")
        if self.found.setdefault(soname, path) != path:
            raise Refusal(f"there are two different libraries {soname}: /{self.found[soname]} and /{path}.")
        self.add_needs_of(path)

    def find(self, soname, search_path):
        if "/" in soname:
            return self.root.resolve(soname)
        for folder in [*search_path, *self.folders]:
            path = self.root.resolve(f"{folder.strip('/')}/{soname}")
            if path:
                return path
        return self.private().get(soname)

    @functools.cache
    def private(self):
        """{file name: path} of libraries in folders that scripts put on the search path, as of R and Java."""
        files = sorted((path for path in self.root.owner if path.startswith("usr/lib/") and ".so" in path), reverse=True)
        return {path.rsplit("/", 1)[-1]: real for path in files if (real := self.root.resolve(path))}

    def of_package(self, package):
        """Paths of the public libraries of a package by the names that programs load them by, as libpango-1.0.so.0."""
        return [path for path in self.root.paths_of(package) if PUBLIC.fullmatch(path) and path.rsplit("/", 1)[0] in self.folders
                and self.root.resolve(path)]

    def can_have(self, path):
        """Adds what a file needs, if it is of ELF; False where no package has that."""
        try:
            if elf.is_elf(self.root.path(path)):
                self.add_needs_of(path)
            return True
        except Refusal:
            return False

    def reached_from(self, path):
        """Sonames of everything that a program loads, as far as ELF files say so."""
        reached, todo = set(), list(self.needs[path])
        while todo:
            soname = todo.pop()
            if soname not in reached:
                reached.add(soname)
                todo += self.needs[self.found[soname]] if soname in self.found else []
        return reached

    def add_by_name(self, pattern):
        """A library that a program loads at run time, by its file name; wildcards allowed."""
        paths = [path for folder in self.folders for path in self.root.files_below(folder)
                 if path.count("/") == folder.count("/") + 1 and fnmatch.fnmatch(path.rsplit("/", 1)[-1], pattern)]
        if not paths:
            raise Refusal(f"the recipe names the library {pattern}, which is in none of the packages.")
        for path in paths:
            self.add(path.rsplit("/", 1)[-1], (), path)
