# SPDX-License-Identifier: Apache-2.0
"""What takes long: building both machines and testing them. Each step is a command of this tree, shown as it runs."""
import platform
import subprocess
import sys

from layers.places import ROOT
from layers.refusal import Refusal

PROGRAMS = ("bootstrap", "shellstrap")
GROUPS = {"release": ["build"], "release-arm64": ["build", "arm64"]}


def run(command, say):
    say(f"== {' '.join(command)}")
    done = subprocess.run([ROOT / command[0] if "/" in command[0] else command[0], *command[1:]], cwd=ROOT,
                          stdin=subprocess.DEVNULL, stdout=sys.stderr)  # stdout names what is made, and nothing else
    if done.returncode != 0:
        raise Refusal(f"{' '.join(command)} failed (status {done.returncode}): nothing is released.")


def build(machine, wanted, say):
    """Up to date, and saying the version."""
    for command in (["scripts/setup", *GROUPS[machine.preset]], ["scripts/adopt-build", f"build/{machine.preset}"],
                    ["cmake", "--preset", machine.preset],
                    ["cmake", "--build", "--preset", machine.preset, "--target", *PROGRAMS]):
        run(command, say)
    for name in PROGRAMS:
        said = version_of(program(machine, name), machine)
        if said != wanted:
            raise Refusal(f"{program(machine, name)} says it is {said}, not {wanted}: nothing is released.")


def test(say):
    """Every ring, arm64 among them: its programs were built before."""
    run(["scripts/test"], say)


def program(machine, name):
    return ROOT / "build" / machine.preset / name


def version_of(path, machine):
    """The last word of `--version`; of a program for another machine, by way of qemu-user."""
    emulator = [] if is_native(machine) else [f"qemu-{machine.triplet.split('-')[0]}-static"]
    done = subprocess.run([*emulator, path, "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.stdout.split()[-1] if done.stdout.split() else f"nothing ({done.stderr.strip()})"


def is_native(machine):
    return machine.triplet.split("-")[0] == platform.machine()
