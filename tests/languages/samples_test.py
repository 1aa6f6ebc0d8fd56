#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Samples of handlers/languages by `shellstrap invoke` and the real bootstrap: no event, letters beyond ASCII, a large one."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("SHELLSTRAP_PROGRAMS", ROOT / "build/dev"))
SAMPLES = ROOT / "handlers/languages"
NAME = 'é 😀 " \\'
LARGE = 5_000_000  # bytes; an event has 6 MB at most
PATIENCE = "120"   # seconds: a call of a slow machine
SKIPPED = 77


def invoke(handler, event):
    """Settings of ours would be the function's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHELLSTRAP_")}
    return subprocess.run([PROGRAMS / "shellstrap", "invoke", "--timeout", PATIENCE, handler, "-e", event],
                          capture_output=True, text=True, env=environment)


class Samples(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-test.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def answer(self, handler, event):
        file = self.folder / "event"
        file.write_bytes(event.encode())
        done = invoke(handler, file)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def check_sizes(self, handler, language):
        for event in "", json.dumps({"name": NAME}, ensure_ascii=False), json.dumps({"name": "é", "text": "x" * LARGE}):
            said = self.answer(handler, event)
            self.assertEqual((said["language"], said["bytes"]), (language, len(event.encode())))

    def check_name(self, handler):
        for text in json.dumps({"name": NAME}), json.dumps({"name": NAME}, ensure_ascii=False):
            self.assertEqual(self.answer(handler, text)["name"], NAME)
        self.assertIsNone(self.answer(handler, "{}")["name"])

    def built(self, source, *compiler):
        program = self.folder / "program"
        subprocess.run([*compiler, "-O2", "-static", "-o", program, SAMPLES / source], check=True)
        return program


class InterpretedSamplesTest(Samples):
    def test_bash_tells_the_size_of_every_event(self):
        self.check_sizes(SAMPLES / "bash.sh", "bash")

    def test_python_reads_every_event(self):
        self.check_sizes(SAMPLES / "python.py", "python3")
        self.check_name(SAMPLES / "python.py")

    def test_perl_reads_every_event(self):
        self.check_sizes(SAMPLES / "perl.pl", "perl")
        self.check_name(SAMPLES / "perl.pl")

    def test_what_is_no_json_is_an_error_and_no_answer(self):
        file = self.folder / "event"
        file.write_text("no JSON")
        for sample in "python.py", "perl.pl":
            done = invoke(SAMPLES / sample, file)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertRegex(json.loads(done.stdout)["errorType"], r"^Function\.Exit")


class NodeSampleTest(Samples):
    def test_node_reads_every_event(self):
        if not shutil.which("node"):
            self.skipTest("no node on this machine")
        self.check_sizes(SAMPLES / "nodejs.js", "nodejs")
        self.check_name(SAMPLES / "nodejs.js")


class CompiledSamplesTest(Samples):
    def test_c_tells_the_size_of_every_event(self):
        self.check_sizes(self.built("c.c", "gcc"), "c")

    def test_cpp_tells_the_size_of_every_event(self):
        self.check_sizes(self.built("cpp.cpp", "g++"), "cpp")


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    for test, reason in program.result.skipped:
        print(f"skipped: {test}: {reason}")
    sys.exit(1 if not program.result.wasSuccessful() else SKIPPED if program.result.skipped else 0)
