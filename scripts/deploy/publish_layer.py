# SPDX-License-Identifier: Apache-2.0
"""python3 -m deploy.publish_layer: what scripts/publish-layer runs."""
import argparse
import pathlib
import platform
import sys

from layers.places import DIST, MACHINES
from layers.refusal import Refusal

from . import layer_zip, publish, regions
from .aws import AwsError
from .layer_names import BOOTSTRAP

DESCRIPTION = """\
Publishes layers that scripts/build-layer made: dist/*.zip, as layers named shellstrap-ARCH and shellstrap-tool-NAME-ARCH,
in each chosen region. Says what it would do; does it with --yes. What is there already is not published again.
The ARN of each version is printed on stdout, everything else on stderr.

  publish-layer --arch all --region eu-central-1,us-east-1            the bootstrap layer, for both architectures
  publish-layer bootstrap git jq --region all --public --yes          three layers, for everybody
"""
EPILOG = """\
The AWS CLI does the work: credentials, profile and AWS_ENDPOINT_URL are what it finds. docs/deploy.md has the permissions.
Exit status: 0 done, or nothing to do; 1 the service did not do all of it (run it again: what is done stays done);
2 refused before anything was changed.
"""


def say(sentence):
    print(f"publish-layer: {sentence}", file=sys.stderr)


def parser():
    words = argparse.ArgumentParser(prog="publish-layer", description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    machine = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    words.add_argument("layers", nargs="*", metavar="LAYER", help="bootstrap, or the name of a tool; default: bootstrap")
    words.add_argument("--arch", choices=[*MACHINES, "all"], default=machine, help="default: this machine's")
    words.add_argument("--region", action="append", default=[], metavar="R,...",
                       help="regions, or `all`; default: the AWS CLI's")
    words.add_argument("--public", action="store_true", help="let every account use the version")
    words.add_argument("--bucket", metavar="B", help="send the bytes by this S3 bucket, as is needed above 50 MB; "
                       "{region} in it becomes the region. The object is removed again")
    words.add_argument("--reference", action="store_true", help="with --bucket, which has to have versions: the object stays, "
                       "and the service reads the layer from it")
    words.add_argument("--signing-profile", metavar="P", help="with --bucket, which has to have versions: let AWS Signer sign the "
                       "zip with this profile")
    words.add_argument("--again", action="store_true", help="a new version even of bytes that are there already")
    words.add_argument("--dist", type=pathlib.Path, default=DIST, metavar="DIR", help="default: dist/")
    words.add_argument("--yes", action="store_true", help="do it")
    return words


def main():
    options = parser().parse_args()
    try:
        return carry_out(plan(options), options)
    except (Refusal, AwsError) as refused:
        say(refused)
        return 2


def plan(options):
    """Everything that can be found wrong is found here, before the first change."""
    if (options.reference or options.signing_profile) and not options.bucket:
        raise Refusal("--reference and --signing-profile need a bucket with versions: name it with --bucket.")
    machines = list(MACHINES) if options.arch == "all" else [options.arch]
    zips = [layer_zip.find(word, machine, options.dist)
            for word in options.layers or [BOOTSTRAP] for machine in machines]
    _, places = regions.chosen(options.region)
    return [publish.plan(aws, each, options) for aws in places for each in zips]


def carry_out(publications, options):
    failed = 0
    for publication in publications:
        say(publication)
        if publication.is_done:
            print(publication.arn, flush=True)
        elif options.yes:
            failed += not done(publication, options)
    if not options.yes and not all(publication.is_done for publication in publications):
        say("nothing was changed; --yes does it.")
    if failed:
        say(f"{failed} of {len(publications)} failed; the others are done, and a second run leaves them as they are.")
    return 1 if failed else 0


def done(publication, options):
    """One failure does not keep the next region from its layer."""
    try:
        print(publish.act(publication, options), flush=True)
        return True
    except AwsError as error:
        say(f"{publication.zip.layer} in {publication.aws.region} failed: {error}")
        return False


if __name__ == "__main__":
    sys.exit(main())
