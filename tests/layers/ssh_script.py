# SPDX-License-Identifier: Apache-2.0
"""The git layer's ssh, from the tree, with a stand-in for OpenSSH behind it."""
import os
import shutil

import support

MARK = "c2VjcmV0"  # a part of every secret here
SHELLS = [["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"]]
# In place of OpenSSH: reads the key twice, as ssh does, and tells what it found.
STAND_IN = """#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    -i) cat "$2" >"$OUT/key"; cat "$2" >>"$OUT/key"; stat -L -c %a "$2" >"$OUT/mode"; ls -A "$TMPDIR" >"$OUT/left" ;;
    UserKnownHostsFile=*) file=${1#*=}; cat "${file%% *}" >"$OUT/hosts" ;;
  esac
  shift
done
env >"$OUT/env"
[ ! -e "$OUT/hang" ] || sleep 60
"""


def shells():
    """Those of this machine: /bin/sh is bash on the service, and may be any of them in an image."""
    found = [shell for shell in SHELLS if shutil.which(shell[0])]
    assert len(found) >= 2, found
    return found


class SshCase(support.Folder):
    def setUp(self):
        super().setUp()
        tool = self.folder / "tool"
        self.write("tool/libexec/as-somebody", STAND_IN, 0o755)
        script = (support.ROOT / "layer/tools/git/opt/bin/ssh").read_text()
        self.assertIn("tool=/opt/shellstrap/git\n", script)
        self.script = self.write("ssh", script.replace("tool=/opt/shellstrap/git\n", f"tool={tool}\n"), 0o755)
        shutil.copy(support.ROOT / "layer/tools/git/opt/shellstrap/git/libexec/private-key", tool / "libexec")
        self.out, self.tmp = self.folder / "out", self.folder / "tmp"
        self.out.mkdir()
        self.tmp.mkdir()

    def key(self, size):
        lines = "\n".join([MARK * 8] * (size // 65 + 1))
        return f"-----BEGIN OPENSSH PRIVATE KEY-----\n{lines}\n-----END OPENSSH PRIVATE KEY-----"

    def environment(self, key, hosts=""):
        return {"PATH": os.environ["PATH"], "TMPDIR": str(self.tmp), "OUT": str(self.out), "GIT_SSH_KEY": key,
                "GIT_SSH_KNOWN_HOSTS": hosts, "GIT_TOKEN": "t0ken"}

    def command(self, shell):
        return [*shell, str(self.script), "host"]
