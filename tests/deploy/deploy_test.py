# SPDX-License-Identifier: Apache-2.0
"""shellstrap deploy with a stand-in for the AWS CLI: what is changed, in which order, and by which words."""
import json
import os

import stand_in
import support
from verbs import CANARY, Verbs

FIRST = ["create-role", "put-role-policy", "create-function", "publish-version", "create-alias"]
ARN = "arn:aws:lambda:eu-central-1:123456789012:function:hello:live"


def words_of(change):
    """Without the folder of this run."""
    return [word if "://" not in word else word.split("/")[-1] for word in change]


class DeployTest(Verbs):
    def test_a_plan_comes_first_and_changes_nothing(self):
        self.settings(memory=256, environment={"TOKEN": CANARY}, url=True)
        result = self.run_verb("deploy", "hello")
        self.assertEqual(self.changes(), [])
        self.assertEqual(result.stdout, "")
        for line in ("account 123456789012, function hello, alias live: new", "variables + TOKEN",
                     "aws lambda create-alias --function-name hello --name live --function-version {version}",
                     "nothing was changed; --yes does it"):
            self.assertIn(line, result.stderr)

    def test_the_first_deployment_makes_role_function_version_and_alias(self):
        result = self.deploy()
        self.assertEqual(self.operations(), FIRST)
        self.assertEqual(result.stdout, ARN + "\n")
        self.assertEqual(self.served(), "1")
        self.assertEqual(words_of(self.changes()[2]), [
            "lambda", "create-function", "--function-name", "hello", "--runtime", "provided.al2023", "--architectures", "x86_64",
            "--zip-file", "function.zip", "--role", "arn:aws:iam::123456789012:role/hello", "--handler", "hello.sh",
            "--output", "json"])
        policy, = self.state()["roles"]["hello"]["policy"]["Statement"]
        self.assertEqual(policy["Resource"], "arn:aws:logs:*:*:log-group:/aws/lambda/hello:*")

    def test_a_second_deployment_changes_only_what_changed_and_the_alias_last(self):
        self.settings(memory=256, tags={"team": "a,b"}, environment={"AB": "1"}, url=True)
        self.deploy()
        cases = [
            ({}, []),
            ({"memory": 512}, ["update-function-configuration", "publish-version", "update-alias"]),
            ({"environment": {"AB": "2"}}, ["update-function-configuration", "publish-version", "update-alias"]),
            ({"arch": "arm64"}, ["update-function-code", "publish-version", "update-alias"]),
            ({"tags": {"team": "c"}}, ["tag-resource"]),
            ({"invoke_mode": "RESPONSE_STREAM"}, ["update-function-url-config"]),
        ]
        settings = {"memory": 256, "tags": {"team": "a,b"}, "environment": {"AB": "1"}, "url": True}
        for change, expected in cases:
            settings |= change
            self.settings(**settings)
            self.rules()
            result = self.deploy()
            self.assertEqual(self.operations(), expected, change)
            self.assertEqual("nothing to do" in result.stderr, not expected)
        self.write("hello/hello.sh", "#!/bin/sh\ncat; echo\n", 0o755)
        self.rules()
        self.deploy()
        self.assertEqual(self.operations(), ["update-function-code", "publish-version", "update-alias"])
        self.assertEqual(self.function()["latest"]["Environment"], {"Variables": {"AB": "2"}})

    def test_what_is_not_said_stays_as_it_is(self):
        self.settings(memory=256, environment={"AB": "1"}, role="other", tags={"team": "a"})
        self.deploy()
        self.settings()
        self.rules()
        self.deploy()
        self.assertEqual(self.changes(), [])

    def test_names_of_variables_are_in_the_plan_and_their_fate(self):
        self.settings(environment={"KEPT": "1", "CHANGED": "1", "OLD": "1"})
        self.deploy()
        self.settings(environment={"KEPT": "1", "CHANGED": "2", "NEW": "1"})
        self.assertIn("variables ~ CHANGED, + NEW, - OLD", self.run_verb("deploy", "hello").stderr)

    def test_an_update_is_waited_for_and_a_broken_one_stops_everything(self):
        self.deploy()
        self.settings(memory=512)
        self.rules(polls=2)
        self.deploy()
        self.assertEqual(self.served(), "2")
        self.settings(memory=1024)
        self.rules(update_status="Failed")
        self.assertIn("the service could not do it: the layer is broken", self.deploy(status=1).stderr)
        self.assertEqual(self.served(), "2")

    def test_a_role_that_is_too_young_is_tried_again(self):
        self.rules(young_role=True)
        self.deploy()
        self.assertEqual(self.operations(), FIRST[:3] + FIRST[2:])

    def test_a_role_that_is_there_is_used_as_it_is(self):
        self.settings(role="arn:aws:iam::123456789012:role/mine")
        self.deploy()
        self.assertEqual(self.operations(), FIRST[2:])
        self.assertIn("arn:aws:iam::123456789012:role/mine", self.changes()[0])

    def test_a_layer_is_published_once_and_an_arn_is_taken_as_it_is(self):
        arn = "arn:aws:lambda:eu-central-1:123456789012:layer:tool:7"
        self.put_layer("shellstrap-0.1.0-x86_64.zip")
        self.settings(layers=["../shellstrap-0.1.0-x86_64.zip", arn])
        self.deploy()
        published = "arn:aws:lambda:eu-central-1:123456789012:layer:shellstrap-x86_64:1"
        self.assertEqual(self.function()["latest"]["Layers"], [{"Arn": published}, {"Arn": arn}])
        self.rules()
        self.deploy()
        self.assertEqual(self.changes(), [])

    def test_somebody_elses_change_in_between_is_not_published(self):
        self.deploy()
        self.settings(memory=512)
        state = self.state()
        self.rules(fail=["update-function-configuration", "PreconditionFailedException", "The Revision Id does not match."])
        self.assertIn("--revision-id revision-1", self.deploy(status=1).stderr)
        self.assertEqual(self.state()["functions"], state["functions"])

    def test_an_alias_that_is_split_leads_to_one_version_afterwards(self):
        self.deploy()
        state = self.state()
        state["functions"]["hello"]["aliases"]["live"]["RoutingConfig"] = {"AdditionalVersionWeights": {"2": 0.1}}
        (self.aws / "state.json").write_text(json.dumps(state))
        self.rules()
        self.deploy()
        self.assertEqual(self.operations(), ["update-alias"])
        self.assertEqual(self.function()["aliases"]["live"]["RoutingConfig"], {"AdditionalVersionWeights": {}})


