#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line of scripts/build-layer."""
import contextlib
import io
import pathlib
from unittest import mock

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
        for words in ("--try", "jq --version"), ("--expect", "1"):
            self.assert_refused("--try COMMAND and --expect REGEX belong together", "tool", "jq", *words)
        self.assert_refused("is no regular expression: ", "tool", "jq", "--try", "jq", "--expect", "(")
        self.assert_refused("unrecognized arguments: --frob", "tool", "jq", "--frob")
        self.assert_refused("invalid choice: 'riscv'", "tool", "jq", "--arch", "riscv")


class BuildLayerStatusTest(support.Folder):
    """What it ends with, and that whatever goes wrong is a sentence."""

    def status(self, build):
        said, printed = io.StringIO(), io.StringIO()
        with mock.patch.object(command_line.tool, "build", build), mock.patch.object(command_line.sys, "argv", ["x", "tool", "jq"]), \
                mock.patch.object(command_line.signals, "end_in_order"), \
                contextlib.redirect_stderr(said), contextlib.redirect_stdout(printed):
            return command_line.main(), printed.getvalue(), said.getvalue()

    def test_is_that_of_the_grade(self):
        for grade, status in (command_line.tool.grades.WORKS, 0), (command_line.tool.grades.STARTS, 3):
            layer = command_line.tool.Layer(pathlib.Path("the.zip"), grade, 1)
            self.assertEqual(self.status(lambda *_, layer=layer: layer), (status, "the.zip\n", ""))

    def test_of_a_refusal_is_2_and_of_a_fault_1_with_a_sentence_each(self):
        self.assertEqual(self.status(mock.Mock(side_effect=support.Refusal("no."))), (2, "", "build-layer: no.\n"))
        status, printed, said = self.status(mock.Mock(side_effect=UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")))
        self.assertEqual((status, printed, said.count("\n")), (1, "", 1))
        self.assertIn("build-layer: this is a fault of build-layer: UnicodeDecodeError at ", said)


if __name__ == "__main__":
    support.main()
