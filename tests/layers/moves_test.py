#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiled-in paths that lead into the layer, and the interpreters of scripts that come with them."""
import pathlib
import subprocess
import unittest.mock
import zipfile

import support
from layers import making, moves, sizes
from layers.root import Root


class MovesTest(support.Folder):
    def setUp(self):
        super().setUp()
        self.root = Root(self.folder / "root")
        for path in ("usr/share/perl/5.36.0/a.pm", "usr/share/perl5/b.pm", "usr/lib/gadget/h.so", "usr/bin/x", "usr/sbin/y", "usr/games/z",
                     "usr/libexec/w", "var/lib/v/1", "etc/gadget/conf", "usr/lib/x86_64-linux-gnu/plug/p.so", "usr/share/doc/x/y",
                     "etc/passwd", "usr/bin/cat", "usr/lib/x86_64-linux-gnu/liby.so.1", "usr/share/perl/tests/t.pm",
                     "usr/lib/jvm/java-17/java"):
            self.write(f"root/{path}", "1")
            self.root.owner[path] = "p"
        self.root.link("p", "/usr/share/perl/5.36", "/usr/share/perl/5.36.0")
        self.moves = moves.Moves(self.root, support.HERE, "gadget")

    def test_first_folders_and_programs_have_the_same_path_in_the_layer(self):
        self.moves.find(b"".join(b"/%s\0" % path.encode() for path in self.root.owner), True)
        self.assertEqual(set(self.moves.units), {"usr/share/perl", "usr/share/perl5", "usr/lib/gadget", "usr/bin/x", "usr/sbin/y",
                                                 "usr/games/z", "usr/libexec/w", "var/lib/v", "etc/gadget",
                                                 "usr/lib/jvm", "usr/lib/x86_64-linux-gnu/plug"})
        for unit, target in self.moves.units.items():
            self.assertEqual(target, "shellstrap/gadget/root/" + unit)

    def test_scripts_say_the_places_in_the_layer_as_far_as_programs_of_the_host_read_them(self):
        """The first line, which the kernel reads; all of a shell's; nothing of what only looks like a script."""
        self.moves.find(b"/usr/share/perl/5.36:/usr/bin/x", True)
        new = b"/opt/shellstrap/gadget/root/usr/"
        for old, expected in ((b"#!/usr/bin/x -w\n/usr/bin/x", b"#!" + new + b"bin/x -w\n/usr/bin/x"),
                              (b"#!/bin/sh\na:/usr/share/perl:", b"#!/bin/sh\na:" + new + b"share/perl:"),
                              (b"#!/bin/sh\n/usr/share/perl5/x /usr/local/usr/share/perl /usr/bin/xz", None),
                              (b"#!/bin/sh\nsee /usr/share/perl.", b"#!/bin/sh\nsee " + new + b"share/perl."),
                              (b"/usr/share/perl", None), (b"\177ELF /usr/share/perl", None), (b"#!/usr/bin/x -i\n\0image", None)):
            self.assertEqual(self.moves.rewrite(old), expected or old, old)

    def test_libraries_and_data_move_no_programs(self):
        self.assertEqual(self.moves.find(b"/usr/bin/x /usr/lib/gadget/h.so", False), ["usr/lib/gadget"])

    def test_folder_that_a_link_beside_it_leads_to_is_there_once(self):
        self.moves.find(b"/usr/share/perl/5.36", False)
        target = self.moves.units["usr/share/perl"]
        self.assertEqual(self.moves.files_of("usr/share/perl"), [("usr/share/perl/5.36.0/a.pm", f"{target}/5.36/a.pm")])
        self.assertEqual(self.moves.aliases, {"usr/share/perl/5.36.0": f"{target}/5.36"})  # both names lead there, as groff's

    def test_folder_that_several_links_lead_to_has_its_own_name(self):
        for name in "default", "java-1.17":
            self.root.link("p", f"/usr/lib/jvm/{name}", "/usr/lib/jvm/java-17")
        self.moves.find(b"/usr/lib/jvm/default", False)
        target = self.moves.units["usr/lib/jvm"]
        self.assertEqual(self.moves.files_of("usr/lib/jvm"), [("usr/lib/jvm/java-17/java", f"{target}/java-17/java")])

    def test_layers_have_folders_of_their_own(self):
        other = moves.Moves(self.root, support.HERE, "widget")
        self.assertNotEqual(other.target_of("usr/share/perl"), self.moves.target_of("usr/share/perl"))


