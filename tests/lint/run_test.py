#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/run: what becomes of its arguments, and what it says of a tree that it cannot build in."""
import os
import re
import shlex
import shutil
import subprocess

import small_tree

HELLO = ["--task-root", str(small_tree.ROOT / "handlers"), "hello.sh", "-d", '{"name": "x"}']


def program(*words):
    done = subprocess.run([small_tree.PROGRAMS / "shellstrap", *words], text=True, capture_output=True, timeout=120)
    return done.returncode, done.stdout


class RunSaysHowFarItIsTest(small_tree.Tree):
    def test_and_nothing_of_what_is_built(self):
        said = self.run_until({"building": r"\nrun: building: \d+ of \d+ steps\n"}, "run", "--version")
        self.assertNotIn("[1/", said)


class FailedBuildShowsTheErrorTest(small_tree.Tree):
    def setUp(self):
        super().setUp()
        error = "error: " + "wide " * 100
        self.project(f'add_custom_target(bad COMMAND sh -c "echo {error} >&2; exit 1")\nadd_dependencies(bootstrap bad)\n')

    def test_and_names_the_log(self):
        done = self.run_script("run")
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: wide", done.stderr)
        self.assertNotIn("/bin/sh -c", done.stderr)  # ninja's command
        self.assertIn(f"the build failed; all of its output is in {self.tree}/build/release/build.log", done.stderr)
        self.assert_narrow(done.stderr)


if __name__ == "__main__":
    small_tree.main()
