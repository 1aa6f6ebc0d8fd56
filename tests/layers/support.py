# SPDX-License-Identifier: Apache-2.0
"""What tests of layers share: the builder as a module, packages made on the spot, and an ending that ctest understands."""
import functools
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from layers import apt, debian, launcher, places, tool  # noqa: E402
from layers.refusal import Refusal  # noqa: E402

SKIPPED = 77
# The fakes' own machine: what they hold is compiled here.
HERE = places.MACHINES["x86_64"]
# What a refusal says where nothing of ours is at fault: a test that needs real packages is skipped then, for nothing else.
UNREACHABLE = (apt.UNREACHABLE, "knows no mirror of Debian", "is gone from the mirror's",
               "there is no sandbox to run it in", "to compile launchers with", "could not install", "needs root or sudo")


def main():
    """Runs the class that the command line names. A skip is loud: its reason, and a status of its own."""
    program = unittest.main(exit=False, verbosity=2)
    for test, reason in program.result.skipped:
        print(f"skipped: {test}: {reason}")
    sys.exit(1 if not program.result.wasSuccessful() else SKIPPED if program.result.skipped else 0)


@functools.cache
def why_no_sandbox():
    result = subprocess.run([ROOT / "scripts/sandbox", "--", "/bin/true"], capture_output=True, text=True)
    return None if result.returncode == 0 else (result.stderr.strip() or "scripts/sandbox failed")


def needs_sandbox(test):
    """A decorator: skips where no bare sandbox can be had."""
    @functools.wraps(test)
    def guarded(self):
        if why_no_sandbox():
            self.skipTest(why_no_sandbox())
        test(self)
    return guarded


class Folder(unittest.TestCase):
    """A test with a folder of its own."""

    @classmethod
    def trees_needed(cls):
        """Layers that zips.tree() gives to the tests of this class: pairs of name and architecture."""
        return []

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-test.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)

    def write(self, name, text="", mode=0o644):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path


class Builder(Folder):
    """Builds tool layers of packages that exist only here, with recipes and zips in the test's folder."""

    def setUp(self):
        super().setUp()
        self.debs = {}
        self.provided = {}  # name of a virtual package -> the one that provides it
        self.depends = {}   # name of a package -> those that come with it
        self.said = []
        self.deb("base-files", {"usr/share/common-licenses/GPL-2": "the GPL, version 2\n"})
        self.deb("bash", {"usr/share/bash/nothing": "1"})
        self.deb("dash", {"usr/bin/dash": self.program()})
        self.deb("ca-certificates", {"usr/share/ca-certificates/one.crt": "a certificate\n"})

    def deb(self, name, files, links=(), modes=None, script="", has_licence=True, depends="", source=""):
        """A package; contents by path. With a copyright file, as Debian wants it."""
        tree = self.folder / "debs" / name
        licence = {f"usr/share/doc/{name}/copyright": "see /usr/share/common-licenses/GPL-2.\n"}
        files = {**(licence if has_licence else {}), **files}
        for path, content in files.items():
            is_program = "bin/" in path
            self.write(f"debs/{name}/{path}", content, (modes or {}).get(path, 0o755 if is_program else 0o644))
        for path, target in links:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).symlink_to(target)
        self.write(f"debs/{name}/DEBIAN/control", f"Package: {name}\nVersion: 1:1.0+x-1\nArchitecture: all\n"
                   f"{f'Source: {source}' + chr(10) if source else ''}"
                   f"Maintainer: nobody <nobody@example.org>\n{f'Depends: {depends}' + chr(10) if depends else ''}"
                   f"Description: a test\n")
        if script:
            self.write(f"debs/{name}/DEBIAN/postinst", "#!/bin/sh\n" + script, 0o755)
        self.debs[name] = self.folder / f"{name}.deb"
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, self.debs[name]], check=True,
                       stdout=subprocess.DEVNULL)

    def program(self, target="/usr/bin/bash", **environment):
        """The bytes of a static program that becomes another one: the sandbox's shell does as it is told, under any name."""
        launcher.compile_launcher(HERE, target, environment, self.folder / "program")
        return (self.folder / "program").read_bytes()

    def compiled(self, text, *options):
        """The bytes of what the compiler makes of a C text; without start files and libraries of its own."""
        self.write("compiled.c", text)
        subprocess.run([HERE.compiler, "-nostdlib", "-ffreestanding", "-fno-stack-protector", self.folder / "compiled.c",
                        *options, "-o", self.folder / "compiled"], check=True)
        return (self.folder / "compiled").read_bytes()

    def linked(self, text):
        """The bytes of a program that uses the C library of this machine, which c_library() makes a package of."""
        self.write("linked.c", text)
        subprocess.run([HERE.compiler, self.folder / "linked.c", "-o", self.folder / "linked"], check=True)
        return (self.folder / "linked").read_bytes()

    def c_library(self):
        folder = f"usr/lib/{HERE.triplet}"
        self.deb("libc6", {f"{folder}/{name}": pathlib.Path("/", folder, name).read_bytes() for name in ("libc.so.6", HERE.loader)})

    def recipe(self, name, text="", smoke=None):
        self.write(f"recipes/{name}/recipe.toml", text)
        if smoke is not None:
            self.write(f"recipes/{name}/smoke", smoke)

    def build(self, name, *packages, suite="bookworm", update_lock=False, job=None, expect=None):
        options = types.SimpleNamespace(suite=suite, update_lock=update_lock, recipes=self.folder / "recipes",
                                        output=self.folder / "dist", job=job, expect=expect, level=9)
        self.layer = tool.build(name, list(packages), HERE, options, self.said.append,
                                lambda *_: FakeArchive(self.debs, self.provided, self.depends))
        return self.layer.path

    def assert_refused(self, sentence, name, *packages, **options):
        """With these words, and without leaving a zip or a lock."""
        with self.assertRaises(Refusal) as refused:
            self.build(name, *packages, **options)
        self.assertIn(sentence, str(refused.exception))
        self.assertFalse((self.folder / "dist").exists(), "a zip was written")
        self.assertFalse((self.folder / f"recipes/{name}/lock").exists(), "a lock was written")


class FakeArchive:
    """A release of Debian that has the given packages."""

    def __init__(self, debs, provided, depends):
        self.debs = debs
        self.provided = provided
        self.depends = depends

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def closure_of(self, names, without):
        all_names = [*names, *(more for name in names for more in self.depends.get(name, ()))]
        return [self.package(self.provided.get(name, name)) for name in all_names if name not in without]

    def candidates(self, names):
        return [self.package(name) for name in names]

    def fetch(self, packages):
        return [self.debs[package.name] for package in packages]

    def package(self, name):
        return apt.Package(name, "1:1.0+x-1", debian.checksum_of(self.debs[name]))
