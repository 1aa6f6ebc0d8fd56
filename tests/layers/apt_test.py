#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What apt says, what is made of it, what is locked, and how often a mirror is asked that does not answer."""
import types
from unittest import mock

import support
from layers import apt, debian, lock, recipe

RESOLVING = "E: Failed to fetch http://m.example/InRelease  Temporary failure resolving 'm.example'\nE: Some index files failed\n"
REFUSED = "E: Failed to fetch http://m.example/x.deb  Could not connect to m.example:80. - connect (111: Connection refused)\n"
GONE = "E: Failed to fetch http://m.example/x.deb  404  Not Found [IP: 192.0.2.1 80]\n"
NO_RELEASE = "E: The repository 'http://m.example nosuch Release' does not have a Release file.\n"


class DebianWordsTest(support.Folder):
    def test_printed_uris_become_packages(self):
        text = ("'http://mirror.example/git_2.39.5-0%2bdeb12u3_amd64.deb' git_1%3a2.39.5-0+deb12u3_amd64.deb 7264 SHA256:"
                + "a" * 64 + "\nReading...\n")
        self.assertEqual(apt.printed_packages(text), [apt.Package("git", "1:2.39.5-0+deb12u3", "a" * 64)])

    def test_only_debians_own_archives_count(self):
        text = ("Other|Other|http://other.example/\nDebian|Debian|http://mirror.example/debian/\n"
                "Debian|Debian-Security|http://mirror.example/security/\nDebian|Debian|http://second.example/\n")
        self.assertEqual(apt.mirrors(text), ("http://mirror.example/debian/", "http://mirror.example/security/"))

    def test_release_without_updates_is_tried_second(self):
        first, second = apt.source_lines("sid", "http://m/", "http://s/")
        self.assertEqual([line.split(" ", 3)[3] for line in first], ["http://m/ sid main", "http://m/ sid-updates main",
                                                                     "http://s/ sid-security main"])
        self.assertEqual(len(second), 1)
        self.assertTrue(all("signed-by=/usr/share/keyrings/debian-archive-keyring.gpg" in line for line in first + second))


class LockTest(support.Folder):
    SECTIONS = {("trixie", "arm64"): lock.Section(["git", "openssh-client"], "0123456789abcdef",
                                                  [apt.Package("git", "1:2.47.3-0", "b" * 64)]),
                ("bookworm", "x86_64"): lock.Section(["git"], "none", [apt.Package("git", "1:2.39.5-0", "a" * 64),
                                                                       apt.Package("libc6", "2.36-9", "c" * 64)])}

    def test_what_is_written_is_read(self):
        self.assertEqual(lock.parse(lock.render(self.SECTIONS)), self.SECTIONS)

    def test_sections_of_other_releases_and_machines_stay(self):
        self.write("lock", lock.render(self.SECTIONS))
        machine = support.places.MACHINES["arm64"]
        lock.Lock(self.folder).write("bookworm", machine, lock.Section(["git"], "none", [apt.Package("git", "1:2", "d" * 64)]))
        after = lock.Lock(self.folder)
        self.assertEqual({**self.SECTIONS, **after.sections}, after.sections)
        self.assertEqual(after.packages("bookworm", machine, ["git"], "none"), [apt.Package("git", "1:2", "d" * 64)])

    def test_other_question_is_refused(self):
        self.write("lock", lock.render(self.SECTIONS))
        with self.assertRaises(support.Refusal) as refused:
            lock.Lock(self.folder).packages("bookworm", support.HERE, ["git", "jq"], "none")
        self.assertIn("was made for git, not for git jq: build with --update-lock", str(refused.exception))

    def test_another_recipe_is_refused_and_so_is_one_where_there_was_none(self):
        self.write("lock", lock.render(self.SECTIONS))
        for suite, machine, names, recipe in (("bookworm", "x86_64", ["git"], "0123456789abcdef"),
                                              ("trixie", "arm64", ["git", "openssh-client"], "none"),
                                              ("trixie", "arm64", ["git", "openssh-client"], "fedcba9876543210")):
            with self.assertRaises(support.Refusal) as refused:
                lock.Lock(self.folder).packages(suite, support.places.MACHINES[machine], names, recipe)
            self.assertIn(f"{self.folder}/lock was made before {self.folder}/recipe.toml said what it says now",
                          str(refused.exception))

    def test_the_locks_of_this_tree_are_those_of_its_recipes(self):
        for folder in support.places.RECIPES.iterdir():
            what = recipe.load(folder.name, support.places.RECIPES)
            for section in lock.Lock(folder).sections.values():
                self.assertEqual((section.names, section.recipe), (sorted(what.packages), what.digest()), folder.name)

    def test_damage_is_refused(self):
        for text in "git 1:2\n", "recipe: x\n", "[a b] git\ngit 1:2 sum more\n":
            self.write("lock", text)
            with self.assertRaises(support.Refusal) as refused:
                lock.Lock(self.folder)
            self.assertIn("is damaged", str(refused.exception))


