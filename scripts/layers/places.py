# SPDX-License-Identifier: Apache-2.0
"""Folders of the tree, the version, and what the two machines are called by whom."""
import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
RECIPES = ROOT / "layer/tools"
CACHE = ROOT / ".cache/debian"  # packages by SHA-256: what is there is never fetched again


@dataclasses.dataclass(frozen=True)
class Machine:
    name: str      # ours, and the service's
    debian: str    # dpkg's
    triplet: str   # the folder of libraries
    loader: str    # the dynamic loader's file name
    compiler: str
    preset: str

    def __str__(self):
        return self.name


MACHINES = {machine.name: machine for machine in (
    Machine("x86_64", "amd64", "x86_64-linux-gnu", "ld-linux-x86-64.so.2", "x86_64-linux-gnu-gcc", "release"),
    Machine("arm64", "arm64", "aarch64-linux-gnu", "ld-linux-aarch64.so.1", "aarch64-linux-gnu-gcc", "release-arm64"),
)}


def version():
    """The project's, from its one source."""
    return re.search(r"project\(shellstrap VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
