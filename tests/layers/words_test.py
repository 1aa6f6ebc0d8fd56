#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The parts of the layer builder that only read and write words: readelf's, recipes', names."""
import hashlib
import os
import re
import subprocess

import support
from layers import bootstrap, closure, commands, converters, elf, launcher, recipe, root, scripts, zips


class RecipeTest(support.Folder):
    def test_every_key_is_known_and_placeholders_are_filled(self):
        self.write("a/recipe.toml", 'packages = ["git"]\nsuite = "trixie"\nwithout = ["perl"]\ncommands = ["git"]\ndrop = ["x"]\n'
                   'libraries = ["l.so"]\ncharsets = []\nservice_is_optional = true\n[environment]\nA = "{tool}/b"\n'
                   '[aliases]\nnc = "netcat"\n[files]\n"usr/a" = "a"\n')
        self.assertEqual(recipe.load("a", self.folder).defaults(), {"A": "/opt/shellstrap/a/b"})

    def test_no_recipe_is_an_empty_one(self):
        self.assertEqual(recipe.load("a", self.folder).packages, [])

    def test_recipes_of_the_tree_are_valid(self):
        names = [folder.name for folder in support.places.RECIPES.iterdir()]
        self.assertLessEqual({"jq", "basics"}, set(names))
        for name in names:
            self.assertTrue(recipe.load(name, support.places.RECIPES).packages, name)


class ElfTest(support.Folder):
    TEXT = """
      INTERP         0x000318 0x0000000000000318 0x0000000000000318 0x00001c 0x00001c R   0x1
      [Requesting program interpreter: /lib64/ld-linux-x86-64.so.2]
    Dynamic section at offset 0x8d68 contains 29 entries:
     0x0000000000000001 (NEEDED)             Shared library: [libjq.so.1]
     0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
     0x000000000000001d (RUNPATH)            Library runpath: [/usr/lib/a:$ORIGIN/b]
    """

    def test_facts_are_read(self):
        self.assertEqual(elf.parse(self.TEXT), elf.Elf("/lib64/ld-linux-x86-64.so.2", ("libjq.so.1", "libc.so.6"),
                                                       ("/usr/lib/a", "$ORIGIN/b"), True))

    def test_static_program_has_none(self):
        self.assertEqual(elf.parse("LOAD 0x0"), elf.Elf(None, (), (), False))

    def test_imports_are_the_files_own(self):
        self.assertTrue(elf.imports("/bin/tar", "iconv_open"))
        self.assertFalse(elf.imports("/bin/true", "iconv_open"))

    def properties(self, program):
        """Where the header leads, and where the note is."""
        header = re.search(r" GNU_PROPERTY +0x0*([0-9a-f]+) 0x0*([0-9a-f]+) ", elf.readelf("-lW", program))
        note = re.search(r" \.note\.gnu\.property +NOTE +0*([0-9a-f]+) 0*([0-9a-f]+) ", elf.readelf("-SW", program))
        return header.groups(), (note[2], note[1])

    def test_header_of_the_properties_follows_their_note(self):
        program = self.folder / "program"
        subprocess.run([support.HERE.compiler, "-nostdlib", "-fcf-protection", "-Wl,-z,ibt", "-pie", "-Wl,-e,0", "-Wl,--dynamic-linker=/x",
                        "-o", program, "-x", "c", "/dev/null"], check=True)
        before, _ = self.properties(program)
        elf.patch(program, "/opt/" + "loader" * 20, "/opt/" + "lib" * 40)
        header, note = self.properties(program)
        self.assertEqual(header, note)
        self.assertNotEqual(note, before, "the note was not moved: this shows nothing")


class ConvertersTest(support.Folder):
    TEXT = """# comment
alias	LATIN1//		ISO-8859-1//
module	ISO-8859-1//		INTERNAL		ISO8859-1	1
module	INTERNAL		ISO-8859-1//		ISO8859-1	1
alias	CP367// ANSI//
module	UTF-16//	INTERNAL	UTF-16	1
module	UTF-16LE//	INTERNAL	UTF-16	1
"""

    def test_only_what_is_asked_for_is_kept(self):
        text, files = converters.select(self.TEXT, ["LATIN1", "NO-SUCH"])
        self.assertEqual(files, ["ISO8859-1.so"])
        self.assertEqual(text, "alias LATIN1// ISO-8859-1//\nmodule ISO-8859-1// INTERNAL ISO8859-1 1\n"
                               "module INTERNAL ISO-8859-1// ISO8859-1 1\n")

    def test_one_file_brings_all_that_it_serves(self):
        self.assertEqual(converters.select(self.TEXT, ["UTF-16"]),
                         ("module UTF-16// INTERNAL UTF-16 1\nmodule UTF-16LE// INTERNAL UTF-16 1\n", ["UTF-16.so"]))


