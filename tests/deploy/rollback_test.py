# SPDX-License-Identifier: Apache-2.0
"""scripts/upgrade-functions when something fails in the middle, with the real AWS CLI against moto."""
import os
import signal
import subprocess
import threading

import support
from front import Answer
from support import HERE, THERE, Cloud

BOTH = f"{HERE},{THERE}"
OLD, NEW = ["shellstrap-x86_64:1"], ["shellstrap-x86_64:2"]
UPDATE = "lambda:UpdateFunctionConfiguration"


class RollbackTest(Cloud):
    """Three functions on the old version: two here, one in another region, moved in this order."""

    def setUp(self):
        super().setUp()
        self.moto.put_role("any")
        for region, names in ((HERE, ["one", "two"]), (THERE, ["three"])):
            old = self.published(region, version="0.1.0")
            self.published(region, version="0.2.0")
            for name in names:
                self.moto.put_function(region, name, [old])

    def layers(self):
        return self.moto.layers_of(HERE) | self.moto.layers_of(THERE)

    def on_update(self, number, answer):
        """The n-th update does what the function says, which may answer itself."""
        seen = []

        def rule(call):
            if call.action == UPDATE:
                seen.append(call)
                return answer(call) if len(seen) == number else None
        self.front.rules.append(rule)

    def upgrade(self, status, *words):
        return self.fail_with(status, "upgrade-functions", "--region", BOTH, "--yes", *words)

    def assert_all_old(self, result):
        self.assertEqual(self.layers(), {"one": OLD, "two": OLD, "three": OLD})
        self.assertIn("every function that was moved is where it was.", result.stderr)

    def test_one_refused_update_takes_the_others_back(self):
        self.on_update(3, lambda call: Answer.error(403, "AccessDeniedException", "not that one"))
        result = self.upgrade(1)
        self.assertEqual(len(result.stdout.splitlines()), 2)
        self.assertIn(f"{THERE} three: shellstrap-x86_64:1 -> shellstrap-x86_64:2 failed: not that one (AccessDeniedException)",
                      result.stderr)
        self.assertIn(f"{HERE} two: was moved back", result.stderr)
        self.assert_all_old(result)
        self.assertEqual(len(self.front.changes()), 5)  # two there, one refused, two back

    def test_an_update_that_fails_after_it_was_accepted_is_taken_back_too(self):
        self.front.polls = 0
        self.front.failing_updates.add("two")
        self.on_update(3, lambda call: self.front.failing_updates.clear())
        result = self.upgrade(1)
        self.assertIn("failed: the update failed: the layer is broken", result.stderr)
        self.assert_all_old(result)

    def test_an_update_whose_answer_is_lost_is_taken_back_too(self):
        def lose(call):
            layers = [{"Layers": call.json()["Layers"]}]
            self.moto.send("PUT", "/2015-03-31/functions/two/configuration", layers[0], HERE)
            return Answer.error(500, "ServiceException", "try again later")
        self.on_update(2, lose)
        result = self.upgrade(1)
        self.assertIn(f"{HERE} two: was moved back", result.stderr)
        self.assert_all_old(result)

    def test_a_function_that_fails_the_smoke_call_takes_all_back(self):
        (self.tree / "event.json").write_text('{"name": "smoke"}')
        self.front.failing_functions.add("two")
        result = self.upgrade(1, "--smoke", "event.json")
        self.assertIn('failed: a call ended in an error (Unhandled): {"errorType": "Function.Exit3"}', result.stderr)
        self.assert_all_old(result)
        called = [call for call in self.front.calls if call.action == "lambda:InvokeFunction"]
        self.assertEqual([(call.names[0], call.body) for call in called],
                         [("one", b'{"name": "smoke"}'), ("two", b'{"name": "smoke"}')])

    def test_smoke_calls_that_succeed_leave_all_moved(self):
        (self.tree / "event.json").write_text('{}')
        self.succeed("upgrade-functions", "--region", BOTH, "--yes", "--smoke", "event.json")
        self.assertEqual(self.layers(), {"one": NEW, "two": NEW, "three": NEW})

    def test_a_function_that_somebody_else_changes_meanwhile_is_left_to_them(self):
        def interfere(_):
            self.moto.send("PUT", "/2015-03-31/functions/two/configuration", {"Layers": [], "Description": "theirs"}, HERE)
            self.front.somebody_changes(HERE, "two")
        self.on_update(2, interfere)
        result = self.upgrade(1)
        self.assertIn("(PreconditionFailedException)", result.stderr)
        self.assertIn(f"{HERE} two: was not moved, but changed by somebody else; it was left as it is", result.stderr)
        self.assertEqual(self.layers(), {"one": OLD, "two": [], "three": OLD})

    def test_what_cannot_be_taken_back_is_named_with_the_command_that_does_it(self):
        self.on_update(3, lambda call: Answer.error(500, "ServiceException", "no"))
        self.on_update(4, lambda call: Answer.error(500, "ServiceException", "still no"))
        result = self.upgrade(3)
        self.assertEqual(self.layers(), {"one": OLD, "two": NEW, "three": OLD})
        self.assertIn(f"{HERE} two could not be moved back: still no (ServiceException). It had:", result.stderr)
        command = result.stderr.split("It had:\n", 1)[1].split("upgrade-functions:   ", 1)[1].splitlines()[0]
        self.front.rules.clear()
        subprocess.run(command, shell=True, check=True, capture_output=True, env=self.environment())
        self.assertEqual(self.layers()["two"], OLD)

    def test_a_moved_function_that_somebody_else_changes_is_named(self):
        def interfere(_):
            self.moto.send("PUT", "/2015-03-31/functions/one/configuration", {"Layers": []}, HERE)
            return Answer.error(500, "ServiceException", "no")
        self.on_update(3, interfere)
        result = self.upgrade(3)
        self.assertIn(f"{HERE} one could not be moved back: somebody else changed its layers since", result.stderr)
        self.assertEqual(self.layers(), {"one": [], "two": OLD, "three": OLD})

    def test_an_interruption_takes_all_back(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.assert_interruption_takes_all_back(number)

    def assert_interruption_takes_all_back(self, number):
        under_way, is_sent = threading.Event(), threading.Event()

        def hold(_):
            under_way.set()
            is_sent.wait(60)
            self.front.rules.clear()
        self.on_update(3, hold)
        process = subprocess.Popen([self.tree / "scripts/upgrade-functions", "--region", BOTH, "--yes"], cwd=self.tree,
                                   env=self.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            self.assertTrue(under_way.wait(120))
            os.kill(process.pid, number)
            is_sent.set()
            _, said = process.communicate(timeout=240)
        finally:
            process.kill()
        self.assertEqual(process.returncode, 1, said)
        self.assertIn("failed: interrupted", said)
        self.assertEqual(self.layers(), {"one": OLD, "two": OLD, "three": OLD})


if __name__ == "__main__":
    support.main()
