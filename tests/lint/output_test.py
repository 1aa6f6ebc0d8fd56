#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What scripts/setup and scripts/test let their reader see: how far they are, and of all the rest what went wrong."""
import re
import subprocess
import unittest

import small_tree

WIDE = "wide " * 120

# apt-get, and dpkg below it, as they are: as long as there is something to say.
APT = f"""
echo 'Reading package lists... {WIDE}'
[ "$*" != "${{*% install *}}" ] || exit 0
[ -z "$REFUSED" ] || {{ echo 'E: Unable to locate package ninja-build'; exit 100; }}
echo '0 upgraded, 3 newly installed, 0 to remove and 0 not upgraded.'
for name in a b c; do echo "Get:1 http://127.0.0.1 bookworm/main $name 1.0 [1 kB]"; done
for name in a b c; do echo "Preparing to unpack .../$name.deb ..."; echo "Unpacking $name (1.0) ..."; done
echo 'Setting up a (1.0) ...'
echo 'Setting up b (1.0) ...'
held packages
echo 'Setting up c (1.0) ...'
echo 'debconf: a warning' >&2
"""


class SetupIsQuietTest(small_tree.Tree):
    def setUp(self):
        super().setUp()
        for name in ("setup", "packages.txt"):
            (self.tree / "scripts" / name).write_bytes((small_tree.ROOT / "scripts" / name).read_bytes())
        self.stub("scripts/install-httplib", "held httplib")
        self.stub("../bin/dpkg-query", "exit 1")
        self.stub("../bin/sudo", '"$@"')
        self.stub("../bin/apt-get", APT)

    def test_and_says_how_far_it_is_of_how_much(self):
        said = self.run_until({"packages": r"\nsetup: packages: 2 of 3 are ready, 3 unpacked\n",
                               "httplib": r"\nsetup: install-httplib: \d+ seconds so far\n"}, "setup")
        self.assertRegex(said, r"\Asetup: installing [^\n]*g\+\+")
        self.assertLess(len([line for line in said.splitlines() if not re.match(r"setup: \S+:", line)]), 6)
        self.assert_narrow(said)
        self.assertNotIn("Unpacking", said)
        log = (self.tree / ".deps/apt.log").read_text()
        for line in ("Unpacking b", "Setting up c", WIDE, "debconf: a warning"):
            self.assertIn(line, log)

    def test_until_something_goes_wrong(self):
        done = self.run_script("setup", REFUSED="yes")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("\nE: Unable to locate package ninja-build\n", done.stderr)
        self.assertRegex(done.stderr.replace("\n", " "), rf"could not install .* output is in {self.tree}/\.deps/apt\.log")
        self.assert_narrow(done.stderr)


# `python3 -m venv FOLDER`, with a pip that installs whatever it is asked for.
PYTHON = """[ "$1 $2" = "-m venv" ] || exit 0
mkdir -p "$3/bin"
ln -s /bin/sh "$3/bin/python3"
printf '#!%s\\nexit 0\\n' "$3/bin/python3" >"$3/bin/pip"
chmod +x "$3/bin/pip"
"""


class ToolsOfAMovedTreeTest(small_tree.Tree):
    def test_are_installed_anew_where_they_cannot_start(self):
        self.stub("../bin/python3", PYTHON)
        for name in ("npm", "node"):
            self.stub(f"../bin/{name}", "exit 1")
        for name in ("install-deploy", "install-examples", "install-foreign"):
            with self.subTest(name=name):
                says = re.compile(rf"^{name}: installing (awscli|venv)", re.M)
                self.assertRegex(self.run_script(name).stderr, says)
                self.assertNotRegex(self.run_script(name).stderr, says)
                moved = self.tree.rename(self.folder / "moved")
                self.assertRegex(self.run_script(name, tree=moved).stderr, says)
                self.assertNotRegex(self.run_script(name, tree=moved).stderr, says)
                moved.rename(self.tree)


# A hundred that pass, one that fails, one that skips itself.
TESTS = f"""
foreach(i RANGE 1 100)
  add_test(small.Passes${{i}} true)
endforeach()
add_test(small.Fails sh -c "held tests; echo what it said: {WIDE}; exit 1")
add_test(small.Skips sh -c "echo skipped: of no use here; exit 77")
set_tests_properties(small.Skips PROPERTIES SKIP_RETURN_CODE 77)
set_property(TEST small.Fails small.Skips PROPERTY LABELS quick)
foreach(i RANGE 1 100)
  set_property(TEST small.Passes${{i}} PROPERTY LABELS quick)
endforeach()
"""


