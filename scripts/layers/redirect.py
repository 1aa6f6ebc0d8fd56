# SPDX-License-Identifier: Apache-2.0
"""Compiles redirect.c and redirect_start.c with the table of one layer, and links it into programs."""
import json
import pathlib
import shutil
import subprocess
import tempfile

from . import elf
from .refusal import Refusal

SOURCES = [pathlib.Path(__file__).with_name(name) for name in ("redirect.c", "redirect_start.c")]
NAME = "libshellstrap-redirect.so"
C_LIBRARY = "libc.so.6"
# No start files and no library to link with: the names are found in the C library that the program has.
FLAGS = ["-O2", "-shared", "-fPIC", "-nostdlib", "-fno-stack-protector", "-Wl,--build-id=none", "-Wl,-z,noexecstack",
         f"-Wl,-soname,{NAME}", "-s"]


def table(places):
    """The text of table.h, of {path: path in the layer}, both absolute. strcmp() compares bytes; JSON strings of printable ASCII
    are C strings, too."""
    return "".join(f"{{{json.dumps(path)}, {json.dumps(places[path])}}},\n" for path in sorted(places, key=str.encode))


def compile_library(machine, places, output):
    if shutil.which(machine.compiler) is None:
        raise Refusal(f"there is no {machine.compiler} to compile the redirecting library with: run ./scripts/setup build arm64.")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="shellstrap-redirect.") as folder:
        pathlib.Path(folder, "table.h").write_text(table(places))
        subprocess.run([machine.compiler, *FLAGS, "-I", folder, "-o", output, *SOURCES], check=True)
    output.chmod(0o644)


def can_use(facts):
    """Whether a program calls the C library at all; what is static or has one of its own does not."""
    return facts.is_program and C_LIBRARY in facts.needed


def link(path):
    """A call of its own: patchelf 0.14 writes garbage where it is to set the search path in the same one."""
    subprocess.run(["patchelf", "--add-needed", NAME, path], check=True)
    elf.lead_to_properties(path)
