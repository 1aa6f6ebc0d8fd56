# SPDX-License-Identifier: Apache-2.0
"""python3 -m layers: what scripts/build-layer runs."""
import argparse
import pathlib
import platform
import re
import sys
import traceback

from . import bootstrap, signals, tool
from .places import DIST, MACHINES, RECIPES
from .refusal import Refusal

USAGE = """build-layer bootstrap [OPTION...]
       build-layer tool NAME [PACKAGE...] [OPTION...]"""
DESCRIPTION = """\
Builds layers: zips that Lambda unpacks to /opt. What is built is printed on stdout, everything else on stderr.

  bootstrap               dist/shellstrap-VERSION-ARCH.zip: the programs of this tree
  tool NAME [PACKAGE...]  dist/shellstrap-tool-NAME-ARCH.zip: Debian packages, self-contained

The first build of a tool locks its packages in layer/tools/NAME/lock; later ones take the same. docs/layers.md tells
what is in a layer, how to write a recipe, and what cannot be one. Options may stand anywhere.
"""
ERRORS = """\
Refused, with a sentence, a status of 2 and no zip: packages that do not exist; setuid and setgid programs; packages with a
service or a user of their own; packages without a program; programs whose interpreter the base image lacks, where
nothing else is left; libraries that no package has; a locked version that the mirror no longer has; and whatever fails
its smoke test in the bare sandbox. A layer that was built ends with status 0 where a job of it was seen (the recipe's smoke
test, or --try and --expect), with 3 where its commands are only known to start.
"""


REFUSED = 2
FAULT = 1


def say(sentence):
    print(f"build-layer: {sentence}", file=sys.stderr)


def own_machine():
    return {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


def parser():
    main = argparse.ArgumentParser(prog="build-layer", usage=USAGE, description=DESCRIPTION, epilog=ERRORS, allow_abbrev=False,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    main.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    main.add_argument("--arch", choices=[*MACHINES, "all"], default=own_machine(), help="default: this machine's")
    main.add_argument("--output", type=pathlib.Path, default=DIST, metavar="DIR", help="default: dist/")
    tools = main.add_argument_group("tool only")
    tools.add_argument("--suite", help="the release of Debian to take them from; default: the recipe's, else this machine's")
    tools.add_argument("--update-lock", action="store_true", help="take the newest packages of the release, and lock those")
    tools.add_argument("--try", dest="job", metavar="COMMAND", help="run it by sh, in /tmp of the bare sandbox: the layer's job")
    tools.add_argument("--expect", metavar="REGEX", help="what has to be found in the job's standard output")
    tools.add_argument("--recipes", type=pathlib.Path, metavar="DIR", help="default: layer/tools/")
    return main


def parse(words):
    """The options, with `verb`, `name` and `packages` taken from the words between them; exits 2 where they make no sense."""
    main = parser()
    options = main.parse_intermixed_args(words)
    options.verb, *names = options.words or [None]
    if options.verb not in ("bootstrap", "tool"):
        main.error("say what to build: bootstrap, or tool NAME")
    if options.verb == "bootstrap" and (names or options.suite or options.update_lock or options.recipes or options.job):
        main.error("bootstrap takes --arch and --output, and no names")
    if options.verb == "tool" and not names:
        main.error("say which tool: its name in layer/tools/, or a new one and its packages")
    if bool(options.job) != bool(options.expect):
        main.error("--try COMMAND and --expect REGEX belong together: what to run, and what to find in its output")
    check_pattern(main, options.expect)
    options.name, options.packages = (names or [None])[0], names[1:]
    options.recipes = options.recipes or RECIPES
    options.level = 9  # of compression
    return options


def check_pattern(main, pattern):
    try:
        re.compile(pattern or "")
    except re.error as error:
        main.error(f"--expect {pattern!r} is no regular expression: {error}")


def main():
    options = parse(sys.argv[1:])
    signals.end_in_order()
    machines = MACHINES.values() if options.arch == "all" else [MACHINES[options.arch]]
    try:
        return max(build(machine, options) for machine in machines)
    except Refusal as refused:
        say(refused)
        return REFUSED
    except Exception as fault:  # whatever it is: a sentence, and where to look
        place = traceback.extract_tb(fault.__traceback__)[-1]
        say(f"this is a fault of build-layer: {type(fault).__name__} at {place.name}:{place.lineno}: {fault}")
        return FAULT


def build(machine, options):
    """Prints the layer's path; 0, or the status of its grade."""
    if options.verb == "bootstrap":
        print(bootstrap.build(machine, options.output, say))
        return 0
    layer = tool.build(options.name, options.packages, machine, options, say)
    print(layer.path)
    return layer.grade.status


if __name__ == "__main__":
    sys.exit(main())