class TestsAreDigestedTest(small_tree.Tree):
    def setUp(self):
        super().setUp()
        self.add_tests(TESTS)

    def test_into_what_failed_and_how_it_ended(self):
        done = self.run_script("test", "--quick")
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("Passes", done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"small\.Fails \.*\*\*\*Failed +[\d.]+ sec\nwhat it said: wide")
        self.assertEqual(done.stdout.count("wide"), 120)
        self.assertRegex(done.stdout, r"\n99% tests passed, 1 tests failed out of 102\n(.*\n)*Total Test time")
        self.assertRegex(done.stdout, r"The following tests FAILED:\n\s*\d+ - small\.Fails \(Failed\)")
        self.assertIn("SKIPPED dev: small.Skips: skipped: of no use here", done.stdout)
        self.assertIn("total: 100 passed, 1 failed, 1 skipped", done.stdout)
        self.assertEqual(len((self.tree / "build/results/dev.log").read_text().split("small.Passes")), 201)  # all of it
        self.assert_narrow(done.stdout + done.stderr)

    def test_with_a_line_on_progress_now_and_then(self):
        self.run_until({"building": r"\ntest: building dev: \d+ of \d+ steps\n",
                        "tests": r"\ntest: dev: 101 of 102 tests, 0 failed\n"}, "test", "--quick")

    def test_unless_more_is_asked_for(self):
        said = self.run_script("test", "--quick", "--", "-V", "-R", "Passes1$").stdout
        self.assertIn("Test command:", said)
        self.assertIn("small.Passes77", self.run_script("test", "--quick", "--", "-N").stdout)

    def test_and_a_success_is_one(self):
        done = self.run_script("test", "--quick", "--", "-R", "Passes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("100% tests passed, 0 tests failed out of 100", done.stdout)
        self.assertLess(len(done.stdout.splitlines()), 12)

    def test_and_no_test_at_all_is_a_failure(self):
        done = self.run_script("test", "--quick", "--", "-R", "Nothing")
        self.assertEqual(done.returncode, 1)
        self.assertIn("No tests were found", done.stdout + done.stderr)


class RingThatIsNotBuiltTest(small_tree.Tree):
    def test_fails_and_shows_the_error(self):
        self.project('add_custom_target(bad COMMAND sh -c "echo error: it is broken >&2; exit 1")\n'
                     "add_dependencies(tests_quick bad)\n")
        done = self.run_script("test", "--quick")
        self.assertEqual(done.returncode, 1)
        self.assertIn("\nerror: it is broken\n", done.stderr)
        self.assertIn("build/results/dev.build.log", done.stderr)
        self.assertIn("FAILED dev: it was not built", done.stdout)
        self.assertIn("total: 0 passed, 1 failed, 0 skipped", done.stdout)

    def test_fails_and_shows_what_cmake_has_to_say(self):
        self.project("message(FATAL_ERROR broken)\n")
        done = self.run_script("test", "--quick")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"CMake Error at CMakeLists\.txt")

    def test_of_a_copied_tree_is_built_in_its_own_place(self):
        self.add_tests(TESTS)
        self.run_script("test", "--quick")
        moved = self.tree.rename(self.folder / "moved")
        done = self.run_script("test", "--quick", "--", "-R", "Passes", tree=moved)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class NamesOfTestsAreShortTest(unittest.TestCase):
    def test_and_the_same_in_every_build(self):
        """A parameter without a printer of its own is shown as its bytes, addresses among them."""
        listed = subprocess.run(["ctest", "--test-dir", small_tree.PROGRAMS, "-N"], text=True, capture_output=True, check=True).stdout
        self.assertGreater(len(listed.splitlines()), 100)
        self.assertEqual([line for line in listed.splitlines() if len(line) > 120 or "-byte object" in line or "GetParam" in line], [])


class SummaryTest(small_tree.Tree):
    def test_has_no_wide_line(self):
        results = self.folder / "results"
        results.mkdir()
        (results / "dev.status").write_text("0\n")
        (results / "dev.xml").write_text('<testsuite name="x"\n tests="1"\n failures="0"\n disabled="0"\n skipped="1"\n>\n'
                                         '<testcase name="a.Test">\n<skipped message=""/>\n<system-out>'
                                         f"skipped: {WIDE}</system-out>\n</testcase>\n</testsuite>\n")
        done = self.run_script("summarize-tests", results, "dev")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(re.findall("wide", done.stdout)), 120)
        self.assert_narrow(done.stdout)


if __name__ == "__main__":
    small_tree.main()
