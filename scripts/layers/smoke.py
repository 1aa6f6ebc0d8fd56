# SPDX-License-Identifier: Apache-2.0
"""Runs a layer where nothing of this machine is: scripts/sandbox with the zip as /opt. No layer is written without it.

Three times: with the service's LD_LIBRARY_PATH, without one, and with one that leads to rubbish under the names of the
layer's own libraries.
"""
import subprocess

from . import elf
from .places import ROOT
from .refusal import Refusal
from .zips import files_of

PATIENCE = 300  # seconds; under qemu-user, on a busy machine
NO_SANDBOX = 77
SEARCH_PATHS = {"the service's LD_LIBRARY_PATH": [], "no LD_LIBRARY_PATH": ["--unset", "LD_LIBRARY_PATH"],
                "a hostile LD_LIBRARY_PATH": ["--env", "LD_LIBRARY_PATH=/var/task/rubbish"]}

# Every program finds every library below its own tool, says the loader itself. The kernel's own library has no path, and
# under qemu-user no name.
LOADER_CHECK = """\
for program in {programs}; do
  listed=$({loader} --list "$program" 2>&1) || {{ echo "$program: $listed"; exit 1; }}
  rest=$(printf '%s\\n' "$listed" | grep -v -e '=> {tool}/lib/' -e '^[[:space:]]*{tool}/lib/' -e 'linux-vdso' -e '^[[:space:]]*(0x' || true)
  [ -z "$rest" ] || {{ echo "$program takes from elsewhere: $rest"; exit 1; }}
done
"""
# For a tool without a smoke test of its own: it can at least be started.
START_CHECK = """\
for command in {commands}; do
  status=0
  said=$("$command" --version 2>&1 </dev/null) || status=$?
  case $status in 126 | 127 | 1[3-9][0-9]) echo "$command --version ended with $status: $said"; exit 1 ;; esac
done
"""


def run(archive, tree, commands, work):
    """Refuses where the layer does not do what it promises, with what the smoke test said last."""
    task = work / "task"
    prepare(task, tree, commands)
    for name, options in SEARCH_PATHS.items():
        result = sandbox(archive, task, tree.machine, options)
        if result.returncode == NO_SANDBOX:
            raise Refusal(f"no layer is written without its smoke test, and there is no sandbox to run it in: {last(result)}")
        if result.returncode != 0:
            raise Refusal(f"the smoke test of {tree.recipe.name} failed with {name} (status {result.returncode}): {last(result)}")


def prepare(task, tree, commands):
    (task / "rubbish").mkdir(parents=True)
    for soname in tree.libraries.found:
        (task / "rubbish" / soname).write_text("rubbish\n")
    script = "set -eu\n" + loader_check(tree)
    if tree.recipe.smoke.exists():
        (task / "smoke").write_bytes(tree.recipe.smoke.read_bytes())
        script += "exec /bin/sh /var/task/smoke\n"
    else:
        script += START_CHECK.format(commands=" ".join(f"/opt/bin/{command.name}" for command in commands))
    (task / "run").write_text(script)


def loader_check(tree):
    programs = [f"/opt/{name}" for name, path in files_of(tree.folder).items() if elf.is_elf(path) and elf.read(path).is_program]
    tool = f"/opt/{tree.tool}"
    if not programs:
        return ""
    return LOADER_CHECK.format(programs=" ".join(programs), tool=tool, loader=f"{tool}/lib/{tree.machine.loader}")


def sandbox(archive, task, machine, options):
    command = [ROOT / "scripts/sandbox", "--opt", archive, "--task", task, "--arch", machine.name, *options,
               "--", "/bin/sh", "/var/task/run"]
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=PATIENCE,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Refusal(f"the smoke test did not end within {PATIENCE} seconds.")


def last(result):
    lines = (result.stdout + result.stderr).strip().splitlines()
    return " | ".join(lines[-5:]) or "it said nothing"
