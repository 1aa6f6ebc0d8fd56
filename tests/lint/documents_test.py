#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Links in documents lead somewhere, and the index of docs/ has every page."""
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
CODE = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)


def documents():
    names = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in names.stdout.split()]


def prose(path):
    return CODE.sub("", path.read_text(encoding="utf-8"))


def anchors(path):
    """As they are made of headings: lower case, blanks as hyphens, nothing but letters, digits, - and _."""
    headings = (re.sub(r"\]\([^)]*\)", "", text) for text in HEADING.findall(prose(path)))
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def fault(source, target):
    """What is wrong with a link, or None."""
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    path = (source.parent / name).resolve() if name else source
    if not path.exists():
        return "there is no such file"
    if anchor and anchor not in anchors(path):
        return "there is no such heading"
    return None


class Documents(unittest.TestCase):
    def test_each_link_leads_somewhere(self):
        found = [f"{path.relative_to(ROOT)}: {target}: {why}"
                 for path in documents() for target in LINK.findall(prose(path))
                 if (why := fault(path, target))]
        self.assertEqual(found, [])

    def test_a_link_to_nowhere_is_found(self):
        readme = ROOT / "README.md"
        self.assertEqual(fault(readme, "docs/nothing.md"), "there is no such file")
        self.assertEqual(fault(readme, "docs/git.md#nothing"), "there is no such heading")
        self.assertIsNone(fault(readme, "docs/git.md#credentials"))

    def test_the_index_has_every_page(self):
        index = ROOT / "docs" / "README.md"
        linked = {(index.parent / target.partition("#")[0]).resolve() for target in LINK.findall(prose(index))}
        missing = [path.name for path in documents()
                   if path.parent == index.parent and path != index and path not in linked]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
