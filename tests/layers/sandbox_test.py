#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/sandbox keeps what its head promises."""
import os
import pathlib
import re
import signal
import struct
import subprocess
import tempfile
import time
import zipfile

import support
from zips import sandbox

SCRIPT = support.ROOT / "scripts/sandbox"
COMMANDS = support.ROOT / "scripts/data/provided.al2023-commands.txt"


class SandboxTest(support.Folder):
    def said(self, *words, **options):
        done = sandbox(*words, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def shell(self, script, *options):
        return self.said(*options, "--", "sh", "-c", script).strip()

    @support.needs_sandbox
    def test_the_user_is_the_services_and_can_do_nothing_special(self):
        self.assertEqual(self.shell("id -u; id -g; id -un").split(), ["993", "990", "sbx_user1051"])
        self.assertEqual(self.shell("grep -c :993: /etc/passwd || true", "--no-passwd"), "0")
        status = self.shell("cat /proc/self/status")
        for line in ("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1"):
            self.assertIn(line, status)

    @support.needs_sandbox
    def test_tmp_alone_can_be_written_and_is_bounded(self):
        script = "for f in / /etc /usr /usr/bin /var/task /opt /home /dev /proc/sys; do (: >$f/x) 2>/dev/null && echo $f; done; : >/tmp/x && echo tmp"
        self.assertEqual(self.shell(script), "tmp")
        self.assertEqual(self.shell("dd if=/dev/zero of=/tmp/x bs=1M count=3 2>/dev/null; stat -c %s /tmp/x", "--tmp-size", "2"),
                         str(2 << 20))

    @support.needs_sandbox
    def test_variables_are_the_services_and_those_asked_for(self):
        lines = self.said("--env", "A=b=c", "--unset", "TZ", "--", "env").splitlines()
        self.assertIn("PATH=/usr/local/bin:/usr/bin/:/bin:/opt/bin", lines)
        self.assertIn("A=b=c", lines)
        names = {line.split("=")[0] for line in lines}
        self.assertEqual(names, {"PATH", "LANG", "LD_LIBRARY_PATH", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "A", "PWD"})

    @support.needs_sandbox
    def test_there_are_the_images_commands_and_no_others(self):
        known = {name for line in COMMANDS.read_text().splitlines() if not line.startswith("#") for name in line.split()[1:]}
        there = set(self.shell("ls /usr/bin").split())
        self.assertLessEqual(there, known)
        self.assertLessEqual({"bash", "sh", "sed", "grep", "awk", "sort", "cat", "seq", "sha256sum", "mktemp"}, there)
        self.assertEqual(self.shell("ls /usr/lib /usr/lib64 /usr/sbin; ls /lib64/").split(), ["/usr/lib:", "/usr/lib64:", "/usr/sbin:"])

    @support.needs_sandbox
    def test_no_dev_fd_and_1024_descriptors_and_loopback_only(self):
        self.assertEqual(self.shell("ls /dev").split(),
                         ["full", "null", "random", "stderr", "stdin", "stdout", "urandom", "zero"])
        self.assertEqual(self.shell("ulimit -n; ulimit -Hn").split(), ["1024", "1024"])
        self.assertEqual(re.findall(r"^ *(\w+):", self.shell("cat /proc/net/dev"), re.M), ["lo"])

    @support.needs_sandbox
    def test_the_standard_streams_have_names(self):
        done = sandbox("--", "sh", "-c", "printf asked | cat /dev/stdin >/dev/stdout; echo logged >/dev/stderr")
        self.assertEqual((done.stdout, done.stderr), ("asked", "logged\n"))

    @support.needs_sandbox
    def test_layers_lie_over_one_another_and_over_zips(self):
        self.write("one/bin/a", "one")
        self.write("one/bin/b", "one")
        with zipfile.ZipFile(self.folder / "two.zip", "w") as archive:
            archive.writestr("bin/b", "two")
        self.write("task/file", "task")
        self.assertEqual(self.shell("cat /opt/bin/a /opt/bin/b file", "--opt", self.folder / "one", "--opt", self.folder / "two.zip",
                                    "--task", self.folder / "task"), "onetwotask")

    @support.needs_sandbox
    def test_status_and_signal_of_the_command_come_back(self):
        self.assertEqual(sandbox("--", "sh", "-c", "exit 7").returncode, 7)
        self.assertEqual(sandbox("--", "sh", "-c", "kill -9 $$").returncode, 137)

    @support.needs_sandbox
    def test_a_signal_reaches_the_command_and_nothing_stays_behind(self):
        own = self.folder / "own"
        own.mkdir()
        script = "trap 'echo polite; exit 5' TERM; sleep 1000 & echo ready; while :; do sleep 0.05; done"
        process = subprocess.Popen([SCRIPT, "--", "sh", "-c", script], stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, "TMPDIR": str(own)})
        self.assertEqual(process.stdout.readline(), "ready\n")
        inside = descendants(process.pid)
        self.assertTrue(inside)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.stdout.readline(), "polite\n")
        self.assertEqual(process.wait(timeout=60), 5)
        process.stdout.close()
        self.assertTrue(wait_for(lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid in inside)))
        self.assertEqual(list(own.iterdir()), [])

    @support.needs_sandbox
    def test_its_folder_is_gone_whatever_ends_it(self):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP):
            own = self.folder / number.name
            own.mkdir()
            process = subprocess.Popen([SCRIPT, "--", "sh", "-c", "echo ready; exec sleep 1000"], stdout=subprocess.PIPE,
                                       env={**os.environ, "TMPDIR": str(own)})
            process.stdout.readline()
            self.assertEqual(len(list(own.iterdir())), 1)
            process.send_signal(number)
            process.wait(timeout=60)
            process.stdout.close()
            self.assertTrue(wait_for(lambda: not list(own.iterdir())), number.name)

    @support.needs_sandbox
    def test_a_time_out_that_kills_the_whole_group_leaves_no_folder(self):
        own = self.folder / "own"
        own.mkdir()
        done = subprocess.run(["timeout", "-s", "KILL", "2", SCRIPT, "--", "sleep", "1000"], stderr=subprocess.DEVNULL,
                              env={**os.environ, "TMPDIR": str(own)})
        self.assertEqual(done.returncode, 137 if done.returncode > 0 else -9)
        self.assertTrue(wait_for(lambda: not list(own.iterdir())))

    @support.needs_sandbox
    def test_a_signal_while_layers_are_unpacked_leaves_no_folder(self):
        own, slow = self.folder / "own", self.folder / "slow.zip"
        own.mkdir()
        os.mkfifo(slow)
        process = subprocess.Popen([SCRIPT, "--opt", slow, "--", "true"], stderr=subprocess.DEVNULL,
                                   env={**os.environ, "TMPDIR": str(own)})
        with open(slow, "wb"):  # unzip reads it now
            process.terminate()
            process.wait(timeout=60)
        self.assertTrue(wait_for(lambda: not list(own.iterdir())))

    @support.needs_sandbox
    def test_the_end_of_the_script_is_the_end_of_what_is_inside(self):
        process = subprocess.Popen([SCRIPT, "--", "sh", "-c", "echo ready; sleep 1000"], stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, "TMPDIR": str(self.folder)})
        process.stdout.readline()
        inside = descendants(process.pid)
        process.kill()
        process.wait()
        process.stdout.close()
        self.assertTrue(wait_for(lambda: not any(alive(pid) for pid in inside)))

    @support.needs_sandbox
    def test_a_program_whose_loader_or_interpreter_is_not_inside_is_explained(self):
        program = pathlib.Path("/bin/ls").read_bytes()  # of this machine: dynamic
        self.write("task/tool", program, 0o755)
        self.write("opt/bin/mytool", program, 0o755)
        self.write("task/script", "#! /usr/bin/perl -w\n", 0o755)
        self.write("task/far", far_loader("/lib/ld-musl-x86_64.so.1"), 0o755)
        options = ("--task", self.folder / "task", "--opt", self.folder / "opt")
        loader = r"needs the dynamic loader /lib\S*/ld-linux-\S+, which is not inside"
        for command, words in (("/var/task/tool", loader), ("./tool", loader), ("mytool", loader), ("/opt/bin/mytool", loader),
                               ("./far", "needs the dynamic loader /lib/ld-musl-x86_64.so.1, "),
                               ("/var/task/script", "needs the interpreter /usr/bin/perl, ")):
            done = sandbox(*options, "--", command)
            self.assertRegex(done.stderr, "sandbox: " + re.escape(command) + " " + words)
            self.assertEqual(done.returncode, 127, command)

    @support.needs_sandbox
    def test_a_command_that_fails_by_itself_is_not_explained(self):
        self.write("task/script", "#!/bin/sh\nexit 1\n", 0o755)
        for command in ("/var/task/script", "./script", "false", "/usr/bin/false"):
            done = sandbox("--task", self.folder / "task", "--", command)
            self.assertEqual((done.returncode, done.stderr), (1, ""), command)

    @support.needs_sandbox
    def test_what_is_missing_or_unknown_is_said(self):
        for words in (["--frobnicate", "--", "true"], ["--opt"], ["true"]):
            done = sandbox(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn("sandbox [OPTION...] -- CMD", done.stderr)
        done = sandbox("--opt", COMMANDS, "--", "true")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no zip", done.stderr)


def far_loader(loader):
    """A 64-bit program that names this loader behind 70,000 bytes."""
    machine = 62 if os.uname().machine == "x86_64" else 183
    place = 70000
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 2, machine, 1, 0x400000, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, place, place, 0x1000)
    interp = struct.pack("<IIQQQQQQ", 3, 4, place, 0, 0, len(loader) + 1, len(loader) + 1, 1)
    return (header + load + interp).ljust(place, b"\0") + loader.encode() + b"\0"


