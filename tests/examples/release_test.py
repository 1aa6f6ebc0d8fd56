#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/release in a tree of its own, where building, testing and packaging tools are stubs; and the versions of what
this build made."""
import json
import re
import shutil
import sys
import tarfile
import zipfile

import case

sys.path.append(str(case.ROOT / "scripts"))
from layers import bootstrap, places  # noqa: E402

TREE = ["CMakeLists.txt", "LICENSE", "THIRD_PARTY_NOTICES", "cmake/httplib.cmake", "layer", "scripts/layers", "scripts/releasing",
        "scripts/deploy", "scripts/release", "scripts/adopt-build", "scripts/lib.sh", ".gitignore"]
SETUP = "#!/bin/sh\necho \"setup $*\" >>.deps/steps\n"
TESTS = "#!/bin/sh\necho \"test $*\" >>.deps/steps\n[ ! -e .deps/tests-fail ]\n"
TOOL = "#!/bin/sh\n# tool NAME --arch ARCH --output DIR\necho \"layer $2 $4\" >>.deps/steps\necho zip >\"$6/shellstrap-tool-$2-$4.zip\"\n"
# Makes build/PRESET/bootstrap and shellstrap, which know a version.
CMAKE = """#!/bin/sh
for preset; do [ -d build/$preset ] && break; done
mkdir -p build/release build/release-arm64
for program in bootstrap shellstrap; do
  printf '#!/bin/sh\\necho %s %s\\n' $program "$(cat .deps/version)" >build/$preset/$program
  chmod +x build/$preset/$program
done
"""
# What these know is tested where they are.
LAYER_ZIP = "def find(word, architecture, dist):\n    assert any(word in p.name or word == 'bootstrap' for p in dist.iterdir())\n"


class ReleaseCase(case.Case):
    def setUp(self):
        super().setUp()
        self.version = places.version()
        self.tree = self.folder / "tree"
        for name in TREE:
            target = self.tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (case.ROOT / name).is_dir() else shutil.copy
            copy(case.ROOT / name, target)
        self.put("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Everything.\n\n## [0.0.1] - 2020-01-01\n\n- Old.\n")
        for name, text in (("setup", SETUP), ("test", TESTS), ("build-layer", TOOL), ("deploy/layer_zip.py", LAYER_ZIP)):
            self.put(f"scripts/{name}", text)
        self.put(".deps/httplib/LICENSE", "MIT\n")
        self.put(".deps/sysroot-arm64/.made", "libc6-dev 2.36-9\n")
        self.put(".deps/version", self.version)
        self.put(".deps/bin/cmake", CMAKE)
        self.put(".deps/bin/qemu-aarch64-static", '#!/bin/sh\nexec "$@"\n')
        for preset in "release", "release-arm64":
            (self.tree / "build" / preset).mkdir(parents=True)
        self.environment["PATH"] = f"{self.tree}/.deps/bin:{self.environment['PATH']}"
        self.environment |= {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("all")

    def put(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def git(self, *words):
        return self.run_in(self.tree, "git", *words).stdout

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def release(self, *words, status=0):
        return self.run_in(self.tree, "scripts/release", *(words or [self.version]), status=status)

    def refuse(self, sentence, *words):
        """With these words, and without a step or a file."""
        done = self.release(*words, status=2)
        self.assertIn(sentence, done.stderr)
        self.assertFalse((self.tree / "dist").exists(), done.stderr)
        return done

    def steps(self):
        path = self.tree / ".deps/steps"
        return path.read_text().splitlines() if path.exists() else []

    def state(self):
        return self.git("rev-parse", "HEAD"), self.git("status", "--porcelain"), self.git("tag"), (self.tree / "CHANGELOG.md").read_text()


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
                              for kind in ("tar.gz", "zip", "spdx.json")} | {"shellstrap-tool-git-arm64.zip", "RELEASE_NOTES.md"}, names)
        checked = self.run_in(folder, "sha256sum", "--check", "SHA256SUMS").stdout
        self.assertEqual(len(checked.splitlines()), len(names) - 1)
        self.assertEqual((folder / "RELEASE_NOTES.md").read_text(), f"# shellstrap {self.version}\n\n### Added\n\n- Everything.\n")

    def test_has_both_programs_and_what_they_are_made_of_in_an_archive(self):
        self.release(self.version, "--skip-tests", "--tools", "")
        name = f"shellstrap-{self.version}-x86_64"
        with tarfile.open(self.tree / "dist" / self.version / f"{name}.tar.gz") as archive:
            entries = {entry.name: (entry.mode, entry.uid, entry.mtime) for entry in archive}
            parts = json.load(archive.extractfile(f"{name}/sbom.spdx.json"))["packages"]
        for program in "bootstrap", "shellstrap":
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
