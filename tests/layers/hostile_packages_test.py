#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packages that want to be unpacked elsewhere, and files of the cache that are not what their names say."""
import hashlib
import io
import os
import pathlib
import subprocess
import tarfile

import support
from layers import apt, debian
from layers.root import Root


def member(name, content=b"x", **fields):
    """A TarInfo with its content; `type` makes a link, a folder or a device of it."""
    info = tarfile.TarInfo(name)
    info.mode = 0o644
    info.size = len(content) if fields.get("type", tarfile.REGTYPE) == tarfile.REGTYPE else 0
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def link(name, target):
    return member(name, type=tarfile.SYMTYPE, linkname=target)


def hard_link(name, target):
    return member(name, type=tarfile.LNKTYPE, linkname=target)


def folder(name):
    return member(name, type=tarfile.DIRTYPE, mode=0o755)


def archive_of(name, content):
    """A member of an ar archive, which a .deb is."""
    return b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 0, 0, 0, 0o100644, len(content)) + content + b"\n" * (len(content) % 2)


def tar_of(members):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content) if info.size else None)
    return file.getvalue()


def deb_of(members):
    """The bytes of a package with exactly these members, in this order, which dpkg-deb would never build."""
    control = tar_of([member("./control", b"Package: p\nVersion: 1\nArchitecture: all\nMaintainer: n\nDescription: d\n")])
    return (b"!<arch>\n" + archive_of(b"debian-binary", b"2.0\n") + archive_of(b"control.tar", control)
            + archive_of(b"data.tar", tar_of(members)))


class Unpacking(support.Folder):
    def setUp(self):
        super().setUp()
        self.victim = self.write("outside/victim", "untouched")
        (self.folder / "root").mkdir()
        self.root = Root(self.folder / "root")

    def unpack(self, *packages):
        for number, members in enumerate(packages):
            self.root.unpack(f"p{number}", self.write(f"{number}.deb", deb_of(members)))

    def assert_refused(self, words, *packages):
        with self.assertRaises(support.Refusal) as refused:
            self.unpack(*packages)
        self.assertIn(words, str(refused.exception))

    def assert_kept_inside(self):
        self.assertEqual(self.victim.read_text(), "untouched")
        self.assertEqual(sorted(path.name for path in self.victim.parent.iterdir()), ["victim"])
        self.assertEqual([path for path in self.root.folder.rglob("*") if path.is_symlink()], [])


class HostilePackagesTest(Unpacking):
    def test_each_is_refused_and_nothing_outside_is_touched(self):
        outside = str(self.victim.parent)
        above = "../" * 20 + outside.lstrip("/")
        table = {
            "file through an absolute link": [link("./usr/share/x", outside), member("./usr/share/x/victim")],
            "file through a relative link": [link("./usr/share/x", above), member("./usr/share/x/victim")],
            "file through two links": [link("./a", outside), link("./b", "a"), member("./b/victim")],
            "file through a link into the root": [folder("./etc"), link("./x", "etc"), member("./x/victim")],
            "file far below a link": [link("./x", outside), member("./x/y/z")],
            "folder through a link": [link("./x", outside), folder("./x/new/folder")],
            "folder over a link, then a file": [link("./x", outside), folder("./x"), member("./x/victim")],
            "link through a link": [link("./x", outside), link("./x/new", "victim")],
            "hard link through a link": [member("./f"), link("./x", outside), hard_link("./x/new", "./f")],
            "hard link to what a link leads to": [link("./x", outside), hard_link("./y", "./x/victim")],
            "hard link to a link": [link("./x", str(self.victim)), hard_link("./y", "./x")],
            "hard link to a file of the machine": [hard_link("./y", str(self.victim))],
            "hard link above the root": [hard_link("./y", above + "/victim")],
            "hard link to a folder": [folder("./etc"), hard_link("./y", "./etc")],
            "hard link to itself": [hard_link("./y", "./y")],
            "absolute name": [member(str(self.victim))],
            "name above the root": [member(above + "/victim")],
            "dots in the middle of a name": [folder("./a"), member("./a/../../b")],
            "dots behind a link": [link("./x", outside), member("./x/../b")],
            "the root as a file": [member("./")],
            "the root as a link": [link("./", outside)],
            "file twice": [member("./f"), member("./f")],
            "link, then a file of its name": [link("./f", str(self.victim)), member("./f")],
            "file, then a link of its name": [member("./f"), link("./f", str(self.victim))],
            "the same name in other words": [member("./lib/f"), member("./usr/lib//./f")],
            "file over a folder": [folder("./f"), member("./f")],
            "folder over a file": [member("./f"), folder("./f")],
            "file below a file": [member("./f"), member("./f/g")],
            "character device": [member("./d", type=tarfile.CHRTYPE)],
            "block device": [member("./d", type=tarfile.BLKTYPE)],
            "pipe": [member("./d", type=tarfile.FIFOTYPE)],
        }
        for name, members in table.items():
            with self.subTest(name):
                self.setUp()
                self.assert_refused("p0 is refused: ", members)
                self.assert_kept_inside()

    def test_links_of_one_package_do_not_lead_another_out(self):
        self.assert_refused("p1 is refused: it unpacks /usr/share/x/victim through the link /usr/share/x",
                            [link("./usr/share/x", str(self.victim.parent))], [member("./usr/share/x/victim")])
        self.assert_kept_inside()

    def test_what_is_no_package_is_refused(self):
        for content in b"", b"nonsense", deb_of([])[:200], deb_of([member("./f", b"x" * 5000)])[:-4000]:
            with self.subTest(content[:10]), self.assertRaises(support.Refusal):
                self.root.unpack("p", self.write("p.deb", content))


