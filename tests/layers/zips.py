# SPDX-License-Identifier: Apache-2.0
"""Layers as zips, for tests that run what is in them: built once for all build folders, and unpacked there.

Building loads packages. Tests that run in a network namespace of their own (git_server.enter) have their layers built
before they enter it: those that their classes name in `trees_needed`.
"""
import fcntl
import os
import shutil
import subprocess
import sys
import unittest

import support

FOLDER = support.ROOT / "build/layers"
WITHOUT_NETWORK = "SHELLSTRAP_TEST_NETWORK"  # set for tests in such a namespace


def build_for_this_program():
    """What the classes on the command line need (without one: all there are). Exits 77 where it cannot be built."""
    main = sys.modules["__main__"]
    named = [word.split(".")[0] for word in sys.argv[1:] if not word.startswith("-")]
    classes = [getattr(main, name) for name in named] or [it for it in vars(main).values() if isinstance(it, type)]
    try:
        for name, arch in sorted({needed for it in classes for needed in getattr(it, "trees_needed", list)()}):
            tree(unittest.TestCase(), name, arch)
    except unittest.SkipTest as reason:
        print(f"skipped: {reason}")
        sys.exit(support.SKIPPED)


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
    if WITHOUT_NETWORK in os.environ:
        test.fail(f"there is no network to build {name} for {arch} with; {type(test).__name__}.trees_needed() lacks it")
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
