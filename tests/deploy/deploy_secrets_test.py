# SPDX-License-Identifier: Apache-2.0
"""shellstrap deploy and the values of variables: a canary is looked for."""
import json
import os
import signal

import support
from verbs import CANARY, Verbs


class DeploySecretsTest(Verbs):
    """A value is in the private file, and nowhere else."""

    def everything(self, *results):
        text = "".join(result.stdout + result.stderr for result in results)
        return text + "".join(json.dumps(call["words"], ensure_ascii=False) for call in self.calls())

    def assert_hidden(self, *results):
        text = self.everything(*results)
        for form in (CANARY, "canary", "7351"):
            self.assertNotIn(form, text)

    def test_no_value_is_in_any_output_argument_or_file_that_is_left(self):
        self.write("secrets.env", f"TOKEN={CANARY}\n", 0o600)
        self.settings(environment={"OTHER": CANARY, "LINES": "canary\n7351"})
        words = ("--env-file", "secrets.env")
        results = [self.run_verb("deploy", "hello", *words), self.deploy(*words)]
        self.assertEqual(self.function()["latest"]["Environment"]["Variables"],
                         {"OTHER": CANARY, "LINES": "canary\n7351", "TOKEN": CANARY})
        self.assert_hidden(*results)
        modes = [mode for call in self.calls() for name, mode in call["modes"].items() if name.endswith("environment.json")]
        self.assertEqual(modes, [0o600])

    def test_a_sentence_of_the_service_that_has_a_value_is_shown_without_it(self):
        self.settings(environment={"TOKEN": CANARY})
        escaped = json.dumps(CANARY)
        for sentence in (f"bad value {CANARY}", f"bad value {escaped}", f'too long. String measured: {{"A":"7351","TOKEN":{escaped}}}'):
            self.rules(fail=["create-function", "InvalidParameterValueException", sentence])
            result = self.deploy(status=1)
            self.assertIn("(InvalidParameterValueException)", result.stderr)
            self.assert_hidden(result)

    def test_what_is_wrong_with_a_variable_is_said_without_its_value(self):
        for settings in ({"environment": {"TOKEN": ["canary"]}}, {"environment": {"_HANDLER": "canary"}},
                         {"environment": {"TOKEN": "canary" * 1000}}, {"environment": "canary"}):
            self.settings(**settings)
            self.assert_hidden(self.deploy(status=2))
        self.write("hello/deploy.json", '{"environment": {"TOKEN": "canary7351"')
        self.assert_hidden(self.deploy(status=2))
        self.settings()
        for line in ("TOKEN: canary7351", "canary/7351==", "A=1\ncanary/7351=\n"):
            self.write("secrets.env", line)
            result = self.deploy("--env-file", "secrets.env", status=2)
            self.assertIn("secrets.env", result.stderr)
            self.assert_hidden(result)

    def test_a_file_of_variables_is_not_packed(self):
        self.write("hello/secrets.env", f"TOKEN={CANARY}\n")
        result = self.deploy("--env-file", "hello/secrets.env", status=2)
        self.assertIn("--env-file hello/secrets.env would be packed", result.stderr)
        self.write("hello/.shellstrapignore", "secrets.env\n")
        self.deploy("--env-file", "hello/secrets.env")

    def test_a_signal_ends_the_cli_and_leaves_no_file(self):
        self.settings(environment={"TOKEN": CANARY})
        for number in (signal.SIGINT, signal.SIGTERM):
            self.rules(hang="create-function")
            (self.aws / "hangs").unlink(missing_ok=True)
            process = self.start("deploy", "hello", "--yes")
            self.wait_for(lambda: (self.aws / "hangs").exists() and (self.aws / "hangs").read_text())
            self.assertEqual(len(list((self.folder / "tmp").glob("*/environment.json"))), 1)
            process.send_signal(number)
            process.communicate(timeout=120)
            self.assertEqual(process.returncode, 128 + number)
            self.assertEqual(list((self.folder / "tmp").iterdir()), [])
            hung = int((self.aws / "hangs").read_text())
            self.wait_for(lambda: not os.path.exists(f"/proc/{hung}"))


if __name__ == "__main__":
    support.main()
