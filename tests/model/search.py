# SPDX-License-Identifier: Apache-2.0
"""One search of fork_server.pml, with spin and the C compiler, and what came of it."""
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MODEL = "".join(file.read_text() for file in sorted(HERE.glob("*.pml")))
MOST_MEGABYTES = 1000
CUT_SHORT = ("Search not completed", "max search depth too small", "out of memory", "hash-compact", "bit-state")


def promises():
    """The names of the promises by their numbers."""
    names = set(re.findall(r"PROMISE\(([A-Z]+)", MODEL))
    return {number: name for name, number in re.findall(r"^#define (\w+) (\d) ", MODEL, re.MULTILINE) if name in names}


def ran(folder, *command):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}:\n{done.stdout}")
    return done.stdout


class Search:
    """Everything that the model can do under these definitions. `cycles`: whether it can go round for ever without a
    call's end, in place of: whether an assertion fails, or everything stands still."""

    def __init__(self, *definitions, cycles=False):
        options = [f"-D{definition}" for definition in definitions]
        with tempfile.TemporaryDirectory() as folder:
            ran(folder, "spin", "-a", "-o3", *options,
                str(HERE / "fork_server.pml"))  # -o3: steps stay as they are written
            # Not optimised: that takes longer than it saves.
            ran(folder, "cc", "-O0", "-DNP" if cycles else "-DSAFETY", "-DCOLLAPSE", f"-DMEMLIM={MOST_MEGABYTES}",
                "-o", "pan", "pan.c")
            self.said = ran(folder, "./pan", "-m300000", "-w22", *(["-l"] if cycles else []))

    @property
    def broken(self):
        """Which promise, or END where a call does not end, or the text of another assertion; None: all hold."""
        if re.search(r"^pan:1: (invalid end state|non-progress cycle)", self.said, re.MULTILINE):
            return "END"
        found = re.search(r"^pan:1: assertion violated (.*) \(at depth", self.said, re.MULTILINE)
        if not found:
            return None
        promise = re.search(r"\(\((\d)!=0\)&&\(\1!=\1\)\)", found[1])
        return promises()[promise[1]] if promise else found[1]

    @property
    def is_complete(self):
        return ("Full statespace search" in self.said and "errors: 0" in self.said and
                not any(words in self.said for words in CUT_SHORT))