class LinksOfPackagesTest(Unpacking):
    """They are followed inside the root, and the machine's files are never read through them."""

    def test_targets_are_found_inside_the_root_alone(self):
        self.unpack([member("./usr/lib/real", b"of the package"), link("./usr/lib/x.so", "real"), link("./bin/tool", "../lib/x.so"),
                     link("./usr/bin/absolute", "/lib/x.so"), link("./usr/bin/loop", "loop"), link("./etc", "/usr/lib")])
        for name in "usr/bin/tool", "bin/tool", "usr/bin/absolute", "etc/x.so", "etc/real":
            self.assertEqual(self.root.resolve(name), "usr/lib/real", name)
            self.assertEqual(self.root.path(name).read_bytes(), b"of the package", name)
        for name in "usr/bin/loop", "usr/bin/missing", "usr/bin/loop/x":
            self.assertIsNone(self.root.resolve(name), name)
        self.assert_kept_inside()

    def test_nothing_of_the_machine_is_read(self):
        victim = str(self.victim)
        self.unpack([link("./usr/lib/a", victim), link("./usr/bin/b", "../../lib/a"), link("./usr/lib/c", "../" * 30 + victim[1:]),
                     link("./usr/share/ca-certificates/x.crt", victim), link("./usr/share/doc/p", str(self.victim.parent))])
        for name in "usr/lib/a", "lib/a", "usr/bin/b", "usr/lib/c", "usr/share/ca-certificates/x.crt", "usr/share/doc/p/victim":
            self.assertIsNone(self.root.resolve(name), name)
            self.assertFalse(self.root.path(name).exists(), name)

    def test_of_hard_links_the_first_one_is_the_program(self):
        self.unpack([member("./bin/one"), hard_link("./usr/bin/two", "./bin/one"), hard_link("./usr/bin/three", "./usr/bin/two")])
        self.assertEqual(self.root.program("usr/bin/three"), "usr/bin/one")

    def test_what_honest_packages_do_still_works(self):
        self.unpack([folder("./"), folder("./usr"), folder("./usr/bin"), link("./bin", "usr/bin"), link("./lib", "usr/lib"),
                     member("./bin/one", mode=0o4755), hard_link("./usr/bin/two", "./bin/one"), hard_link("./usr/bin/three", "./usr/bin/two")],
                    [folder("./usr/share/doc/p1"), member("./usr/share/doc/p1/copyright"), link("./usr/bin/one", "other"), member("./usr/bin/other")])
        self.assertEqual(self.root.resolve("usr/bin/one"), "usr/bin/other")
        self.assertEqual(self.root.program("usr/bin/three"), "usr/bin/three")
        self.assertEqual(self.root.owner["usr/bin/one"], "p1")
        self.assertNotIn("usr/bin/one", self.root.privileged)
        self.assertEqual(self.root.path("usr/bin/two").stat().st_mode & 0o7777, 0o755)


class PoisonedCacheTest(support.Folder):
    """A file that lies under a sum which is not its own."""

    def setUp(self):
        super().setUp()
        before = debian.CACHE
        debian.CACHE = self.folder / "cache"
        self.addCleanup(setattr, debian, "CACHE", before)
        self.content = deb_of([member("./f")])
        self.package = apt.Package("p", "1", hashlib.sha256(self.content).hexdigest())
        self.archive = debian.Archive("bookworm", support.HERE)
        self.addCleanup(self.archive.__exit__)

    def cache(self, content):
        return self.write(f"cache/{self.package.sha256}.deb", content)

    def test_file_that_is_not_what_its_name_says_is_refused_by_its_path(self):
        for content in b"", self.content[:-1], self.content + b"x", deb_of([member("./evil")]):
            path = self.cache(content)
            with self.subTest(content[:10]), self.assertRaises(support.Refusal) as refused:
                self.archive.fetch([self.package])
            self.assertIn(f"{path} is not p 1: its SHA-256 is not its name. Remove it", str(refused.exception))

    def test_what_was_checked_is_what_is_unpacked(self):
        path = self.cache(self.content)
        fetched = self.archive.fetch([self.package])
        path.write_bytes(deb_of([member("./evil")]))
        self.assertEqual([pathlib.Path(file).read_bytes() for file in fetched], [self.content])

    def test_copies_are_gone_with_the_archive(self):
        self.cache(self.content)
        with debian.Archive("bookworm", support.HERE) as archive:
            copy = archive.fetch([self.package])[0]
            self.assertEqual(os.stat(pathlib.Path(copy).parent).st_mode & 0o077, 0)
        self.assertFalse(pathlib.Path(copy).exists())


if __name__ == "__main__":
    support.main()
