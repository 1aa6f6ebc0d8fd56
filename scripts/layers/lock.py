# SPDX-License-Identifier: Apache-2.0
"""layer/tools/NAME/lock: which packages a layer is made of, by release and machine: name, version, SHA-256.

Text, for diffs: a line `[SUITE ARCH] PACKAGE...` with the packages that were asked for, a line `recipe: DIGEST` of what
the recipe took of them, then a line for each package that the layer has something of. What a package only depends on is not
in it, so a lock is good for the recipe that it was made with, and for no other.
"""
import re
import typing

from .apt import Package
from .recipe import NO_RECIPE
from .refusal import Refusal

HEAD = re.compile(r"\[(\S+) (\S+)\] (.*)")
RECIPE = "recipe: "


class Section(typing.NamedTuple):
    names: list     # of packages that were asked for
    recipe: str     # recipe.Recipe.digest()
    packages: list


def parse(text):
    """{(suite, arch): Section}"""
    sections = {}
    for line in text.splitlines():
        head = HEAD.fullmatch(line)
        if head:
            key = (head[1], head[2])
            sections[key] = Section(head[3].split(), NO_RECIPE, [])
        elif line.startswith(RECIPE):
            sections[key] = sections[key]._replace(recipe=line.removeprefix(RECIPE))
        elif line and not line.startswith("#"):
            sections[key].packages.append(Package(*line.split()))
    return sections


def render(sections):
    text = "# Written by scripts/build-layer; --update-lock writes it anew. Package, version, SHA-256.\n"
    for (suite, arch), section in sorted(sections.items()):
        text += f"\n[{suite} {arch}] {' '.join(section.names)}\n"
        text += f"{RECIPE}{section.recipe}\n" if section.recipe != NO_RECIPE else ""
        text += "".join(f"{package.name} {package.version} {package.sha256}\n" for package in sorted(section.packages))
    return text


class Lock:
    def __init__(self, folder):
        self.file = folder / "lock"
        try:
            self.sections = parse(self.file.read_text()) if self.file.exists() else {}
        except (TypeError, UnboundLocalError):
            raise Refusal(f"{self.file} is damaged: restore it, or build with --update-lock after removing it.")

    def packages(self, suite, machine, names, recipe):
        """What is locked, or None where nothing is. The same question must have been asked, for the same recipe (its digest)."""
        section = self.sections.get((suite, machine.name))
        if section is None:
            return None
        if section.names != names:
            raise Refusal(f"{self.file} was made for {' '.join(section.names)}, not for {' '.join(names)}: build with "
                          "--update-lock, or name the layer differently.")
        if section.recipe != recipe:
            raise Refusal(f"{self.file} was made before {self.file.with_name('recipe.toml')} said what it says now, and may lack "
                          "packages that this takes something of: build with --update-lock, look at what changed, and commit it.")
        return section.packages

    def names(self, suite, machine):
        """The packages that the first build was asked for."""
        section = self.sections.get((suite, machine.name))
        return section.names if section else []

    def write(self, suite, machine, section):
        self.sections[(suite, machine.name)] = section
        self.file.parent.mkdir(parents=True, exist_ok=True)
        aside = self.file.with_name(".lock.new")
        aside.write_text(render(self.sections))
        aside.rename(self.file)
