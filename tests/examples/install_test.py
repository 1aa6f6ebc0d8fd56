#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""install.sh of a release whose programs are stubs, under the shells that a machine may have."""
import os
import platform
import shutil
import sys

import case
import release_tree

from layers import places

MACHINE = "arm64" if platform.machine() == "aarch64" else "x86_64"
SHELLS = (["sh"], ["bash", "--posix"], ["busybox", "sh"])


class InstallTest(release_tree.ReleaseCase):
    def setUp(self):
        super().setUp()
        self.release(self.version, "--skip-tests", "--tools", "")
        self.base = self.tree / "dist" / self.version
        self.prefix = self.folder / "a prefix"

    def install(self, *words, status=0, shell=("sh",), script=None):
        return self.run_in(self.folder, *shell, script or self.base / "install.sh", "--prefix", self.prefix, *words, status=status)

    def installed(self):
        return sorted(str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*") if path.is_file())

    def sum_again(self):
        names = [line.split("  ")[1] for line in (self.base / "SHA256SUMS").read_text().splitlines()]
        (self.base / "SHA256SUMS").write_text(self.run_in(self.base, "sha256sum", *names).stdout)

    def test_installs_upgrades_and_removes_under_every_shell(self):
        for shell in SHELLS:
            with self.subTest(shell=shell):
                done = self.install(shell=shell)
                self.assertIn(f"installed shellstrap {self.version} in {self.prefix}", done.stderr)
                self.assertIn("is not on PATH", done.stderr)
                program = self.prefix / "bin/shellstrap"
                self.assertEqual(self.run_in(self.folder, program, "--version").stdout, f"shellstrap {self.version}\n")
                (self.prefix / "share/shellstrap/of-an-older-release").write_text("")
                self.install(shell=shell)
                self.assertLessEqual({"bin/shellstrap", "share/shellstrap/functions.sh", "share/shellstrap/LICENSE"} |
                                     {f"share/shellstrap/{arch}/bootstrap" for arch in case.ARCHITECTURES}, {*self.installed()})
                self.assertNotIn("share/shellstrap/of-an-older-release", self.installed())
                self.assertEqual([name for name in os.listdir(self.prefix / "share")], ["shellstrap"])
                self.assertTrue(os.access(self.prefix / f"share/shellstrap/{MACHINE}/bootstrap", os.X_OK))
                (self.prefix / "bin/other").write_text("")
                self.install("--uninstall", shell=shell)
                self.assertEqual(self.installed(), ["bin/other"])

    def test_takes_the_files_from_a_folder_that_is_named(self):
        script = shutil.copy(self.base / "install.sh", self.folder / "alone.sh")
        self.assertIn("has no SHA256SUMS", self.install(script=script, status=1).stderr)
        self.install("--base", self.base, script=script)
        self.environment["RELEASE_BASE"] = str(self.base)
        self.install(script=script)

    def test_refuses_what_has_another_checksum_and_leaves_the_old_installation(self):
        self.install()
        before = self.installed()
        archive = self.base / f"shellstrap-{self.version}-{MACHINE}.tar.gz"
        archive.write_bytes(archive.read_bytes() + b"x")
        self.assertIn("is not what SHA256SUMS says", self.install(status=1).stderr)
        self.assertEqual(self.installed(), before)

    def test_refuses_a_program_that_does_not_start(self):
        self.install()
        before = self.installed()
        name = f"shellstrap-{self.version}-{MACHINE}"
        self.run_in(self.folder, "tar", "-xzf", self.base / f"{name}.tar.gz")
        (self.folder / name / "shellstrap").write_text("#!/bin/sh\nexit 1\n")
        self.run_in(self.folder, "tar", "-czf", self.base / f"{name}.tar.gz", name)
        self.sum_again()
        self.assertIn("does not start on this machine", self.install(status=1).stderr)
        self.assertEqual(self.installed(), before)
        self.assertEqual(os.listdir(self.prefix / "share"), ["shellstrap"])

    def test_names_the_command_that_is_missing(self):
        commands = ("uname", "dirname", "tar", "gzip", "mktemp", "rm", "sh", "sha256sum")
        (self.folder / "bin").mkdir()
        for command in commands:
            (self.folder / "bin" / command).symlink_to(shutil.which(command))
        self.environment["PATH"] = str(self.folder / "bin")
        self.assertIn("wget is missing, and a URL (or curl) needs it", self.install("--base", "http://127.0.0.1:9", status=1).stderr)
        for command in ("sha256sum", "tar"):
            (self.folder / "bin" / command).unlink()
            self.assertIn(f"{command} is missing, and this script needs it", self.install(status=1).stderr)

    def test_refuses_words_that_it_does_not_know(self):
        self.assertIn("--prefx is no option", self.install("--prefx", status=2).stderr)
        self.assertIn("--base wants a value", self.install("--base", status=2).stderr)
        self.assertIn("there is no shellstrap below", self.install("--uninstall", status=1).stderr)
        self.assertFalse(self.prefix.exists())

    def test_names_no_host(self):
        self.assertNotRegex((self.base / "install.sh").read_text(), r"https?://[\w.]")


if __name__ == "__main__":
    case.main()
