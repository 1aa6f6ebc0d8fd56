#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A skip is not a pass: docs/building.md says of each why it is there."""
import pathlib
import re
import unittest

import small_tree

TESTS = small_tree.ROOT / "tests"
SECTION = (small_tree.ROOT / "docs/building.md").read_text().split("## What is skipped")[1].split("\n## ")[0]
SKIP = re.compile(r'GTEST_SKIP\(\)|\bskipTest\(|\bSkipTest\(|\bskip(Unless|If)\(|^ +skip\(|print\("skipped: ', re.M)


def sources():
    return [path for path in TESTS.rglob("*") if path.suffix in (".cpp", ".h", ".py") and path.parent != TESTS / "lint"]


def skipping():
    return {path for path in [*sources(), TESTS / "lint/run_test.py"] if SKIP.search(path.read_text())}


def of_a_test(name):
    """The files with a suite, or a class, of that name."""
    suite = re.escape(name.split(".")[0])
    return {path for path in sources() if re.search(rf"^(?:TEST(?:_F|_P)?\({suite},|class {suite}\(|def {suite}\()", path.read_text(), re.M)}


def excused():
    named = {small_tree.ROOT / name for name in re.findall(r"`(tests/[^`]*)`", SECTION)}
    return named, named.union(*[of_a_test(name) for name in re.findall(r"`(\w+(?:\.\w+)?)`", SECTION)])


class SkipsHaveTheirReasonInThisPageTest(unittest.TestCase):
    def shown(self, paths):
        return sorted(str(pathlib.Path(path).relative_to(small_tree.ROOT)) for path in paths)

    def test_each_file_that_skips_is_in_a_table(self):
        self.assertGreater(len(skipping()), 20)
        self.assertEqual(self.shown(skipping() - excused()[1]), [])

    def test_each_file_that_is_named_skips(self):
        self.assertEqual(self.shown(excused()[0] - skipping()), [])


if __name__ == "__main__":
    small_tree.main()
