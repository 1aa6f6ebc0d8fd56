# SPDX-License-Identifier: Apache-2.0
"""`build-layer bootstrap`: the static program with its licences, and what lies in layer/."""
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile

from . import sbom, zips
from .places import RECIPES, ROOT, version
from .refusal import Refusal
from .sizes import mega
from .tool import publish

# Packages that something of is linked in, and where their licences are in the layer. Debian's copyright file for Boost is
# as large as the program: the one licence that counts is among the notices.
LINKED = {"libboost1.81-dev": "THIRD_PARTY_NOTICES", "nlohmann-json3-dev": "shellstrap/licenses/nlohmann-json",
          "libstdc++-12-dev": "shellstrap/licenses/libstdc++", "libc6-dev": "shellstrap/licenses/libc"}
COMMON = ("LGPL-2.1", "GPL-3")  # texts that those refer to, of Debian's base-files
LIMIT = 3_000_000


def build(machine, output, say, program=None):
    """Writes OUTPUT/shellstrap-VERSION-ARCH.zip with `bootstrap` at its root; compiles it where none is given."""
    program = program or compiled(machine, say)
    with tempfile.TemporaryDirectory(prefix="shellstrap-layer.") as folder:
        work = pathlib.Path(folder)
        fill(work / "opt", program, machine)
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
    for command in (["scripts/setup", *groups], ["scripts/adopt-build", f"build/{preset}"], ["cmake", "--preset", preset],
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


def fill(opt, program, machine):
    """layer/ as it is, less the recipes, with the program, every licence and the list of parts."""
    shutil.copytree(ROOT / "layer", opt, ignore=lambda folder, _: [RECIPES.name] if folder == str(RECIPES.parent) else [])
    shutil.copyfile(program, opt / "bootstrap")
    (opt / "bootstrap").chmod(0o755)
    for name in ("LICENSE", "THIRD_PARTY_NOTICES"):
        shutil.copyfile(ROOT / name, opt / name)
    licences = opt / "shellstrap/licenses"
    licences.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / ".deps/httplib/LICENSE", licences / "cpp-httplib")
    for package, path in LINKED.items():
        if not (opt / path).exists():
            shutil.copyfile(f"/usr/share/doc/{package}/copyright", opt / path)
    for name in COMMON:
        shutil.copyfile(f"/usr/share/common-licenses/{name}", licences / name)
    (opt / "shellstrap/sbom.spdx.json").write_bytes(sbom.document(f"shellstrap-{machine}", parts(machine)))


def parts(machine):
    """What is linked in, at the versions that it was linked from."""
    versions = versions_of(tuple(LINKED), machine)
    pin = re.search(r"SHELLSTRAP_HTTPLIB_VERSION (\S+)\)", (ROOT / "cmake/httplib.cmake").read_text())[1]
    found = [sbom.Part("cpp-httplib", pin, "cpp-httplib", pin, "shellstrap/licenses/cpp-httplib", "")]
    for package, licence in LINKED.items():
        debian_version, source, source_version = versions[package]
        found.append(sbom.Part(package, debian_version, source, source_version, licence, machine.debian))
    return found


def versions_of(packages, machine):
    """{package: (version, source, its version)} of what programs for the machine are linked from."""
    installed = installed_versions(packages)
    return installed if preset_for(machine)[0] == "release" else installed | sysroot_versions(installed)


def installed_versions(packages):
    """The same of this machine's."""
    text = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version} ${source:Package} ${source:Version}\\n", *packages],
                          capture_output=True, text=True, check=True).stdout
    return {words[0]: tuple(words[1:]) for words in map(str.split, text.splitlines())}


def sysroot_versions(installed):
    """The same of the arm64 libraries among them. Their sources have the versions of the packages."""
    text = (ROOT / ".deps/sysroot-arm64/.made").read_text()
    found = dict(line.split() for line in text.splitlines())
    sources = {package: source for package, (_, source, _) in installed.items()}
    return {package: (version, sources[package], version) for package, version in found.items() if package in sources}
