#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No secret is ever in a file with a name: what kills the process that holds it would leave it behind."""
import base64
import ctypes
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import time

import support
from ssh_script import MARK, SshCase, shells

IN_MODIFY, IN_CREATE, IN_EXCL_UNLINK = 0x2, 0x100, 0x04000000
KILLS = 60


class Watch:
    """What is written into files of a folder while they have a name there, as the kernel tells it."""

    def __init__(self, folder):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.libc.inotify_add_watch(self.fd, os.fsencode(folder), IN_MODIFY | IN_CREATE | IN_EXCL_UNLINK)

    def events(self):
        """[(mask, name)] since the last call."""
        try:
            content = os.read(self.fd, 1 << 20)
        except BlockingIOError:
            return []
        found = []
        while content:
            _, mask, _, length = struct.unpack_from("iIII", content)
            found.append((mask, content[16:16 + length].rstrip(b"\0").decode()))
            content = content[16 + length:]
        return found


class NamelessSecretsTest(SshCase):
    def test_nothing_is_written_into_a_file_that_has_a_name(self):
        watch = Watch(self.tmp)
        self.write("tmp/canary", "the watch sees this")
        self.assertIn((IN_MODIFY, "canary"), watch.events())
        (self.tmp / "canary").unlink()
        for shell in shells():
            for size in 400, 3000, 20_000, 70_000:
                key, hosts = self.key(size), "host ssh-ed25519 " + MARK * (size // 8)
                forms = key, key.replace("\n", "\\n"), base64.encodebytes(key.encode()).decode()
                for number, form in enumerate(forms):
                    with self.subTest(shell=shell, size=size, form=number):
                        subprocess.run(self.command(shell), env=self.environment(form, hosts), check=True, timeout=60)
                        self.assertEqual([name for mask, name in watch.events() if mask & IN_MODIFY], [])
                        self.assertEqual((self.out / "key").read_text(), (key + "\n") * 2)
                        self.assertEqual((self.out / "hosts").read_text(), hosts + "\n")
                        self.assertEqual((self.out / "mode").read_text(), "600\n")
                        self.assertEqual((self.out / "left").read_text(), "")
                        self.assertNotIn(MARK, (self.out / "env").read_text())
                        self.assertNotIn("t0ken", (self.out / "env").read_text())

    def test_openssh_takes_such_a_key(self):
        """With its own check of the mode; twice, because ssh reads a key for its public half first."""
        if shutil.which("ssh-keygen") is None:
            self.skipTest("no ssh-keygen; ./scripts/setup layers-test installs it")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "k"], check=True)
        self.write("tool/libexec/as-somebody", '#!/bin/sh\nwhile [ "$1" != -i ]; do shift; done\n'
                   'ssh-keygen -y -f "$2" >"$OUT/one" && ssh-keygen -y -f "$2" >"$OUT/two"\n', 0o755)
        subprocess.run(self.command(["sh"]), env=self.environment((self.folder / "k").read_text()), check=True, timeout=60)
        public = (self.folder / "k.pub").read_text().split()[:2]
        for name in "one", "two":
            self.assertEqual((self.out / name).read_text().split()[:2], public)


class KilledAtAnyMomentTest(SshCase):
    def test_no_byte_of_a_key_is_left(self):
        seed = time.time_ns()
        chance = random.Random(seed)
        environment = self.environment(self.key(3000), "host ssh-ed25519 " + MARK)
        begun = time.monotonic()
        subprocess.run(self.command(["sh"]), env=environment, check=True, timeout=60)
        whole = time.monotonic() - begun
        (self.out / "hang").touch()
        for number in range(KILLS):
            process = subprocess.Popen(self.command(["sh"]), env=environment, start_new_session=True)
            time.sleep(chance.random() * whole)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for path in self.tmp.iterdir():
                self.assertEqual(path.read_bytes(), b"", f"kill {number} of seed {seed} left {path.name}")
                path.unlink()


class SandboxWordsTest(support.Folder):
    """scripts/sandbox hands variables to bubblewrap, keys among them."""

    def test_variables_are_in_no_file_with_a_name_while_it_runs(self):
        self.write("bin/bwrap", '#!/bin/sh\ncase "$*" in *--args*) ;; *) exit 0 ;; esac\n'
                   f'grep -rla {MARK} "$TMPDIR" >"$OUT"; cat <&9 >"$OUT.words"\n', 0o755)
        (self.folder / "tmp").mkdir()
        out = self.folder / "found"
        environment = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "TMPDIR": str(self.folder / "tmp"), "OUT": str(out)}
        done = subprocess.run([support.ROOT / "scripts/sandbox", "--env", f"KEY={MARK}", "--", "true"], env=environment,
                              capture_output=True, text=True, timeout=60)
        if done.returncode == support.SKIPPED:
            self.skipTest(done.stderr.strip())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(out.read_text(), "")
        self.assertIn(f"--setenv\0KEY\0{MARK}\0".encode(), pathlib.Path(f"{out}.words").read_bytes())


if __name__ == "__main__":
    support.main()
