#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line of scripts/build-layer."""
import contextlib
import io

import support
from layers import __main__ as command_line


class BuildLayerOptionsTest(support.Folder):
    def assert_refused(self, sentence, *words):
        said = io.StringIO()
        with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as ended:
            command_line.parse(words)
        self.assertEqual(ended.exception.code, 2)
        self.assertIn(sentence, said.getvalue())

    def test_options_may_stand_anywhere(self):
        for words in (("tool", "fetch", "wget", "curl", "--suite", "trixie", "--arch", "all"),
                      ("tool", "fetch", "--suite", "trixie", "wget", "--arch", "all", "curl"),
                      ("--arch", "all", "--suite=trixie", "tool", "fetch", "wget", "curl")):
            options = command_line.parse(words)
            self.assertEqual((options.verb, options.name, options.packages, options.suite, options.arch),
                             ("tool", "fetch", ["wget", "curl"], "trixie", "all"), words)
        self.assertEqual(command_line.parse(["--arch", "arm64", "bootstrap"]).verb, "bootstrap")

    def test_what_is_not_said_has_a_default(self):
        options = command_line.parse(["tool", "jq"])
        self.assertEqual((options.packages, options.suite, options.update_lock), ([], None, False))
        self.assertEqual((options.output, options.recipes), (support.places.DIST, support.places.RECIPES))

    def test_words_that_make_no_sense_are_refused(self):
        self.assert_refused("say what to build")
        self.assert_refused("say what to build", "frobnicate")
        self.assert_refused("say which tool", "tool", "--arch", "arm64")
        self.assert_refused("bootstrap takes --arch and --output, and no names", "bootstrap", "jq")
        for option in ("--suite", "trixie"), ("--update-lock",), ("--recipes", "x"):
            self.assert_refused("bootstrap takes --arch and --output", "bootstrap", *option)
        self.assert_refused("unrecognized arguments: --frob", "tool", "jq", "--frob")
        self.assert_refused("invalid choice: 'riscv'", "tool", "jq", "--arch", "riscv")


if __name__ == "__main__":
    support.main()
