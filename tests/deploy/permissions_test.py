# SPDX-License-Identifier: Apache-2.0
"""docs/deploy.md: the permissions of whoever deploys, held against what the verbs ask for."""
import guide_test
import support
from verbs import Verbs

# What the service checks by itself, without a call that could be seen here.
UNSEEN = {"iam:PassRole"}
# These need no permission, or ask nobody.
FREE = {"sts:GetCallerIdentity", "lambda:AddPermissionSkeleton"}


def action_of(words):
    if "--generate-cli-skeleton" in words:
        return "lambda:AddPermissionSkeleton"
    name = "".join(part.capitalize() for part in words[1].split("-"))
    return f"{words[0]}:{'InvokeFunction' if name == 'Invoke' else name}"


class VerbPermissionsTest(Verbs):
    def test_a_deployer_needs_these_permissions_and_no_more(self):
        self.put_layer("hello.zip")
        self.settings(layers=["../hello.zip"], tags={"team": "a"}, url=True)
        self.deploy()
        self.settings(layers=["../hello.zip"], tags={"team": "b"}, memory=256, role="hello", arch="arm64")
        self.deploy("--public")
        self.deploy()
        self.run_verb("invoke", "--remote", "hello")
        self.run_verb("rollback", "hello")
        self.run_verb("logs", "hello")
        called = {action_of(call["words"]) for call in self.calls() if call["words"] != ["--version"]}
        listed = {action for each in guide_test.policy("deployer")["Statement"] for action in guide_test.as_list(each["Action"])}
        self.assertEqual(listed - UNSEEN, called - FREE)


if __name__ == "__main__":
    support.main()
