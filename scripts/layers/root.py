# SPDX-License-Identifier: Apache-2.0
"""Debian packages unpacked into one folder, without running anything of them and without believing them.

The folder never holds a symbolic link: where links lead is written down, not made. So nothing that reads or writes below
it can be led out of it, by whatever order of members in whatever packages.
"""
import bisect
import itertools
import os
import pathlib
import posixpath
import re
import shutil
import subprocess
import tarfile

from .refusal import Refusal

MERGED = {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}  # below /usr, whatever the package still says
PROGRAMS = ("usr/bin/", "usr/sbin/", "usr/games/")
MOST_LINKS = 40  # that a path may lead through, as in the kernel


def merged(path):
    """lib/x -> usr/lib/x"""
    return f"usr/{path}" if path.split("/", 1)[0] in MERGED else path


def normal(name):
    """./lib/x -> usr/lib/x. As in a root of its own, nothing is above /."""
    return merged(posixpath.normpath("/" + name).lstrip("/"))


class Root:
    """Paths are relative to the root, without a leading slash, and below usr/ where Debian merged folders."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.owner = {}       # path of a file or link -> name of its package
        self.links = {}       # path of a symbolic link -> what it names
        self.privileged = {}  # path -> "setuid" or "setgid"
        self.same = {}        # hard link -> the path that it names
        self.sorted = []      # the keys of `owner`, as of the last question
        self.by_package = {}  # package -> its paths
        self.control = {}     # package -> {field or script name: text}

    def unpack(self, package, deb):
        taken = set()
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            try:
                with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                    for member in archive:
                        self.take(package, archive, member, taken)
            except tarfile.TarError as error:
                raise Refusal(f"{package} is no Debian package: {error}.")
        if process.returncode != 0:
            raise Refusal(f"{package} is no Debian package: dpkg-deb cannot read it.")
        self.control[package] = control_of(deb)

    def take(self, package, archive, member, taken):
        path = place_of(package, member)
        if path is None:
            return
        self.refuse_detours(package, path)
        if member.isdir():
            self.make_folder(package, path)
            return
        if path in taken:
            raise Refusal(f"{package} is refused: it has /{path} twice.")
        if self.folder.joinpath(path).is_dir():
            if member.issym():  # a folder of another package stays one
                return
            raise Refusal(f"{package} is refused: its /{path} is a folder elsewhere.")
        self.make_folder(package, posixpath.dirname(path))
        taken.add(path)
        self.forget(path)
        self.make(package, archive, member, path)
        self.owner[path] = package
        if member.mode & 0o6000 and not member.issym():
            self.privileged[path] = "setuid" if member.mode & 0o4000 else "setgid"

    def refuse_detours(self, package, path):
        """Files through a link of any package: its target would be another's, or the machine's."""
        parts = path.split("/")
        for length in range(1, len(parts)):
            above = "/".join(parts[:length])
            if above in self.links:
                raise Refusal(f"{package} is refused: it unpacks /{path} through the link /{above}, to {self.links[above]}.")

    def make_folder(self, package, path):
        if path in self.links:  # dpkg, too, takes a link for the folder that it leads to
            return
        try:
            self.folder.joinpath(path).mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise Refusal(f"{package} is refused: a file of another package is in the way of its folder /{path}.")

    def forget(self, path):
        """What another package had there."""
        for names in (self.owner, self.links, self.privileged, self.same):
            names.pop(path, None)
        self.same = {name: source for name, source in self.same.items() if source != path}
        self.folder.joinpath(path).unlink(missing_ok=True)

    def make(self, package, archive, member, path):
        target = self.folder / path
        if member.issym():
            self.links[path] = member.linkname
        elif member.islnk():
            source = normal(member.linkname)
            if not self.folder.joinpath(source).is_file():
                raise Refusal(f"{package} is refused: /{path} is a hard link to /{source}, which is no file of its own.")
            self.same[path] = self.same.get(source, source)
            os.link(self.folder / source, target)
        elif member.isfile():
            with open(target, "xb") as file:
                shutil.copyfileobj(archive.extractfile(member), file)
            target.chmod(0o755 if member.mode & 0o111 else 0o644)
        else:
            raise Refusal(f"{package} is refused: /{path} is neither file, folder nor link.")

    def link(self, package, name, target):
        """One more link, to a file that is there; nothing happens where a package or an earlier call has put something."""
        path = normal(name)
        above = itertools.accumulate(path.split("/")[:-1], posixpath.join)
        if path in self.owner or self.folder.joinpath(path).exists() or any(part in self.links for part in above):
            return
        if self.resolve(target):
            self.links[path] = target
            self.owner[path] = package

    def path(self, name):
        """Where the file or folder is on this machine; of a link, its target. It need not exist."""
        return self.folder / (self.resolve(name) or normal(name))

    def resolve(self, name):
        """The file or folder that a path leads to inside the root, links followed; None where it leads nowhere."""
        done, todo, links = [], normal(name).split("/"), 0
        while todo:
            part = todo.pop(0)
            if part in ("", "."):
                continue
            if part == "..":
                done = done[:-1]
                continue
            here = merged("/".join([*done, part]))
            if here not in self.links:
                done = here.split("/")
                continue
            links += 1
            if links > MOST_LINKS:
                return None
            target = self.links[here]
            done = [] if target.startswith("/") else here.split("/")[:-1]
            todo = target.split("/") + todo
        path = "/".join(done)
        return path if path and self.folder.joinpath(path).exists() else None

    def program(self, name):
        """Like resolve(); of several hard links, always the same one."""
        path = self.resolve(name)
        return self.same.get(path, path)

    def files_below(self, folder):
        """Paths of files and links below a folder, sorted."""
        prefix = folder.rstrip("/") + "/"
        names = self.names()
        return names[bisect.bisect_left(names, prefix):bisect.bisect_left(names, prefix[:-1] + chr(ord("/") + 1))]

    def names(self):
        """All of them, sorted; anew where one has come or gone."""
        if len(self.sorted) != len(self.owner):
            self.sorted = sorted(self.owner)
            self.by_package = {}
            for path in self.sorted:
                self.by_package.setdefault(self.owner[path], []).append(path)
        return self.sorted

    def paths_of(self, package):
        """Of files and links, sorted. To be asked for when everything is unpacked."""
        self.names()
        return self.by_package.get(package, [])

    def has_programs(self, package):
        return any(path.startswith(PROGRAMS) for path in self.paths_of(package))

    def size(self):
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def place_of(package, member):
    """Where a member belongs; None: nowhere, because it is the root itself or a link that merges folders."""
    if member.name.startswith("/") or ".." in member.name.split("/"):
        raise Refusal(f"{package} is refused: the name {member.name!r} leads out of it.")
    path = normal(member.name)
    if member.issym() and posixpath.normpath(member.name) in MERGED:
        return None
    if path == "" and not member.isdir():
        raise Refusal(f"{package} is refused: its root is no folder.")
    return path or None


def control_of(deb):
    """The fields of the control file, and the maintainer scripts under their names."""
    asked = subprocess.run(["dpkg-deb", "--info", deb, "control"], capture_output=True, text=True)
    if asked.returncode != 0:
        raise Refusal(f"{deb} has no control file that dpkg-deb can read: {asked.stderr.strip() or 'it said nothing'}.")
    text = asked.stdout
    found = dict(re.findall(r"^([A-Za-z0-9-]+): *(.*)$", text, re.M))
    for script in ("preinst", "postinst"):
        result = subprocess.run(["dpkg-deb", "--info", deb, script], capture_output=True, text=True)
        if result.returncode == 0:
            found[script] = result.stdout
    return found


def source_of(control):
    """(name, version) of the source package that a binary package was built from."""
    match = re.fullmatch(r"(\S+)(?: \((\S+)\))?", control.get("Source", control["Package"]))
    return match[1], match[2] or re.sub(r"\+b\d+$", "", control["Version"])
