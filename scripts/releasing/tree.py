# SPDX-License-Identifier: Apache-2.0
"""The state of the tree: what a release begins with, and what it leaves behind."""
import re
import subprocess

from layers.places import ROOT, version
from layers.refusal import Refusal


def git(*words, may_fail=False):
    done = subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True)
    if done.returncode != 0 and not may_fail:
        raise Refusal(f"git {' '.join(words)} failed: {done.stderr.strip()}")
    return done.stdout.rstrip() if done.returncode == 0 else ""


class Tree:
    def check(self, wanted):
        """Refuses where the programs would not be those of a commit, or not of this version."""
        if not re.fullmatch(r"\d+\.\d+\.\d+", wanted):
            raise Refusal(f"'{wanted}' is no version: say one as 1.2.3.")
        self.commit = git("rev-parse", "--verify", "--quiet", "HEAD", may_fail=True)
        if not self.commit:
            raise Refusal("the tree is on no commit: a release is made of one.")
        self.check_clean("A release is made of a commit: commit this, or put it away.")
        if version() != wanted:
            raise Refusal(f"CMakeLists.txt says {version()}: release that, or change project(shellstrap VERSION …) there to "
                          f"{wanted} and commit.")
        if git("rev-parse", "--verify", "--quiet", f"refs/tags/v{wanted}", may_fail=True):
            raise Refusal(f"there is a tag v{wanted}: that version is released, the next one needs another number.")

    def check_unchanged(self):
        """Builds and tests write to folders that git ignores, and nobody commits while they run."""
        self.check_clean("The tree was changed while it was released: what was built may be of no commit.")
        if git("rev-parse", "HEAD") != self.commit:
            raise Refusal("somebody committed in the meantime: what was built is not of that commit.")

    @staticmethod
    def check_clean(sentence):
        changed = git("status", "--porcelain").splitlines()
        if changed:
            named = ", ".join(line[3:] for line in changed[:5]) + (", …" if len(changed) > 5 else "")
            raise Refusal(f"the tree has changes: {named}. {sentence}")

    @staticmethod
    def record(wanted):
        git("commit", "--quiet", "--message", f"release: {wanted}", "--", "CHANGELOG.md")
        git("tag", "--annotate", "--message", f"shellstrap {wanted}", f"v{wanted}")
