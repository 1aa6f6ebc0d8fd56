# SPDX-License-Identifier: Apache-2.0
"""Runs a layer where nothing of this machine is: scripts/sandbox with the zip as /opt. No layer is written without it.

Three times: with the service's LD_LIBRARY_PATH, without one, and with one that leads to rubbish under the names of the
layer's own libraries.
"""
import re
import shlex
import shutil
import subprocess

from . import elf, zips
from .grades import ANSWER_PATIENCE, PATIENCE, QUESTIONS
from .places import ROOT
from .refusal import Refusal
from .zips import files_of

NO_SANDBOX = 77
SEARCH_PATHS = {"the service's LD_LIBRARY_PATH": [], "no LD_LIBRARY_PATH": ["--unset", "LD_LIBRARY_PATH"],
                "a hostile LD_LIBRARY_PATH": ["--env", "LD_LIBRARY_PATH=/var/task/rubbish"]}

# Every program finds every library below its own tool, says the loader itself. The kernel's own library has no path, and
# under qemu-user no name. Nothing on stdout, which is the job's.
LOADER_CHECK = """\
for program in {programs}; do
  listed=$({loader} --list "$program" 2>&1) || {{ echo "$program: $listed" >&2; exit 1; }}
  rest=$(printf '%s\\n' "$listed" | grep -v -e '=> {tool}/lib/' -e '^[[:space:]]*{tool}/lib/' -e '=> /opt/{home}/' -e 'linux-vdso' -e '^[[:space:]]*(0x' || true)
  [ -z "$rest" ] || {{ echo "$program takes from elsewhere: $rest" >&2; exit 1; }}
done
"""
# A line for a command: "answered NAME", or what it said last. Who hangs once is not asked again.
ASK = """\
cd /tmp
for question in {questions}; do
  status=0
  timeout -s KILL {seconds} "/opt/bin/$1" $question >"said.$1" 2>&1 </dev/null || status=$?
  [ "$status" -ne 0 ] || {{ echo "answered $1"; exit 0; }}
  [ "$question" != {first} ] || said="status $status: $(tail -n 1 "said.$1" | tr -d '\\000')"
  [ "$status" -ne 137 ] || {{ said="no end within {seconds} seconds"; break; }}
done
echo "failed $1 $said"
"""
# The sandbox's sh is bash.
ASK_ALL = """\
running=0
for name in {names}; do
  /bin/sh /var/task/ask "$name" &
  running=$((running + 1))
  if [ "$running" -ge {at_once} ]; then wait -n || true; running=$((running - 1)); fi
done
wait
"""
ASKED_AT_ONCE = 4


class JobFailed(Refusal):
    """The layer could be built, and does not do its job."""


def run(archive, tree, commands, work, job):
    """{name of each command that did not start: what it said}, none where there is a job. Refuses where the layer does not
    do what it promises, with what the smoke test said last."""
    task = work / "task"
    prepare(task, tree, commands, job)
    opt = unpacked(archive, work / "unpacked")
    failed = {}
    for name, options in SEARCH_PATHS.items():
        result = sandbox(opt, task, tree.machine, options, job.patience if job else PATIENCE)
        if result.returncode == NO_SANDBOX:
            raise Refusal(f"no layer is written without its smoke test, and there is no sandbox to run it in: {last(result)}")
        if result.returncode != 0:
            raise JobFailed(f"the smoke test of {tree.recipe.name} failed with {name} (status {result.returncode}): {last(result)}")
        if job and not re.search(job.expect, result.stdout):
            raise JobFailed(f"the job's output does not match {job.expect!r} with {name}: {last(result)}")
        failed |= {} if job else failures(result.stdout)
    return failed


def unpacked(archive, folder):
    """Once for all runs. What is a folder already stays one."""
    if archive.is_dir():
        return archive
    shutil.rmtree(folder, ignore_errors=True)
    zips.extract(archive, folder)
    return folder


def failures(text):
    return {words[1]: words[2] for line in text.splitlines() if (words := line.split(" ", 2))[0] == "failed"}


def prepare(task, tree, commands, job):
    (task / "rubbish").mkdir(parents=True, exist_ok=True)
    for soname in tree.libraries.found:
        (task / "rubbish" / soname).write_text("rubbish\n")
    (task / "smoke").write_text(job.script if job else ask(commands))
    end = "cd /tmp && exec /bin/sh /var/task/smoke\n" if job and job.expect else "exec /bin/sh /var/task/smoke\n"
    (task / "run").write_text("set -eu\n" + loader_check(tree) + end)
    (task / "ask").write_text(ASK.format(questions=" ".join(QUESTIONS), seconds=ANSWER_PATIENCE, first=QUESTIONS[0]))


def ask(commands):
    return ASK_ALL.format(names=" ".join(shlex.quote(command.name) for command in commands), at_once=ASKED_AT_ONCE)


def loader_check(tree):
    programs = [f"/opt/{name}" for name, path in files_of(tree.folder).items() if elf.is_elf(path) and elf.read(path).is_program]
    tool = f"/opt/{tree.tool}"
    if not programs:
        return ""
    return LOADER_CHECK.format(programs=" ".join(map(shlex.quote, programs)), tool=tool, home=tree.moves.home, loader=f"{tool}/lib/{tree.machine.loader}")


def sandbox(opt, task, machine, options, patience):
    command = [ROOT / "scripts/sandbox", "--opt", opt, "--task", task, "--arch", machine.name, *options,
               "--", "/bin/sh", "/var/task/run"]
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=patience,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise JobFailed(f"the smoke test did not end within {patience} seconds.")


def last(result):
    lines = (result.stdout + result.stderr).strip().splitlines()
    return " | ".join(lines[-5:]) or "it said nothing"
