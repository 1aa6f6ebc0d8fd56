# SPDX-License-Identifier: Apache-2.0
"""One layer in one region: what there is, what is missing, and doing it.

A second run publishes nothing again: the bytes of the newest version are compared (builds are reproducible), and the
public permission is given where it is missing.
"""
import contextlib
import dataclasses
import json

from layers.refusal import Refusal

from .aws import Aws, AwsError
from .bucket import by_bucket
from .layer_zip import UPLOAD_LIMIT, LayerZip
from .listing import newest_version

RUNTIME = "provided.al2023"
STATEMENT = "public"
READ = "lambda:GetLayerVersion"


@dataclasses.dataclass(frozen=True)
class Publication:
    aws: Aws
    zip: LayerZip
    arn: str | None         # of a version that has these bytes already
    number: int | None
    becomes_public: bool

    @property
    def is_done(self):
        return self.arn is not None and not self.becomes_public

    def __str__(self):
        what = f"{self.zip.layer} in {self.aws.region}"
        if self.arn is None:
            what += f": a new version, \"{self.zip.description}\", {self.zip.size} bytes"
        else:
            what += f": version {self.number} has these bytes already"
        return what + (", for everybody" if self.becomes_public else "")


def plan(aws, layer_zip, options):
    """Asks only. With `again`, the same bytes become another version."""
    if layer_zip.size > UPLOAD_LIMIT and not options.bucket:
        raise Refusal(f"{layer_zip.path} has {layer_zip.size} bytes, and {UPLOAD_LIMIT} are the most that can be sent "
                      f"directly: name an S3 bucket of the same region with --bucket.")
    newest = None if options.again else newest_version(aws, layer_zip.layer)
    if newest is None or not has_bytes(aws, newest, layer_zip, options):
        return Publication(aws, layer_zip, None, None, options.public)
    becomes_public = options.public and not is_public(aws, layer_zip.layer, newest.number)
    return Publication(aws, layer_zip, newest.arn, newest.number, becomes_public)


def has_bytes(aws, version, layer_zip, options):
    """A signed zip has other bytes: of that the description says what was signed."""
    found = aws.call("lambda", "get-layer-version", "--layer-name", version.name, "--version-number", version.number)
    if options.signing_profile:
        return found.get("Description") == description_of(layer_zip, options)
    return found["Content"]["CodeSha256"] == layer_zip.sha256


def description_of(layer_zip, options):
    return layer_zip.description + (f", signed: SHA-256 {layer_zip.sha256}" if options.signing_profile else "")


def is_public(aws, layer, number):
    """Whether any account may use it. A statement with a condition (an organization) is not for any account."""
    answer = aws.find("lambda", "get-layer-version-policy", "--layer-name", layer, "--version-number", number)
    statements = json.loads(answer["Policy"])["Statement"] if answer else []
    return any(statement.get("Principal") in ("*", {"AWS": "*"}) and READ in statement.get("Action", ())
               and statement.get("Effect") == "Allow" and not statement.get("Condition") for statement in statements)


def act(publication, options):
    """The ARN of the version that has the bytes and the permission now."""
    aws, arn, number = publication.aws, publication.arn, publication.number
    if arn is None:
        arn, number = publish(aws, publication.zip, options)
    if publication.becomes_public:
        make_public(aws, publication.zip.layer, number)
    return arn


def publish(aws, layer_zip, options):
    with content_of(aws, layer_zip, options) as content:
        made = aws.call("lambda", "publish-layer-version", "--layer-name", layer_zip.layer,
                        "--description", description_of(layer_zip, options),
                        "--compatible-architectures", layer_zip.architecture, *words_for(layer_zip), *content)
        check(made, layer_zip, options)
    return made["LayerVersionArn"], made["Version"]


def check(made, layer_zip, options):
    """What the service has is what was meant."""
    if options.signing_profile:
        if not made["Content"].get("SigningProfileVersionArn"):
            raise AwsError(f"{made['LayerVersionArn']} is not signed: remove that version.")
    elif made["Content"]["CodeSha256"] != layer_zip.sha256:
        raise AwsError(f"{made['LayerVersionArn']} does not have the bytes of {layer_zip.path}: remove that version.")


def words_for(layer_zip):
    """Tools go with any runtime. The bootstrap is one."""
    if layer_zip.is_bootstrap:
        return ["--compatible-runtimes", RUNTIME, "--license-info", "Apache-2.0"]
    return ["--license-info", "see THIRD_PARTY_NOTICES in the layer"]


def content_of(aws, layer_zip, options):
    """The bytes themselves, or an object of a bucket."""
    if options.bucket:
        return by_bucket(aws, layer_zip, options)
    return contextlib.nullcontext(["--zip-file", f"fileb://{layer_zip.path}"])


def make_public(aws, layer, number):
    aws.call("lambda", "add-layer-version-permission", "--layer-name", layer, "--version-number", number,
             "--statement-id", STATEMENT, "--principal", "*", "--action", READ)
