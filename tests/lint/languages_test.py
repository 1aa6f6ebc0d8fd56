#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/languages.md and handlers/languages: a row for each sample, a sample for each row, ten lines at most."""
import re
import unittest

import small_tree

PAGE = (small_tree.ROOT / "docs/languages.md").read_text()
SAMPLES = small_tree.ROOT / "handlers/languages"
MOST_LINES = 10


class SamplesOfLanguagesTest(unittest.TestCase):
    def test_each_sample_has_a_row_and_each_row_a_sample(self):
        rows = re.findall(r"^\| \[(\S+)\]\(\.\./handlers/languages/(\S+)\)", PAGE, re.M)
        self.assertEqual([name for name, target in rows if name != target], [])
        self.assertEqual(sorted(name for name, _ in rows), sorted(path.name for path in SAMPLES.iterdir()))

    def test_no_sample_is_long(self):
        self.assertEqual([path.name for path in SAMPLES.iterdir() if len(path.read_text().splitlines()) > MOST_LINES], [])

    def test_the_page_shows_the_sample_as_it_is(self):
        self.assertEqual(re.search(r"```perl\n(.*?)```", PAGE, re.S)[1], (SAMPLES / "perl.pl").read_text())


if __name__ == "__main__":
    small_tree.main()
