# SPDX-License-Identifier: Apache-2.0
"""Debian's archive as this machine reaches it, with an apt state of its own: the system's lists, sources and dpkg
database stay as they are, and nothing that is installed here counts as there."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from . import apt
from .places import CACHE
from .refusal import Refusal

PAUSES = (2, 10)  # seconds before another try, after apt's own


def own_suite():
    """The release of this machine."""
    release = pathlib.Path("/etc/os-release")
    match = re.search(r"^VERSION_CODENAME=\W?(\w+)", release.read_text(), re.M) if release.exists() else None
    if match is None:
        raise Refusal("this machine does not say which release it is (/etc/os-release): name one with --suite.")
    return match[1]


def checksum_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Archive:
    """One release of Debian for one machine. Lists are fetched when first asked for, and gone with the object."""

    def __init__(self, suite, machine):
        self.suite = suite
        self.machine = machine
        self.folder = None
        self.copies = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for folder in filter(None, (self.folder, self.copies)):
            shutil.rmtree(folder, ignore_errors=True)

    def closure_of(self, names, without=()):
        """The packages that installing `names` on an empty machine brings, less those of `without`."""
        self.open()
        # A trailing minus is apt's own word for "without"; what depends on it would be refused, so they are left out here.
        text = self.apt_get("--print-uris", "--yes", "--no-install-recommends", "install", "--", *names)
        return [package for package in apt.printed_packages(text) if package.name not in without]

    def candidates(self, names):
        """These packages alone, at the version that the release has now."""
        self.open()
        return apt.printed_packages(self.apt_get("--print-uris", "download", "--", *names))

    def fetch(self, packages):
        """[path of each package's file], from the cache or the archive, each with the SHA-256 that was asked for. They
        are copies of this object's own: what happens to the cache later does not matter."""
        missing = [package for package in packages if not cached(package).exists()]
        if missing:
            self.download(missing)
        self.copies = self.copies or pathlib.Path(tempfile.mkdtemp(prefix="shellstrap-debs."))
        return [checked_copy(package, self.copies) for package in packages]

    def download(self, packages):
        self.open()
        wanted = [f"{package.name}={package.version}" for package in packages]
        offered = self.run("apt-get", "--print-uris", "download", "--", *wanted)
        if offered.returncode != 0 or set(packages) - set(apt.printed_packages(offered.stdout)):
            raise Refusal(self.what_is_gone(packages, offered.stderr))
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.apt_get("download", "--", *wanted, cwd=folder)
        sums = {checksum_of(path): path for path in folder.iterdir()}
        CACHE.mkdir(parents=True, exist_ok=True)
        for package in packages:
            if package.sha256 not in sums:
                raise Refusal(f"the mirror sent another file than it announces as {package}: try again, and trust nothing of it.")
            keep(sums[package.sha256], cached(package))

    def what_is_gone(self, packages, stderr):
        """One sentence for the first locked package that the release no longer has, or has with other content."""
        for package in packages:
            now = apt.printed_packages(self.run("apt-get", "--print-uris", "download", "--", package.name).stdout)
            if package not in now and not self.has(package):
                return apt.gone(package, now[0] if now else None, self.suite)
        return apt.unreachable(self.suite, stderr)

    def has(self, package):
        named = self.run("apt-get", "--print-uris", "download", "--", f"{package.name}={package.version}")
        return package in apt.printed_packages(named.stdout)

    def open(self):
        """Fetches the lists, once."""
        if self.folder:
            return
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shellstrap-apt."))
        for path in ("lists/partial", "cache/archives/partial"):
            (self.folder / path).mkdir(parents=True)
        (self.folder / "status").touch()
        targets = subprocess.run(["apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)",
                                  "Created-By: Packages"], capture_output=True, text=True)
        for lines in apt.source_lines(self.suite, *apt.mirrors(targets.stdout)):
            (self.folder / "sources.list").write_text("\n".join(lines) + "\n")
            updated = self.patiently("-o", "APT::Update::Error-Mode=any", "update")
            if updated.returncode == 0:
                return
            if apt.may_pass(updated.stderr):
                break
        raise Refusal(apt.unreachable(f"{self.suite} for {self.machine.debian}", updated.stderr))

    def apt_get(self, *arguments, cwd=None):
        result = self.patiently(*arguments, cwd=cwd)
        if result.returncode != 0:
            raise Refusal(apt.explain(result.stderr, self.suite))
        return result.stdout

    def patiently(self, *arguments, cwd=None):
        """Again after a pause, where the mirror could not be reached."""
        for pause in (*PAUSES, None):
            result = self.run("apt-get", "-qq", *arguments, cwd=cwd)
            if result.returncode == 0 or pause is None or not apt.may_pass(result.stderr):
                return result
            time.sleep(pause)

    def run(self, tool, *arguments, cwd=None):
        options = {
            "APT::Architecture": self.machine.debian, "APT::Architectures": self.machine.debian,
            "Dir::State::status": self.folder / "status", "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache", "Dir::Cache::pkgcache": "pkgcache.bin",  # images of Debian turn it off
            "Dir::Etc::sourcelist": self.folder / "sources.list", "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null", "Dir::Etc::preferencesparts": "/dev/null",
            "APT::Sandbox::User": "root", "Acquire::Languages": "none", "Acquire::ForceHash": "sha256",
            "Debug::NoLocking": "true",
        }
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return subprocess.run([tool, *words, *arguments], cwd=cwd, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)


def cached(package):
    return CACHE / f"{package.sha256}.deb"


def checked_copy(package, folder):
    """The sum is that of the copy: between looking at a file of the cache and reading it, it may be another one."""
    handle, aside = tempfile.mkstemp(dir=folder)  # renamed in the end: another thread may unpack the same one
    os.close(handle)
    shutil.copyfile(cached(package), aside)
    if checksum_of(aside) != package.sha256:
        raise Refusal(f"{cached(package)} is not {package}: its SHA-256 is not its name. Remove it, and it is fetched anew.")
    return pathlib.Path(aside).rename(folder / f"{package.sha256}.deb")


def keep(source, target):
    """Aside, then renamed: another build at the same time sees no half file."""
    aside = target.with_name(f"{target.name}.{source.parent.name}")
    shutil.move(source, aside)
    aside.rename(target)


