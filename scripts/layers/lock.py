# SPDX-License-Identifier: Apache-2.0
"""layer/tools/NAME/lock: which packages a layer is made of, by release and machine: name, version, SHA-256.

Text, for diffs: a line `[SUITE ARCH] PACKAGE...` with the packages that were asked for, then a line for each that the layer
has something of. What a package only depends on is not in it.
"""
import re

from .apt import Package
from .refusal import Refusal

HEAD = re.compile(r"\[(\S+) (\S+)\] (.*)")


def parse(text):
    """{(suite, arch): (names asked for, packages)}"""
    sections = {}
    for line in text.splitlines():
        head = HEAD.fullmatch(line)
        if head:
            current = sections.setdefault((head[1], head[2]), (head[3].split(), []))
        elif line and not line.startswith("#"):
            current[1].append(Package(*line.split()))
    return sections


def render(sections):
    text = "# Written by scripts/build-layer; --update-lock writes it anew. Package, version, SHA-256.\n"
    for (suite, arch), (names, packages) in sorted(sections.items()):
        text += f"\n[{suite} {arch}] {' '.join(names)}\n"
        text += "".join(f"{package.name} {package.version} {package.sha256}\n" for package in sorted(packages))
    return text


class Lock:
    def __init__(self, folder):
        self.file = folder / "lock"
        try:
            self.sections = parse(self.file.read_text()) if self.file.exists() else {}
        except (TypeError, UnboundLocalError):
            raise Refusal(f"{self.file} is damaged: restore it, or build with --update-lock after removing it.")

    def packages(self, suite, machine, names):
        """What is locked, or None where nothing is. The same question must have been asked."""
        section = self.sections.get((suite, machine.name))
        if section is None:
            return None
        if section[0] != names:
            raise Refusal(f"{self.file} was made for {' '.join(section[0])}, not for {' '.join(names)}: build with "
                          "--update-lock, or name the layer differently.")
        return section[1]

    def names(self, suite, machine):
        """The packages that the first build was asked for."""
        return self.sections.get((suite, machine.name), ([], []))[0]

    def write(self, suite, machine, names, packages):
        self.sections[(suite, machine.name)] = (names, packages)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        aside = self.file.with_name(".lock.new")
        aside.write_text(render(self.sections))
        aside.rename(self.file)
