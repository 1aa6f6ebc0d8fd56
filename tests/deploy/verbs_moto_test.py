# SPDX-License-Identifier: Apache-2.0
"""The verbs with the real AWS CLI against moto."""
import json
import subprocess
import time

import support
from support import HERE, Cloud
from verbs import CANARY, PROGRAM

NAME = "arn:aws:lambda:eu-central-1:123456789012:function:hello"


class VerbsWithTheAwsCliTest(Cloud):
    def setUp(self):
        super().setUp()
        (self.tree / "hello").mkdir()
        (self.tree / "tmp").mkdir()
        script = self.tree / "hello/hello.sh"
        script.write_text("#!/bin/sh\ncat\n")
        script.chmod(0o755)
        self.settings()

    def settings(self, **settings):
        own = {"handler": "hello.sh", "arch": "x86_64", "bootstrap": "layer"}
        (self.tree / "hello/deploy.json").write_text(json.dumps(own | settings))

    def environment(self):
        return super().environment() | {"TMPDIR": str(self.tree / "tmp")}

    def run_verb(self, *words, status=0):
        result = subprocess.run([PROGRAM, *words], cwd=self.tree, text=True, timeout=600, capture_output=True,
                                env=self.environment(), stdin=subprocess.DEVNULL)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        self.assertEqual(list((self.tree / "tmp").iterdir()), [])
        return result

    def called(self):
        return [call.action for call in self.front.changes()]

    def ask(self, path):
        return self.moto.send("GET", path, region=HERE)

    def test_deploy_twice_call_and_roll_back(self):
        layer = self.published(HERE)
        self.settings(memory=256, timeout=10, layers=[layer], environment={"TOKEN": CANARY}, tags={"team": "a,b=c"})
        plan = self.run_verb("deploy", "hello")
        self.assertEqual(self.called(), [])
        first = self.run_verb("deploy", "hello", "--public", "--yes")
        self.assertEqual(first.stdout.splitlines()[0], NAME + ":live")
        self.assertRegex(first.stdout.splitlines()[1], r"^https://\w+\.lambda-url\.eu-central-1\.on\.aws/?$")
        function = self.ask("/2015-03-31/functions/hello")
        made = function["Configuration"]
        self.assertEqual((made["MemorySize"], made["Timeout"], made["Handler"], made["Runtime"], made["Architectures"]),
                         (256, 10, "hello.sh", "provided.al2023", ["x86_64"]))
        self.assertEqual([made["Role"], made["Environment"]["Variables"], function["Tags"]],
                         ["arn:aws:iam::123456789012:role/hello", {"TOKEN": CANARY}, {"team": "a,b=c"}])
        self.assertEqual([layer["Arn"] for layer in made["Layers"]], [layer])
        permissions = [call.json() for call in self.front.changes() if call.action == "lambda:AddPermission"]
        self.assertEqual([{name: one[name] for name in sorted(one) if name != "StatementId"} for one in permissions], [
            {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE", "Principal": "*"},
            {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True, "Principal": "*"}])

        self.settings(memory=512, timeout=10, layers=[layer], environment={"TOKEN": CANARY + "2"}, tags={"team": "a,b=c"})
        self.front.calls.clear()
        second = self.run_verb("deploy", "hello", "--yes")
        self.assertEqual([action for action in self.called() if "unknown" not in action], ["lambda:UpdateFunctionConfiguration"])
        self.assertEqual(self.ask("/2015-03-31/functions/hello/aliases/live")["FunctionVersion"], "2")
        self.assertIn("memory 256 -> 512; variables ~ TOKEN", second.stderr)

        called = self.run_verb("invoke", "--remote", "hello:live", "-d", '{"name": "Ada"}')
        self.assertEqual(json.loads(called.stdout), {"name": "Ada"})
        back = self.run_verb("rollback", "hello", "--yes")
        self.assertEqual(self.ask("/2015-03-31/functions/hello/aliases/live")["FunctionVersion"], "1")
        for result in (plan, first, second, called, back):
            self.assertNotIn("canary", result.stdout + result.stderr)

    def test_logs_are_read(self):
        now = int(time.time() * 1000)
        self.moto.put_log(HERE, "/aws/lambda/hello", [(now - 5000, "one"), (now - 4000, "two\n")])
        self.assertEqual(self.run_verb("logs", "hello", "--since", "1h").stdout, "one\ntwo\n")
        self.assertIn("there is no log /aws/lambda/other", self.run_verb("logs", "other", status=2).stderr)

    def test_a_new_function_is_there_in_two_commands(self):
        self.run_verb("new", "script", "greeting")
        result = self.run_verb("deploy", "greeting", "--yes")
        self.assertEqual(result.stdout, NAME.replace("hello", "greeting") + ":live\n")
        self.assertEqual(self.moto.functions(HERE)[0]["Handler"], "none")


if __name__ == "__main__":
    support.main()
