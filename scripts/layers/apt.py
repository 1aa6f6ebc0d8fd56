# SPDX-License-Identifier: Apache-2.0
"""What apt says, and what is said of it: lines become packages, mirrors and sentences. Nothing here runs anything."""
import dataclasses
import re

from .refusal import Refusal

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PRINTED_URI = re.compile(r"^'[^']+' (\S+) \d+ SHA256:([0-9a-f]{64})$", re.M)
UNREACHABLE = "cannot be had from this machine's mirror"
# What another try may mend. A file or a release that the mirror answers it has not stays away.
PASSING = re.compile(r"Failed to fetch (?!.* 404 )|Temporary failure resolving|Could not resolve")


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


def may_pass(stderr):
    """Whether apt failed for want of the mirror, as far as it says."""
    return PASSING.search(stderr) is not None


def first_error(stderr):
    errors = [line[3:] for line in stderr.splitlines() if line.startswith("E: ")]
    return errors[0] if errors else (stderr.strip().splitlines() or ["apt-get said nothing"])[-1]


def explain(stderr, suite):
    missing = re.search(r"Unable to locate package (\S+)|Package '?([^' ]+)'? has no installation candidate"
                        r"|Can't select candidate version from package '?([^' ]+)", stderr)
    if missing:
        name = next(group for group in missing.groups() if group)
        return f"there is no package {name} in Debian {suite} (main); `apt-cache search` or packages of another --suite may help."
    if may_pass(stderr):
        return unreachable(suite, stderr)
    return f"apt cannot resolve these packages in Debian {suite}: {first_error(stderr)}"


def unreachable(suite, stderr):
    return f"Debian {suite} {UNREACHABLE}: {first_error(stderr)}"


def is_unreachable(sentence):
    """Whether a refusal is the network's fault."""
    return UNREACHABLE in sentence


def gone(package, now, suite):
    instead = f"it has {now.version} now" if now else "it has no such package any more"
    return (f"{package}, which the lock names, is gone from the mirror's {suite}: {instead}. "
            "Build with --update-lock to take what is there, look at what changed, and commit the lock; "
            "or put the old file into .cache/debian under its SHA-256.")