def descendants(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return children + [one for child in children for one in descendants(child)]


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class ForeignMachineTest(support.Folder):
    @support.needs_sandbox
    def test_programs_of_arm64_run_beside_the_base(self):
        if sandbox("--arch", "arm64", "--", "true").returncode == 77:
            self.skipTest(sandbox("--arch", "arm64", "--", "true").stderr)
        compiler = "aarch64-linux-gnu-gcc"
        self.write("task/answer.c", "int main(int argc, char** argv) { return argv[0][0] == '/' ? 40 + argc : 1; }")
        if subprocess.run(["which", compiler], capture_output=True).returncode != 0:
            self.skipTest(f"no {compiler}; ./scripts/setup arm64 installs it")
        subprocess.run([compiler, "-static", "-o", self.folder / "task/answer", self.folder / "task/answer.c"], check=True)
        done = sandbox("--arch", "arm64", "--task", self.folder / "task", "--", "sh", "-c", "/var/task/answer x; exit $?")
        self.assertEqual(done.returncode, 42, done.stderr)
        self.assertNotEqual(sandbox("--task", self.folder / "task", "--", "/var/task/answer").returncode, 42)
        self.assertFalse(list(pathlib.Path(tempfile.gettempdir()).glob("sandbox.*/binfmt/register")))


if __name__ == "__main__":
    support.main()
