# SPDX-License-Identifier: Apache-2.0
"""`build-layer tool`: from Debian packages to a layer that needs no library of its host."""
import pathlib
import shutil
import tempfile
import typing

from . import alternatives, debian, grades, leftovers, recipe, sizes, zips
from .lock import Lock, Section
from .making import CERTIFICATES, Making
from .refusal import Refusal
from .root import Root
from .suggestion import did_you_mean, names_in

# The texts that copyright files refer to, and whom to trust. Small; what is not used is not locked.
# dash and bash: packages do not say that they need them.
ALWAYS = ["base-files", CERTIFICATES, "bash", "dash"]


class Layer(typing.NamedTuple):
    path: pathlib.Path
    grade: grades.Grade
    size: int  # bytes, unpacked


def build(name, packages, machine, options, say, open_archive=debian.Archive):
    """Writes OUTPUT/shellstrap-tool-NAME-ARCH.zip and returns it as a Layer, or raises a Refusal and writes nothing."""
    what = recipe.load(name, options.recipes)
    job = grades.job_of(what, options.job, options.expect)
    suite = options.suite or what.suite or debian.own_suite()
    recipe.check_suite(suite)
    lock = Lock(what.folder)
    names = names_asked_for(what, packages, lock, suite, machine)
    with open_archive(suite, machine) as archive, tempfile.TemporaryDirectory(prefix="shellstrap-layer.") as folder:
        work = pathlib.Path(folder)
        work.chmod(0o755)  # the sandbox's user reads it
        locked = None if options.update_lock else lock.packages(suite, machine, names, what.digest())
        chosen = locked or resolve(archive, names, what)
        made = Making(what, machine, names, chosen, unpack(archive, chosen, work / "root"), work, job, say,
                      options.level).make()
        if locked is None:
            needed = made.needed | set(names)
            lock.write(suite, machine, Section(names, what.digest(), [package for package in chosen if package.name in needed]))
        target = publish(made.zip, options.output)
        report(say, target, made, len(chosen))
        if locked is None:
            mention_leftovers(say, made.tree.root, made.tree, names, made.commands)
        say(f"{name}: {grades.grade_of(job).name}")
        return Layer(target, grades.grade_of(job), zips.size_of(made.tree.folder))


def names_asked_for(what, packages, lock, suite, machine):
    recipe.check_packages(packages)
    if packages and what.packages and sorted(packages) != sorted(what.packages):
        raise Refusal(f"the recipe of {what.name} takes {' '.join(what.packages)}: change it there, or name the layer differently.")
    names = sorted(packages or what.packages or lock.names(suite, machine))
    recipe.check_packages(names)
    if not names:
        raise Refusal(f"say which packages: build-layer tool {what.name} PACKAGE... (there is no recipe {what.folder})."
                      + did_you_mean(what.name, names_in(what.folder.parent)))
    return names


def resolve(archive, names, what):
    """The closure, with what every layer may need beside it."""
    named = [name for name in names if name != CERTIFICATES]  # its own closure is for installing it
    found = {package.name: package for package in archive.closure_of(named, what.without) + archive.candidates(ALWAYS)}
    virtual = [name for name in named if name not in found]
    if virtual:
        raise Refusal(f"{virtual[0]} is no package itself, others provide it: name one of those.")
    return sorted(found.values())


def unpack(archive, packages, folder):
    folder.mkdir()
    root = Root(folder)
    for package, deb in zip(packages, archive.fetch(packages)):
        root.unpack(package.name, deb)
    alternatives.make(root)
    root.link("dash", "/usr/bin/sh", "/usr/bin/dash")
    return root


def publish(made, output):
    """Aside, then renamed; the list of checksums follows."""
    output.mkdir(parents=True, exist_ok=True)
    target = output / made.name
    aside = output / f".{made.name}.{made.parent.name}"
    shutil.copyfile(made, aside)
    aside.rename(target)
    zips.write_sums(output)
    return target


def report(say, target, made, count):
    files = zips.files_of(made.tree.folder)
    root = made.tree.root
    say(f"before: {count} packages, {len(root.owner)} files, {sizes.mega(root.size())} unpacked")
    say(f"after:  {len(files)} files, {sizes.mega(zips.size_of(made.tree.folder))} unpacked, "
        f"{sizes.mega(target.stat().st_size)} as a zip")
    say(f"commands: {' '.join(command.name for command in made.commands)}")


def mention_leftovers(say, root, tree, names, used):
    theirs = {root.owner[command.path] for command in used} | set(names) - {CERTIFICATES}
    left = leftovers.folders(root, tree.placed, theirs, tree.machine.triplet)
    if left:
        say(f"not in the layer, though the packages have it: {leftovers.describe(left)}. What the commands read of that belongs "
            "under files in the recipe, and into a smoke test.")
