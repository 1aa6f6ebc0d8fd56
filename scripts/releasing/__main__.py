# SPDX-License-Identifier: Apache-2.0
"""python3 -m releasing: what scripts/release runs."""
import argparse
import pathlib
import sys

from layers import signals
from layers.places import DIST, MACHINES, RECIPES
from layers.refusal import Refusal
from layers.suggestion import did_you_mean

from . import artefacts, changelog, steps
from .tree import Tree

DESCRIPTION = """\
Writes dist/VERSION: archives of the programs and layers for each machine, lists of their parts, checksums and notes.
A rehearsal unless --yes is there: everything happens but what changes the tree. With --yes the changelog's section gets
its version and date, which is committed and tagged here. Nothing is pushed, nothing is published: the end says how.
"""


def say(sentence):
    print(f"release: {sentence}", file=sys.stderr)


def options_of(arguments):
    words = argparse.ArgumentParser(prog="release", description=DESCRIPTION, allow_abbrev=False,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    tools = sorted(path.name for path in RECIPES.iterdir())
    words.add_argument("version", help="the one in CMakeLists.txt, as 1.2.3")
    words.add_argument("--yes", action="store_true", help="no rehearsal: also write the changelog, commit and tag")
    words.add_argument("--skip-tests", action="store_true", help="rehearsals only")
    words.add_argument("--arch", choices=[*MACHINES, "all"], default="all", help="rehearsals only: one machine")
    words.add_argument("--tools", default=",".join(tools), help=f"tool layers to build; default: {','.join(tools)}")
    words.add_argument("--output", type=pathlib.Path, metavar="DIR", help="default: dist/VERSION")
    options = words.parse_args(arguments)
    unknown = sorted({*filter(None, options.tools.split(","))} - {*tools})
    if unknown:
        words.error(f"no recipe {unknown[0]} in layer/tools/.{did_you_mean(unknown[0], tools)}")
    if options.yes and (options.skip_tests or options.arch != "all"):
        words.error("--skip-tests and --arch are for rehearsals: a release is tested, and for both machines")
    return options


def release(options):
    tree = Tree()
    tree.check(options.version)
    notes = changelog.section(options.version)
    machines = [MACHINES[name] for name in (MACHINES if options.arch == "all" else [options.arch])]
    output = options.output or DIST / options.version
    if options.skip_tests:
        say("NOT TESTED: --skip-tests. This is good for a rehearsal and for nothing else.")
    if options.arch != "all":
        say(f"for {options.arch} only: its archive lacks the bootstrap of the other machine.")
    for machine in machines:
        steps.build(machine, options.version, say)
    if not options.skip_tests:
        steps.test(say)
    files = artefacts.write(output, options.version, machines, list(filter(None, options.tools.split(","))), notes, say)
    tree.check_unchanged()
    if options.yes:
        changelog.release(options.version)
        tree.record(options.version)
    conclude(options, files)


def conclude(options, files):
    for path in files:
        print(path)
    if options.yes:
        say(f"released here: a commit and the tag v{options.version}. Next: git push --follow-tags, upload these files, "
            "and ./scripts/publish-layer; see docs/releasing.md.")
    else:
        say(f"a rehearsal{', NOT TESTED' if options.skip_tests else ''}: the tree is as it was. "
            f"./scripts/release {options.version} --yes does it.")


def main():
    signals.end_in_order()
    try:
        release(options_of(sys.argv[1:]))
    except Refusal as refused:
        say(refused)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