class MovedPathsTest(support.Builder):
    def run_in(self, layer, *words):
        result = subprocess.run([support.ROOT / "scripts/sandbox", "--opt", layer, "--", *words], capture_output=True, text=True)
        return result.stdout + result.stderr

    @support.needs_sandbox
    def test_program_finds_helper_and_data_at_the_paths_that_are_compiled_in(self):
        """The program becomes the helper, a script that reads a file of another package."""
        program = self.linked('#include <unistd.h>\nint main(void) { return execl("/usr/lib/gadget/bin/helper", "helper", (char*)0); }')
        self.deb("gadget", {"usr/bin/x": program, "usr/lib/gadget/bin/helper": "#!/bin/sh\nexec cat /usr/share/words/en\n"})
        self.c_library()
        self.deb("words", {"usr/share/words/en": "hello\n"})
        self.deb("unused", {"usr/share/unnamed/x": "never\n"})
        self.depends["gadget"] = ["words", "unused", "libc6"]
        layer = self.build("a", "gadget", job="x", expect="^hello$")
        self.assertEqual(self.run_in(layer, "x"), "hello\n")
        with zipfile.ZipFile(layer) as archive:
            self.assertFalse([name for name in archive.namelist() if "unnamed" in name])

    @support.needs_sandbox
    def test_path_that_a_program_puts_together_is_found_too(self):
        """No file says it, and so none can be overwritten; the package is asked for, and so its data is there."""
        program = self.linked('#include <stdio.h>\nint main(int count, char** words) { char path[99], text[99] = ""; '
                              'sprintf(path, "/%s/%s/gadget/data", "usr", "share"); FILE* file = fopen(path, "r"); '
                              'return !file || !fgets(text, 99, file) || fputs(text, stdout) < 0; }')
        self.deb("gadget", {"usr/bin/x": program, "usr/share/gadget/data": "hello\n"})
        self.c_library()
        self.depends["gadget"] = ["libc6"]
        self.build("a", "gadget", job="x", expect="^hello$")

    @support.needs_sandbox
    def test_files_that_an_installation_makes_are_made_by_the_layers_programs(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\ncat /usr/share/gadget/cache\n", "usr/bin/make-cache": self.program(),
                            "usr/share/gadget/data": "hello\n"})
        self.recipe("a", '[made]\n"usr/share/gadget/cache" = "make-cache -c \'echo made of; cat /opt/shellstrap/a/root/usr/share/gadget/data\'"\n')
        self.build("a", "gadget", job="x", expect="made of\nhello")
        self.recipe("b", '[made]\n"usr/share/gadget/cache" = "echo no cache today >&2; exit 3"\n')
        with self.assertRaisesRegex(support.Refusal, r"/usr/share/gadget/cache.*\(status 3\).*no cache today"):
            self.build("b", "gadget")

    @support.needs_sandbox
    def test_locked_build_has_the_same_bytes(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\nexec cat /usr/share/words/en\n"})
        self.deb("words", {"usr/share/words/en": "hello\n"})
        self.depends["gadget"] = ["words"]
        first = self.build("a", "gadget").read_bytes()
        self.assertIn("\nwords ", (self.folder / "recipes/a/lock").read_text())
        self.assertEqual(first, self.build("a").read_bytes())

    @support.needs_sandbox
    def test_scripts_bring_their_interpreter_however_they_name_it(self):
        self.deb("talk", {"usr/bin/talk5.1": self.program()}, links=[("usr/bin/talk", "talk5.1")])
        self.deb("gadget", {"usr/bin/direct": "#!/usr/bin/talk\necho direct\n", "usr/bin/found": "#!/usr/bin/env talk\necho found\n"})
        self.depends["gadget"] = ["talk"]
        layer = self.build("a", "gadget")
        self.assertEqual([self.run_in(layer, name) for name in ("direct", "found")], ["direct\n", "found\n"])
        self.assertIn("commands: direct found", self.said)

    @support.needs_sandbox
    def test_plugin_that_wants_what_no_package_has_is_left_out(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\nls /usr/lib/gadget\n", "usr/lib/gadget/good": "1",
                            "usr/lib/gadget/bad.so": pathlib.Path("/bin/true").read_bytes()})
        self.assertEqual(self.run_in(self.build("a", "gadget"), "x"), "good\n")

    @support.needs_sandbox
    def test_library_of_a_moved_folder_is_found_by_programs_that_link_it(self):
        """As graphviz's plugins and libR.so; it is there once."""
        library = self.compiled("int answer(void) { return 42; }", "-shared", "-Wl,-soname,libplug.so.1", "-fPIC")
        self.write("libplug.so.1", library)
        loader = "/lib64/ld-linux-x86-64.so.2"
        self.deb("gadget", {"usr/bin/x": self.compiled(
            'const char folder[] = "/usr/lib/gadget"; void _start(void) { extern int answer(void); '
            '__asm__ volatile("syscall" :: "a"(60), "D"(answer() - 42 + (folder[0] - 47))); }', self.folder / "libplug.so.1", "-pie", "-fPIE",
            "-O0", f"-Wl,--dynamic-linker={loader}"), "usr/lib/gadget/libplug.so.1": library,
            "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2": pathlib.Path(loader).read_bytes()})
        self.recipe("a", 'libraries = ["ld-linux-x86-64.so.2"]\n', smoke="x\n")
        with zipfile.ZipFile(self.build("a", "gadget")) as archive:
            self.assertEqual(len([name for name in archive.namelist() if name.endswith("/libplug.so.1")]), 1)

    @support.needs_sandbox
    def test_too_much_that_only_libraries_name_is_left_out(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\nls /usr/share/gadget\n", "usr/share/gadget/list": "see /usr/share/large/\n"})
        self.deb("large", {"usr/share/large/1": "1" * 100000})
        self.depends["gadget"] = ["large"]
        with unittest.mock.patch.object(sizes, "LIMIT", 90000), unittest.mock.patch.object(making, "LESS", (None, 50000)):
            self.assertEqual(self.run_in(self.build("a", "gadget"), "x"), "list\n")

    @support.needs_sandbox
    def test_recipe_can_keep_to_what_it_names(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\necho /usr/share/gadget/data\n", "usr/share/gadget/data": "1"})
        self.recipe("a", "only_files = true\n")
        self.assertEqual(self.run_in(self.build("a", "gadget"), "x"), "/usr/share/gadget/data\n")


if __name__ == "__main__":
    support.main()
