# SPDX-License-Identifier: Apache-2.0
"""The names that Debian gives a library or a command when its package is installed (libblas.so.3, convert, php), read from
`update-alternatives --install LINK NAME PATH PRIORITY [--slave LINK NAME PATH]...` in postinst scripts. The scripts are
read and not run: what counts is assignments, `for` loops over words, and those lines. Variables that nothing here sets are
empty, and an alternative whose file is not there is none.
"""
import dataclasses
import itertools
import re
import shlex

CONTINUED = re.compile(r"\\\n\s*")
ASSIGNMENT = re.compile(r"\s*(?:local |export )?(\w+)=(\"[^\"`]*\"|'[^']*'|[^\s;`(]*)\s*;?\s*(?:#.*)?")
LOOP = re.compile(r"\s*for (\w+) in ([^;`(]*);?.*")
INSTALL = re.compile(r"\bupdate-alternatives\b[^|&;]*\s--install\s+([^|&;>]*)")
VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
MOST = 1000  # alternatives of one script


@dataclasses.dataclass(frozen=True)
class Choice:
    priority: int
    links: tuple  # (link, path) of the name itself, then of those that follow it


def parse(script):
    """[Choice], in the order of the script."""
    values, found = {}, []
    for line in CONTINUED.sub(" ", script).splitlines():
        if loop := LOOP.fullmatch(line):
            values[loop[1]] = [word for text in expansions(loop[2], values) for word in text.split()]
        elif assignment := ASSIGNMENT.fullmatch(line):
            values[assignment[1]] = expansions(assignment[2].strip("\"'"), values)
        elif install := INSTALL.search(line.split(" #")[0]):
            found += filter(None, map(choice_of, expansions(install[1], values)))
    return found[:MOST]


def expansions(text, values):
    """The text, once for each value that its variables have."""
    names = sorted({name or braced for name, braced in VARIABLE.findall(text)})
    products = itertools.islice(itertools.product(*(values.get(name) or [""] for name in names)), MOST)
    return [VARIABLE.sub(lambda found, known=dict(zip(names, product)): known[found[1] or found[2]], text) for product in products]


def choice_of(text):
    """What stands behind --install; None where that is not what update-alternatives(1) wants."""
    try:
        link, _, path, priority, *rest = shlex.split(text)
        slaves = [rest[at + 1:at + 4] for at, word in enumerate(rest) if word == "--slave"]
        return Choice(int(priority), ((link, path), *((link, path) for link, _, path in slaves)))
    except ValueError:
        return None


def make(root):
    """Writes down the links of the best choice for each name; files and links of packages stay what they are."""
    choices = [(choice, package) for package, control in sorted(root.control.items()) for choice in parse(control.get("postinst", ""))]
    for choice, package in sorted(choices, key=lambda item: -item[0].priority):
        if root.resolve(choice.links[0][1]):
            for link, path in choice.links:
                root.link(package, link, path)
