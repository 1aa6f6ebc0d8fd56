#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tool layers of packages made on the spot: what becomes of commands, links, variables, extra files and the lock."""
import subprocess
import zipfile

import support
from layers import lock


class CommandsTest(support.Builder):
    """One package with a program under three names, which is a shell and so can show what a launcher hands on."""

    def setUp(self):
        super().setUp()
        program = self.program()
        self.deb("gadget", {"usr/bin/show": program, "usr/lib/gadget/helper": program}, links=[("usr/bin/linked", "show")])
        self.recipe("a", '[environment]\nCOLOUR = "red {tool}"\n[aliases]\nother = "show"\n'
                         '[files]\n"usr/lib/gadget" = "libexec"\n', smoke="exit 0\n")
        self.write("recipes/a/opt/etc/extra", "literal\n")

    def sandbox(self, layer, *words):
        return subprocess.run([support.ROOT / "scripts/sandbox", "--opt", layer, *words], capture_output=True, text=True)

    @support.needs_sandbox
    def test_each_name_starts_the_program_with_its_variables(self):
        layer = self.build("a", "gadget")
        for name in "show", "linked", "other":
            result = self.sandbox(layer, "--", name, "-c", "echo $0 $COLOUR", name)
            self.assertEqual((result.stdout, result.stderr), (f"{name} red /opt/shellstrap/a\n", ""))

    @support.needs_sandbox
    def test_variable_that_is_set_wins(self):
        result = self.sandbox(self.build("a", "gadget"), "--env", "COLOUR=", "--", "show", "-c", "echo [$COLOUR]")
        self.assertEqual(result.stdout, "[]\n")

    @support.needs_sandbox
    def test_arguments_arrive_untouched(self):
        words = ["name", "", "a b", "$HOME", "'"]
        result = self.sandbox(self.build("a", "gadget"), "--", "show", "-c", 'printf "<%s>" "$@"', *words)
        self.assertEqual(result.stdout, "<><a b><$HOME><'>")

    @support.needs_sandbox
    def test_zip_holds_no_links_and_each_program_once(self):
        with zipfile.ZipFile(self.build("a", "gadget")) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
        self.assertEqual({name for name in entries if not name.startswith("shellstrap/a/licenses/")},
                         {"bin/show", "bin/linked", "bin/other", "etc/extra", "shellstrap/a/bin/show", "shellstrap/a/libexec/helper",
                          "shellstrap/a/root/usr/lib/gadget/helper",
                          "shellstrap/a/README", "shellstrap/a/THIRD_PARTY_NOTICES", "shellstrap/a/sbom.spdx.json"})
        self.assertEqual({entry.external_attr >> 28 for entry in entries.values()}, {8})  # regular files
        self.assertEqual(entries["bin/show"].external_attr >> 16 & 0o777, 0o755)
        self.assertEqual(entries["etc/extra"].external_attr >> 16 & 0o777, 0o644)

    @support.needs_sandbox
    def test_program_without_variables_is_the_command_itself(self):
        self.deb("plain", {"usr/bin/plain": self.program(), "usr/sbin/script": "#!/bin/sh\necho script\n"})
        layer = self.build("b", "plain")
        with zipfile.ZipFile(layer) as archive:
            self.assertEqual(archive.read("bin/plain"), self.program())
        self.assertEqual(self.sandbox(layer, "--", "script").stdout, "script\n")


class LeftoversTest(support.Builder):
    @support.needs_sandbox
    def test_files_that_only_the_recipe_can_know_of_are_mentioned_once(self):
        self.deb("gadget", {"usr/bin/x": self.program(), "usr/share/gadget/data": "1", "usr/lib/gadget/a/b": "2",
                            "usr/lib/gadget/c": "3", "usr/share/man/man1/x.1": "never read"})
        self.recipe("a", "only_files = true\n")
        self.build("a", "gadget")
        self.assertIn("not in the layer, though the packages have it: /usr/lib/gadget (2 files), /usr/share/gadget (1 file).",
                      self.said[-2])
        self.build("a")
        self.assertIn("commands: x", self.said[-2])

    @support.needs_sandbox
    def test_nothing_is_mentioned_of_what_the_recipe_takes(self):
        self.deb("gadget", {"usr/bin/x": self.program(), "usr/share/gadget/data": "1"})
        self.recipe("a", '[files]\n"usr/share/gadget" = "share"\n')
        self.build("a", "gadget")
        self.assertIn("commands: x", self.said[-2])


class LockedBuildsTest(support.Builder):
    def setUp(self):
        super().setUp()
        self.deb("gadget", {"usr/bin/x": self.program()})

    def locked(self):
        return (self.folder / "recipes/a/lock").read_text()

    @support.needs_sandbox
    def test_first_build_locks_what_the_layer_has_something_of(self):
        self.build("a", "gadget")
        names, _, packages = lock.parse(self.locked())[("bookworm", "x86_64")]
        self.assertEqual(names, ["gadget"])
        self.assertEqual([package.name for package in packages], ["base-files", "gadget"])

    @support.needs_sandbox
    def test_later_builds_need_no_names_and_give_the_same_bytes(self):
        first = self.build("a", "gadget").read_bytes()
        self.assertEqual(first, self.build("a").read_bytes())
        self.assertIn("shellstrap-tool-a-x86_64.zip", (self.folder / "dist/SHA256SUMS").read_text())

    @support.needs_sandbox
    def test_lock_changes_only_when_asked_to(self):
        self.build("a", "gadget")
        before = self.locked()
        self.deb("gadget", {"usr/bin/x": self.program(), "usr/bin/new": self.program()})
        self.build("a")
        self.assertEqual(self.locked(), before)
        self.build("a", update_lock=True)
        self.assertNotEqual(self.locked(), before)

    @support.needs_sandbox
    def test_a_lock_that_is_older_than_the_recipe_is_named_and_can_be_renewed(self):
        self.deb("data", {"usr/share/data/x": "x"})
        self.depends["gadget"] = ["data"]
        self.build("a", "gadget")
        self.recipe("a", 'packages = ["gadget"]\n[files]\n"usr/share/data/x" = "x"\n')
        with self.assertRaises(support.Refusal) as refused:
            self.build("a")
        self.assertIn("recipes/a/lock was made before", str(refused.exception))
        self.assertIn("build with --update-lock", str(refused.exception))
        self.build("a", update_lock=True)
        self.assertIn("\ndata ", self.locked())
        self.build("a")

    @support.needs_sandbox
    def test_a_recipe_that_takes_no_more_than_before_keeps_its_lock(self):
        self.build("a", "gadget")
        before = self.locked()
        self.recipe("a", 'packages = ["gadget"]\n[environment]\nLEVEL = "1"\n')
        self.build("a")
        self.assertEqual(self.locked(), before)

    @support.needs_sandbox
    def test_each_release_has_a_section_of_its_own(self):
        self.build("a", "gadget")
        self.build("a", "gadget", suite="trixie")
        self.assertEqual(set(lock.parse(self.locked())), {("bookworm", "x86_64"), ("trixie", "x86_64")})

    @support.needs_sandbox
    def test_sizes_and_commands_are_reported(self):
        self.build("a", "gadget")
        self.assertRegex(" | ".join(self.said), r"before: 5 packages, \d+ files, .* MB unpacked \| after:  \d+ files, .* as a zip \| commands: x")


if __name__ == "__main__":
    support.main()
