#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every script says what it is and takes, when asked, and does nothing else."""
import os

import small_tree

SCRIPTS = sorted(path.name for path in (small_tree.ROOT / "scripts").iterdir() if path.is_file() and os.access(path, os.X_OK))


class EveryScriptTellsItsUsageTest(small_tree.Tree):
    def setUp(self):
        super().setUp()
        (self.tree / "scripts/setup").write_bytes((small_tree.ROOT / "scripts/setup").read_bytes())
        for name in ("apt-get", "cmake", "ctest", "pip", "npm", "go", "sudo"):
            self.stub(f"../bin/{name}", f"echo {name} was called >&2; exit 9")

    def test_on_standard_output_with_success_and_nothing_else(self):
        self.assertGreater(len(SCRIPTS), 30)
        for name in SCRIPTS:
            for option in ("--help", "-h"):
                with self.subTest(script=name, option=option):
                    said = self.run_script(name, option)
                    self.assertEqual((said.returncode, said.stderr), (0, ""))
                    self.assertIn(name, said.stdout.split("\n\n")[0])
                    self.assert_narrow(said.stdout)
        self.assertEqual(sorted(path.name for path in self.tree.iterdir()),
                         ["CMakeLists.txt", "CMakePresets.json", "examples", "handlers", "layer", "scripts", "tests"])


class WrongUseTellsTheUsageTest(small_tree.Tree):
    def test_on_standard_error_with_status_2(self):
        for words in (["test", "--frob"], ["bench", "--frob"], ["soak"], ["oracle"], ["soak-workers", "many"],
                      ["bench-concurrency", "x"], ["sandbox", "--frob"], ["summarize-tests"], ["digest-tests"], ["adopt-build"], ["check-static"],
                      ["with-quota", "10"]):
            with self.subTest(words=words):
                said = self.run_script(*words)
                self.assertEqual((said.returncode, said.stdout), (2, ""))
                self.assertIn(words[0], said.stderr.split("\n")[0])


if __name__ == "__main__":
    small_tree.main()
