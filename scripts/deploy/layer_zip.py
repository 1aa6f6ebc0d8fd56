# SPDX-License-Identifier: Apache-2.0
"""A layer's zip as scripts/build-layer made it: found, checked, and what the service is told about it.

Name, version and description come from the list of parts inside (sbom.spdx.json), which has to agree with the file's
name, with the program, and for the bootstrap layer with the version of this tree (layers.places.version).
"""
import base64
import dataclasses
import hashlib
import json
import pathlib
import zipfile

from layers.places import RECIPES, version
from layers.refusal import Refusal
from layers.suggestion import did_you_mean, names_in

from .layer_names import BOOTSTRAP, layer_name

UPLOAD_LIMIT = 50 << 20     # the service's, for what is not fetched from S3
UNPACKED_LIMIT = 250 << 20  # with all layers of a function
ELF_MACHINES = {"x86_64": 62, "arm64": 183}


@dataclasses.dataclass(frozen=True)
class LayerZip:
    path: pathlib.Path
    layer: str
    architecture: str
    description: str
    size: int
    sha256: str          # as the service says it: base64

    @property
    def is_bootstrap(self):
        return self.layer == layer_name(BOOTSTRAP, self.architecture)


def find(word, architecture, dist):
    """dist/shellstrap-VERSION-ARCH.zip or dist/shellstrap-tool-NAME-ARCH.zip, or a refusal that says what is wrong with it."""
    layer = layer_name(word, architecture)
    path = dist / (f"shellstrap-{version()}-{architecture}.zip" if word == BOOTSTRAP else f"{layer}.zip")
    if not path.is_file():
        raise Refusal(f"there is no {path}: {how_to_make(word, architecture)}")
    content = path.read_bytes()
    digest = hashlib.sha256(content)
    check_sum(path, digest.hexdigest())
    description = described(path, word, layer, architecture)
    return LayerZip(path, layer, architecture, description, len(content), base64.b64encode(digest.digest()).decode())


def how_to_make(word, architecture):
    """A name without a recipe is a new tool, or a typing error."""
    kind = BOOTSTRAP if word == BOOTSTRAP else f"tool {word}"
    made = f"./scripts/build-layer {kind} --arch {architecture} makes it."
    if word == BOOTSTRAP or (RECIPES / word).is_dir():
        return made
    return made + " It has no recipe: name its packages there." + did_you_mean(word, [BOOTSTRAP, *names_in(RECIPES)])


def check_sum(path, digest):
    sums = path.with_name("SHA256SUMS")
    listed = dict(reversed(line.split(maxsplit=1)) for line in sums.read_text().splitlines()) if sums.is_file() else {}
    if path.name not in listed:
        raise Refusal(f"{sums} does not list {path.name}: build it again.")
    if listed[path.name] != digest:
        raise Refusal(f"{path} is not what {sums} says: it has the SHA-256 {digest}. Build it again.")


def described(path, word, layer, architecture):
    """The description, at most 256 characters, once the zip's inside is known to be what its name says."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = parts_of(archive, word)
            check_inside(path, archive, parts, word, layer, architecture)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refusal(f"{path} is no layer of scripts/build-layer: {error}.") from None
    words = f"shellstrap {parts[layer]}, {architecture}"
    own = f", {word} {parts[word]}" if word in parts else "" if word == BOOTSTRAP else f", {word}"
    return (words + own)[:256]


def parts_of(archive, word):
    """{name: version} of the layer itself and of what it is made of."""
    place = "shellstrap/sbom.spdx.json" if word == BOOTSTRAP else f"shellstrap/{word}/sbom.spdx.json"
    return {part["name"]: part["versionInfo"] for part in json.loads(archive.read(place))["packages"]}


def check_inside(path, archive, parts, word, layer, architecture):
    if layer not in parts:
        raise Refusal(f"{path} is another layer inside: {', '.join(parts)}.")
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > UNPACKED_LIMIT:
        raise Refusal(f"{path} has {unpacked} bytes unpacked; a function takes {UNPACKED_LIMIT} with all its layers.")
    if word == BOOTSTRAP:
        check_program(path, archive.read("bootstrap"), parts[layer], architecture)


def check_program(path, program, stated, architecture):
    if stated != version():
        raise Refusal(f"{path} says {stated} inside, and this tree is {version()}: build it again.")
    if program[:4] != b"\x7fELF" or int.from_bytes(program[18:20], "little") != ELF_MACHINES[architecture]:
        raise Refusal(f"the program in {path} is none for {architecture}.")
    if stated.encode() + b"\0" not in program:
        raise Refusal(f"the program in {path} is not version {stated}: build it again.")
