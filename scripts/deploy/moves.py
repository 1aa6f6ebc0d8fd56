# SPDX-License-Identifier: Apache-2.0
"""Which functions get which list of layers: a plan, made of what the service says. Asks only."""
import dataclasses
import re

from layers.refusal import Refusal

from . import listing
from .layer_names import architecture_in, layer_name, parse
from .listing import Function


@dataclasses.dataclass(frozen=True)
class Move:
    function: Function
    after: tuple[str, ...]

    @property
    def before(self):
        return self.function.layers

    def __str__(self):
        """eu-central-1 orders: shellstrap-x86_64:1 -> shellstrap-x86_64:2"""
        changed = [f"{parse(old)} -> {parse(new)}" for old, new in zip(self.before, self.after) if old != new]
        return f"{self.function}: {', '.join(changed)}"


class Targets:
    """The version that functions of an architecture are to have in one region; looked up once, where one needs it."""

    def __init__(self, aws, word, wanted):
        self.aws, self.word, self.wanted = aws, word, wanted
        self.found = {}

    def target(self, architecture):
        if architecture not in self.found:
            self.found[architecture] = self.look_up(layer_name(self.word, architecture))
        return self.found[architecture]

    def look_up(self, layer):
        for version, description in listing.versions(self.aws, layer):
            if self.is_wanted(version, description):
                return version
        what = f"version {self.wanted} of {layer}" if self.wanted else f"layer {layer}"
        raise Refusal(f"there is no {what} in {self.aws.region}; functions there need it. Nothing was changed.")

    def is_wanted(self, version, description):
        """Nothing wanted: the newest. 3 is the service's number, 0.1.0 is ours, as descriptions begin with it."""
        if self.wanted is None or self.wanted == str(version.number):
            return True
        return description.startswith(f"shellstrap {self.wanted}, ")


def check_version(wanted):
    if wanted is not None and not re.fullmatch(r"\d+(\.\d+\.\d+\S*)?", wanted):
        raise Refusal(f"'{wanted}' is no version: say a number as the service counts, or one as 0.1.0.")


def plan(aws, account, options):
    """(moves, names of all functions that have the layer) of one region."""
    targets = Targets(aws, options.layer, options.to)
    found = [function for function in listing.functions(aws)
             if (not options.function or function.name in options.function) and uses(function, account, options.layer)]
    moves = [move_of(function, account, options.layer, targets) for function in found]
    return [move for move in moves if move.after != move.before], [function.name for function in found]


def uses(function, account, word):
    return any(is_ours(parse(arn), account, word) for arn in function.layers)


def is_ours(version, account, word):
    return version is not None and version.account == account and architecture_in(version.name, word) is not None


def move_of(function, account, word, targets):
    """The same list with another version in the same place: which file of a name wins depends on the order."""
    after = tuple(moved(arn, function.architecture, targets) if is_ours(parse(arn), account, word) else arn
                  for arn in function.layers)
    return Move(function, after)


def moved(arn, architecture, targets):
    """Never down, unless a version was asked for. A layer of the other architecture was never right."""
    version, target = parse(arn), targets.target(architecture)
    is_newer = version.name == target.name and version.number > target.number
    return arn if is_newer and targets.wanted is None else target.arn
