# SPDX-License-Identifier: Apache-2.0
"""Zips whose bytes depend on nothing but names, modes and contents, and the list of their checksums."""
import fcntl
import os
import pathlib
import time
import zipfile

from .debian import checksum_of

EARLIEST = 315532800  # 1980-01-01: no zip can say earlier


def timestamp():
    """What every entry is dated: SOURCE_DATE_EPOCH where it is set, else the earliest that a zip can say."""
    return max(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST)), EARLIEST)


def files_of(tree):
    """{name in the zip: path}. A symbolic link is a fault of the caller: packers flatten them or fail on them."""
    found = {}
    for path in sorted(pathlib.Path(tree).rglob("*")):
        if path.is_symlink():
            raise ValueError(f"{path} is a symbolic link")
        if path.is_file():
            found[path.relative_to(tree).as_posix()] = path
    return found


def write_zip(tree, target, level=9):
    """Every file of the tree, sorted by bytes of the name, mode 0755 or 0644. Written aside, then renamed."""
    moment = time.gmtime(timestamp())[:6]
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    with zipfile.ZipFile(aside, "w") as archive:
        for name, path in sorted(files_of(tree).items(), key=lambda item: item[0].encode()):
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system = 3  # Unix, or the mode would not count
            entry.external_attr = (0o100755 if os.access(path, os.X_OK) else 0o100644) << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, level)
    aside.rename(target)


def extract(archive, folder):
    """What write_zip() has written, with its modes."""
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            os.chmod(opened.extract(entry, folder), entry.external_attr >> 16 & 0o777)


def write_sums(folder):
    """SHA256SUMS of every layer in the folder, as sha256sum --check reads it."""
    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lines = [f"{checksum_of(path)}  {path.name}\n" for path in sorted(folder.glob("shellstrap-*.zip"))]
        aside = folder / ".SHA256SUMS"
        aside.write_text("".join(lines))
        aside.rename(folder / "SHA256SUMS")


def size_of(tree):
    return sum(path.stat().st_size for path in files_of(tree).values())
