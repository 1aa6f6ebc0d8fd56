# SPDX-License-Identifier: Apache-2.0
"""scripts/release in a tree of its own, where building, testing and packaging tools are stubs."""
import shutil
import sys

import case

sys.path.append(str(case.ROOT / "scripts"))
from layers import places  # noqa: E402

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
