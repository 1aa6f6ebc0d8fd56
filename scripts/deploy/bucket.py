# SPDX-License-Identifier: Apache-2.0
"""The way of a zip by an S3 bucket: for what is too large for a request, for what is to be signed, and for what is to stay.

Signing and references need a bucket with versions: both mean one version of an object, whatever comes under its name later.
"""
import contextlib
import dataclasses
import json

from .aws import AwsError

SIGNED = "signed/"


@dataclasses.dataclass(frozen=True)
class Object:
    bucket: str
    key: str
    version: str | None     # None: the bucket has no versions

    def words(self, reference):
        version = f",S3ObjectVersion={self.version}" if self.version else ""
        mode = ",S3ObjectStorageMode=REFERENCE" if reference else ""
        return ["--content", f"S3Bucket={self.bucket},S3Key={self.key}{version}{mode}"]

    def place(self):
        """As the commands of s3api have it."""
        return ["--bucket", self.bucket, "--key", self.key, *(["--version-id", self.version] if self.version else [])]


def put(aws, layer_zip, bucket):
    key = f"{layer_zip.layer}/{layer_zip.path.name}"
    made = aws.call("s3api", "put-object", "--bucket", bucket, "--key", key, "--body", layer_zip.path)
    return Object(bucket, key, made.get("VersionId"))


def remove(aws, there):
    aws.call("s3api", "delete-object", *there.place())


@contextlib.contextmanager
def removed_on_error(aws, there):
    try:
        yield there
    except BaseException:
        remove(aws, there)
        raise


@contextlib.contextmanager
def removed(aws, there):
    """At the end, whatever happens."""
    try:
        yield there
    finally:
        remove(aws, there)


def needs_versions(there, option):
    if there.version is None:
        raise AwsError(f"the bucket {there.bucket} has no versions, which {option} needs: switch them on (aws s3api "
                       f"put-bucket-versioning --bucket {there.bucket} --versioning-configuration Status=Enabled).")


def sign(aws, there, profile):
    """The signed object, once the job is done."""
    source = {"s3": {"bucketName": there.bucket, "key": there.key, "version": there.version}}
    to = {"s3": {"bucketName": there.bucket, "prefix": f"{SIGNED}{there.key.rsplit('/', 1)[0]}/"}}
    job = aws.call("signer", "start-signing-job", "--source", json.dumps(source), "--destination", json.dumps(to),
                   "--profile-name", profile)["jobId"]
    aws.call("signer", "wait", "successful-signing-job", "--job-id", job)
    made = aws.call("signer", "describe-signing-job", "--job-id", job)["signedObject"]["s3"]
    head = aws.call("s3api", "head-object", "--bucket", made["bucketName"], "--key", made["key"])
    return Object(made["bucketName"], made["key"], head.get("VersionId"))


@contextlib.contextmanager
def by_bucket(aws, layer_zip, options):
    """Words for publish-layer-version. With --reference the object stays: the layer is read from it for ever."""
    bucket = options.bucket.replace("{region}", aws.region)
    with contextlib.ExitStack() as ends:
        there = put(aws, layer_zip, bucket)
        stays = options.reference and not options.signing_profile
        ends.enter_context((removed_on_error if stays else removed)(aws, there))
        if options.signing_profile:
            needs_versions(there, "--signing-profile")
            there = sign(aws, there, options.signing_profile)
            ends.enter_context((removed_on_error if options.reference else removed)(aws, there))
        if options.reference:
            needs_versions(there, "--reference")
        yield there.words(options.reference)
