# SPDX-License-Identifier: Apache-2.0
"""Which regions: those that were named, `all` that the account can use, or the AWS CLI's own default."""
import os

from layers.refusal import Refusal

from .aws import QUIET, Aws, AwsError, account_of, run

ALL = "all"


def default_region():
    """As the CLI finds it, and None where it finds none."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if os.environ.get(name):
            return os.environ[name]
    return run(["aws", "configure", "get", "region"], {**os.environ, **QUIET}).stdout.strip() or None


def words_of(options):
    """["a,b", "c"] is a, b, c: each once, in this order."""
    words = [word.strip() for option in options for word in option.split(",")]
    return list(dict.fromkeys(word for word in words if word))


def chosen(options):
    """The account, and an Aws for each region. Refuses what is no region of it: a typing error must not look like success."""
    words = words_of(options)
    default = default_region()
    if not words and not default:
        raise Refusal("no region: name some with --region, or set AWS_REGION.")
    asked = Aws(default or next((word for word in words if word != ALL), "us-east-1"))
    account = account_of(asked)
    if not words:
        return account, [asked]
    known = known_to(asked)
    names = known if ALL in words else words
    for name in names:
        if name not in known:
            raise Refusal(f"{name} is no region that this account can use; there are: {' '.join(known)}.")
    return account, [Aws(name) for name in names]


def known_to(aws):
    """Every region that is switched on for the account."""
    try:
        return sorted(region["RegionName"] for region in aws.call("ec2", "describe-regions")["Regions"])
    except AwsError as error:
        raise Refusal(f"which regions there are could not be asked in {aws.region}: {error}") from None
