# SPDX-License-Identifier: Apache-2.0
"""python3 -m layers.survey: what scripts/layer-survey runs."""
import argparse
import concurrent.futures
import contextlib
import pathlib
import shutil
import sys
import tempfile
import time
import types
import typing

from . import debian, grades, places, signals, sizes, smoke, tool
from .refusal import Refusal

DESCRIPTION = """\
Builds the layer of each row, runs its job in the bare sandbox, and prints a table: whether the layer could be built, whether
it does its job, its unpacked size, the seconds that both took, and why not. The last line counts.

FILE has a row a line, with four fields between tabs; lines with # in front are comments:
  NAME  PACKAGE... (- takes those of the recipe NAME)  JOB (a line for sh, run in /tmp)  REGEX (found in its output)
"""
COLUMNS = "{:<18} {:<5} {:<5} {:>9} {:>7}  {}"
REASON = 140  # characters


class Row(typing.NamedTuple):
    name: str
    packages: list
    job: str
    expect: str


class Result(typing.NamedTuple):
    row: Row
    is_built: bool
    works: bool
    size: int  # bytes, unpacked
    seconds: float
    reason: str = ""

    def __str__(self):
        words = ["yes" if is_true else "no" for is_true in (self.is_built, self.works)]
        reason = self.reason if len(self.reason) <= REASON else self.reason[:REASON] + " ..."
        return COLUMNS.format(self.row.name, *words, sizes.mega(self.size) if self.size else "-", f"{self.seconds:.0f}", reason).rstrip()


def parse(text, file="the list"):
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            fields = [field.strip() for field in line.split("\t") if field.strip()]
            if len(fields) != 4:
                raise Refusal(f"{file}, line {number}: there are {len(fields)} fields between tabs, not 4 (name, packages, job, regex).")
            rows.append(Row(fields[0], [] if fields[1] == "-" else fields[1].split(), *fields[2:]))
    return rows


def survey_one(row, machine, options, open_archive):
    """Whatever happens is a result."""
    start, said = time.monotonic(), []
    wanted = types.SimpleNamespace(suite=options.suite, update_lock=True, recipes=options.recipes, output=options.output, job=row.job,
                                   expect=row.expect, level=1)
    try:
        layer = tool.build(row.name, row.packages, machine, wanted, said.append, open_archive)
        return Result(row, True, layer.grade == grades.WORKS, layer.size, time.monotonic() - start)
    except smoke.JobFailed as failed:
        return Result(row, True, False, 0, time.monotonic() - start, one_line(failed))
    except Refusal as refused:
        return Result(row, False, False, 0, time.monotonic() - start, one_line(refused))
    except Exception as fault:  # the row's fault must not be the others'
        return Result(row, False, False, 0, time.monotonic() - start, f"fault: {type(fault).__name__}: {one_line(fault)}")


def one_line(error):
    return " ".join(str(error).split())


def survey(rows, machine, options, open_archive, show):
    """Prints as results come, in the order of the rows; [Result]."""
    show(COLUMNS.format("name", "built", "works", "size", "seconds", "").rstrip())
    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(lambda row: survey_one(row, machine, options, open_archive), rows):
            show(str(result))
            results.append(result)
    show(f"{len(results)} layers: {sum(result.is_built for result in results)} built, "
         f"{sum(result.works for result in results)} work, {sum(result.seconds for result in results):.0f} s")
    return results


def sharing(archive):
    """What opens archives: this one again, where it is of the same release."""
    return lambda suite, machine: contextlib.nullcontext(archive) if suite == archive.suite else debian.Archive(suite, machine)


def arguments(words):
    main = argparse.ArgumentParser(prog="layer-survey", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    main.add_argument("file", type=pathlib.Path, metavar="FILE")
    main.add_argument("--only", nargs="+", metavar="NAME", help="these rows alone")
    main.add_argument("--jobs", type=int, default=1, metavar="N", help="so many at once (default: 1)")
    main.add_argument("--suite", help="the release of Debian; default: the recipe's, else this machine's")
    main.add_argument("--arch", choices=list(places.MACHINES), default="x86_64")
    return main.parse_args(words)


def main():
    options = arguments(sys.argv[1:])
    signals.end_in_order()
    machine = places.MACHINES[options.arch]
    try:
        rows = [row for row in parse(options.file.read_text(), options.file) if not options.only or row.name in options.only]
        with tempfile.TemporaryDirectory(prefix="shellstrap-survey.") as folder, \
                debian.Archive(options.suite or debian.own_suite(), machine) as archive:
            options.output = pathlib.Path(folder) / "dist"
            options.recipes = pathlib.Path(folder) / "tools"  # a copy: locks are written there
            shutil.copytree(places.RECIPES, options.recipes)
            archive.open()
            survey(rows, machine, options, sharing(archive), lambda line: print(line, flush=True))
    except (Refusal, OSError) as refused:
        print(f"layer-survey: {refused}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
