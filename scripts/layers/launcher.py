# SPDX-License-Identifier: Apache-2.0
"""Compiles launcher.c for one command."""
import json
import pathlib
import shutil
import subprocess

from .refusal import Refusal

SOURCE = pathlib.Path(__file__).with_name("launcher.c")
# No start files, no unwind tables, one segment: some 1 KB. The same bytes wherever it is compiled.
FLAGS = ["-Os", "-nostdlib", "-static", "-no-pie", "-fno-pie", "-ffreestanding", "-fno-stack-protector",
         "-fno-asynchronous-unwind-tables", "-fno-tree-loop-distribute-patterns", "-Wl,--build-id=none", "-Wl,-z,norelro",
         "-Wl,-z,noseparate-code", "-Wl,-z,noexecstack", "-s"]


def definitions(target, environment):
    """The two macros of launcher.c. A JSON string of printable ASCII is a C string, too."""
    entries = "".join(f"{json.dumps(f'{name}={value}')}," for name, value in sorted(environment.items()))
    return [f"-DTARGET={json.dumps(target)}", f"-DDEFAULTS={entries}"]


def compile_launcher(machine, target, environment, output):
    if shutil.which(machine.compiler) is None:
        raise Refusal(f"there is no {machine.compiler} to compile launchers with: run ./scripts/setup build arm64.")
    output.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([machine.compiler, *FLAGS, *definitions(target, environment), "-o", output, SOURCE], check=True)
    output.chmod(0o755)
