# SPDX-License-Identifier: Apache-2.0
"""layer/tools/NAME/recipe.toml: what a tool needs beyond "the commands of these packages". Every key is optional.

packages = ["git", "openssh-client"]   what to take when the command line names none
suite = "trixie"                       the release to take it from (default: that of the build machine)
without = ["perl"]                     packages of the closure that are not fetched
commands = ["git", "ssh"]              exactly these, by name or by path (default: all of the named packages)
drop = ["ssh-agent"]                   all but these
libraries = ["libcap.so.2"]            loaded at run time by name, so that no ELF file says it
charsets = ["ISO-8859-1"]              converters for iconv(3) (default: a usual set where a command calls iconv)
only_files = true                      data is what `files` names: nothing is taken because programs name its path
service_is_optional = true             the packages bring a service or a user, but the commands do without

[environment]                          set for each command where it is not set yet; {tool} is /opt/shellstrap/NAME
GIT_EXEC_PATH = "{tool}/libexec/git-core"
[aliases]                              further names of a command
nc = "nc.openbsd"
[files]                                files or folders of the packages, and where they go below {tool}
"usr/lib/git-core/git-remote-http" = "libexec/git-core/git-remote-http"
"usr/lib/{triplet}/ossl-modules" = "ossl-modules"
[made]                                 files that an installation makes: path, and a command for sh whose output they are
"usr/share/greeting/cache" = "make-cache --stdout"

Beside it: `lock` (written by the build), `smoke` (a shell script that has to pass in the bare sandbox) and `opt/`, a
tree that is copied as it is.
"""
import dataclasses
import hashlib
import json
import pathlib
import re
import tomllib

from .refusal import Refusal

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
PACKAGE = re.compile(r"[a-z0-9][a-z0-9.+-]*[a-z0-9+]")
NO_RECIPE = "none"
# `packages` is a lock's own question; a suite has a section of its own; variables take nothing.
TAKEN = ("without", "commands", "drop", "libraries", "charsets", "aliases", "files")
SUITE = re.compile(r"[a-z][a-z0-9]*")


@dataclasses.dataclass
class Recipe:
    name: str
    folder: pathlib.Path
    packages: list = dataclasses.field(default_factory=list)
    suite: str = ""
    without: list = dataclasses.field(default_factory=list)
    commands: list = dataclasses.field(default_factory=list)
    drop: list = dataclasses.field(default_factory=list)
    libraries: list = dataclasses.field(default_factory=list)
    charsets: list | None = None
    service_is_optional: bool = False
    only_files: bool = False
    environment: dict = dataclasses.field(default_factory=dict)
    aliases: dict = dataclasses.field(default_factory=dict)
    files: dict = dataclasses.field(default_factory=dict)
    made: dict = dataclasses.field(default_factory=dict)

    @property
    def tool(self):
        """Where everything but the commands lies. Not /opt/lib: the service puts that on LD_LIBRARY_PATH, and the
        host's own programs would find this C library there."""
        return f"/opt/shellstrap/{self.name}"

    @property
    def smoke(self):
        return self.folder / "smoke"

    def digest(self):
        """Of what decides which packages the layer has something of. NO_RECIPE where that is nothing but the commands."""
        keys = {key: value for key in TAKEN if (value := getattr(self, key))}
        return hashlib.sha256(json.dumps(keys, sort_keys=True).encode()).hexdigest()[:16] if keys else NO_RECIPE

    def defaults(self):
        return {name: value.replace("{tool}", self.tool) for name, value in self.environment.items()}


def load(name, recipes):
    check_name(name)
    folder = recipes / name
    file = folder / "recipe.toml"
    try:
        keys = tomllib.loads(file.read_text()) if file.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{file} is not TOML: {error}.")
    known = {field.name: field for field in dataclasses.fields(Recipe)}
    for key, value in keys.items():
        if key not in known or key in ("name", "folder"):
            raise Refusal(f"{file} has a key that no recipe has: {key}.")
        check_type(file, key, value)
    return Recipe(name, folder, **keys)


def check_type(file, key, value):
    wanted = {"suite": str, "service_is_optional": bool, "only_files": bool, "environment": dict, "aliases": dict, "files": dict,
              "made": dict}.get(key, list)
    parts = value if wanted is list else value.values() if wanted is dict else []
    if not isinstance(value, wanted) or not all(isinstance(part, str) for part in parts):
        raise Refusal(f"{file}: {key} has the wrong type.")


def check_name(name):
    if not NAME.fullmatch(name) or name == "licenses":  # beside the tools in /opt/shellstrap
        raise Refusal(f"{name!r} cannot be the name of a layer: small letters, digits and hyphens, 32 at most.")


def check_packages(names):
    for name in names:
        if not PACKAGE.fullmatch(name):
            raise Refusal(f"{name!r} cannot be the name of a Debian package: small letters, digits, + - and . "
                          "(the release is chosen with --suite, the machine with --arch).")


def check_suite(suite):
    if not SUITE.fullmatch(suite):
        raise Refusal(f"{suite!r} cannot be a release of Debian: a code name such as trixie, or sid.")
