#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Names that packages get only when they are installed, packages that are names for others, commands in private folders."""
import pathlib
import subprocess
import unittest
import zipfile

import support

LOADER = "/lib64/ld-linux-x86-64.so.2"
ENDS = 'void _start(void) { extern int answer(void); __asm__ volatile("syscall" :: "a"(60), "D"(answer() - 42)); }'
ANSWERS = f'const char loader[] __attribute__((section(".interp"))) = "{LOADER}"; int answer(void) {{ return 42; }}'


class AlternativesTextTest(unittest.TestCase):
    """What postinst scripts write."""

    def links_of(self, script):
        from layers import alternatives
        return [(choice.priority, *choice.links) for choice in alternatives.parse(script)]

    def test_forms(self):
        for script, expected in (
                ("update-alternatives --install /usr/lib/libblas.so.3 \\\n   blas-x /usr/lib/blas/libblas.so.3 10\n",
                 [(10, ("/usr/lib/libblas.so.3", "/usr/lib/blas/libblas.so.3"))]),
                ("for i in php phar; do\n update-alternatives \\\n --install /usr/bin/${i} ${i} /usr/bin/${i}8.2 82\ndone",
                 [(82, ("/usr/bin/php", "/usr/bin/php8.2")), (82, ("/usr/bin/phar", "/usr/bin/phar8.2"))]),
                ("update-alternatives --install /usr/bin/awk awk /usr/bin/mawk 5 --slave /usr/bin/nawk nawk /usr/bin/mawk || true",
                 [(5, ("/usr/bin/awk", "/usr/bin/mawk"), ("/usr/bin/nawk", "/usr/bin/mawk"))]),
                ("tools='java keytool'\nbase=/usr/lib/jvm\nfor i in $tools; do\n"
                 "update-alternatives --install /usr/bin/$i $i $base/bin/$i 1711 $slave\ndone",
                 [(1711, ("/usr/bin/java", "/usr/lib/jvm/bin/java")), (1711, ("/usr/bin/keytool", "/usr/lib/jvm/bin/keytool"))]),
                ("if [ -x a ]; then update-alternatives --quiet --install /a n /b 1 >/dev/null 2>&1; fi", [(1, ("/a", "/b"))]),
                ("update-alternatives --remove gnuplot4 /usr/bin/gnuplot4-nox", []),
                ("update-alternatives --install /a n /b $(priority)", []),
                ("update-alternatives --install /a n", []),
                ("update-alternatives --install /a n '/b 1", [])):
            with self.subTest(script):
                self.assertEqual(self.links_of(script), expected)