class DeployUrlTest(Verbs):
    URL = ["lambda", "create-function-url-config", "--function-name", "hello", "--qualifier", "live", "--auth-type"]
    PERMIT = ["lambda", "add-permission", "--function-name", "hello", "--qualifier", "live", "--statement-id"]

    def url_changes(self):
        return [words[:-2] for words in self.changes() if "url" in words[1] or "permission" in words[1]]

    def test_a_url_is_for_callers_with_credentials_and_nobody_is_permitted_anything(self):
        result = self.deploy("--url")
        self.assertEqual(self.url_changes(), [[*self.URL, "AWS_IAM"]])
        self.assertEqual(result.stdout, ARN + "\nhttps://abc.lambda-url.eu-central-1.on.aws/\n")

    def test_a_public_url_is_permitted_word_for_word_and_only_through_the_url(self):
        self.deploy("--public")
        self.assertEqual(self.url_changes(), [
            [*self.URL, "NONE"],
            [*self.PERMIT, "shellstrap-url", "--principal", "*", "--action", "lambda:InvokeFunctionUrl",
             "--function-url-auth-type", "NONE"],
            [*self.PERMIT, "shellstrap-through-url", "--principal", "*", "--action", "lambda:InvokeFunction",
             "--invoked-via-function-url"]])

    def test_without_the_word_a_public_url_is_closed_again(self):
        self.deploy("--public")
        self.rules()
        self.deploy("--public")
        self.assertEqual(self.changes(), [])
        self.deploy()
        self.assertEqual(self.operations(), ["update-function-url-config", "remove-permission", "remove-permission"])
        self.assertEqual(self.function()["urls"]["live"]["AuthType"], "AWS_IAM")
        self.assertEqual(self.function()["policy"]["live"], {})

    def test_a_permission_that_got_lost_is_given_again(self):
        self.rules(fail_at=8)
        self.deploy("--public", status=1)
        self.assertEqual(list(self.function()["policy"]["live"]), ["shellstrap-url"])
        self.rules()
        self.deploy("--public")
        self.assertEqual(self.operations(), ["add-permission"])
        self.assertEqual(list(self.function()["policy"]["live"]), ["shellstrap-url", "shellstrap-through-url"])

    def test_the_alias_is_moved_by_the_revision_that_it_has_behind_the_changes_of_its_policy(self):
        self.deploy("--url")
        self.settings(memory=256)
        self.rules()
        self.deploy("--public")
        self.assertEqual(self.operations()[-1], "update-alias")
        self.assertEqual(self.served(), "2")

    def test_a_cli_without_the_condition_is_refused_before_anything_is_changed(self):
        self.rules(is_old=True)
        self.assertIn("--public needs 1.42.50", self.deploy("--public", status=2).stderr)
        self.assertEqual(self.changes(), [])
        self.deploy("--url")

    def test_deploy_json_cannot_open_a_url(self):
        self.settings(public=True)
        self.assertIn('there is no setting "public"', self.deploy("--url", status=2).stderr)
        self.settings(url="public")
        self.assertIn('"url" takes true or false', self.deploy("--url", status=2).stderr)


