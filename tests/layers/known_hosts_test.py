#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The host keys of the git layer: only such as their owners publish."""
import os
import shutil
import subprocess

import support

SCRIPT = support.ROOT / "scripts/update-known-hosts"
SHIPPED = support.ROOT / "layer/tools/git/opt/shellstrap/git/etc/known_hosts"
# GitHub's, until it was leaked and replaced in March 2023.
LEAKED = ("github.com ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEAq2A7hRGmdnm9tUDbO9IDSwBK6TbQa+PXYPCPy6rbTrTtw7PHkccKrpp0yVhp5HdEIcKr6pLl"
          "VDBfOLX9QUsyCOV0wzfjIJNlGEYsdlLJizHhbn2mUjvSAHQqZETYP81eFzLQNnPHt4EVVUh7VfDESU84KezmD5QlWpXLmvU31/yMf+Se8xhHTvKSCZIF"
          "ImWwoG6mbUoWf9nzpIoaSjB+weqqUUmpaaasXVal72J+UX2B+2RPW3RcT0eOzQgqlJL3RKrTJvdsjE3JEAvGq3lGHSZXy28G3skua2SmVi/w4yCE6gbO"
          "DqnTWlg7+wC604ydGXA8VJiS5ap43JXiUFFAaQ==\n")


class KnownHostsTest(support.Folder):
    def setUp(self):
        super().setUp()
        if shutil.which("ssh-keygen") is None:
            self.skipTest("no ssh-keygen; ./scripts/setup layers-test installs it")
        self.target = self.folder / "known_hosts"

    def update(self, text):
        return subprocess.run([SCRIPT, "-"], input=text, capture_output=True, text=True,
                              env={**os.environ, "KNOWN_HOSTS_TARGET": str(self.target)})

    def test_what_is_shipped_is_what_is_published(self):
        self.assertEqual(self.update(SHIPPED.read_text()).returncode, 0)
        self.assertEqual(self.target.read_text(), SHIPPED.read_text())
        self.assertEqual({line.split()[0] for line in SHIPPED.read_text().splitlines() if not line.startswith("#")},
                         {"github.com", "gitlab.com", "bitbucket.org"})

    def test_one_key_that_is_not_published_and_nothing_is_written(self):
        done = self.update(SHIPPED.read_text() + LEAKED)
        self.assertEqual(done.returncode, 2)
        self.assertIn("github.com publishes no key with the fingerprint SHA256:nThbg6kX", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_another_hosts_key_markers_and_rubbish_are_refused(self):
        first = next(line for line in SHIPPED.read_text().splitlines() if line.startswith("gitlab.com"))
        for line in (first.replace("gitlab.com", "github.com"), "@cert-authority " + first, "*.com" + first[10:],
                     "gitlab.com ssh-ed25519 AAAA", ""):
            self.assertEqual(self.update(line + "\n").returncode, 2, line)
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    support.main()
