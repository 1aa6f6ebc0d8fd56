# SPDX-License-Identifier: Apache-2.0
"""docs/deploy.md: its commands are run as they stand there, and its permissions held against the calls."""
import fnmatch
import json
import re
import subprocess
import time

import support
from front import Answer
from support import HERE, ROOT, THERE, Cloud
from verbs import PROGRAM

GUIDE = (ROOT / "docs/deploy.md").read_text()
# What the service checks by itself, without a call that could be seen here.
UNSEEN = {"publisher": {"s3:GetObjectVersion"}, "upgrader": {"lambda:GetLayerVersion"},
          "creator": {"lambda:GetLayerVersion", "iam:PassRole"}}
VERSIONED = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
# Stands in for scripts/build-layer, which compiles: prints the zips that the test has made.
BUILDER = """#!/bin/sh
version=$(sed -n 's/.*VERSION \\([^ ]*\\).*/\\1/p' CMakeLists.txt)
case "$*" in
  "bootstrap --arch x86_64") echo "$PWD/dist/shellstrap-$version-x86_64.zip" ;;
  "bootstrap --arch all") printf '%s\\n' "$PWD/dist/shellstrap-$version-x86_64.zip" "$PWD/dist/shellstrap-$version-arm64.zip" ;;
  *) exit 2 ;;
esac
"""


def commands(heading):
    """The sh blocks below a heading."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", GUIDE, re.M | re.S)[1]
    return re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)


def count(block):
    """Commands, not lines."""
    return len(block.replace("\\\n", " ").splitlines())


def policy(name):
    return json.loads(re.search(rf"^\*\*{name}\*\*.*?^```json\n(.*?)^```", GUIDE, re.M | re.S)[1])


def as_list(word):
    return [word] if isinstance(word, str) else word


def allows(statement, action, resource):
    return action in as_list(statement["Action"]) and (resource == "*" or any(
        fnmatch.fnmatchcase(resource, pattern) for pattern in as_list(statement["Resource"])))


class GuideTest(Cloud):
    is_resident = False

    def setUp(self):
        super().setUp()
        (self.tree / "handlers").symlink_to(ROOT / "handlers")
        (self.tree / "scripts/build-layer").write_text(BUILDER)

    def shell(self, *blocks):
        """One shell for all, as the reader has it."""
        result = subprocess.run(["sh", "-eu"], input="".join(blocks), cwd=self.tree, text=True, capture_output=True,
                                timeout=600, env={**self.environment(), "LAYER": self.layer})
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    layer = f"arn:aws:lambda:{HERE}:123456789012:layer:shellstrap-x86_64:1"

    def test_the_commands_of_the_page_do_what_it_says(self):
        create, log = commands("By hand")
        self.assertLessEqual(count(create), 5)
        self.assertIn('{"name": "Ada"}', self.shell(create, log))
        self.assertEqual(self.moto.layers_of(HERE), {"hello": ["shellstrap-x86_64:1"]})
        self.shell(*commands("A URL"))
        self.check_url_permissions([call.json() for call in self.front.calls if call.action == "lambda:AddPermission"])
        self.assert_allowed("creator", "iam:CreateRole", "iam:PutRolePolicy")

        self.release("0.2.0")
        self.shell(*commands("Upgrade"))
        self.assertEqual(self.moto.layers_of(HERE), {"hello": ["shellstrap-x86_64:2"]})
        rollback, by_hand = commands("Rollback")
        self.shell(rollback)
        self.assertEqual(self.moto.layers_of(HERE), {"hello": ["shellstrap-x86_64:1"]})
        self.shell("./scripts/upgrade-functions --yes\n", by_hand)
        self.assertEqual(self.moto.layers_of(HERE), {"hello": ["shellstrap-x86_64:1"]})
        self.shell(*commands("Remove it"))
        self.assertEqual(self.moto.layers_of(HERE), {})

    def test_the_first_two_commands_make_a_function_that_can_be_called(self):
        deploy, call = commands("From nothing to a function")
        self.assertEqual(count(deploy), 2)
        (self.tree / "bin/shellstrap").symlink_to(PROGRAM)
        self.assertTrue(self.shell(deploy).endswith(f"arn:aws:lambda:{HERE}:123456789012:function:hello:live\n"))
        self.moto.put_log(HERE, "/aws/lambda/hello", [(int(time.time() * 1000), "a line of the log")])
        self.assertRegex(self.shell(call), r'{"name": "Ada"}\n+a line of the log\n$')

    def check_url_permissions(self, granted):
        """As they are sent: moto keeps no conditions."""
        self.assertEqual([{name: one[name] for name in sorted(one) if name != "StatementId"} for one in granted], [
            {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "AWS_IAM", "Principal": "123456789012"},
            {"Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True, "Principal": "123456789012"}])

    def test_a_caller_needs_both_permissions_under_these_conditions(self):
        conditions = {each["Action"]: each["Condition"] for each in policy("caller")["Statement"]}
        self.assertEqual(conditions, {
            "lambda:InvokeFunctionUrl": {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}},
            "lambda:InvokeFunction": {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}})

    def test_the_permission_of_the_log_is_the_one_in_the_list(self):
        self.assertEqual(json.loads(re.search(r"put-role-policy.*?'(.*?)'", GUIDE, re.S)[1]), policy("function"))

    def test_a_publisher_needs_these_permissions_and_no_more(self):
        self.moto.send("PUT", f"/my-layers-{THERE}", region=THERE, service="s3")
        self.sign()
        words = ["publish-layer", "--arch", "x86_64", "--region", THERE, "--public", "--yes"]
        self.succeed(*words, "--bucket", "my-layers-{region}")
        self.succeed(*words)
        self.moto.send("PUT", f"/my-layers-{THERE}?versioning", VERSIONED, region=THERE, service="s3")
        self.fail_with(1, *words, "--bucket", "my-layers-{region}", "--signing-profile", "mine")  # moto does not say that it is signed
        self.assert_allowed("publisher")

    def sign(self):
        """In place of AWS Signer, which moto has not."""
        signed = {"s3": {"bucketName": f"my-layers-{THERE}", "key": "signed/shellstrap-x86_64/job.zip"}}

        def signer(call):
            if not call.action.startswith("signer:"):
                return None
            self.moto.send("PUT", f"/my-layers-{THERE}/{signed['s3']['key']}", b"signed", region=THERE, service="s3")
            return Answer(200, {}, json.dumps({"jobId": "job", "status": "Succeeded", "signedObject": signed}).encode())
        self.front.rules.append(signer)

    def test_an_upgrader_needs_these_permissions_and_no_more(self):
        self.moto.put_role("any")
        old = self.published(HERE, version="0.1.0")
        self.published(HERE, version="0.2.0")
        self.moto.put_function(HERE, "one", [old])
        (self.tree / "event.json").write_text("{}")
        self.front.polls = 0
        self.succeed("upgrade-functions", "--region", HERE, "--smoke", "event.json", "--yes")
        self.assert_allowed("upgrader")

    def assert_allowed(self, name, *without_resource):
        """Each call by a statement, and each action of the statements by a call."""
        statements = policy(name)["Statement"]
        called = {(call.action, call.resource) for call in self.front.calls} - {("sts:GetCallerIdentity", "*")}
        for action, resource in called:
            self.assertTrue(any(allows(each, action, resource) for each in statements), (action, resource))
            self.assertNotIn("unknown", action)
        listed = {action for statement in statements for action in as_list(statement["Action"])}
        self.assertEqual(listed - UNSEEN[name], {action for action, _ in called} | set(without_resource))


if __name__ == "__main__":
    support.main()