class ClosureTest(support.Folder):
    """Libraries compiled on the spot, in folders as packages have them."""

    def setUp(self):
        super().setUp()
        self.libraries = closure.Libraries(root.Root(self.folder), support.HERE)
        self.library("usr/lib/x86_64-linux-gnu/libone.so.1")
        self.library("usr/lib/private/libtwo.so.1", "-Wl,-rpath,$ORIGIN", "-L", "usr/lib/private", needs=["usr/lib/x86_64-linux-gnu/libone.so.1"])

    def library(self, name, *flags, needs=()):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([support.HERE.compiler, "-shared", "-nostdlib", f"-Wl,-soname,{name.rsplit('/', 1)[1]}", "-Wl,--no-as-needed",
                        *flags, "-o", name, "-x", "c", "/dev/null", "-x", "none", *needs], cwd=self.folder, check=True)

    def test_what_a_library_needs_comes_along(self):
        self.library("usr/bin/program", "-Wl,-rpath,/usr/lib/private", needs=["usr/lib/private/libtwo.so.1"])
        self.libraries.add_needs_of("usr/bin/program")
        self.assertEqual(self.libraries.found, {"libtwo.so.1": "usr/lib/private/libtwo.so.1",
                                                "libone.so.1": "usr/lib/x86_64-linux-gnu/libone.so.1"})
        self.assertEqual(self.libraries.reached_from("usr/bin/program"), {"libone.so.1", "libtwo.so.1"})

    def test_two_libraries_of_one_name_are_refused(self):
        self.library("usr/lib/other/libone.so.1")
        for folder in "other", "x86_64-linux-gnu":
            self.library(f"usr/bin/{folder}", f"-Wl,-rpath,/usr/lib/{folder}", needs=[f"usr/lib/{folder}/libone.so.1"])
        self.libraries.add_needs_of("usr/bin/other")
        with self.assertRaises(support.Refusal) as refused:
            self.libraries.add_needs_of("usr/bin/x86_64-linux-gnu")
        self.assertIn("there are two different libraries libone.so.1", str(refused.exception))


class UnpackedRootTest(support.Folder):
    def setUp(self):
        super().setUp()
        self.root = root.Root(self.folder)

    def test_merged_folders_have_one_name(self):
        self.assertEqual(root.normal("./lib/x86_64-linux-gnu/libc.so.6"), "usr/lib/x86_64-linux-gnu/libc.so.6")
        self.assertEqual(root.normal("/etc/ssl/openssl.cnf"), "etc/ssl/openssl.cnf")

    def test_nothing_leads_out(self):
        self.assertEqual(root.normal("./../etc/passwd"), "etc/passwd")  # nothing is above the root
        self.write("etc/passwd")
        self.root.links["out"] = "../../../../../../etc/passwd"
        self.assertEqual(self.root.resolve("out"), "etc/passwd")  # its own, not the machine's

    def test_links_are_followed_inside(self):
        self.write("usr/lib/real.so.1.2")
        self.root.links.update({"usr/lib/absolute": "/lib/real.so.1.2", "usr/lib/relative": "absolute",
                                "usr/lib/loop": "loop", "usr/lib/dangling": "/nowhere"})
        self.assertEqual(self.root.resolve("lib/relative"), "usr/lib/real.so.1.2")
        self.assertIsNone(self.root.resolve("usr/lib/loop"))
        self.assertIsNone(self.root.resolve("usr/lib/dangling"))

    def test_sources_are_named(self):
        for source, version, expected in (("gcc-12 (12.2.0-14)", "1", ("gcc-12", "12.2.0-14")), (None, "1.6-2+b1", ("jq", "1.6-2")),
                                          ("krb5", "1.20-2+b3", ("krb5", "1.20-2"))):
            control = {"Package": "jq", "Version": version, **({"Source": source} if source else {})}
            self.assertEqual(root.source_of(control), expected)


class LayerWordsTest(support.Folder):
    def test_interpreters_are_found(self):
        for line, expected in (("#!/bin/sh\n", "sh"), ("#! /bin/bash -e\n", "bash"), ("#!/usr/bin/env perl\n", "perl"),
                               ("\x7fELF", None), ("#!/usr/bin/perl -w\n", "perl")):
            self.assertEqual(scripts.interpreter_of(line.encode("latin-1")), expected)

    def test_values_of_launchers_cannot_leave_their_string(self):
        self.assertEqual(launcher.definitions("/opt/x", {"B": 'a"b\\', "A": "1"}),
                         ['-DTARGET="/opt/x"', '-DDEFAULTS="A=1","B=a\\"b\\\\",'])

    def test_groups_of_a_foreign_machine_are_the_cross_compilers(self):
        self.assertIn(bootstrap.preset_for(support.places.MACHINES["arm64"])[0], ("release", "release-arm64"))


class ZipTest(support.Folder):
    def tree(self, name):
        self.write(f"{name}/bootstrap", "program", 0o700)
        self.write(f"{name}/a/b", "text", 0o600)
        self.write(f"{name}/a-b", "text", 0o666)
        zips.write_zip(self.folder / name, self.folder / f"{name}.zip")
        return (self.folder / f"{name}.zip").read_bytes()

    def test_bytes_depend_on_names_contents_and_run_bits_only(self):
        first = self.tree("one")
        os.utime(self.folder / "one/a/b", (1, 1))
        self.addCleanup(os.umask, os.umask(0o077))
        self.assertEqual(first, self.tree("two"))
        self.assertNotEqual(first, self.tree_without_run_bit())

    def tree_without_run_bit(self):
        self.tree("three")
        (self.folder / "three/bootstrap").chmod(0o644)
        zips.write_zip(self.folder / "three", self.folder / "three.zip")
        return (self.folder / "three.zip").read_bytes()

    def test_names_are_sorted_and_modes_plain(self):
        self.tree("one")
        with zips.zipfile.ZipFile(self.folder / "one.zip") as archive:
            self.assertEqual([(entry.filename, oct(entry.external_attr >> 16)) for entry in archive.infolist()],
                             [("a-b", "0o100644"), ("a/b", "0o100644"), ("bootstrap", "0o100755")])

    def test_links_are_refused(self):
        os.symlink("x", self.folder / "link")
        with self.assertRaises(ValueError):
            zips.write_zip(self.folder, self.folder / "x.zip")

    def test_sums_are_those_of_the_files(self):
        content = self.tree("shellstrap-x")
        zips.write_sums(self.folder)
        self.assertEqual((self.folder / "SHA256SUMS").read_text(),
                         f"{hashlib.sha256(content).hexdigest()}  shellstrap-x.zip\n")


if __name__ == "__main__":
    support.main()
