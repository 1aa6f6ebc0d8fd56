# SPDX-License-Identifier: Apache-2.0
"""`build-layer bootstrap`: the static program with its licences, and what lies in layer/."""
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile

from . import zips
from .places import RECIPES, ROOT, version
from .refusal import Refusal
from .tool import mega, publish

# Linked in, as the packages that have them say; the texts of shared licences are Debian's base-files'.
COPYRIGHTS = ("libboost1.81-dev", "nlohmann-json3-dev", "libstdc++-12-dev", "libc6-dev")
COMMON = ("LGPL-2.1", "GPL-3")
LIMIT = 3_000_000


def build(machine, output, say, program=None):
    """Writes OUTPUT/shellstrap-VERSION-ARCH.zip with `bootstrap` at its root; compiles it where none is given."""
    program = program or compiled(machine, say)
    with tempfile.TemporaryDirectory(prefix="shellstrap-layer.") as folder:
        work = pathlib.Path(folder)
        fill(work / "opt", program)
        made = work / f"shellstrap-{version()}-{machine}.zip"
        zips.write_zip(work / "opt", made)
        if made.stat().st_size > LIMIT:
            raise Refusal(f"{made.name} has {made.stat().st_size} bytes; {LIMIT} are the most that it may have.")
        target = publish(made, output)
        say(f"bootstrap: {program.stat().st_size} bytes, static; layer: {len(zips.files_of(work / 'opt'))} files, "
            f"{mega(zips.size_of(work / 'opt'))} unpacked, {mega(target.stat().st_size)} as a zip")
        return target


def compiled(machine, say):
    """build/PRESET/bootstrap of this tree, up to date."""
    preset, groups = preset_for(machine)
    say(f"building {preset}")
    for command in (["scripts/setup", *groups], ["cmake", "--preset", preset],
                    ["cmake", "--build", "--preset", preset, "--target", "bootstrap"]):
        result = subprocess.run([ROOT / command[0] if "/" in command[0] else command[0], *command[1:]], cwd=ROOT,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if result.returncode != 0:
            raise Refusal(f"{' '.join(command)} failed: {result.stdout[-2000:]}")
    return ROOT / "build" / preset / "bootstrap"


def preset_for(machine):
    if machine.triplet.split("-")[0] == platform.machine():
        return "release", ["build"]
    if machine.name == "arm64":
        return "release-arm64", ["build", "arm64"]
    raise Refusal(f"{machine} programs are built on {machine}: there is no cross-compiling preset for them.")


def fill(opt, program):
    """layer/ as it is, less the recipes, with the program and every licence."""
    shutil.copytree(ROOT / "layer", opt, ignore=lambda folder, _: [RECIPES.name] if folder == str(RECIPES.parent) else [])
    shutil.copyfile(program, opt / "bootstrap")
    (opt / "bootstrap").chmod(0o755)
    for name in ("LICENSE", "THIRD_PARTY_NOTICES"):
        shutil.copyfile(ROOT / name, opt / name)
    licences = opt / "shellstrap/licenses"
    licences.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / ".deps/httplib/LICENSE", licences / "cpp-httplib")
    for package in COPYRIGHTS:
        shutil.copyfile(f"/usr/share/doc/{package}/copyright", licences / re.sub(r"-dev$", "", package))
    for name in COMMON:
        shutil.copyfile(f"/usr/share/common-licenses/{name}", licences / name)
