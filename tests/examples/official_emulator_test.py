#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/install-official-emulator in a tree of its own, where Go, pip and scripts/setup are stubs: which source is taken,
and what is noted where neither has it."""
import os
import platform
import shutil
import subprocess
import zipfile

import case

TREE = ["scripts/install-official-emulator", "scripts/lib.sh", "tests/support/official-emulator/go.mod",
        "tests/support/official-emulator/go.sum"]
# Does as the file `go` or `pip` of the tree says: writes the program, or says why not.
GO = """#!/bin/sh
echo "go $*" >>"$TREE/steps"
[ "$1" != env ] || { echo go9.9.9; exit; }
. "$TREE/go"
"""
PYTHON = """#!/bin/sh
case "$*" in *pip*) echo "pip $*" >>"$TREE/steps"; . "$TREE/pip"; exit ;; esac
exec {python} "$@"
"""
GO_HAS_IT = 'while [ "$1" != -o ]; do shift; done; echo from Go >"$2"; chmod +x "$2"'
GO_REFUSES = "echo 'server response: This module version is not available.' >&2; exit 1"
GO_IS_ALONE = "echo 'Get \"https://modules.example/x\": dial tcp: lookup failed' >&2; exit 1"
PIP_HAS_IT = 'while [ "$1" != --dest ]; do shift; done; cp "$TREE/wheel" "$2/aws_sam_cli-1-py3-none-any.whl"'
PIP_REFUSES = "echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' >&2; exit 1"
PIP_IS_ALONE = "echo 'WARNING: Retrying after connection broken by NewConnectionError' >&2; exit 1"


class OfficialEmulatorInstallationTest(case.Case):
    def setUp(self):
        super().setUp()
        for name in TREE:
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(case.ROOT / name, target)
        self.put("scripts/setup", "#!/bin/sh\n")
        self.put("bin/go", GO)
        self.put("bin/python3", PYTHON.replace("{python}", shutil.which("python3")))
        machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
        with zipfile.ZipFile(self.folder / "wheel", "w") as wheel:
            wheel.writestr(f"samcli/local/rapid/aws-lambda-rie-{machine}", "from the wheel\n")
        self.target = self.folder / ".deps/official-emulator"

    def put(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def install(self, go, pip):
        self.put("go", go)
        self.put("pip", pip)
        self.put("steps", "")
        done = subprocess.run([self.folder / "scripts/install-official-emulator"], capture_output=True, text=True,
                              env={**os.environ, "TREE": self.folder, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"})
        self.assertEqual(done.returncode, 0, done.stderr)
        return (self.folder / "steps").read_text()

    def found(self):
        return {path.name: path.read_text() for path in self.target.iterdir() if path.name != ".made"}

    def test_the_module_is_taken_and_kept_until_a_pin_changes(self):
        self.assertNotIn("pip", self.install(GO_HAS_IT, PIP_HAS_IT))
        self.assertEqual(self.found(), {"aws-lambda-rie": "from Go\n"})
        self.assertEqual(self.install(GO_REFUSES, PIP_REFUSES), "")
        (self.folder / "tests/support/official-emulator/go.sum").write_text("other checksums\n")
        self.assertIn("go build", self.install(GO_HAS_IT, PIP_REFUSES))

    def test_the_wheel_is_the_second_source(self):
        for go in GO_REFUSES, GO_IS_ALONE:
            self.install(go, PIP_HAS_IT)
            self.assertEqual(self.found(), {"aws-lambda-rie": "from the wheel\n"})
            self.assertTrue(os.access(self.target / "aws-lambda-rie", os.X_OK))
            shutil.rmtree(self.target)

    def test_a_source_that_answers_and_does_not_have_it_is_a_failure_which_is_tried_again_at_once(self):
        for go, pip in (GO_REFUSES, PIP_REFUSES), (GO_REFUSES, PIP_IS_ALONE), (GO_IS_ALONE, PIP_REFUSES):
            self.assertIn("go build", self.install(go, pip))
            self.assertEqual(list(self.found()), ["failed"])
        self.assertIn("DO NOT MATCH THE HASHES", self.found()["failed"])
        self.install(GO_HAS_IT, PIP_IS_ALONE)
        self.assertEqual(list(self.found()), ["aws-lambda-rie"])

    def test_where_nobody_answers_that_is_noted_and_not_tried_again_within_the_hour(self):
        self.install(GO_IS_ALONE, PIP_IS_ALONE)
        self.assertEqual(list(self.found()), ["unreachable"])
        self.assertIn("dial tcp", self.found()["unreachable"])
        self.assertEqual(self.install(GO_HAS_IT, PIP_HAS_IT), "")
        os.utime(self.target / "unreachable", (1, 1))
        self.install(GO_HAS_IT, PIP_HAS_IT)
        self.assertEqual(list(self.found()), ["aws-lambda-rie"])


if __name__ == "__main__":
    case.main()