class RefusedArchivesTest(support.Folder):
    def test_what_apt_says_of_missing_packages(self):
        for stderr in ("E: Unable to locate package nosuch", "E: Package 'nosuch' has no installation candidate",
                       "E: Can't select candidate version from package nosuch as it has no candidate"):
            self.assertIn("there is no package nosuch in Debian bookworm (main)", apt.explain(stderr, "bookworm"))

    def test_anything_else_that_apt_says(self):
        self.assertIn("apt cannot resolve these packages in Debian sid: held broken packages",
                      apt.explain("W: hm\nE: held broken packages\n", "sid"))

    def test_mirror_out_of_reach(self):
        for stderr in (RESOLVING, REFUSED):
            self.assertIn("Debian bookworm cannot be had from this machine's mirror: Failed to fetch", apt.explain(stderr, "bookworm"))

    def test_machine_without_a_mirror_of_debian(self):
        with self.assertRaises(support.Refusal) as refused:
            apt.mirrors("Ubuntu|Ubuntu|http://mirror.example/ubuntu/\n")
        self.assertIn("knows no mirror of Debian", str(refused.exception))

    def test_locked_version_that_is_gone(self):
        package = apt.Package("jq", "1.5-1", "0" * 64)
        self.assertIn("jq 1.5-1, which the lock names, is gone from the mirror's bookworm: it has 1.6-2 now. Build with --update-lock",
                      apt.gone(package, apt.Package("jq", "1.6-2", "1" * 64), "bookworm"))
        self.assertIn("it has no such package any more", apt.gone(package, None, "bookworm"))


class PatienceTest(support.Folder):
    """An archive whose apt fails with each of these words in turn, then succeeds."""

    def ask(self, *failures):
        answers = [types.SimpleNamespace(returncode=100, stderr=words, stdout="") for words in failures]
        answers.append(types.SimpleNamespace(returncode=0, stderr="", stdout="done"))
        archive = debian.Archive("bookworm", support.HERE)
        with mock.patch.object(archive, "run", side_effect=answers), mock.patch("time.sleep") as sleep:
            try:
                said = archive.apt_get("download")
            except support.Refusal as refused:
                said = str(refused)
        return said, [call.args[0] for call in sleep.call_args_list]

    def test_a_mirror_out_of_reach_is_asked_again_after_a_pause(self):
        self.assertEqual(self.ask(RESOLVING, REFUSED), ("done", list(debian.PAUSES)))

    def test_after_three_times_it_is_said(self):
        said, pauses = self.ask(RESOLVING, RESOLVING, RESOLVING)
        self.assertIn("cannot be had from this machine's mirror: Failed to fetch", said)
        self.assertEqual(pauses, list(debian.PAUSES))

    def test_what_the_mirror_has_not_is_said_at_once(self):
        for words in (GONE, NO_RELEASE, "E: Unable to locate package nosuch"):
            said, pauses = self.ask(words)
            self.assertEqual(pauses, [], said)
            self.assertNotIn("cannot be had from", said)


if __name__ == "__main__":
    support.main()