class DeployFailsTest(Verbs):
    """Each change of a second deployment fails, before and behind what it does; callers get what they got, and once more is enough."""

    BEFORE = {"memory": 128, "environment": {"AB": "1"}, "tags": {"team": "a"}, "url": True}
    AFTER = {"memory": 256, "environment": {"AB": CANARY}, "tags": {"team": "b"}, "url": True, "invoke_mode": "RESPONSE_STREAM",
             "layers": ["../tool.zip"], "role": "other"}
    STEPS = ["create-role", "put-role-policy", "publish-layer-version", "update-function-code", "update-function-configuration",
             "publish-version", "tag-resource", "update-function-url-config", "update-alias"]

    def setUp(self):
        super().setUp()
        self.settings(**self.BEFORE)
        self.put_layer("tool.zip")
        self.deploy()
        self.before = (self.aws / "state.json").read_text()
        self.settings(**self.AFTER)
        self.write("hello/hello.sh", "#!/bin/sh\ncat; echo\n", 0o755)

    def fail_second(self, **rules):
        """A second deployment, from the first one on."""
        (self.aws / "state.json").write_text(self.before)
        self.rules(**rules)
        return self.deploy(status=1)

    def finish(self):
        self.rules()
        self.deploy()
        function = self.function()
        served = function["versions"][self.served()]
        self.assertEqual((served["MemorySize"], served["Environment"]["Variables"]["AB"]), (256, CANARY))
        self.assertEqual(function["tags"], {"team": "b"})
        self.assertEqual(len(self.state()["layers"]["tool"]), 1)

    def test_the_steps_are_these_and_nothing_is_left_to_do(self):
        self.rules()
        self.deploy()
        self.assertEqual(self.operations(), self.STEPS)
        self.finish()
        self.assertEqual(self.operations(), [])

    def test_a_step_that_fails_leaves_the_old_version_in_place(self):
        for number, step in enumerate(self.STEPS, 1):
            with self.subTest(step=step):
                result = self.fail_second(fail_at=number)
                self.assertEqual(self.operations(), self.STEPS[:number])
                self.assertIn("failed: injected (ServiceException)", result.stderr)
                self.assertIn("The alias live leads to version 1", result.stderr)
                self.assertEqual(self.served(), "1")
                self.assertEqual(self.function()["versions"]["1"], json.loads(self.before)["functions"]["hello"]["versions"]["1"])
                self.finish()

    def test_a_step_whose_answer_is_lost_leaves_the_old_version_until_the_last_one(self):
        for number, step in enumerate(self.STEPS, 1):
            with self.subTest(step=step):
                result = self.fail_second(lose_at=number)
                served = "2" if step == "update-alias" else "1"
                self.assertEqual(self.served(), served)
                self.assertIn(f"The alias live leads to version {served}", result.stderr)

    def test_a_layer_whose_answer_is_lost_is_not_published_again(self):
        self.fail_second(lose_at=self.STEPS.index("publish-layer-version") + 1)
        self.finish()

    def test_the_first_deployment_goes_on_where_it_failed(self):
        self.settings()
        steps = [*FIRST, "create-function-url-config"]
        for number, step in enumerate(steps, 1):
            with self.subTest(step=step):
                stand_in.clear(self.aws)
                self.rules(fail_at=number)
                self.deploy("--url", status=1)
                self.rules()
                self.deploy("--url")
                # Without an alias the version is asked for again: the service gives the same one.
                again = steps.index("publish-version") if step == "create-alias" else number - 1
                self.assertEqual(self.operations(), steps[again:])


