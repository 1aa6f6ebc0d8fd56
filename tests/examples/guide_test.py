#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/deploy.md, "With a template": its commands word for word, as far as they get without AWS and Docker."""
import os
import shlex
import subprocess
import sys

import case

sys.path.insert(0, str(case.ROOT / "tests/deploy"))
from moto_server import DEPS, Moto, why_missing  # noqa: E402

ARN = "arn:aws:lambda:us-east-1:123456789012:layer:shellstrap-x86_64:1"
# Writes down what it was asked for, and takes a password where one is sent.
DOCKER = '#!/bin/sh\n[ "$1" != login ] || read -r password\necho "$@" >>"$DOCKER_LOG"\n'


class GuideCase(case.Case):
    def setUp(self):
        super().setUp()
        self.tree = self.folder / "guide"
        (self.tree / "scripts").mkdir(parents=True)
        for name in ("examples", "handlers"):
            (self.tree / name).symlink_to(case.ROOT / name)
        self.stub("scripts/build-layer", "#!/bin/sh\n[ \"$*\" = 'bootstrap --arch x86_64' ]\n")
        self.stub("scripts/publish-layer", f"#!/bin/sh\n[ \"$*\" = '--arch x86_64 --yes' ] && echo {ARN}\n")
        self.environment |= {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"}

    def stub(self, name, text):
        (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
        (self.tree / name).write_text(text)
        (self.tree / name).chmod(0o755)

    def shell(self, *commands, status=0):
        done = subprocess.run(["sh", "-eu"], input="\n".join(commands), cwd=self.tree, env=self.environment, text=True,
                              capture_output=True, timeout=500)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr


class GuideSaysAtMostFiveCommandsForEachTemplateTest(case.Case):
    def test_that_a_shell_can_read(self):
        for name in ("With SAM", "With CDK", "With Terraform", "As a container image"):
            commands = case.guide(name)
            self.assertTrue(2 <= len(commands) <= 5, commands)
            for command in commands:
                shlex.split(command)  # or the quoting is broken


class GuideToSamTest(GuideCase):
    def test_gets_as_far_as_the_first_call_to_aws(self):
        """A wrong option would end in a usage error instead, with status 2."""
        self.environment |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1",
                             "PATH": f"{self.tool('sam').parent}:{self.environment['PATH']}"}
        build, publish, validate, deploy, invoke = case.guide("With SAM")
        self.assertIn("is a valid SAM Template", self.shell(build, publish, validate))
        for command in deploy, invoke:
            self.assertIn("Could not connect to the endpoint", self.shell(publish, command, status=1))


class GuideToImagesTest(GuideCase):
    def setUp(self):
        super().setUp()
        if why_missing():
            self.skipTest(why_missing())
        self.moto = Moto()
        self.addCleanup(self.moto.stop)
        self.moto.reset()
        self.moto.put_role("hello")
        self.stub("bin/docker", DOCKER)
        self.environment |= {"AWS_ENDPOINT_URL": self.moto.url, "ROLE": "arn:aws:iam::123456789012:role/hello",
                             "PATH": f"{self.tree}/bin:{DEPS}/venv/bin:{os.environ['PATH']}", "DOCKER_LOG": str(self.folder / "docker.log")}

    def test_makes_a_function_of_the_image_that_was_pushed(self):
        self.shell(*case.guide("As a container image"))
        login, build = [line.split() for line in (self.folder / "docker.log").read_text().splitlines()]
        tag = build[build.index("--tag") + 1]
        self.assertEqual(tag.split("/")[0], login[-1])
        self.assertTrue((self.tree / build[build.index("--file") + 1]).is_file())
        (function,) = self.moto.functions("us-east-1")
        self.assertEqual((function["PackageType"], function["Code"]["ImageUri"] if "Code" in function else tag), ("Image", tag))


if __name__ == "__main__":
    case.main()
