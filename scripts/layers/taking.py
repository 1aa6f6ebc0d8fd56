# SPDX-License-Identifier: Apache-2.0
"""What a tool layer takes of its packages beside its commands: libraries, and the data at the paths where programs look."""
import re

from . import commands, elf
from .moves import PROGRAMS
from .scripts import SHELLS, interpreter_of

WORD = re.compile(rb"(?<![\w./$-])[a-z][\w.+-]*")
PYTHON = re.compile(r"usr/bin/(python3\.\d+)")  # puts the path of its library together from parts
COMPARED = 1 << 24  # bytes of a file that paths are looked for in


class Taking:
    """Grows until nothing new turns up; `moves` and `libraries` are what it finds."""

    def __init__(self, root, recipe, moves, libraries, most):
        self.root = root
        self.recipe = recipe
        self.moves = moves
        self.libraries = libraries
        self.most = most        # bytes of a folder that only libraries name, or that only their packages bring; None: any number
        self.left_out = set()   # plugins that want what no package has
        self.packages = set()   # whose data is taken
        self.looked_at = set()

    def look(self, programs, named):
        """From these programs on. `named`: the packages that were asked for, with their parts; their data is taken whatever says
        so."""
        todo = [(path, True) for path in programs]
        todo += [found for package in sorted(named) for found in self.data_of(package)]
        while todo:
            path, is_program = todo.pop()
            if path not in self.looked_at:
                self.looked_at.add(path)
                todo += self.wanted_by(path, is_program)

    def wanted_by(self, path, is_program):
        known = set(self.libraries.found)
        if elf.is_elf(self.root.path(path)):
            self.libraries.add_needs_of(path)
        found = [(self.libraries.found[soname], False) for soname in sorted(set(self.libraries.found) - known)]
        found += self.data_of(self.root.owner[path], None if is_program else self.most)
        return found + self.named_by(path, is_program)

    def named_by(self, path, is_program):
        """What to look at because a file names its path."""
        if self.recipe.only_files or self.root.owner[path] == "libc6":
            return []
        content = self.root.path(path).read_bytes()[:COMPARED]
        is_script = content.startswith(b"#!")
        content += self.unsaid(path, content)
        is_program = is_program or is_script
        return self.files_of(self.moves.find(content, is_program, None if is_program else self.most))

    def unsaid(self, path, content):
        """Paths that a file means without saying them."""
        said = []
        interpreter = interpreter_of(content[:256])
        if interpreter:
            said.append(f"/usr/bin/{interpreter}")
        if interpreter in SHELLS:
            said += [f"/{folder}{word.decode()}" for word in set(WORD.findall(content)) for folder in PROGRAMS
                     if folder + word.decode() in self.root.owner]
        if python := PYTHON.fullmatch(path):
            said += [f"/usr/lib/{python[1]}", "/usr/lib/python3"]
        if not path.startswith(PROGRAMS) and (unit := self.moves.unit_of("/" + path, True)) and unit != path:
            said.append("/" + unit)  # a program that a link of /usr/bin leads to, among its own files: java
        return "\n".join(["", *said, ""]).encode()

    def data_of(self, package, most=None):
        """Of a package, and of those that it depends on for their data alone: folders of at most so many bytes."""
        todo, found = [package], []
        while todo:
            package = todo.pop()
            if self.recipe.only_files or package in self.packages or package == "libc6":
                continue
            self.packages.add(package)
            found += self.files_of([unit for unit in sorted(self.moves.units_of(package))
                                    if self.moves.is_small(unit, most) and self.moves.add(unit)])
            others = commands.dependencies(self.root, package)
            todo += [name for name in others if not self.root.has_programs(name) and not self.libraries.of_package(name)]
            if self.root.control[package].get("Architecture") == "all":  # scripts load libraries by name, as weasyprint pango
                found += [(path, False) for name in others if name != "libc6" for path in self.load(name)]
        return found

    def load(self, package):
        """The libraries of a package, as far as all that they need is there."""
        paths = self.libraries.of_package(package)
        for path in paths:
            if self.libraries.can_have(path):
                self.libraries.found.setdefault(path.rsplit("/", 1)[-1], self.root.resolve(path))
        return [self.root.resolve(path) for path in paths]

    def files_of(self, units):
        """A plugin that wants what no package has is left out."""
        found = []
        for unit in units:
            for file, _ in self.moves.files_of(unit):
                if self.libraries.can_have(file):
                    found.append((file, unit.startswith(PROGRAMS)))
                else:
                    self.left_out.add(file)
        return found
