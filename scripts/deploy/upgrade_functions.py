# SPDX-License-Identifier: Apache-2.0
"""python3 -m deploy.upgrade_functions: what scripts/upgrade-functions runs."""
import argparse
import pathlib
import shlex
import signal
import sys

from layers.places import MACHINES, RECIPES
from layers.refusal import Refusal
from layers.suggestion import did_you_mean, names_in

from . import listing, moves, regions
from .aws import AwsError
from .layer_names import BOOTSTRAP, family, layer_name
from .mover import Mover

DESCRIPTION = """\
Finds the functions of this account that have an older version of a layer, in each chosen region, and moves them to the
newest one: the layer of the function's architecture, in the same place of its list. Says what it would do; does it
with --yes, one function after the other. When one fails, those that were moved are moved back.
A line for each move is printed on stdout, everything else on stderr.

  upgrade-functions --region eu-central-1,us-east-1 --yes             the bootstrap layer
  upgrade-functions git --function mirror --smoke event.json --yes    another layer, one function, with a call as a test
  upgrade-functions --to 0.1.0 --yes                                  back to that version, wherever it is not
"""
EPILOG = """\
The AWS CLI does the work: credentials, profile and AWS_ENDPOINT_URL are what it finds. docs/deploy.md has the permissions.
Published versions of functions, and aliases of them, stay as they are.
Exit status: 0 done, or nothing to do; 1 a function failed, and what was moved is where it was; 2 refused before anything
was changed; 3 a function failed, and some could not be moved back: they are named.
"""
FAILED, REFUSED, LOST = 1, 2, 3


def say(sentence):
    print(f"upgrade-functions: {sentence}", file=sys.stderr)


def parser():
    words = argparse.ArgumentParser(prog="upgrade-functions", description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("layer", nargs="?", default=BOOTSTRAP, metavar="LAYER",
                       help="bootstrap, or the name of a tool; default: bootstrap")
    words.add_argument("--region", action="append", default=[], metavar="R,...",
                       help="regions, or `all`; default: the AWS CLI's")
    words.add_argument("--function", action="append", default=[], metavar="NAME", help="only this one; may be repeated")
    words.add_argument("--to", metavar="VERSION", help="not the newest: a version as 0.1.0, or a number as the service "
                       "counts (which counts each region and architecture by itself). Also moves down")
    words.add_argument("--smoke", type=pathlib.Path, metavar="FILE",
                       help="call each function with this event once it was moved; an error of it is a failure")
    words.add_argument("--yes", action="store_true", help="do it")
    return words


def main():
    options = parser().parse_args()
    try:
        check(options)
        account, places = regions.chosen(options.region)
        planned, names = plan(places, account, options)
    except (Refusal, AwsError) as refused:
        say(refused)
        return REFUSED
    if not planned:
        say(nothing_to_do(names, places, options))
    if planned and not options.yes:
        print(*planned, sep="\n")
        say("nothing was changed; --yes does it.")
    return carry_out(planned, Mover(places, options.smoke, say)) if options.yes else 0


def check(options):
    family(options.layer)
    moves.check_version(options.to)
    if options.smoke and not options.smoke.is_file():
        raise Refusal(f"there is no event {options.smoke}.")


def nothing_to_do(names, places, options):
    if not names:
        return f"no function in {regions_of(places)} has the layer {options.layer}."
    return ("every function that has the layer has this version already." if options.to else
            "every function that has the layer has its newest version.")


def regions_of(places):
    return " ".join(aws.region for aws in places)


def plan(places, account, options):
    """(moves, names of all functions that have the layer) of all regions, before the first change."""
    planned, names = [], set()
    for aws in places:
        found, of_region = moves.plan(aws, account, options)
        planned += found
        names.update(of_region)
    if not names:
        check_layer(places, options.layer)
    for name in options.function:
        if name not in names:
            raise Refusal(f"no function {name} has the layer {options.layer} in {regions_of(places)}.")
    return planned, names


def check_layer(places, word):
    """A typing error must not look as if all were well."""
    layers = [layer_name(word, machine) for machine in MACHINES]
    if not any(listing.newest_version(aws, layer) for aws in places for layer in layers):
        raise Refusal(f"there is no layer {word} in {regions_of(places)}: neither {' nor '.join(layers)}."
                      + did_you_mean(word, [BOOTSTRAP, *names_in(RECIPES)]))


def carry_out(planned, mover):
    """Whatever goes wrong, an interruption too: half of the functions on another version is what nobody wants."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for move in planned:
        try:
            mover.move(move)
            print(move, flush=True)
        except (Exception, KeyboardInterrupt) as error:
            say(f"{move} failed: {str(error) or 'interrupted'}")
            return take_back(mover)
    return 0


def take_back(mover):
    """Is not interrupted again, and says what to do about each function that is not where it was."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    lost = mover.take_back()
    for move, why in lost:
        say(f"{move.function} could not be moved back: {why}. It had:")
        say("  " + shlex.join(["aws", "lambda", "update-function-configuration", "--region", move.function.region,
                               "--function-name", move.function.name, "--layers", *move.before]))
    if not lost:
        say("every function that was moved is where it was.")
    return LOST if lost else FAILED


if __name__ == "__main__":
    sys.exit(main())