class AlternativesTest(support.Builder):
    def names(self, layer):
        with zipfile.ZipFile(layer) as archive:
            return {name.removeprefix("bin/") for name in archive.namelist() if name.startswith("bin/")}

    def said_by(self, layer, *words):
        return subprocess.run([support.ROOT / "scripts/sandbox", "--opt", layer, "--", *words], capture_output=True, text=True).stdout

    def install(self, path, priority, name="/usr/bin/x"):
        return f"update-alternatives --install {name} x {path} {priority}\n"

    @support.needs_sandbox
    def test_command_has_the_names_that_its_installation_gives_it(self):
        self.deb("gadget", {"usr/bin/gadget8.2": "#!/bin/sh\necho 8.2\n"},
                 script=self.install("/usr/bin/gadget8.2", "82 --slave /usr/bin/g g /usr/bin/gadget8.2", "/usr/bin/gadget"))
        layer = self.build("a", "gadget")
        self.assertEqual([self.said_by(layer, name) for name in ("gadget", "g", "gadget8.2")], ["8.2\n"] * 3)

    @support.needs_sandbox
    def test_highest_priority_wins_in_whatever_order(self):
        for name, number in ("one", 5), ("two", 30), ("three", 20):
            self.deb(name, {f"usr/bin/x-{name}": f"#!/bin/sh\necho {name}\n"}, script=self.install(f"/usr/bin/x-{name}", number))
        self.assertEqual(self.said_by(self.build("a", "one", "two", "three"), "x"), "two\n")

    @support.needs_sandbox
    def test_neither_files_nor_missing_targets_nor_ways_out_become_names(self):
        script = (self.install("/usr/bin/other", 5, "/usr/bin/own") + self.install("/usr/bin/none", 5, "/usr/bin/missing")
                  + self.install("/usr/bin/other", 5, "/usr/bin/../../../tmp/../usr/bin/up"))
        self.deb("gadget", {"usr/bin/own": "#!/bin/sh\necho own\n", "usr/bin/other": "#!/bin/sh\necho other\n"}, script=script)
        layer = self.build("a", "gadget")
        self.assertEqual(self.names(layer), {"own", "other", "up"})
        self.assertEqual(self.said_by(layer, "own"), "own\n")

    @support.needs_sandbox
    def test_library_that_has_its_name_by_its_installation_only_and_can_be_run(self):
        """As libblas.so.3 has its name, and as libcap.so.2 names a loader."""
        library = self.compiled(ANSWERS, "-shared", "-Wl,-soname,liby.so.1", "-fPIC")
        self.write("liby.so.1", library)
        program = self.compiled(ENDS, self.folder / "liby.so.1", "-pie", "-fPIE", f"-Wl,--dynamic-linker={LOADER}")
        name = "/usr/lib/x86_64-linux-gnu/liby.so.1"
        self.deb("liby1", {"usr/lib/x86_64-linux-gnu/y/liby.so.1": library},
                 script=self.install(name.replace("liby.so", "y/liby.so"), 10, name))
        self.deb("libc6", {"usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2": pathlib.Path(LOADER).read_bytes()})
        self.deb("gadget", {"usr/bin/asks": program, "usr/bin/plain": self.program()})
        self.depends["gadget"] = ["liby1", "libc6"]
        self.recipe("a", 'libraries = ["ld-linux-x86-64.so.2"]\n', smoke="asks\n")
        self.build("a", "gadget")


class MetapackagesTest(support.Builder):
    @support.needs_sandbox
    def test_lead_to_what_they_depend_on(self):
        self.deb("gadget", {}, depends="gadget-8 (>= 1:1.0) | gadget-9, liby1")
        self.deb("gadget-8", {"usr/bin/x": self.program()}, depends="helper")
        self.deb("liby1", {"usr/lib/liby": "y"}, depends="helper")
        self.deb("helper", {"usr/bin/helper": self.program()})
        self.depends["gadget"] = ["gadget-8", "liby1", "helper"]
        self.build("a", "gadget")
        self.assertIn("commands: x", " | ".join(self.said))

    @support.needs_sandbox
    def test_parts_of_a_package_are_its_own(self):
        """As mariadb is mariadb-client-core's, and python3 python3-minimal's."""
        self.deb("gadget", {"usr/bin/x": self.program()}, depends="gadget-core, other")
        self.deb("gadget-core", {"usr/bin/core": self.program()}, source="gadget")
        self.deb("other", {"usr/bin/other": self.program()})
        self.depends["gadget"] = ["gadget-core", "other"]
        self.build("a", "gadget")
        self.assertIn("commands: core x", self.said)

    def test_that_depend_on_nothing_are_refused(self):
        self.deb("gadget", {}, depends="absent")
        self.assert_refused("gadget: there is nothing in it that a layer could run.", "a", "gadget")


class PrivateFoldersTest(support.Builder):
    def setUp(self):
        super().setUp()
        self.deb("db", {"usr/lib/db/15/bin/dump": "#!/bin/sh\necho dumped\n", "usr/lib/db/15/bin/load": "#!/bin/sh\n"})
        self.deb("both", {"usr/bin/x": self.program(), "usr/lib/both/bin/y": "#!/bin/sh\n"})

    @support.needs_sandbox
    def test_are_taken_where_a_package_has_no_other_commands(self):
        self.build("a", "db")
        self.build("b", "both")
        self.assertEqual([text for text in self.said if text.startswith("commands")], ["commands: dump load", "commands: x"])

    @support.needs_sandbox
    def test_can_be_named_by_a_recipe(self):
        self.recipe("a", 'commands = ["/usr/lib/both/bin/y", "x"]\n[aliases]\nz = "y"\n')
        self.build("a", "both")
        self.assertIn("commands: x y z", self.said)


if __name__ == "__main__":
    support.main()
