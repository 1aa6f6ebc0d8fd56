# SPDX-License-Identifier: Apache-2.0
"""scripts/publish-layer with the real AWS CLI against moto."""
import json

import support
from front import Answer
from support import HERE, THERE, Cloud, bootstrap_zip, sha256, tool_zip

BOTH = f"{HERE},{THERE}"


def arn(region, name, number):
    return f"arn:aws:lambda:{region}:123456789012:layer:{name}:{number}"


class PublishTest(Cloud):
    def test_each_architecture_in_each_region_is_a_layer_with_the_bytes_of_its_zip(self):
        result = self.succeed("publish-layer", "--arch", "all", "--region", BOTH, "--yes")
        self.assertEqual(result.stdout.split(), [arn(region, f"shellstrap-{machine}", 1)
                                                 for region in (HERE, THERE) for machine in ("x86_64", "arm64")])
        for region in (HERE, THERE):
            for machine in ("x86_64", "arm64"):
                made, = self.moto.versions(region, f"shellstrap-{machine}")
                self.assertEqual(made["Content"]["CodeSha256"], sha256(bootstrap_zip(machine, "0.1.0")))
                self.assertEqual(made["Description"], f"shellstrap 0.1.0, {machine}")
                self.assertEqual(made["CompatibleArchitectures"], [machine])
                self.assertEqual(made["CompatibleRuntimes"], ["provided.al2023"])
                self.assertEqual(self.moto.policy(region, f"shellstrap-{machine}", 1), [])

    def test_a_tool_goes_with_any_runtime_and_says_its_version(self):
        self.dist("shellstrap-tool-git-arm64.zip", tool_zip("arm64", "git", "1:2.39.5-0"))
        result = self.succeed("publish-layer", "git", "--arch", "arm64", "--yes")
        self.assertEqual(result.stdout.strip(), arn(HERE, "shellstrap-tool-git-arm64", 1))
        made, = self.moto.versions(HERE, "shellstrap-tool-git-arm64")
        self.assertEqual(made["Description"], "shellstrap 0.1.0, arm64, git 1:2.39.5-0")
        self.assertNotIn("CompatibleRuntimes", made)

    def test_a_dry_run_says_what_it_would_do_and_changes_nothing(self):
        before = self.moto.state([HERE, THERE])
        result = self.succeed("publish-layer", "--arch", "all", "--region", BOTH, "--public")
        self.assertEqual(result.stdout, "")
        self.assertIn(f"shellstrap-arm64 in {THERE}: a new version, \"shellstrap 0.1.0, arm64\"", result.stderr)
        self.assertIn("for everybody", result.stderr)
        self.assertIn("nothing was changed; --yes does it.", result.stderr)
        self.assertEqual(self.moto.state([HERE, THERE]), before)
        self.assertEqual([call for call in self.front.calls if not call.reads], [])

    def test_the_same_bytes_are_published_once(self):
        words = ["publish-layer", "--arch", "x86_64", "--yes"]
        first = self.succeed(*words)
        self.assertEqual(self.succeed(*words).stdout, first.stdout)
        self.assertEqual(len(self.moto.versions(HERE, "shellstrap-x86_64")), 1)
        self.assertEqual(self.succeed(*words, "--again").stdout.strip(), arn(HERE, "shellstrap-x86_64", 2))
        self.release("0.2.0")
        self.assertEqual(self.succeed(*words).stdout.strip(), arn(HERE, "shellstrap-x86_64", 3))

    def test_the_newest_version_is_found_on_whatever_page_it_is(self):
        for version in ("0.0.1", "0.0.2", "0.1.0"):
            self.published(HERE, version=version)
        self.front.page = 1
        result = self.succeed("publish-layer", "--arch", "x86_64", "--yes")
        self.assertEqual(result.stdout.strip(), arn(HERE, "shellstrap-x86_64", 3))

    def test_public_is_for_everybody_and_given_once_also_to_what_is_there(self):
        self.succeed("publish-layer", "--arch", "x86_64", "--yes")
        for _ in range(2):
            result = self.succeed("publish-layer", "--arch", "x86_64", "--public", "--yes")
            self.assertEqual(result.stdout.strip(), arn(HERE, "shellstrap-x86_64", 1))
        statement, = self.moto.policy(HERE, "shellstrap-x86_64", 1)
        self.assertEqual((statement["Principal"], statement["Action"], statement["Effect"]),
                         ("*", "lambda:GetLayerVersion", "Allow"))

    def test_a_permission_of_one_account_is_not_public(self):
        self.published(HERE)
        self.moto.send("POST", "/2018-10-31/layers/shellstrap-x86_64/versions/1/policy", {
            "StatementId": "one", "Principal": "arn:aws:iam::111122223333:root", "Action": "lambda:GetLayerVersion"}, HERE)
        self.succeed("publish-layer", "--arch", "x86_64", "--public", "--yes")
        self.assertEqual([statement["Sid"] for statement in self.moto.policy(HERE, "shellstrap-x86_64", 1)], ["one", "public"])

    def test_a_region_that_fails_does_not_keep_the_next_one_from_its_layer(self):
        self.front.rules.append(lambda call: Answer.error(403, "AccessDeniedException", "not here")
                                if call.action == "lambda:PublishLayerVersion" and call.region == HERE else None)
        result = self.fail_with(1, "publish-layer", "--arch", "x86_64", "--region", BOTH, "--yes")
        self.assertEqual(result.stdout.strip(), arn(THERE, "shellstrap-x86_64", 1))
        self.assertIn(f"shellstrap-x86_64 in {HERE} failed: not here (AccessDeniedException)", result.stderr)

    def test_nothing_secret_is_an_argument(self):
        (self.tree / "bin/aws").unlink()
        note = f'echo "$*" >>"{self.tree}/words"'
        (self.tree / "bin/aws").write_text(f'#!/bin/sh\n{note}\nexec {support.DEPS}/venv/bin/aws "$@"\n')
        (self.tree / "bin/aws").chmod(0o755)
        self.succeed("publish-layer", "--arch", "x86_64", "--yes")
        words = (self.tree / "words").read_text()
        self.assertIn("publish-layer-version", words)
        self.assertNotIn("AKIDEXAMPLE", words)


