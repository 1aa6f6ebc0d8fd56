# SPDX-License-Identifier: Apache-2.0
"""Layers as zips, for tests that run what is in them: built once for all build folders, and unpacked there."""
import fcntl
import os
import shutil
import subprocess

import support

FOLDER = support.ROOT / "build/layers"


def tree(test, name, arch):
    """The folder that is /opt of such a layer: its zip, unpacked. Skips the test where it cannot be built."""
    unpacked = FOLDER / f"{name}-{arch}"
    if not os.access(FOLDER if FOLDER.exists() else support.ROOT, os.W_OK):  # another user's build
        if not unpacked.exists():
            test.skipTest(f"no layer {name} for {arch} in {FOLDER}, and this user cannot build one there")
        return unpacked
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / f"{name}-{arch}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        archive = FOLDER / f"shellstrap-{name}-{arch}.zip"
        if newest_source(name) > modified(archive):
            build(test, name, arch)
        if modified(archive) > modified(unpacked):
            unpack(archive, unpacked)
        return unpacked


def modified(path):
    return path.stat().st_mtime if path.exists() else 0


def newest_source(name):
    tool = name.removeprefix("tool-")
    files = [path for folder in ("scripts/layers", f"layer/tools/{tool}") for path in (support.ROOT / folder).rglob("*")
             if path.is_file() and path.name != "lock"]
    return max((modified(path) for path in files), default=0)


def build(test, name, arch):
    command = [support.ROOT / "scripts/build-layer", "tool", name.removeprefix("tool-"), "--arch", arch, "--output", FOLDER]
    done = subprocess.run(command, capture_output=True, text=True)
    if any(words in done.stderr for words in support.UNREACHABLE):
        test.skipTest(f"no layer {name} for {arch}: {done.stderr.strip().splitlines()[-1]}")
    test.assertEqual(done.returncode, 0, done.stderr)


def unpack(archive, folder):
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["unzip", "-q", archive, "-d", folder], check=True)
    os.utime(folder)


def sandbox(*words, **options):
    return subprocess.run([support.ROOT / "scripts/sandbox", *words], capture_output=True, text=True, errors="replace",
                          timeout=500, stdin=subprocess.DEVNULL, **options)
