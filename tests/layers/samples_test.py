#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The samples of handlers/ where nothing of this machine is: the bootstrap layer's zip as /opt, the samples as /var/task,
and `shellstrap invoke`, the static program, to call them."""
import json
import os
import pathlib
import shutil
import subprocess

import git_server
import support
import zips
from git_test import GitCase
from layers import bootstrap

PROGRAMS = pathlib.Path(os.environ.get("SHELLSTRAP_PROGRAMS", support.ROOT / "build/release"))
# None, for `invoke` sets none by itself; the service's; and one that leads to rubbish under a library's name.
LIBRARY_PATHS = ([], ["--env", "LD_LIBRARY_PATH=/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"],
                 ["--env", "LD_LIBRARY_PATH=/var/task/rubbish:/no/such/folder"])


class Samples(support.Folder):
    arch = "x86_64"
    programs = PROGRAMS
    layers = ()

    @classmethod
    def trees_needed(cls):
        return [*super().trees_needed(), *((name, cls.arch) for name in cls.layers)]

    def setUp(self):
        super().setUp()
        if not (self.programs / "bootstrap").exists():
            self.skipTest(f"no programs in {self.programs}")
        machine = support.places.MACHINES[self.arch]
        layer = bootstrap.build(machine, self.folder / "dist", lambda _: None, self.programs / "bootstrap")
        self.opt = ["--opt", layer]
        for name in self.layers:
            self.opt += ["--opt", zips.tree(self, name, self.arch)]
        self.task = self.folder / "task"
        shutil.copytree(support.ROOT / "handlers", self.task, dirs_exist_ok=True)
        for soname in ("libc.so.6", "libjq.so.1", "libz.so.1"):
            self.write(f"task/rubbish/{soname}", "rubbish")
        for program in ("shellstrap", "handlers/word-count"):
            if (self.programs / program).exists():
                shutil.copy(self.programs / program, self.task / f"{pathlib.Path(program).name}-program")

    def invoke(self, handler, event, *more, options=(), sandbox=()):
        words = handler if isinstance(handler, list) else [handler]
        return self.call("-d", event, *options, *words, *more, sandbox=sandbox)

    def call(self, *words, sandbox=()):
        return zips.sandbox("--arch", self.arch, *self.opt, "--task", self.task, *sandbox, "--", "/var/task/shellstrap-program",
                            "invoke", "--bootstrap", "/opt/bootstrap", "--timeout", "60", *words)

    def said(self, folder, *words):
        """What a sample of a folder with settings of its own answers."""
        done = self.call("--task-root", f"/var/task/{folder}", *words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def answer(self, *words, **options):
        done = self.invoke(*words, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def check_every_kind(self, *options):
        event = '{"name": "Ada"}'
        greeting = {"message": "Hello, Ada!"}
        self.assertEqual(self.answer("hello.sh", event, options=options), greeting)
        self.assertEqual(self.answer("function.greet", event, options=[*options, "--repeat", "1"]), greeting)
        self.assertEqual(self.answer("word-count-program", "two words\n", options=options)["words"], 2)

    def check_folders_with_settings_of_their_own(self):
        """But for search/: busybox' grep lacks the long options of the image's."""
        page = json.loads(self.said("cgi", "page.sh", "--sample", "function-url"))
        self.assertEqual((page["statusCode"], page["headers"]["Location"]), (303, "/"))
        self.assertEqual(json.loads(self.said("batch", "words.sh", "--sample", "sqs")), {"batchItemFailures": []})
        self.assertEqual(self.said("migrated", "tutorial.handler", "-d", "{}"), '{"characters": 2}\n')
        self.assertEqual(self.said("migrated", "shout", "-d", "a request"), "A REQUEST")

    def check_what_the_image_lacks(self):
        done = self.invoke("sum.py", "{}")
        self.assertEqual(done.returncode, 1, done.stderr)
        error = json.loads(done.stdout)
        self.assertEqual(error["errorType"], "Function.Exit127")
        self.assertIn("python3", "".join(error["stackTrace"]))


class SamplesInTheBareSandboxTest(Samples):
    layers = ("tool-jq",)

    @support.needs_sandbox
    def test_every_kind_whatever_the_library_path(self):
        for options in LIBRARY_PATHS:
            self.check_every_kind(*options)
            self.assertIn("ba7816bf8f01cfea", self.invoke("sha256sum", "abc", options=options).stdout)

    @support.needs_sandbox
    def test_pages_batches_and_handlers_of_other_bootstraps(self):
        self.check_folders_with_settings_of_their_own()

    @support.needs_sandbox
    def test_an_interpreter_that_the_image_lacks_is_named(self):
        self.check_what_the_image_lacks()

    @support.needs_sandbox
    def test_a_tool_of_a_layer_is_a_handler(self):
        self.assertEqual(self.answer(["--", "jq", ".name"], '{"name": "Ada"}'), "Ada")


class GitSamples(Samples, GitCase):
    layers = ("tool-git",)

    def setUp(self):
        super().setUp()
        self.opt += ["--share-net"]

    def check_refs_a_clone_and_a_mirror(self):
        event = json.dumps({"url": self.http.url + "/r.git"})
        head = subprocess.run(["git", "-C", self.folder / "r", "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
        for path in LIBRARY_PATHS:
            self.assertIn({"ref": "refs/heads/main", "commit": head}, self.answer("git-refs.sh", event, options=path))
            self.assertEqual(self.answer("git-run.sh", event, options=[*path, "--env", "REPORT_COMMAND=cat file"]),
                             {"commit": head, "status": 0, "output": "content"})
        done = self.invoke("git-mirror.sh", event, options=["--repeat", "2"])
        first, second = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((first["mirror"], second["mirror"], second["commit"]), ("new", "fetched", head), done.stderr)

    def check_secrets(self):
        token = ["--env", f"GIT_TOKEN={git_server.TOKEN}", "--env", f"GIT_TOKEN_HOST={self.http.url}"]
        private = self.invoke("git-refs.sh", json.dumps({"url": self.http.url + "/private/r.git"}), options=token)
        self.assertEqual(private.returncode, 0, private.stderr)
        key = ["--env", f"GIT_SSH_KEY={self.ssh.key}", "--env", f"GIT_SSH_KNOWN_HOSTS={self.ssh.known_hosts}"]
        url = f"ssh://{self.ssh.name}@127.0.0.1:{self.ssh.port}{self.folder}/served/r.git"
        over_ssh = self.invoke("git-refs.sh", json.dumps({"url": url}), options=key, sandbox=["--no-passwd"])
        self.assertEqual(over_ssh.returncode, 0, over_ssh.stderr)
        for done in (private, over_ssh):
            self.assertNotIn(git_server.TOKEN, done.stdout + done.stderr)
            self.assertNotIn(self.ssh.key.split("\n")[1], done.stdout + done.stderr)


class GitSamplesInTheBareSandboxTest(GitSamples):
    @support.needs_sandbox
    def test_refs_a_clone_and_a_mirror(self):
        self.check_refs_a_clone_and_a_mirror()

    @support.needs_sandbox
    def test_a_token_and_a_key_come_from_variables_and_stay_out_of_the_log(self):
        self.check_secrets()


class ArmSamples(Samples):
    """The base's own commands stay this machine's, which the runtime for arm64 notices: a layer's stand in for them."""
    arch = "arm64"
    programs = pathlib.Path(os.environ.get("SHELLSTRAP_ARM64_PROGRAMS", support.ROOT / "build/release-arm64"))

    def setUp(self):
        if not (self.programs / "shellstrap").exists():
            self.skipTest(f"no shellstrap in {self.programs}; ./scripts/test --preset arm64 makes one")
        super().setUp()


class SamplesForArmTest(ArmSamples):
    layers = ("tool-jq",)

    @support.needs_sandbox
    def test_every_kind_whatever_the_library_path(self):
        for options in LIBRARY_PATHS:
            self.check_every_kind(*options)
            self.assertEqual(self.answer(["--", "jq", ".name"], '{"name": "Ada"}', options=options), "Ada")

    @support.needs_sandbox
    def test_pages_batches_and_handlers_of_other_bootstraps(self):
        self.check_folders_with_settings_of_their_own()

    @support.needs_sandbox
    def test_a_program_of_another_machine_and_an_interpreter_that_the_image_lacks_are_named(self):
        self.check_what_the_image_lacks()
        self.assertIn("was built for x86_64", self.invoke("sha256sum", "abc").stdout)


class GitSamplesForArmTest(ArmSamples, GitSamples):
    layers = ("tool-git",)

    @support.needs_sandbox
    def test_refs_a_clone_and_a_mirror(self):
        self.check_refs_a_clone_and_a_mirror()

    @support.needs_sandbox
    def test_a_token_and_a_key_come_from_variables_and_stay_out_of_the_log(self):
        self.check_secrets()


if __name__ == "__main__":
    git_server.enter()
    support.main()
