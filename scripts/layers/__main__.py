# SPDX-License-Identifier: Apache-2.0
"""python3 -m layers: what scripts/build-layer runs."""
import argparse
import pathlib
import platform
import sys

from . import bootstrap, tool
from .places import DIST, MACHINES, RECIPES
from .refusal import Refusal

DESCRIPTION = """\
Builds layers: zips that Lambda unpacks to /opt. What is built is printed on stdout, everything else on stderr.

  build-layer bootstrap               dist/shellstrap-VERSION-ARCH.zip: the programs of this tree
  build-layer tool NAME [PACKAGE...]  dist/shellstrap-tool-NAME-ARCH.zip: Debian packages, self-contained

The first build of a tool locks its packages in layer/tools/NAME/lock; later ones take the same. docs/layers.md tells
what is in a layer, how to write a recipe, and what cannot be one.
"""
ERRORS = """\
Refused, with a sentence, a status of 2 and no zip: packages that do not exist; setuid and setgid programs; packages with a
service or a user of their own; packages without a program; programs whose interpreter the base image lacks, where
nothing else is left; libraries that no package has; a locked version that the mirror no longer has; and whatever fails
its smoke test in the bare sandbox.
"""


def say(sentence):
    print(f"build-layer: {sentence}", file=sys.stderr)


def own_machine():
    return {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


def parser():
    main = argparse.ArgumentParser(prog="build-layer", description=DESCRIPTION, epilog=ERRORS, allow_abbrev=False,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = main.add_subparsers(dest="verb", required=True, metavar="bootstrap|tool")
    for verb, purpose in (("bootstrap", "the bootstrap layer"), ("tool", "a layer of any tool")):
        one = verbs.add_parser(verb, help=purpose, allow_abbrev=False)
        one.add_argument("--arch", choices=[*MACHINES, "all"], default=own_machine(), help="default: this machine's")
        one.add_argument("--output", type=pathlib.Path, default=DIST, metavar="DIR", help="default: dist/")
    one.add_argument("name", help="of the layer, and of its recipe in layer/tools/")
    one.add_argument("packages", nargs="*", help="Debian packages whose programs become commands; default: the recipe's")
    one.add_argument("--suite", help="the release of Debian to take them from; default: the recipe's, else this machine's")
    one.add_argument("--update-lock", action="store_true", help="take the newest packages of the release, and lock those")
    one.add_argument("--recipes", type=pathlib.Path, default=RECIPES, metavar="DIR", help="default: layer/tools/")
    return main


def main():
    options = parser().parse_args()
    machines = MACHINES.values() if options.arch == "all" else [MACHINES[options.arch]]
    try:
        for machine in machines:
            if options.verb == "bootstrap":
                print(bootstrap.build(machine, options.output, say))
            else:
                print(tool.build(options.name, options.packages, machine, options, say))
    except Refusal as refused:
        say(refused)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
