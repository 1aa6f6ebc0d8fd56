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
    if newest is None or sha256_of(aws, newest) != layer_zip.sha256:
        return Publication(aws, layer_zip, None, None, options.public)
    becomes_public = options.public and not is_public(aws, layer_zip.layer, newest.number)
    return Publication(aws, layer_zip, newest.arn, newest.number, becomes_public)


def sha256_of(aws, version):
    return aws.call("lambda", "get-layer-version", "--layer-name", version.name, "--version-number", version.number,
                    "--query", "Content")["CodeSha256"]


def is_public(aws, layer, number):
    """Whether any account may use it. A statement with a condition (an organization) is not for any account."""
    answer = aws.find("lambda", "get-layer-version-policy", "--layer-name", layer, "--version-number", number)
    statements = json.loads(answer["Policy"])["Statement"] if answer else []
    return any(statement.get("Principal") in ("*", {"AWS": "*"}) and READ in statement.get("Action", ())
               and statement.get("Effect") == "Allow" and not statement.get("Condition") for statement in statements)


def act(publication, bucket):
    """The ARN of the version that has the bytes and the permission now."""
    aws, arn, number = publication.aws, publication.arn, publication.number
    if arn is None:
        arn, number = publish(aws, publication.zip, bucket)
    if publication.becomes_public:
        make_public(aws, publication.zip.layer, number)
    return arn


def publish(aws, layer_zip, bucket):
    with content_of(aws, layer_zip, bucket) as content:
        made = aws.call("lambda", "publish-layer-version", "--layer-name", layer_zip.layer,
                        "--description", layer_zip.description, "--compatible-architectures", layer_zip.architecture,
                        *words_for(layer_zip), *content)
    if made["Content"]["CodeSha256"] != layer_zip.sha256:
        raise AwsError(f"{made['LayerVersionArn']} does not have the bytes of {layer_zip.path}: remove that version.")
    return made["LayerVersionArn"], made["Version"]


def words_for(layer_zip):
    """Tools go with any runtime. The bootstrap is one."""
    if layer_zip.is_bootstrap:
        return ["--compatible-runtimes", RUNTIME, "--license-info", "Apache-2.0"]
    return ["--license-info", "see THIRD_PARTY_NOTICES in the layer"]


@contextlib.contextmanager
def content_of(aws, layer_zip, bucket):
    """The bytes themselves, or an object that is there as long as the service reads it."""
    if not bucket:
        yield ["--zip-file", f"fileb://{layer_zip.path}"]
        return
    place = bucket.replace("{region}", aws.region)
    key = f"{layer_zip.layer}/{layer_zip.path.name}"
    aws.call("s3api", "put-object", "--bucket", place, "--key", key, "--body", layer_zip.path)
    try:
        yield ["--content", f"S3Bucket={place},S3Key={key}"]
    finally:
        aws.call("s3api", "delete-object", "--bucket", place, "--key", key)


def make_public(aws, layer, number):
    aws.call("lambda", "add-layer-version-permission", "--layer-name", layer, "--version-number", number,
             "--statement-id", STATEMENT, "--principal", "*", "--action", READ)