class PublishByBucketTest(Cloud):
    """Where the zip is larger than what the service takes in one request."""

    def setUp(self):
        super().setUp()
        self.content = bootstrap_zip("x86_64", "0.1.0", bytes(50 << 20))
        self.dist("shellstrap-0.1.0-x86_64.zip", self.content)

    def test_a_large_zip_is_refused_without_a_bucket(self):
        result = self.fail_with(2, "publish-layer", "--arch", "x86_64", "--yes")
        self.assertIn("name an S3 bucket of the same region with --bucket", result.stderr)
        self.assertEqual(self.front.changes(), [])

    def test_a_large_zip_goes_by_a_bucket_that_is_empty_afterwards(self):
        self.moto.send("PUT", f"/layers-of-{THERE}", region=THERE, service="s3")
        result = self.succeed("publish-layer", "--arch", "x86_64", "--region", THERE, "--bucket", "layers-of-{region}", "--yes")
        self.assertEqual(result.stdout.strip(), arn(THERE, "shellstrap-x86_64", 1))
        made, = self.moto.versions(THERE, "shellstrap-x86_64")
        self.assertEqual(made["Content"]["CodeSha256"], sha256(self.content))
        self.assertEqual([call.action for call in self.front.changes()],
                         ["s3:PutObject", "lambda:PublishLayerVersion", "s3:DeleteObject"])


