# SPDX-License-Identifier: Apache-2.0
"""Debian's archive as this machine reaches it, with an apt state of its own: the system's lists, sources and dpkg
database stay as they are, and nothing that is installed here counts as there."""
import dataclasses
import hashlib
import pathlib
import re
import shutil
import subprocess
import tempfile

from .places import CACHE
from .refusal import Refusal

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PRINTED_URI = re.compile(r"^'[^']+' (\S+) \d+ SHA256:([0-9a-f]{64})$", re.M)


@dataclasses.dataclass(frozen=True, order=True)
class Package:
    name: str
    version: str
    sha256: str

    def __str__(self):
        return f"{self.name} {self.version}"


def printed_packages(text):
    """What `apt-get --print-uris` says: 'URI' NAME_VERSION_ARCH.deb SIZE SHA256:SUM, with %3a for the epoch's colon."""
    packages = []
    for file, checksum in PRINTED_URI.findall(text):
        name, debian_version, _ = file.rsplit("_", 2)
        packages.append(Package(name, debian_version.replace("%3a", ":"), checksum))
    return sorted(packages)


def mirrors(indextargets):
    """(URI of the archive, URI of its security archive), from lines `ORIGIN|LABEL|URI` of the system's apt."""
    found = {}
    for line in indextargets.splitlines():
        origin, label, uri = line.split("|")
        if origin == "Debian":
            found.setdefault(label, uri)
    if "Debian" not in found:
        raise Refusal("apt on this machine knows no mirror of Debian: tool layers are made of Debian's packages. "
                      "Run `apt-get update` first if it should.")
    return found["Debian"], found.get("Debian-Security")


def source_lines(suite, archive, security):
    """sources.list for a release: first with its updates, then, for those that have none (sid), without."""
    options = f"[signed-by={KEYRING} target=Packages]"
    base = [f"deb {options} {archive} {suite} main"]
    updates = [f"deb {options} {archive} {suite}-updates main"]
    fixes = [f"deb {options} {security} {suite}-security main"] if security else []
    return [base + updates + fixes, base]


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

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def closure_of(self, names, without=()):
        """The packages that installing `names` on an empty machine brings, less those of `without`."""
        self.open()
        # A trailing minus is apt's own word for "without"; what depends on it would be refused, so they are left out here.
        text = self.apt_get("--print-uris", "--yes", "--no-install-recommends", "install", "--", *names)
        return [package for package in printed_packages(text) if package.name not in without]

    def candidates(self, names):
        """These packages alone, at the version that the release has now."""
        self.open()
        return printed_packages(self.apt_get("--print-uris", "download", "--", *names))

    def fetch(self, packages):
        """[path of each package's file], from the cache or the archive, each with the SHA-256 that was asked for."""
        missing = [package for package in packages if not cached(package).exists()]
        if missing:
            self.download(missing)
        return [cached(package) for package in packages]

    def download(self, packages):
        self.open()
        wanted = [f"{package.name}={package.version}" for package in packages]
        offered = self.run("apt-get", "--print-uris", "download", "--", *wanted)
        if offered.returncode != 0 or set(packages) - set(printed_packages(offered.stdout)):
            raise Refusal(self.what_is_gone(packages))
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.apt_get("download", "--", *wanted, cwd=folder)
        sums = {checksum_of(path): path for path in folder.iterdir()}
        CACHE.mkdir(parents=True, exist_ok=True)
        for package in packages:
            if package.sha256 not in sums:
                raise Refusal(f"the mirror sent another file than it announces as {package}: try again, and trust nothing of it.")
            keep(sums[package.sha256], cached(package))

    def what_is_gone(self, packages):
        """One sentence for the first locked package that the release no longer has, or has with other content."""
        for package in packages:
            now = printed_packages(self.run("apt-get", "--print-uris", "download", "--", package.name).stdout)
            if package not in now and not self.has(package):
                return gone(package, now[0] if now else None, self.suite)
        return f"Debian {self.suite} cannot be had from this machine's mirror."

    def has(self, package):
        named = self.run("apt-get", "--print-uris", "download", "--", f"{package.name}={package.version}")
        return package in printed_packages(named.stdout)

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
        for lines in source_lines(self.suite, *mirrors(targets.stdout)):
            (self.folder / "sources.list").write_text("\n".join(lines) + "\n")
            updated = self.run("apt-get", "-qq", "-o", "APT::Update::Error-Mode=any", "update")
            if updated.returncode == 0:
                return
        raise Refusal(f"Debian {self.suite} for {self.machine.debian} cannot be had from this machine's mirror: "
                      f"{first_error(updated.stderr)}")

    def apt_get(self, *arguments, cwd=None):
        result = self.run("apt-get", "-qq", *arguments, cwd=cwd)
        if result.returncode != 0:
            raise Refusal(explain(result.stderr, self.suite))
        return result.stdout

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


def keep(source, target):
    """Aside, then renamed: another build at the same time sees no half file."""
    aside = target.with_name(f"{target.name}.{source.parent.name}")
    shutil.move(source, aside)
    aside.rename(target)


def first_error(stderr):
    errors = [line[3:] for line in stderr.splitlines() if line.startswith("E: ")]
    return errors[0] if errors else (stderr.strip().splitlines() or ["apt-get said nothing"])[-1]


def explain(stderr, suite):
    missing = re.search(r"Unable to locate package (\S+)|Package '?([^' ]+)'? has no installation candidate"
                        r"|Can't select candidate version from package '?([^' ]+)", stderr)
    if missing:
        name = next(group for group in missing.groups() if group)
        return f"there is no package {name} in Debian {suite} (main); `apt-cache search` or packages of another --suite may help."
    return f"apt cannot resolve these packages in Debian {suite}: {first_error(stderr)}"


def gone(package, now, suite):
    instead = f"it has {now.version} now" if now else "it has no such package any more"
    return (f"{package}, which the lock names, is gone from the mirror's {suite}: {instead}. "
            "Build with --update-lock to take what is there, look at what changed, and commit the lock; "
            "or put the old file into .cache/debian under its SHA-256.")
