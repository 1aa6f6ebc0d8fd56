#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/run: what becomes of its arguments, and what it says of a tree that it cannot build in."""
import os
import re
import shlex
import shutil
import subprocess

import small_tree

HELLO = ["--task-root", str(small_tree.ROOT / "handlers"), "hello.sh", "--timeout", "60", "-d", '{"name": "x"}']


def program(*words):
    done = subprocess.run([small_tree.PROGRAMS / "shellstrap", *words], text=True, capture_output=True, timeout=120)
    return done.returncode, done.stdout


class RunTakesWhatShellstrapTakesTest(small_tree.Tree):
    def outcome(self, *words):
        done = self.run_script("run", *words)
        return done.returncode, done.stdout

    def test_every_verb(self):
        verbs = re.findall(r"^  (\w+)  ", program("help")[1].split("Options:")[0], re.M)
        self.assertIn("check", verbs)
        for verb in verbs:
            self.assertEqual(self.outcome(verb, "--help"), program(verb, "--help"), verb)

    def test_help_and_version(self):
        for words in (["help"], ["help", "check"], ["--version"]):
            self.assertEqual(self.outcome(*words), program(*words), words)

    def test_a_verb_with_arguments(self):
        words = ["check", str(small_tree.ROOT / "handlers"), "--handler", "hello.sh"]
        self.assertEqual(self.outcome(*words), program(*words))
        self.assertEqual(self.outcome("invoke", *HELLO), (0, '{"message": "Hello, x!"}\n'))

    def test_a_handler_without_a_verb(self):
        self.assertEqual(self.outcome(*HELLO), (0, '{"message": "Hello, x!"}\n'))
        self.assertEqual(self.outcome(), (0, '{"message": "Hello, Ada!"}\n'))


class RunSaysWhereTheProgramIsTest(small_tree.Tree):
    def test_and_how_to_put_it_on_the_path_when_it_is_new(self):
        first = self.run_script("run", "--version").stderr
        (line,) = re.findall(r"export PATH=.*", first)
        self.assertIn(f"{self.tree}/build/release/shellstrap", first)
        found = subprocess.run(["sh", "-c", f"{line} && shellstrap --version"], text=True, capture_output=True)
        self.assertEqual(found.stdout, program("--version")[1])
        self.assertEqual(self.run_script("run", "--version").stderr, "")
        self.assertIn("export PATH=", self.run_script("run", "--help").stdout)


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


class TreeOfAnotherUserTest(small_tree.Tree):
    def setUp(self):
        super().setUp()
        if os.geteuid() != 0:
            self.skipTest("only root can become another user")
        self.stub("programs/shellstrap", "echo ran")  # the real ones may be where that user cannot reach them
        self.project(programs=self.tree / "programs")

    def refused(self, *words):
        said = self.run_script(*words, user=small_tree.OTHER_USER)
        self.assertEqual((said.returncode, said.stdout), (2, ""))
        self.assertRegex(said.stderr, r"belongs to root, and you are 993\.")
        self.assertNotIn("Permission denied", said.stderr)
        return re.search(r"^  (chown .*)", said.stderr, re.M)[1]

    def test_is_named_with_what_makes_it_ones_own(self):
        self.assertEqual(self.run_script("run").returncode, 0)
        for words in (["run"], ["test", "--quick"], ["soak", "1"]):
            command = self.refused(*words)
        subprocess.run(shlex.split(command), check=True)
        again = self.run_script("run", user=small_tree.OTHER_USER)
        self.assertEqual((again.returncode, again.stdout), (0, "ran\n"), again.stderr)

    def test_is_named_where_nothing_was_ever_built(self):
        self.refused("run")

    def test_is_named_where_one_run_as_root_left_files_between_others(self):
        shutil.chown(self.tree, 993)
        self.assertEqual(self.run_script("run", user=small_tree.OTHER_USER).returncode, 0)
        (self.tree / "build/release/.ninja_log").unlink()
        self.assertEqual(self.run_script("run").returncode, 0)
        self.refused("run")


class CopiedTreeTest(small_tree.Tree):
    def test_is_built_anew_in_its_own_place(self):
        self.assertEqual(self.run_script("run").returncode, 0)
        copy = self.folder / "copy"
        shutil.copytree(self.tree, copy, symlinks=True)
        (copy / "build/release/shellstrap").unlink()
        first = self.run_script("run", tree=copy)
        self.assertEqual((first.returncode, first.stdout), (0, '{"message": "Hello, Ada!"}\n'), first.stderr)
        self.assertIn(f"{copy}/build/release was made as {self.tree}/build/release", first.stderr)
        self.assertTrue((copy / "build/release/shellstrap").exists())
        self.assertEqual(self.run_script("run", "--version", tree=copy).stderr, "")

    def test_and_a_moved_one_is_too(self):
        self.assertEqual(self.run_script("run").returncode, 0)
        moved = self.tree.rename(self.folder / "moved")
        self.assertEqual(self.run_script("run", tree=moved).returncode, 0)


if __name__ == "__main__":
    small_tree.main()
