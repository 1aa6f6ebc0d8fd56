# SPDX-License-Identifier: Apache-2.0
"""What tests of the verbs share: a function's folder, the real shellstrap, and a stand-in for the AWS CLI."""
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest
import zipfile

import stand_in
from moto_server import ROOT

PROGRAM = pathlib.Path(os.environ.get("SHELLSTRAP_PROGRAMS", ROOT / "build/dev")) / "shellstrap"
CANARY = 'canary-$HOME-"quoted"-7351'


class Verbs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-verbs.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("bin", "tmp", "aws", "hello"):
            (self.folder / name).mkdir()
        self.aws = self.folder / "aws"
        self.path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        stand_in.install(self.folder / "bin/aws", self.aws)
        self.write("hello/hello.sh", "#!/bin/sh\ncat\n", 0o755)
        self.settings()

    def write(self, name, text, mode=0o644):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)

    def put_layer(self, name):
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            entry = zipfile.ZipInfo("bin/tool")
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, "#!/bin/sh\n")

    def settings(self, **settings):
        """deploy.json; a layer has the bootstrap, so that nothing large is packed."""
        self.write("hello/deploy.json", json.dumps({"handler": "hello.sh", "arch": "x86_64", "bootstrap": "layer"} | settings))

    def environment(self):
        return {"PATH": self.path, "HOME": str(self.folder), "LANG": "C.UTF-8",
                "TMPDIR": str(self.folder / "tmp")}

    def start(self, *words):
        process = subprocess.Popen([PROGRAM, *words], cwd=self.folder, text=True, env=self.environment(),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
            process.communicate()

    def run_verb(self, *words, status=0):
        process = self.start(*words)
        out, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, status, out + err)
        self.assertEqual(list((self.folder / "tmp").iterdir()), [], "something is left")
        return subprocess.CompletedProcess(words, status, out, err)

    def deploy(self, *words, status=0):
        return self.run_verb("deploy", "hello", "--yes", *words, status=status)

    def rules(self, **rules):
        stand_in.set_rules(self.aws, **rules)

    def calls(self):
        return stand_in.calls(self.aws)

    def changes(self):
        return stand_in.changes(self.aws)

    def operations(self):
        return [words[1] for words in self.changes()]

    def state(self):
        return json.loads((self.aws / "state.json").read_text())

    def function(self):
        return self.state()["functions"]["hello"]

    def served(self):
        """The version that callers get."""
        return self.function()["aliases"]["live"]["FunctionVersion"]

    def wait_for(self, condition):
        limit = time.monotonic() + 120
        while not condition():
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.01)
