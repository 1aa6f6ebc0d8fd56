#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/release, and the versions of what this build made."""
import json
import re
import tarfile
import zipfile

import case
from release_tree import ReleaseCase

from layers import bootstrap, places

class ReleaseIsRefusedTest(ReleaseCase):
    def test_of_a_tree_with_changes(self):
        self.put("new", "")
        self.refuse("the tree has changes: new.")

    def test_of_another_version(self):
        self.refuse(f"CMakeLists.txt says {self.version}", "99.0.0")
        self.refuse("'v1' is no version", "v1")

    def test_of_a_layer_that_has_no_recipe(self):
        self.refuse("no recipe gti in layer/tools/. Did you mean git?", self.version, "--skip-tests", "--tools", "jq,gti")
        self.assertEqual(self.steps(), [])

    def test_of_a_version_that_is_out(self):
        self.git("tag", f"v{self.version}")
        self.refuse(f"there is a tag v{self.version}")

    def test_of_nothing_new(self):
        self.put("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [0.0.1] - 2020-01-01\n\n- Old.\n")
        self.commit("nothing")
        self.refuse("CHANGELOG.md has nothing under ## [Unreleased]")

    def test_where_a_program_says_another_version(self):
        self.put(".deps/version", "0.0.9")
        self.refuse("says it is 0.0.9")

    def test_where_a_test_fails(self):
        self.put(".deps/tests-fail", "")
        self.refuse("scripts/test failed (status 1): nothing is released.", self.version, "--yes")
        self.assertEqual(self.git("tag"), "")

    def test_without_tests(self):
        self.refuse("a release is tested", self.version, "--yes", "--skip-tests")

    def test_of_a_tree_that_its_own_build_changes(self):
        self.put("scripts/setup", "#!/bin/sh\necho >>CMakeLists.txt\n")
        self.commit("a setup that writes")
        self.assertIn("was changed while it was released", self.release(status=2).stderr)

    def test_into_a_folder_that_is_no_release(self):
        self.refuse("is there and no release", self.version, "--skip-tests", "--output", self.folder)


class ReleaseRehearsalTest(ReleaseCase):
    def test_leaves_the_tree_as_it_is(self):
        before = self.state()
        done = self.release()
        self.assertEqual(self.state(), before)
        self.assertIn("a rehearsal: the tree is as it was", done.stderr)
        self.assertEqual([step for step in self.steps() if step.startswith("test")], ["test "])

    def test_without_tests_says_so(self):
        done = self.release(self.version, "--skip-tests")
        self.assertEqual(done.stderr.count("NOT TESTED"), 2, done.stderr)
        self.assertFalse([step for step in self.steps() if step.startswith("test")])

    def test_has_every_file_in_its_sums(self):
        files = self.release().stdout.split()
        folder = self.tree / "dist" / self.version
        names = {path.name for path in folder.iterdir()}
        self.assertEqual(set(files), {str(folder / name) for name in names})
        self.assertLessEqual({f"shellstrap-{self.version}-{arch}.{kind}" for arch in case.ARCHITECTURES
                              for kind in ("tar.gz", "zip", "spdx.json")} | {"shellstrap-tool-git-arm64.zip", "RELEASE_NOTES.md", "install.sh"}, names)
        checked = self.run_in(folder, "sha256sum", "--check", "SHA256SUMS").stdout
        self.assertEqual(len(checked.splitlines()), len(names) - 1)
        self.assertEqual((folder / "RELEASE_NOTES.md").read_text(), f"# shellstrap {self.version}\n\n### Added\n\n- Everything.\n")

    def test_has_both_programs_and_what_they_are_made_of_in_an_archive(self):
        self.release(self.version, "--skip-tests", "--tools", "")
        name = f"shellstrap-{self.version}-x86_64"
        with tarfile.open(self.tree / "dist" / self.version / f"{name}.tar.gz") as archive:
            entries = {entry.name: (entry.mode, entry.uid, entry.mtime) for entry in archive}
            parts = json.load(archive.extractfile(f"{name}/sbom.spdx.json"))["packages"]
        for program in "bootstrap", "shellstrap", "share/shellstrap/arm64/bootstrap", "share/shellstrap/x86_64/bootstrap":
            self.assertEqual(entries[f"{name}/{program}"], (0o755, 0, 315532800))
        self.assertLessEqual({"libcli11-dev", "zlib1g-dev"}, {part["name"] for part in parts})
        for part in parts[1:]:
            self.assertIn(f"{name}/{part['licenseComments'].split()[3]}", entries)

    def test_makes_the_same_bytes_again(self):
        folder = self.tree / "dist" / self.version
        sums = [(self.release(self.version, "--skip-tests"), (folder / "SHA256SUMS").read_text())[1] for _ in range(2)]
        self.assertEqual(*sums)


class ReleaseTest(ReleaseCase):
    def test_gives_the_changes_a_version_and_the_commit_a_tag(self):
        self.release(self.version, "--yes")
        text = (self.tree / "CHANGELOG.md").read_text()
        self.assertRegex(text, rf"## \[Unreleased\]\n\n## \[{re.escape(self.version)}\] - \d{{4}}-\d\d-\d\d\n\n### Added\n\n- Everything")
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.assertEqual(self.git("show", "--format=%s", "--name-only", f"v{self.version}^{{commit}}").split("\n\n"),
                         [f"release: {self.version}", "CHANGELOG.md\n"])


class VersionsAgreeTest(case.Case):
    def test_of_programs_zips_and_documents(self):
        version = places.version()
        for name in "bootstrap", "shellstrap":
            said = self.run_in(self.folder, case.PROGRAMS / name, "--version").stdout
            self.assertEqual(said.split()[-1], version)
        program = self.folder / "bootstrap"
        program.write_text("#!/bin/sh\n")
        layer = bootstrap.build(places.MACHINES["x86_64"], self.folder / "dist", lambda _: None, program)
        self.assertEqual(layer.name, f"shellstrap-{version}-x86_64.zip")
        with zipfile.ZipFile(layer) as archive:  # scripts/publish-layer takes the description from here
            self.assertEqual(json.loads(archive.read("shellstrap/sbom.spdx.json"))["packages"][0]["versionInfo"], version)
        self.assertEqual(set(re.findall(r"shellstrap-(\d+\.\d+\.\d+)-", self.documents())) - {version}, set())

    @staticmethod
    def documents():
        return "".join(path.read_text() for path in (*case.ROOT.glob("*.md"), *case.ROOT.glob("docs/*.md"))
                       if path.name != "CHANGELOG.md")


if __name__ == "__main__":
    case.main()
