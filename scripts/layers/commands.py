# SPDX-License-Identifier: Apache-2.0
"""Which files of the named packages become commands in /opt/bin, and which packages cannot be in a layer at all."""
import dataclasses
import re

from . import elf
from .refusal import Refusal
from .root import normal, source_of
from .scripts import interpreter_of

FOLDERS = ("usr/bin", "usr/sbin", "usr/games")
PRIVATE = re.compile(r"usr/lib(?:exec)?/.+/s?bin/[^/]+")  # as usr/lib/postgresql/15/bin/pg_dump
TEXTS = ("usr/share/doc/", "usr/share/man/", "usr/share/info/", "usr/share/lintian/", "usr/share/bug/")
SHELLS = {"sh", "bash"}  # what the base image has to run scripts with
INTERPRETERS = {"perl", "python3", "ruby", "nodejs", "php-cli", "lua5.4", "tcl", "guile-3.0"}  # what packages of modules are for
UNITS = re.compile(r"usr/lib/systemd/system/[^/]+\.(?:service|socket)|etc/init\.d/[^/]+")
MAKES_USERS = re.compile(r"^[^#\n]*\b(?:adduser|useradd|systemd-sysusers)\b", re.M)


@dataclasses.dataclass(frozen=True)
class Command:
    name: str
    path: str          # of its program in the root, links followed
    is_script: bool = False


def choose(root, packages, recipe, say):
    """[Command], sorted. `say` hears what was left out and why."""
    found = candidates(root, behind_metapackages(root, packages)) | named_by_path(root, recipe)
    for name in recipe.commands + list(recipe.aliases.values()) + recipe.drop:
        if name not in found:
            raise Refusal(f"the recipe of {recipe.name} names {name}, which none of its packages has: "
                          f"there are {' '.join(found) or 'no commands'}.")
    names = recipe.commands or [name for name in found if name not in recipe.drop]
    chosen = [command for name in names if (command := usable(root, name_of(name), found[name], recipe, say))]
    if not chosen:
        raise Refusal(f"{' '.join(packages)}: there is nothing in it that a layer could run.")
    chosen += [Command(alias, next(c.path for c in chosen if c.name == name)) for alias, name in recipe.aliases.items()]
    return sorted(chosen, key=lambda command: command.name)


def behind_metapackages(root, packages):
    """The packages with their parts, and what those that have nothing to run depend on: imagemagick is imagemagick-6.q16,
    swi-prolog-nox is swi-prolog-core, python3-numpy needs python3."""
    found, todo = [], list(packages)
    while todo:
        package = todo.pop(0)
        if package in found:
            continue
        found.append(package)
        is_name, has_none = is_metapackage(root, package), not candidates(root, [package])
        todo += [name for name in dependencies(root, package)
                 if is_name or is_part(root, package, name) or has_none and (is_sister(root, package, name) or name in INTERPRETERS)]
    return found


def is_sister(root, package, name):
    """Of one source, with commands; its libraries are none."""
    return source_of(root.control[name])[0] == source_of(root.control[package])[0] and bool(candidates(root, [name]))


def is_part(root, package, name):
    """Whether a package is another one's, as mariadb-client-core is mariadb-client's and perl-base perl's."""
    return name.startswith(package + "-") and source_of(root.control[name])[0] == source_of(root.control[package])[0]


def is_metapackage(root, package):
    """Whether there is nothing in it but texts and links."""
    return all(path in root.links or path.startswith(TEXTS) for path in root.paths_of(package)) and not candidates(root, [package])


def dependencies(root, package):
    """Of what `Pre-Depends` and `Depends` say, those that are here: of `a (>= 1) | b`, a if it is, else b."""
    groups = [group for field in ("Pre-Depends", "Depends") for group in root.control[package].get(field, "").split(",")]
    names = ([re.split(r"[ :(]", name.strip())[0] for name in group.split("|")] for group in groups)
    return [here[0] for group in names if (here := [name for name in group if name in root.control])]


def candidates(root, packages):
    """{name: path} of everything in the packages' folders of programs. Those that only a private folder has are all of a
    package that has nothing else."""
    found = {}
    for package in packages:
        own = root.paths_of(package)
        public = [path for folder in reversed(FOLDERS) for path in sorted(own) if path.rsplit("/", 1)[0] == folder]
        found.update({name_of(path): path for path in public or sorted(filter(PRIVATE.fullmatch, own))})
    return found


def named_by_path(root, recipe):
    """{path as it stands there, or its last part: path} of commands that a recipe names by their place."""
    paths = {name: normal(name) for name in recipe.commands if "/" in name and root.program(name)}
    return paths | {name_of(path): path for path in paths.values()}


def name_of(path):
    return path.rsplit("/", 1)[-1]


def usable(root, name, path, recipe, say):
    program = root.program(path)
    if program is None:
        return say(f"left out {name}: it is a link to a file of a package that is not here")
    refuse_privileged(root, name, program)
    if elf.is_elf(root.path(program)):
        return Command(name, program)
    interpreter = interpreter_of(root.path(program).read_bytes()[:256])
    if interpreter in SHELLS or not recipe.only_files and brings(root, interpreter):
        return Command(name, program, is_script=True)
    if name in recipe.commands:
        raise Refusal(f"{name} is a script for {interpreter or 'no interpreter'}, which a layer cannot bring: "
                      "take it out of the recipe's commands.")
    return say(f"left out {name}: a script for {interpreter or 'no interpreter that it names'}, "
               "and the base image has sh and bash only")


def brings(root, interpreter):
    """Whether the packages have the interpreter, a program as perl or python3."""
    path = root.program(f"usr/bin/{interpreter}") if interpreter else None
    return path is not None and elf.is_elf(root.path(path))


def refuse_losses(root, packages, before, after, failed):
    """Each package that was asked for keeps a command of those it had, or those it is a name for."""
    for package in packages:
        names = set(candidates(root, behind_metapackages(root, [package])))
        lost = [command.name for command in before if command.name in names]
        if lost and not any(command.name in names for command in after):
            raise Refusal(f"nothing of {package} starts: {'; '.join(f'{name} ({failed[name]})' for name in lost[:3])}. What asks for "
                          "other words can show a job: --try 'COMMAND' --expect REGEX.")


def refuse_privileged(root, name, path):
    if path in root.privileged:
        raise Refusal(f"{name} is a {root.privileged[path]} program: /opt is mounted without such rights, and nobody in a "
                      "function can give them. If the rest is useful, put it under drop in the recipe.")


def refuse_services(root, packages, recipe):
    """Daemons that want a service manager, and users that only an installation makes."""
    if recipe.service_is_optional:
        return
    for path, package in sorted(root.owner.items()):
        if package in packages and UNITS.fullmatch(path):
            raise Refusal(f"{package} brings a service (/{path}): a function has no service manager to run it. If its "
                          "commands do without, say service_is_optional = true in the recipe.")
    for package in packages:
        control = root.control[package]
        script = next((script for script in ("preinst", "postinst") if MAKES_USERS.search(control.get(script, ""))), None)
        if script:
            raise Refusal(f"{package} makes a user when it is installed ({script}): a layer is only unpacked. If its "
                          "commands do without, say service_is_optional = true in the recipe.")
