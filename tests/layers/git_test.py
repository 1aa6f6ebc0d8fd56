#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The git layer from its zip alone, in the bare sandbox: clone, commit and push over http, https with a private CA, and ssh."""
import json
import pathlib
import shutil
import subprocess

import git_server
import support
import zips

SEARCH_PATHS = {"service": [], "unset": ["--unset", "LD_LIBRARY_PATH"],
                "nonsense": ["--env", "LD_LIBRARY_PATH=/var/task:/no/such/folder"]}


class GitCase(support.Folder):
    """Servers with one repository, and the layer's tree."""
    arch = "x86_64"

    @classmethod
    def trees_needed(cls):
        return [*super().trees_needed(), ("tool-git", cls.arch), ("tool-git", "x86_64")]  # the server's is this machine's

    def setUp(self):
        super().setUp()
        for program, package in (("openssl", "openssl"), ("/usr/sbin/sshd", "openssh-server"), ("git", "git")):
            if shutil.which(program) is None:
                self.skipTest(f"no {program}; ./scripts/setup layers-test installs {package}")
        self.opt = zips.tree(self, "tool-git", self.arch)
        self.repository()
        secret = self.folder / "secret"
        secret.mkdir()
        ca, certificate = git_server.authority(secret)
        self.write("task/ca.pem", ca.read_text())
        self.write("task/client", (pathlib.Path(__file__).parent / "git_client.sh").read_text())
        self.write("task/libc.so.6", "rubbish")  # for a nonsensical LD_LIBRARY_PATH
        self.http = self.started(git_server.Http(self.folder / "served"))
        self.https = self.started(git_server.Http(self.folder / "served", certificate))
        self.ssh = self.started(git_server.Ssh(secret, zips.tree(self, "tool-git", "x86_64")
                                               / "shellstrap/git/lib/libnss_wrapper.so"))

    def started(self, server):
        self.addCleanup(server.stop)
        return server

    def repository(self):
        def git(*words):
            subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", *words], cwd=self.folder,
                           check=True, capture_output=True)
        git("init", "-q", "-b", "main", "r")
        self.write("r/file", "content\n")
        git("-C", "r", "add", "file")
        git("-C", "r", "commit", "-q", "-m", "first")
        git("clone", "-q", "--bare", "r", "served/r.git")
        git("-C", "served/r.git", "config", "http.receivepack", "true")

    def client(self, name, *options):
        variables = {"HTTP": self.http.url, "HTTPS": self.https.url, "CA": "/var/task/ca.pem", "KEY": self.ssh.key,
                     "SSH": f"ssh://{self.ssh.name}@127.0.0.1:{self.ssh.port}{self.folder}/served",
                     "HOSTS": self.ssh.known_hosts, "NAME": name}
        words = [word for key, value in variables.items() for word in ("--env", f"{key}={value}")]
        return zips.sandbox("--arch", self.arch, "--share-net", "--opt", self.opt, "--task", self.folder / "task", *words,
                            *options, "--", "sh", "/var/task/client")

    def assert_passes(self, name, *options):
        done = self.client(name, *options)
        self.assertEqual(done.returncode, 0, f"{name}: {done.stdout}{done.stderr}\nsshd: {self.ssh.said()}")
        self.assertEqual(done.stdout.count(" ok\n"), 13, done.stdout)
        for secret in (git_server.TOKEN, "PRIVATE KEY"):
            self.assertNotIn(secret, done.stdout + done.stderr)
        branches = subprocess.run(["git", "-C", self.folder / "served/r.git", "branch", "--list"], capture_output=True,
                                  text=True, check=True).stdout.split()
        for way in ("http", "https", "token", "ssh"):
            self.assertIn(f"{name}-{way}", branches)


class GitOverHttpHttpsAndSshTest(GitCase):
    def test_whatever_the_library_path(self):
        for name, options in SEARCH_PATHS.items():
            self.assert_passes(name, *options)

    def test_without_a_line_in_passwd(self):
        self.assert_passes("nobody", "--no-passwd")


class GitForArmTest(GitCase):
    arch = "arm64"

    def test_every_way(self):
        self.assert_passes("service")
        self.assert_passes("unset", "--no-passwd", *SEARCH_PATHS["unset"])
        self.assert_passes("nonsense", *SEARCH_PATHS["nonsense"])


class GitLayerContentsTest(support.Folder):
    """The zips themselves."""

    @classmethod
    def trees_needed(cls):
        return [("tool-git", "x86_64"), ("tool-git", "arm64")]

    def check(self, arch):
        opt = zips.tree(self, "tool-git", arch)
        base = opt / "shellstrap/git"
        files = [path for path in opt.rglob("*") if path.is_file()]
        self.assertFalse([path for path in opt.rglob("*") if path.is_symlink()])
        self.assertLessEqual(sum(path.stat().st_size for path in files), 50_000_000)
        parts = json.loads((base / "sbom.spdx.json").read_text())["packages"][1:]
        notices = (base / "THIRD_PARTY_NOTICES").read_text()
        self.assertLessEqual({"git", "openssh-client", "libc6", "ca-certificates"}, {part["name"] for part in parts})
        self.assertIn("Written\noffer:", notices)
        for part in parts:
            self.assertTrue((base / "licenses" / part["name"]).stat().st_size > 300, part["name"])
            self.assertIn(f"  {part['name']} {part['versionInfo']}, licenses/{part['name']}; ", notices)
        for name in ("GPL-2", "LGPL-2.1"):
            self.assertTrue((base / "licenses/common" / name).exists(), name)

    def test_fifty_megabytes_at_most_with_every_licence_and_the_offer_of_sources(self):
        for arch in "x86_64", "arm64":
            with self.subTest(arch):
                self.check(arch)


if __name__ == "__main__":
    git_server.enter()
    support.main()
