# SPDX-License-Identifier: Apache-2.0
"""The AWS CLI, called as a person would call it: it finds credentials, endpoints (AWS_ENDPOINT_URL) and profiles by itself.

Nothing secret is ever an argument, and nothing here reads credentials. How long a call may take, and how often it is
tried again, is the CLI's own affair.
"""
import json
import os
import re
import subprocess

from layers.refusal import Refusal

QUIET = {"AWS_PAGER": "", "AWS_CLI_AUTO_PROMPT": "off"}


class AwsError(Exception):
    """What the service or the CLI did not do. `code` is the service's word for it, empty where it has not spoken."""

    def __init__(self, said):
        found = re.search(r"An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: (.*)", said, re.S)
        self.code = found[1] if found else ""
        sentence = found[2] if found else said
        super().__init__(" ".join(sentence.split()) or "the AWS CLI failed without a word")

    def __str__(self):
        return f"{super().__str__()} ({self.code})" if self.code else super().__str__()


class Aws:
    """The CLI in one region."""

    def __init__(self, region):
        self.region = region

    def call(self, service, operation, *arguments, environment=None):
        """What it prints, as JSON; {} where it prints nothing. All pages of a list are one answer."""
        command = ["aws", service, operation, "--region", self.region, "--output", "json", *map(str, arguments)]
        result = run(command, {**os.environ, **QUIET, **(environment or {})})
        if result.returncode != 0:
            raise AwsError(result.stderr)
        try:
            return json.loads(result.stdout) if result.stdout.strip() else {}
        except ValueError:
            raise AwsError(f"`aws {service} {operation}` answered what is no JSON") from None

    def find(self, *arguments):
        """The same, or None where the service says that there is no such thing."""
        try:
            return self.call(*arguments)
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise


def run(command, environment):
    try:
        return subprocess.run(command, env=environment, text=True, capture_output=True)
    except FileNotFoundError:
        raise Refusal("there is no `aws` on PATH: this needs the AWS CLI, version 1.29 or 2.13 and newer.") from None


def account_of(aws):
    """Whose credentials these are. The one call that needs no permission, so it also tells whether there are any."""
    try:
        return aws.call("sts", "get-caller-identity")["Account"]
    except AwsError as error:
        raise Refusal(f"no account answers the AWS CLI in {aws.region}: {error}") from None
