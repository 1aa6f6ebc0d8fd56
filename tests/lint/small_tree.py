# SPDX-License-Identifier: Apache-2.0
"""What tests of scripts/ share: a small tree with the real scripts in it, CMake and ninja as they are, a project that is
built within a moment, and stubs of what would touch the machine. And an ending for ctest."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("SHELLSTRAP_PROGRAMS", ROOT / "build/dev"))
SKIPPED = 77
WIDEST = 160  # columns
OTHER_USER = 993
PATIENCE = 100  # seconds, for what takes two on a machine with nothing else to do

# Programs are links to those under test.
PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES NONE)
foreach(name IN ITEMS bootstrap shellstrap)
  add_custom_target(${name} COMMAND ${CMAKE_COMMAND} -E create_symlink "%s/${name}" "${CMAKE_BINARY_DIR}/${name}")
endforeach()
add_custom_target(last COMMAND held building DEPENDS bootstrap)
add_custom_target(word-count DEPENDS last)
add_custom_target(tests_quick DEPENDS last)
enable_testing()
include(tests.cmake OPTIONAL)
"""


def presets():
    def named(key, **more):
        return [{"name": name, **({"configurePreset": name} if key else {}), **more} for name in ("dev", "release")]
    return json.dumps({"version": 6, "configurePresets": named(False, generator="Ninja", binaryDir="${sourceDir}/build/${presetName}"),
                       "buildPresets": named(True), "testPresets": named(True)})


def main():
    """Runs the class that the command line names. A skip is loud: its reason, and a status of its own."""
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    for test, reason in program.result.skipped:
        print(f"skipped: {test}: {reason}")
    sys.exit(1 if not program.result.wasSuccessful() else SKIPPED if program.result.skipped else 0)


class Tree(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-scripts.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        self.folder.chmod(0o755)
        self.tree = self.folder / "tree"
        shutil.copytree(ROOT / "scripts", self.tree / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("examples", "handlers", "layer", "tests"):
            (self.tree / name).symlink_to(ROOT / name)
        (self.tree / "CMakePresets.json").write_text(presets())
        self.project()
        self.stub("scripts/setup", "exit 0")
        self.stub("../bin/held", 'while [ -e "$HOLDS/$1" ]; do sleep 0.1; done')

    def project(self, more="", programs=PROGRAMS):
        (self.tree / "CMakeLists.txt").write_text(PROJECT % programs + more)

    def add_tests(self, text):
        (self.tree / "tests.cmake").write_text(text)

    def stub(self, name, text):
        path = self.tree / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\n" + text + "\n")
        path.chmod(0o755)

    def environment(self):
        return {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": str(self.folder), "LANG": "C.UTF-8",
                "REPORT_SECONDS": "600"}  # however slow this machine is

    def run_script(self, name, *words, tree=None, user=None, **environment):
        """In `tree`, as this user or as that one: its result."""
        command = [tree or self.tree, "scripts", name]
        prefix = [] if user is None else ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        return subprocess.run([*prefix, pathlib.Path(*command), *words], cwd=tree or self.tree, text=True, capture_output=True,
                              timeout=120, stdin=subprocess.DEVNULL, env={**self.environment(), **environment})

    def run_until(self, seen, name, *words):
        """What the script says, while each step that calls `held KEY` waits until seen[KEY], a pattern, was said."""
        said = self.folder / "stderr"
        for key in seen:
            (self.folder / key).touch()
        with open(said, "w", encoding="utf-8") as stderr:
            script = subprocess.Popen([self.tree / "scripts" / name, *words], cwd=self.tree, stderr=stderr, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, env=self.environment() | {"HOLDS": str(self.folder), "REPORT_SECONDS": "1"})
        self.addCleanup(script.wait)
        for key, pattern in seen.items():
            deadline = time.monotonic() + PATIENCE
            while not re.search(pattern, said.read_text()) and script.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            (self.folder / key).unlink()
            self.assertRegex(said.read_text(), pattern)
        script.wait()
        return said.read_text()

    def assert_narrow(self, text):
        self.assertEqual([line for line in text.splitlines() if len(line) > WIDEST], [])
