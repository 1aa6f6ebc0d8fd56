#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a layer says was seen of it: a job, or that its commands start; and what is left out because it does not."""
import unittest.mock
import zipfile

import support
from layers import elf, grades, sizes

SILENT = "#!/bin/sh\necho 'what is that?' >&2\nexit 1\n"
ANSWERS_LATER = '#!/bin/sh\n[ "$1" = -V ] || exit 1\n'
HANGS = "#!/bin/sh\nsleep 1000\n"


class GradesTest(support.Builder):
    def readme(self, layer):
        with zipfile.ZipFile(layer) as archive:
            return archive.read("shellstrap/a/README").decode()

    @support.needs_sandbox
    def test_job_whose_output_matches_works(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\n[ $# = 2 ] && echo $(($1 + $2)) >sum && cat sum\n"})
        layer = self.build("a", "gadget", job="x 20 22", expect="^42$")
        self.assertEqual((self.layer.grade.status, self.said[-1]), (0, "a: works"))
        self.assertIn("Grade: works. Seen: `x 20 22` in the bare sandbox, whose output matched `^42$`.", self.readme(layer))

    @support.needs_sandbox
    def test_smoke_test_of_a_recipe_works(self):
        self.deb("gadget", {"usr/bin/x": SILENT})
        self.recipe("a", smoke="! x\n")
        layer = self.build("a", "gadget")
        self.assertEqual(self.layer.grade, grades.WORKS)
        self.assertIn("Grade: works. Seen: the smoke test smoke in the bare sandbox.", self.readme(layer))

    @support.needs_sandbox
    def test_without_a_job_commands_that_answer_start_and_others_are_left_out(self):
        self.deb("gadget", {"usr/bin/answers": "#!/bin/sh\n", "usr/bin/later": ANSWERS_LATER, "usr/bin/silent": SILENT})
        layer = self.build("a", "gadget")
        self.assertEqual((self.layer.grade.status, self.said[-1]), (3, "a: starts, job not seen"))
        self.assertIn("commands: answers later", self.said)
        self.assertIn("left out silent: it answers none of --version --help -version -V -h -v version help with status 0 "
                      "(status 1: what is that?)", self.said)
        text = " ".join(self.readme(layer).split())
        self.assertIn("Grade: starts, job not seen.", text)
        self.assertIn("Left out, because they did not: silent.", text)
        with zipfile.ZipFile(layer) as archive:
            self.assertNotIn("bin/silent", archive.namelist())

    @support.needs_sandbox
    def test_what_was_left_out_is_left_out_of_a_locked_build_too(self):
        self.deb("gadget", {"usr/bin/answers": self.program()})
        self.deb("other", {"usr/bin/fine": self.program(), "usr/bin/silent": SILENT})
        first = self.build("a", "gadget", "other").read_bytes()
        self.assertEqual(first, self.build("a").read_bytes())

    @support.needs_sandbox
    def test_command_that_hangs_is_asked_once_and_left_out(self):
        self.deb("gadget", {"usr/bin/hangs": HANGS, "usr/bin/x": self.program()})
        with unittest.mock.patch("layers.smoke.ANSWER_PATIENCE", 3):
            self.build("a", "gadget")
        self.assertIn("(no end within 3 seconds)", self.said[0])
        self.assertIn("commands: x", self.said)


class RefusedGradesTest(support.Builder):
    @support.needs_sandbox
    def test_job_whose_output_does_not_match(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\necho 41\n"})
        self.assert_refused("the job's output does not match '^42$' with the service's LD_LIBRARY_PATH: 41", "a", "gadget",
                            job="x", expect="^42$")

    @support.needs_sandbox
    def test_job_that_fails_though_its_output_matches(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\necho 42\nexit 1\n"})
        self.assert_refused("failed with the service's LD_LIBRARY_PATH (status 1): 42", "a", "gadget", job="x", expect="42")

    @support.needs_sandbox
    def test_package_that_has_lost_all_its_programs(self):
        self.deb("gadget", {"usr/bin/x": self.program()})
        self.deb("mute", {"usr/bin/silent": SILENT})
        self.assert_refused("nothing of mute starts: silent (status 1: what is that?). What asks for other words can show a job: "
                            "--try 'COMMAND' --expect REGEX.", "a", "gadget", "mute")

    def test_more_than_a_function_can_have_is_refused_with_its_parts(self):
        for number in range(12):
            self.deb(f"part-{number:02}", {f"usr/share/part-{number:02}": "x" * (1000 + number)})
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\n"})
        self.depends["gadget"] = [f"part-{number:02}" for number in range(12)]
        self.recipe("a", '[files]\n"usr/share" = "share"\n')
        with unittest.mock.patch.object(sizes, "LIMIT", 9000):
            self.assert_refused("use an image for it", "a", "gadget")
            self.assert_refused("The largest parts: part-11 0.0 MB, part-10 0.0 MB, ", "a", "gadget")


class NoTracebackTest(support.Builder):
    @support.needs_sandbox
    def test_links_to_folders_among_extra_files_are_followed_once(self):
        self.deb("gadget", {"usr/bin/x": self.program(), "usr/share/data/one": "1", "usr/share/gadget/two": "2"},
                 links=[("usr/share/gadget/linked", "../data"), ("usr/share/data/back", "../gadget")])
        self.recipe("a", 'only_files = true\n[files]\n"usr/share/gadget" = "share"\n')
        with zipfile.ZipFile(self.build("a", "gadget")) as archive:
            names = {name.removeprefix("shellstrap/a/share/") for name in archive.namelist() if "/share/" in name}
        self.assertLessEqual({"two", "linked/one"}, names)
        self.assertLess(len(names), 6)

    def test_names_in_elf_files_need_not_be_utf8(self):
        library = self.compiled("int x(void) { return 1; }", "-shared", "-Wl,-soname,lib\udcff.so")
        self.write("library", library)
        self.assertEqual(elf.read(self.folder / "library").soname, "lib\ufffd.so")


if __name__ == "__main__":
    support.main()
