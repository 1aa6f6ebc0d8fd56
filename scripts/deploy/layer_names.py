# SPDX-License-Identifier: Apache-2.0
"""What a layer is called where: `git` on a command line, shellstrap-tool-git-arm64 on the service, an ARN in a function.

A layer of the service is for one architecture, so that its newest version is simply the one to use.
"""
import dataclasses
import re

from layers.places import MACHINES
from layers.refusal import Refusal

BOOTSTRAP = "bootstrap"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
VERSION_ARN = re.compile(r"(arn:[\w-]+:lambda:[\w-]+:(\d+):layer:([\w-]+)):(\d+)")


def layer_name(word, architecture):
    """bootstrap, or the name of a tool as in layer/tools/, for one architecture."""
    return f"{family(word)}-{architecture}"


def family(word):
    if not NAME.fullmatch(word):
        raise Refusal(f"'{word}' cannot be a layer: say bootstrap, or the name of a tool in layer/tools/.")
    return "shellstrap" if word == BOOTSTRAP else f"shellstrap-tool-{word}"


@dataclasses.dataclass(frozen=True)
class LayerVersion:
    """One entry of a function's list of layers."""
    arn: str
    layer_arn: str
    account: str
    name: str
    number: int

    def __str__(self):
        return f"{self.name}:{self.number}"


def parse(arn):
    """None for what is no version of a layer."""
    found = VERSION_ARN.fullmatch(arn)
    return found and LayerVersion(arn, found[1], found[2], found[3], int(found[4]))


def architecture_in(name, word):
    """Which architecture's layer of that word the name is, or None."""
    return next((machine for machine in MACHINES if name == layer_name(word, machine)), None)
