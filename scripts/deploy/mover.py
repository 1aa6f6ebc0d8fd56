# SPDX-License-Identifier: Apache-2.0
"""Does moves, one after the other, and takes them back. A function that somebody else changes meanwhile is left to them.

The service changes a function's revision once more when an update is through (not only when it is accepted), so a
revision is read again before it is used again.
"""
import dataclasses
import tempfile

from .aws import AwsError

# A function may take as long as it likes to answer, and one answer is enough.
ONE_CALL = {"AWS_MAX_ATTEMPTS": "1"}
FIELDS = "{layers: Layers[].Arn, revision: RevisionId, status: LastUpdateStatus, reason: LastUpdateStatusReason}"


class Failure(Exception):
    """Why a function is not where it should be, in a sentence."""


@dataclasses.dataclass(frozen=True)
class Configuration:
    layers: tuple[str, ...]
    revision: str | None
    status: str | None
    reason: str | None


def configuration(aws, name):
    return read(aws.call("lambda", "get-function-configuration", "--function-name", name, "--query", FIELDS))


def read(found):
    return Configuration(tuple(found["layers"] or ()), found["revision"], found["status"], found["reason"])


def update(aws, name, layers, revision):
    """What it is once the update is accepted; the revision makes it fail where the function is not what it was."""
    is_same = ["--revision-id", revision] if revision else []
    return read(aws.call("lambda", "update-function-configuration", "--function-name", name, "--layers", *layers, *is_same,
                         "--query", FIELDS))


def settled(aws, name, now):
    """What it is once no update is under way."""
    if now.status != "InProgress":
        return now
    wait(aws, name)
    return configuration(aws, name)


def check(now, layers):
    """Whether the function runs with these layers."""
    if now.status == "Failed":
        raise Failure(f"the update failed: {now.reason or 'no reason was given'}")
    if now.layers != tuple(layers):
        raise Failure("somebody else changed it meanwhile")


def wait(aws, name):
    """The waiter's own sentence says nothing about why; the configuration does, and is read next."""
    try:
        aws.call("lambda", "wait", "function-updated", "--function-name", name)
    except AwsError as error:
        if "terminal failure" not in str(error):
            raise


def smoke(aws, name, event):
    """One call with that event. An error of the function is a failure, whatever it answered."""
    with tempfile.NamedTemporaryFile(prefix="shellstrap-smoke.") as answer:
        said = aws.call("lambda", "invoke", "--function-name", name, "--payload", f"fileb://{event}",
                        "--cli-read-timeout", "0", answer.name, environment=ONE_CALL)
        if said.get("FunctionError"):
            start = answer.read(300).decode(errors="replace")
            raise Failure(f"a call ended in an error ({said['FunctionError']}): {start}")


class Mover:
    """Moves functions; what it has moved, it can take back."""

    def __init__(self, places, event, say):
        self.places = {aws.region: aws for aws in places}
        self.event, self.say = event, say
        self.tried = []      # in this order; of the last one it may be unknown whether the service took it
        self.accepted = set()

    def move(self, move):
        """Raises Failure or AwsError; `take_back` then knows about this one, too."""
        aws, name = self.places[move.function.region], move.function.name
        self.tried.append(move)
        now = update(aws, name, move.after, move.function.revision)
        self.accepted.add(move)
        check(settled(aws, name, now), move.after)
        if self.event:
            smoke(aws, name, self.event)

    def take_back(self):
        """[(move, why)] of what could not be taken back."""
        lost = []
        while self.tried:
            move = self.tried.pop()
            try:
                self.say(f"{move.function}: {self.restore(move)}")
            except (Failure, AwsError) as error:
                lost.append((move, str(error)))
        return lost

    def restore(self, move):
        """What was done, in words. What is neither ours nor the old list is somebody else's."""
        aws, name = self.places[move.function.region], move.function.name
        now = settled(aws, name, configuration(aws, name))
        if now.layers == move.before and now.status != "Failed":
            return "has the layers that it had"
        if now.layers not in (move.before, move.after):
            return self.leave(move)
        now = update(aws, name, move.before, now.revision)
        check(settled(aws, name, now), move.before)
        return "was moved back"

    def leave(self, move):
        if move in self.accepted:
            raise Failure("somebody else changed its layers since; they were left as they are")
        return "was not moved, but changed by somebody else; it was left as it is"
