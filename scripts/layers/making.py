# SPDX-License-Identifier: Apache-2.0
"""From unpacked packages to a zip of which something was seen in the bare sandbox."""
import dataclasses
import pathlib
import typing

from . import commands, documents, grades, installed, places, recipe, sizes, smoke, zips
from .closure import Libraries
from .refusal import Refusal
from .root import Root
from .tree import Tree

CERTIFICATES = "ca-certificates"
LESS = (None, 16_000_000, 250_000)  # bytes of a folder that only libraries name or bring


class Made(typing.NamedTuple):
    zip: pathlib.Path
    tree: Tree
    commands: list
    needed: set  # names of packages, those of commands that were left out included: a later build asks them again


@dataclasses.dataclass
class Making:
    """What a layer is made of."""
    what: recipe.Recipe
    machine: places.Machine
    names: list
    packages: list
    root: Root
    work: pathlib.Path
    job: grades.Job | None
    say: typing.Callable
    level: int = 9  # of compression
    most: int | None = None

    def make(self):
        """Twice, where commands do not start: the second time without them."""
        programs = [name for name in self.names if name != CERTIFICATES]
        commands.refuse_services(self.root, commands.behind_metapackages(self.root, programs), self.what)
        chosen = commands.choose(self.root, programs, self.what, self.say)
        made, failed = self.attempt_or_leaner(chosen)
        if failed:
            for name, said in sorted(failed.items()):
                self.say(f"left out {name}: it answers none of {' '.join(grades.QUESTIONS)} with status 0 ({said})")
            remaining = [command for command in chosen if command.name not in failed]
            commands.refuse_losses(self.root, programs, chosen, remaining, failed)
            again, failed_again = self.attempt("again", remaining, sorted(failed))
            if failed_again:
                raise Refusal(f"{', '.join(failed_again)} started once, and then no more: try again.")
            made = again._replace(needed=again.needed | made.needed)
        return made

    def attempt_or_leaner(self, chosen):
        """With less of what only libraries name, where that is too much: they have paths for other programs than these."""
        for self.most in LESS:
            try:
                return self.attempt(f"opt-{self.most}", chosen, [])
            except sizes.TooLarge as error:
                if self.most == LESS[-1]:
                    raise
                self.say(f"again with less of the data that only libraries name: {error}")

    def named(self):
        """The packages that were asked for, with their parts."""
        return commands.behind_metapackages(self.root, [name for name in self.names if name != CERTIFICATES])

    def attempt(self, folder, chosen, left_out):
        """(Made, {command that did not start: what it said})"""
        opt = self.work / folder
        opt.mkdir()
        tree = Tree(opt, self.root, self.what, self.machine, Libraries(self.root, self.machine), self.most)
        tree.fill(chosen, self.named() if self.most != LESS[-1] else ())
        installed.make(tree, self.work)
        seen = grades.describe(self.job, left_out)
        documents.write(tree, {package.name: package for package in self.packages}, chosen, seen)
        sizes.refuse_too_large(tree)
        target = self.work / f"shellstrap-tool-{self.what.name}-{self.machine}.zip"
        zips.write_zip(opt, target, self.level)
        failed = smoke.run(target, tree, chosen, self.work, self.job)
        return Made(target, tree, chosen, tree.used | tree.consulted), failed
