#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The first thing that a reader sees."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import small_tree

README = (small_tree.ROOT / "README.md").read_text()
SAMPLE = small_tree.ROOT / "handlers/hello.sh"


class ReadmeShowsTheFunctionThatItRunsAndDeploysTest(unittest.TestCase):
    def test_word_for_word(self):
        self.assertEqual(re.search(r"^```sh\n(.*?)^```", README, re.M | re.S)[1], SAMPLE.read_text())
        self.assertIn("handlers/hello.sh", re.search(r"^zip .*", README, re.M)[0])

    def test_and_it_needs_nothing_that_the_image_lacks(self):
        with tempfile.TemporaryDirectory(prefix="shellstrap-readme.") as folder:
            shutil.copy(SAMPLE, folder)
            shutil.copy(small_tree.PROGRAMS / "bootstrap", pathlib.Path(folder, "bootstrap"))
            checked = subprocess.run([small_tree.PROGRAMS / "shellstrap", "check", folder, "--handler", "hello.sh"], text=True,
                                     capture_output=True)
        self.assertIn(" in 2 entries", checked.stdout)
        self.assertNotIn("hello.sh:", checked.stdout)


if __name__ == "__main__":
    small_tree.main()
