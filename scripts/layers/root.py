# SPDX-License-Identifier: Apache-2.0
"""Debian packages unpacked into one folder, without running anything of them."""
import os
import pathlib
import posixpath
import re
import subprocess
import tarfile

MERGED = {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}  # below /usr, whatever the package still says


def normal(name):
    """./lib/x -> usr/lib/x; refuses what would leave the folder."""
    path = posixpath.normpath(name.lstrip("/"))
    if path.startswith(".."):
        raise ValueError(f"{name} leads out of the package")
    first = path.split("/", 1)[0]
    return f"usr/{path}" if first in MERGED else path


class Root:
    """Paths are relative to the root, without a leading slash, and below usr/ where Debian merged folders."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.owner = {}       # path -> name of its package
        self.privileged = {}  # path -> "setuid" or "setgid"
        self.same = {}        # hard link -> the path that it names
        self.control = {}     # package -> {field or script name: text}

    def unpack(self, package, deb):
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as process:
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                for member in archive:
                    self.take(package, archive, member)
        if process.returncode != 0:
            raise ValueError(f"{deb} is no Debian package")
        self.control[package] = control_of(deb)

    def take(self, package, archive, member):
        path = normal(member.name)
        target = self.folder / path
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if member.issym():
            if not target.is_dir():  # /lib -> usr/lib and its like
                target.unlink(missing_ok=True)
                target.symlink_to(member.linkname)
        elif member.islnk():
            self.same[path] = normal(member.linkname)
            target.unlink(missing_ok=True)
            os.link(self.folder / self.same[path], target)
        elif member.isfile():
            target.unlink(missing_ok=True)
            target.write_bytes(archive.extractfile(member).read())
            target.chmod(0o755 if member.mode & 0o111 else 0o644)
        self.owner[path] = package
        if member.mode & 0o6000 and not member.issym():
            self.privileged[path] = "setuid" if member.mode & 0o4000 else "setgid"

    def path(self, name):
        return self.folder / name

    def resolve(self, name):
        """The file that a path leads to inside the root, links followed; None where it leads nowhere."""
        done, todo, links = [], normal(name).split("/"), 0
        while todo:
            part = todo.pop(0)
            if part in ("", "."):
                continue
            if part == "..":
                done = done[:-1]
                continue
            here = self.folder.joinpath(*done, part)
            if here.is_symlink():
                links += 1
                if links > 40:
                    return None
                target = os.readlink(here)
                if target.startswith("/"):
                    done, target = [], normal(target)
                todo = target.split("/") + todo
            else:
                done.append(part)
        path = normal("/".join(done)) if done else ""
        return path if self.folder.joinpath(path).exists() else None

    def program(self, name):
        """Like resolve(); of several hard links, always the same one."""
        path = self.resolve(name)
        return self.same.get(path, path)

    def files_below(self, folder):
        """Paths of files and links below a folder, sorted."""
        prefix = folder.rstrip("/") + "/"
        return sorted(path for path in self.owner if path.startswith(prefix))

    def size(self):
        return sum(path.lstat().st_size for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())


def control_of(deb):
    """The fields of the control file, and the maintainer scripts under their names."""
    text = subprocess.run(["dpkg-deb", "--info", deb, "control"], capture_output=True, text=True, check=True).stdout
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
