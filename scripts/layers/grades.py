# SPDX-License-Identifier: Apache-2.0
"""What was seen of a layer before it was written, in two grades: it did a job, or its commands start."""
import dataclasses

from .places import ROOT

PATIENCE = 240        # seconds for a recipe's smoke test; under qemu-user, on a busy machine
JOB_PATIENCE = 60     # for the one command of --try
ANSWER_PATIENCE = 10  # for one answer to one question
# How programs are asked what they are. Whoever answers one with status 0 starts.
QUESTIONS = ("--version", "--help", "-version", "-V", "-h", "-v", "version", "help")


@dataclasses.dataclass(frozen=True)
class Job:
    """A script for /bin/sh in the sandbox. Its status has to be 0, and its standard output has to match."""
    script: str
    seen: str            # what to call it in the layer's README
    expect: str = ""     # a regular expression, searched for; a recipe's smoke test compares by itself
    patience: int = PATIENCE


@dataclasses.dataclass(frozen=True)
class Grade:
    name: str
    status: int  # with which build-layer ends


WORKS = Grade("works", 0)
STARTS = Grade("starts, job not seen", 3)


def job_of(recipe, command, expect):
    """What is to be seen of this layer; None where nobody has said."""
    if command:
        return Job(command, f"`{command}` in the bare sandbox, whose output matched `{expect}`", expect, JOB_PATIENCE)
    if recipe.smoke.exists():
        name = recipe.smoke.relative_to(ROOT) if recipe.smoke.is_relative_to(ROOT) else recipe.smoke.name
        return Job(recipe.smoke.read_text(), f"the smoke test {name} in the bare sandbox")
    return None


def grade_of(job):
    return WORKS if job else STARTS


def describe(job, left_out):
    """A paragraph for the layer's README."""
    if job:
        return f"Grade: works. Seen: {job.seen}."
    text = ("Grade: starts, job not seen. Each command answered one of its usual questions "
            f"({', '.join(QUESTIONS[:2])} and the like) with status 0 in the bare sandbox; whether it does its work, nobody has seen.")
    return text + (f" Left out, because they did not: {', '.join(left_out)}." if left_out else "")
