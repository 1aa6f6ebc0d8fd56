#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The functions that the templates make, called as the templates set them up."""
import json
import shutil
import subprocess

import case


class FunctionsOfTheTemplatesAnswerTest(case.Case):
    def invoke(self, name, *event, status=0, **more):
        handler, folder, _, environment = case.FUNCTIONS[name]
        settings = {**environment, **more}
        if "SHELLSTRAP_COMMAND" in settings:
            settings["SHELLSTRAP_COMMAND"] = json.dumps(settings["SHELLSTRAP_COMMAND"])
        words = [word for key, value in settings.items() for word in ("--env", f"{key}={value}")]
        done = subprocess.run([case.PROGRAMS / "shellstrap", "invoke", "--timeout", "60", *words, *event,
                               "--task-root", case.ROOT / "handlers" / folder, handler],
                              env={**self.environment, "AWS_LAMBDA_LOG_FORMAT": "Text"}, text=True, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def test_an_executable(self):
        self.assertEqual(json.loads(self.invoke("hello", "-d", '{"name": "Ada"}')), {"message": "Hello, Ada!"})

    def test_a_shell_function(self):
        self.assertEqual(json.loads(self.invoke("greet", "-d", '{"name": "Ada"}')), {"message": "Welcome, Ada!"})

    def test_a_wrapper_of_git_is_there_and_wants_a_url(self):
        self.assertIn('the event needs a \\"url\\"', self.invoke("gitrefs", "-d", "{}", status=1))

    def test_a_command_of_the_package(self):
        self.assertEqual(self.invoke("search", "-d", '{"needle": "b", "text": "a\\nb\\n"}'), "2:b\n")

    def test_a_command_of_a_variable(self):
        if not shutil.which("jq"):
            self.skipTest("there is no jq; ./scripts/setup tools installs it")
        event = {"key": "b", "items": [{"a": 1, "b": [2]}, {"b": 3}]}
        self.assertEqual(self.invoke("pick", "-d", json.dumps(event)), "[2]\n3\n")

    def test_a_page_that_grows(self):
        page = self.invoke("progress", "--sample", "function-url", PROGRESS_COMMAND="true")
        self.assertIn("<li>Step 5 of 5 took", page)

    def test_messages_of_a_queue(self):
        self.assertEqual(set(json.loads(self.invoke("words", "--sample", "sqs"))), {"batchItemFailures"})


if __name__ == "__main__":
    case.main()