class DeployRefusesTest(Verbs):
    """Before anything is changed, and with a sentence."""

    def refuse(self, sentence, *words):
        result = self.deploy(*words, status=2)
        self.assertIn(sentence, result.stderr)
        self.assertEqual(self.changes(), [])

    def test_an_unknown_setting_is_a_sentence_with_the_nearest_one(self):
        self.settings(memroy=256)
        self.refuse('hello/deploy.json: there is no setting "memroy"; did you mean "memory"?')
        self.settings(something=256)
        self.refuse("there are: name alias region role handler arch")

    def test_settings_that_are_wrong(self):
        for settings, sentence in [({"memory": "256"}, '"memory" takes a whole number from 128 to 10240'),
                                   ({"timeout": 901}, '"timeout" takes a whole number from 1 to 900'),
                                   ({"arch": "i386"}, '"arch" takes "x86_64" or "arm64"'),
                                   ({"layers": ["a"] * 6}, '"layers" takes a list of five layers at most'),
                                   ({"name": "a b"}, '"name" takes 1 to 64 letters'),
                                   ({"handler": "file:///etc/passwd"}, '"handler" takes a handler'),
                                   ({"alias": "7"}, '"alias" takes letters'),
                                   ({"role": "-x"}, '"role" takes the name or the ARN of a role')]:
            self.settings(**settings)
            self.refuse(sentence)
        for text, sentence in [('{"memory": 128, "memory": 256}', '"memory" is there twice'), ("[]", "it is no JSON object"),
                               ("{", "it is not JSON: ")]:
            self.write("hello/deploy.json", text)
            self.refuse(sentence)

    def test_a_cli_that_is_too_old_or_missing(self):
        for version in ("aws-cli/1.28.99 Python/3.8", "aws-cli/2.12.7 Python/3.11", "something else"):
            self.rules(version=version)
            self.refuse("this needs version 1.29 or 2.13 or newer")
        for version in ("aws-cli/1.29.0 Python/3.8", "aws-cli/2.13.0 Python/3.11", "aws-cli/3.0 x"):
            self.rules(version=version)
            self.run_verb("deploy", "hello")
        (self.folder / "bin/aws").unlink()
        self.path = str(self.folder / "bin")
        self.refuse('there is no "aws" on PATH: this needs the AWS CLI, version 1.29 or 2.13 or newer')

    def test_a_function_of_another_kind_under_that_name(self):
        self.deploy()
        state = self.state()
        for change, sentence in (({"Runtime": "nodejs22.x"}, "the runtime nodejs22.x"), ({"PackageType": "Image"}, "container image")):
            state["functions"]["hello"]["latest"] |= change
            (self.aws / "state.json").write_text(json.dumps(state))
            self.rules()
            self.refuse(sentence)

    def test_no_handler_and_findings_of_check(self):
        self.write("hello/deploy.json", "{}")
        self.refuse("a handler is missing: say --handler")
        self.deploy("--handler", "gone.sh", status=1)
        self.assertEqual(self.changes(), [])

    def test_a_variable_that_is_no_text_and_a_file_of_settings_that_is_none(self):
        (self.folder / "binary.env").write_bytes(b"TOKEN=\xff\xfecanary\n")
        result = self.deploy("--env-file", "binary.env", status=2)
        self.assertIn("the value of TOKEN is not UTF-8", result.stderr)
        self.assertNotIn("canary", result.stderr)
        (self.folder / "hello/deploy.json").unlink()
        os.mkfifo(self.folder / "hello/deploy.json")
        self.refuse("hello/deploy.json is no file")

    def test_credentials_that_are_missing(self):
        self.rules(fail=["get-caller-identity", "ExpiredToken", "The security token is expired"])
        self.refuse("aws sts get-caller-identity: The security token is expired (ExpiredToken)")


if __name__ == "__main__":
    support.main()
