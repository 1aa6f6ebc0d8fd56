#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/docker: what each Dockerfile says, put together in a folder, and its container behind the emulator."""
import json
import re
import shutil
import subprocess
import sys
import urllib.request

import case
import image

sys.path.insert(0, str(case.ROOT / "tests/layers"))
sys.path.append(str(case.ROOT / "scripts"))
import zips  # noqa: E402
from layers import bootstrap, places  # noqa: E402

DOCKERFILES = case.ROOT / "examples/docker"


class ImageCase(case.Case):
    def setUp(self):
        super().setUp()
        if image.why_not():
            self.skipTest(image.why_not())
        self.context = self.folder / "context"
        self.context.mkdir()
        (self.context / "handlers").symlink_to(case.ROOT / "handlers")

    def built(self, name, **arguments):
        return image.build(DOCKERFILES / name, self.context, self.folder, **arguments)

    def serve(self, words, *events):
        """The answers of a container that finds the Runtime API where the service would have it."""
        serve = subprocess.Popen([case.PROGRAMS / "shellstrap", "serve", "--only-apis", "--port", "0", "--runtime-api-port", "0",
                                  "--timeout", "60"], env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, serve)
        url = serve.stdout.readline().strip()
        api = next(found[1] for line in serve.stderr if (found := re.search(r"AWS_LAMBDA_RUNTIME_API=(\S+)", line)))
        log = self.folder / "container.log"
        with open(log, "w") as out:
            container = subprocess.Popen(words(api), env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.addCleanup(self.end, container)
        return [self.answer(url, event, log) for event in events]

    def answer(self, url, event, log):
        request = urllib.request.Request(f"{url}/2015-03-31/functions/fn/invocations", json.dumps(event).encode())
        with urllib.request.urlopen(request, timeout=90) as response:
            self.assertNotIn("X-Amz-Function-Error", response.headers, log.read_text())
            return json.load(response)

    @staticmethod
    def end(process):
        process.kill()
        process.communicate()


class ImageOnTheOfficialBaseRunsASampleTest(ImageCase):
    """With a stand-in for the base: AWS's own image cannot be had here."""

    def put_bootstrap(self, folder):
        (self.context / folder).mkdir(parents=True)
        shutil.copy(case.PROGRAMS / "bootstrap", self.context / folder)

    def test_through_the_entry_script_of_the_base(self):
        self.put_bootstrap("programs")
        built = self.built("Dockerfile", PROGRAMS="programs")
        self.assertIn("install -y git-core", built.path("/dnf.log").read_text())
        answers = self.serve(lambda api: built.container(AWS_LAMBDA_RUNTIME_API=api), {"name": "Ada"}, {"name": "Bob"})
        self.assertEqual(answers, [{"message": "Hello, Ada!"}, {"message": "Hello, Bob!"}])

    def test_that_the_functions_settings_name(self):
        self.put_bootstrap("build/release")
        built = self.built("Dockerfile")
        (answer,) = self.serve(lambda api: built.container("function.greet", AWS_LAMBDA_RUNTIME_API=api), {"name": "Ada"})
        self.assertEqual(answer, {"message": "Hello, Ada!"})


class ImageFromScratchRunsAToolTest(ImageCase):
    def setUp(self):
        super().setUp()
        machine = places.MACHINES["x86_64"]
        bootstrap.build(machine, self.context / "dist", lambda _: None, case.PROGRAMS / "bootstrap")
        zips.tree(self, "tool-jq", "x86_64")
        shutil.copy(zips.FOLDER / "shellstrap-tool-jq-x86_64.zip", self.context / "dist")

    def test_without_a_shell_or_a_distribution(self):
        built = self.built("tool.Dockerfile", ARCH="x86_64")
        self.assertEqual({path.name for path in built.folder.iterdir()}, {"bootstrap", "opt", "var", "proc", "dev", "tmp"})
        answers = self.serve(lambda api: built.container(AWS_LAMBDA_RUNTIME_API=api), {"name": "Ada"}, {"name": ["Bob"]})
        self.assertEqual(answers, ["Ada", ["Bob"]])
        print(f"the image has {image.size_of(built)} bytes")

    def test_with_the_arguments_that_the_functions_settings_name(self):
        built = self.built("tool.Dockerfile")
        (answer,) = self.serve(lambda api: built.container("{name, n: 1}", AWS_LAMBDA_RUNTIME_API=api), {"name": "Ada"})
        self.assertEqual(answer, {"name": "Ada", "n": 1})


if __name__ == "__main__":
    case.main()
