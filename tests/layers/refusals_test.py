#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every sentence with which build-layer refuses what cannot work."""
import pathlib

import support
from layers.refusal import Refusal


class RefusedPackagesTest(support.Builder):
    def test_setuid_program(self):
        self.deb("su", {"bin/su": self.program()}, modes={"bin/su": 0o4755})
        self.assert_refused("su is a setuid program", "a", "su")

    def test_setgid_program_among_extra_files(self):
        self.deb("gadget", {"usr/bin/x": self.program(), "usr/lib/x/helper": self.program()}, modes={"usr/lib/x/helper": 0o2755})
        self.recipe("a", '[files]\n"usr/lib/x/helper" = "helper"\n')
        self.assert_refused("/usr/lib/x/helper is a setgid program", "a", "gadget")

    def test_service(self):
        self.deb("httpd", {"usr/sbin/httpd": self.program(), "lib/systemd/system/httpd.service": "[Service]\n"})
        self.assert_refused("httpd brings a service (/usr/lib/systemd/system/httpd.service)", "a", "httpd")

    def test_user_of_its_own(self):
        self.deb("gadget", {"usr/bin/x": self.program()}, script="adduser --system x\n")
        self.assert_refused("gadget makes a user when it is installed (postinst)", "a", "gadget")

    def test_nothing_to_run(self):
        self.deb("data", {"usr/share/data": "1\n"})
        self.assert_refused("data: there is nothing in it that a layer could run.", "a", "data")

    def test_scripts_of_interpreters_that_the_base_image_lacks(self):
        self.deb("gadget", {"usr/bin/x": "#!/usr/bin/env perl\n", "usr/bin/y": "#!/usr/bin/python3 -E\n"})
        self.assert_refused("gadget: there is nothing in it", "a", "gadget")
        self.assertEqual(len(self.said), 2)
        self.assertIn("left out y: a script for python3", self.said[1])

    def test_script_that_the_recipe_insists_on(self):
        self.deb("gadget", {"usr/bin/x": "#!/usr/bin/perl\n", "usr/bin/y": self.program()})
        self.recipe("a", 'commands = ["x", "y"]\n')
        self.assert_refused("x is a script for perl, which a layer cannot bring", "a", "gadget")

    def test_library_that_no_package_has(self):
        self.deb("gadget", {"usr/bin/x": pathlib.Path("/bin/true").read_bytes()})
        self.assert_refused("libc.so.6, which /usr/bin/x needs, is in none of the packages", "a", "gadget")

    def test_package_without_licence(self):
        self.deb("gadget", {"usr/bin/x": self.program()}, has_licence=False)
        self.assert_refused("gadget does not say under which licence it is", "a", "gadget")

    def test_virtual_package(self):
        self.deb("mawk", {"usr/bin/mawk": self.program()})
        self.provided["awk"] = "mawk"
        self.assert_refused("awk is no package itself, others provide it", "a", "awk")


class RefusedSmokeTestsTest(support.Builder):
    @support.needs_sandbox
    def test_failing_smoke_test(self):
        self.deb("gadget", {"usr/bin/x": self.program()})
        self.recipe("a", smoke="echo 'the moon is missing' >&2\nexit 3\n")
        self.assert_refused("the smoke test of a failed with the service's LD_LIBRARY_PATH (status 3): the moon is missing", "a", "gadget")

    @support.needs_sandbox
    def test_command_that_does_not_start(self):
        self.deb("gadget", {"usr/bin/x": self.program("/nowhere")})
        self.assert_refused("nothing of gadget starts: x (status 127: cannot start /nowhere", "a", "gadget")

    @support.needs_sandbox
    def test_smoke_test_that_fails_without_a_search_path_only(self):
        self.deb("gadget", {"usr/bin/x": self.program()})
        self.recipe("a", smoke='[ -n "${LD_LIBRARY_PATH-}" ]\n')
        self.assert_refused("failed with no LD_LIBRARY_PATH", "a", "gadget")


class RefusedWordsTest(support.Builder):
    def setUp(self):
        super().setUp()
        self.deb("gadget", {"usr/bin/x": self.program()})

    def test_names_of_layers(self):
        for name in "", "Git", "../x", "a/b", "-x", "x-", "a b", "a" * 33, "é", "licenses":
            with self.subTest(name), self.assertRaises(Refusal) as refused:
                self.build(name, "gadget")
            self.assertIn("cannot be the name of a layer", str(refused.exception))

    def test_names_of_packages(self):
        for name in "X", "x/sid", "x=1", "x:arm64", "x-", "--yes", "../x", "x y", "./x.deb":
            with self.subTest(name):
                self.assert_refused("cannot be the name of a Debian package", "a", name)

    def test_releases(self):
        for name in "Trixie", "../x", "a b", "-x":
            with self.subTest(name):
                self.assert_refused("cannot be a release of Debian", "a", "gadget", suite=name)

    def test_no_packages(self):
        self.assert_refused("say which packages: build-layer tool a PACKAGE...", "a")
        self.recipe("tool")
        self.assert_refused("Did you mean tool?", "toll")

    def test_recipes(self):
        for text, sentence in (
                ("packages = [", "is not TOML"),
                ('package = ["gadget"]', "has a key that no recipe has: package"),
                ('name = "x"', "has a key that no recipe has: name"),
                ('packages = "x"', "packages has the wrong type"),
                ("[environment]\nA = 1", "environment has the wrong type"),
                ('commands = ["y"]', "the recipe of a names y, which none of its packages has: there are x."),
                ('drop = ["y"]', "the recipe of a names y"),
                ('[aliases]\nz = "y"', "the recipe of a names y"),
                ('libraries = ["liby.so.*"]', "the recipe names the library liby.so.*"),
                ('[files]\n"usr/y" = "y"', "the recipe of a names /usr/y, which none of its packages has"),
                ('packages = ["widget"]', "the recipe of a takes widget")):
            with self.subTest(text):
                self.recipe("a", text)
                self.assert_refused(sentence, "a", "gadget")

    def test_file_that_would_hide_a_command(self):
        self.recipe("a")
        self.write("recipes/a/opt/bin/x", "mine\n")
        self.assert_refused("would replace a file that the packages bring", "a", "gadget")


if __name__ == "__main__":
    support.main()
