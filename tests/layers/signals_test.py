#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a signal leaves of scripts that make folders: nothing."""
import os
import signal
import subprocess
import sys

import support

# build-layer with a build that is never through, in a folder of its own.
BUILD = """
import sys, tempfile, time
sys.path.insert(0, sys.argv.pop(1))
from layers import __main__ as program, tool
def build(*_):
    with tempfile.TemporaryDirectory(prefix="shellstrap-layer."):
        print("ready", flush=True)
        time.sleep(1000)
tool.build = build
sys.exit(program.main())
"""
SCRIPT = """
set -eu
root=$1
. "$root/scripts/lib.sh"
work=$(mktemp -d)
at_end 'rm -rf "$work"'
echo ready
while :; do sleep 0.05; done
"""
STATUS = {signal.SIGTERM: 143, signal.SIGHUP: 129}


class SignalsTest(support.Folder):
    def end_by(self, number, command):
        """The status of a command that has said that it is ready, and what it left in its TMPDIR."""
        own = self.folder / number.name
        own.mkdir()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "TMPDIR": str(own)})
        self.assertEqual(process.stdout.readline(), b"ready\n")
        self.assertEqual(len(list(own.iterdir())), 1)
        process.send_signal(number)
        status = process.wait(timeout=60)
        process.stdout.close()
        return status, list(own.iterdir())

    def test_a_layer_that_is_being_built(self):
        for number, status in STATUS.items():
            words = [sys.executable, "-B", "-c", BUILD, support.ROOT / "scripts", "tool", "x"]
            self.assertEqual(self.end_by(number, words), (status, []))

    def test_a_shell_script_that_cleans_up_at_its_end(self):
        for number, status in {**STATUS, signal.SIGINT: 130}.items():
            self.assertEqual(self.end_by(number, ["sh", "-c", SCRIPT, "sh", support.ROOT]), (status, []))


if __name__ == "__main__":
    support.main()