class PublishSignedOrByReferenceTest(Cloud):
    """moto has versions of objects, but neither signs nor keeps how a layer is stored: signing is played, and the words are looked at."""

    KEY = "shellstrap-x86_64/shellstrap-0.1.0-x86_64.zip"
    WORDS = ("publish-layer", "--arch", "x86_64", "--region", THERE, "--bucket", "layers", "--yes")

    def setUp(self):
        super().setUp()
        self.moto.send("PUT", "/layers", region=THERE, service="s3")
        self.moto.send("PUT", "/layers?versioning", b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
                       region=THERE, service="s3")
        self.jobs = []
        self.front.rules.append(self.signer)

    def signer(self, call):
        """Signs by another end of the zip."""
        if call.action == "signer:StartSigningJob":
            self.jobs.append(call.json())
            self.moto.send("PUT", f"/layers/signed/shellstrap-x86_64/job-{len(self.jobs)}.zip", b"signed", region=THERE, service="s3")
            return Answer(200, {}, json.dumps({"jobId": f"job-{len(self.jobs)}"}).encode())
        if call.action == "signer:DescribeSigningJob":
            signed = {"s3": {"bucketName": "layers", "key": f"signed/shellstrap-x86_64/{call.names[0]}.zip"}}
            return Answer(200, {}, json.dumps({"status": self.job_status, "signedObject": signed}).encode())
        return None

    job_status = "Succeeded"

    def published(self):
        """What the service was told of the content, of each version."""
        return [call.json()["Content"] for call in self.front.calls if call.action == "lambda:PublishLayerVersion"]

    def sign_answers(self):
        """The service says of a signed layer by which profile, which moto does not."""
        forward = self.front.forward

        def with_profile(method, path, headers, body):
            answer = forward(method, path, headers, body)
            if method == "POST" and path.endswith("/versions"):
                made = json.loads(answer.body)
                made["Content"]["SigningProfileVersionArn"] = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/mine/1"
                answer.body = json.dumps(made).encode()
            return answer
        self.front.forward = with_profile
        self.addCleanup(setattr, self.front, "forward", forward)

    def objects(self):
        return [action for action in (call.action for call in self.front.changes()) if action.startswith("s3:")]

    def test_by_reference_the_version_of_the_object_stays(self):
        self.succeed(*self.WORDS, "--reference")
        content, = self.published()
        self.assertEqual((content["S3Bucket"], content["S3Key"], content["S3ObjectStorageMode"]), ("layers", self.KEY, "REFERENCE"))
        self.assertTrue(content["S3ObjectVersion"])
        self.assertEqual(self.objects(), ["s3:PutObject"])
        self.succeed(*self.WORDS, "--reference")
        self.assertEqual(len(self.published()), 1)

    def test_a_reference_that_could_not_be_published_is_removed_again(self):
        self.front.rules.append(lambda call: Answer.error(403, "AccessDeniedException", "no")
                                if call.action == "lambda:PublishLayerVersion" else None)
        self.fail_with(1, *self.WORDS, "--reference")
        self.assertEqual(self.objects(), ["s3:PutObject", "s3:DeleteObjectVersion"])

    def test_a_signed_layer_is_the_one_that_the_job_has_made_and_is_known_again(self):
        self.sign_answers()
        self.succeed(*self.WORDS, "--signing-profile", "mine")
        job, = self.jobs
        self.assertEqual((job["profileName"], job["source"]["s3"]["key"]), ("mine", self.KEY))
        self.assertTrue(job["source"]["s3"]["version"])
        self.assertEqual(self.published()[0]["S3Key"], "signed/shellstrap-x86_64/job-1.zip")
        self.assertEqual(self.objects(), ["s3:PutObject", "s3:DeleteObjectVersion", "s3:DeleteObjectVersion"])
        made, = self.moto.versions(THERE, "shellstrap-x86_64")
        self.assertEqual(made["Description"], f"shellstrap 0.1.0, x86_64, signed: SHA-256 {sha256(bootstrap_zip('x86_64', '0.1.0'))}")
        self.succeed(*self.WORDS, "--signing-profile", "mine")
        self.assertEqual(len(self.jobs), 1)

    def test_a_signed_layer_by_reference_keeps_the_signed_object_alone(self):
        self.sign_answers()
        self.succeed(*self.WORDS, "--signing-profile", "mine", "--reference")
        self.assertEqual(self.published()[0]["S3ObjectStorageMode"], "REFERENCE")
        self.assertEqual(self.objects(), ["s3:PutObject", "s3:DeleteObjectVersion"])

    def test_a_layer_that_comes_out_unsigned_is_a_failure(self):
        result = self.fail_with(1, *self.WORDS, "--signing-profile", "mine")
        self.assertIn("shellstrap-x86_64:1 is not signed: remove that version.", result.stderr)

    def test_a_job_that_fails_publishes_nothing_and_leaves_nothing(self):
        self.job_status = "Failed"
        self.fail_with(1, *self.WORDS, "--signing-profile", "mine")
        self.assertEqual((self.published(), self.objects()), ([], ["s3:PutObject", "s3:DeleteObjectVersion"]))

    def test_a_bucket_without_versions_is_refused(self):
        self.moto.send("PUT", "/plain", region=THERE, service="s3")
        for option in (["--reference"], ["--signing-profile", "mine"]):
            self.front.calls.clear()
            result = self.fail_with(1, "publish-layer", "--arch", "x86_64", "--region", THERE, "--bucket", "plain", "--yes", *option)
            self.assertIn(f"the bucket plain has no versions, which {option[0]} needs", result.stderr)
            self.assertEqual((self.published(), self.objects()), ([], ["s3:PutObject", "s3:DeleteObject"]))
            self.assertIn("need a bucket with versions", self.fail_with(2, "publish-layer", "--yes", *option).stderr)


class PublishRefusesTest(Cloud):
    """Before anything is changed, and with a sentence."""

    def refuse(self, sentence, *words, **environment):
        result = self.fail_with(2, "publish-layer", "--arch", "x86_64", "--yes", *words, **environment)
        self.assertIn(sentence, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, "it is more than a sentence")
        self.assertEqual(self.front.changes(), [])

    def test_a_region_that_does_not_exist(self):
        self.refuse("eu-centrl-1 is no region that this account can use; there are: ", "--region", f"{HERE},eu-centrl-1")

    def test_no_region_at_all(self):
        self.refuse("no region: name some with --region, or set AWS_REGION.", AWS_DEFAULT_REGION="")

    def test_credentials_that_are_missing(self):
        self.refuse("no account answers the AWS CLI in eu-central-1: Unable to locate credentials",
                    AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")

    def test_a_machine_without_the_cli(self):
        (self.tree / "bin/aws").unlink()
        for tool in ("python3", "dirname", "env"):
            (self.tree / "bin" / tool).symlink_to("/usr/bin/" + tool)
        self.refuse("there is no `aws` on PATH", PATH=str(self.tree / "bin"))

    def test_one_bad_zip_among_good_ones(self):
        self.refuse("./scripts/build-layer tool jq --arch x86_64 makes it.", "bootstrap", "jq")
        (self.tree / "layer/tools/jq").mkdir(parents=True)
        self.refuse("It has no recipe: name its packages there. Did you mean jq?", "jqq")


if __name__ == "__main__":
    support.main()
