#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The model of the fork protocol: its names, all that it can do, and what each guard of the protocol is for."""
import pathlib
import re
import resource
import shutil
import sys
import unittest

from search import MODEL, Search

ROOM = pathlib.Path(__file__).resolve().parents[2] / "src/proc/fork_server"
SKIPPED = 77
MOST_SECONDS = 60  # of processor time, for the searches of a class

# Without which guard which promise is broken (END: a call does not end), and by how many mishaps.
GUARDS = {
    "NO_NUMBER": ("RUN", 1),
    "NO_COUNT": ("RUN", 1),
    "NO_CALL_NUMBER": ("SUCCESS", 1),
    "NO_DRAIN": ("LOSS", 1),
    "NO_CLEAR": ("RUN", 0),
    "NO_HOOK_CLEAR": ("RUN", 0),
    "NO_TAKEN": ("RUN", 0),
    "NO_SPOILED": ("SUCCESS", 1),
    "NO_CLOSE_FIRST": ("SUCCESS", 1),
    "NO_ENDED": ("RUN", 1),
    "NO_UNNAMED_ENDED": ("LOSS", 1),
    "NO_SIGNALLED": ("REPLAY", 0),
    "NO_ORDER_NUMBER": ("LOSS", 3),
    "NO_REPLAY_LIMIT": ("REPLAY", 3),
    "NO_SWEEP": ("BYTES", 0),
    "NO_DISCARD": ("BYTES", 0),
    "NO_NEW_PIPES": ("RECORD", 1),
    "NO_WATCH": ("END", 1),
}


def in_model(kind):
    """The names of an mtype, without the mark of those that are words of Promela."""
    names = re.search(rf"^mtype:{kind} = {{(.*?)}}", MODEL, re.M | re.S)[1]
    return {name.strip().rstrip("_") for name in names.split(",")}


def in_header(kind):
    body = re.search(rf"enum class {kind} {{(.*?)}};", (ROOM / "fork_protocol.h").read_text(), re.S)[1]
    return set(re.findall(r"\w+", re.sub(r"//.*", "", body)))


@unittest.skipUnless(shutil.which("spin") and shutil.which("cc"), "there is no spin, or no C compiler")
class Searched(unittest.TestCase):
    def assert_holds(self, *definitions, **options):
        search = Search(*definitions, **options)
        self.assertIsNone(search.broken, search.said)
        self.assertTrue(search.is_complete, search.said)

    def tearDown(self):
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{used.ru_utime + used.ru_stime:.1f} s of processor time, {used.ru_maxrss // 1024} MB")
        self.assertLess(used.ru_utime + used.ru_stime, MOST_SECONDS)


class ModelNamesTest(unittest.TestCase):
    def test_states_are_the_headers(self):
        self.assertEqual(in_model("State"), in_header("State"))

    def test_what_was_taken_is_named_as_in_the_header(self):
        self.assertEqual(in_model("Taken"), in_header("Taken"))

    def test_messages_are_those_of_the_protocol(self):
        source = (ROOM / "fork_protocol.cpp").read_text()
        told = set(re.findall(r'line\.word [!=]= "(\w+)"', source)) | set(re.findall(r'\border\("(\w+)"', source))
        self.assertEqual(in_model("word"), told)

    def test_messages_stand_in_the_headers_table(self):
        header = (ROOM / "fork_protocol.h").read_text()
        for word in in_model("word"):
            self.assertRegex(header, rf"///.*  {word} N ")


class ModelOfOneLaneTest(Searched):
    def test_promises_hold_whatever_happens_and_how_often(self):
        self.assert_holds()

    def test_nothing_stands_still_when_mishaps_end(self):
        self.assert_holds("KILLS=2")

    def test_every_call_ends_when_mishaps_end(self):
        self.assert_holds("KILLS=2", cycles=True)


class ModelOfTwoLanesTest(Searched):
    def test_promises_hold(self):
        self.assert_holds("LANES=2", "CALLS=1", "KILLS=1")


class ModelGuardsTest(Searched):
    def test_each_guard_is_needed_for_a_promise(self):
        for guard, (promise, mishaps) in GUARDS.items():
            with self.subTest(guard):
                only = () if promise == "END" else (f"ONLY={promise}",)
                search = Search(guard, f"KILLS={mishaps}", *only)
                self.assertEqual(search.broken, promise, search.said)

    def test_no_guard_of_the_model_is_left_out(self):
        self.assertEqual(set(GUARDS), set(re.findall(r"^#ifndef (NO_\w+)", MODEL, re.M)))


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    for test, reason in program.result.skipped:
        print(f"skipped: {test}: {reason}")
    sys.exit(1 if not program.result.wasSuccessful() else SKIPPED if program.result.skipped else 0)
