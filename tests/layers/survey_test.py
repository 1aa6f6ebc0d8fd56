#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/layer-survey: what it prints of layers that work, do not work, and cannot be built."""
import pathlib
import types

import support
from layers import survey

LIST = support.ROOT / "scripts/data/layer-survey.tsv"


class LayerSurveyTest(support.Builder):
    def survey(self, text):
        printed = []
        options = types.SimpleNamespace(suite="bookworm", recipes=self.folder / "recipes", output=self.folder / "dist", jobs=2)
        archive = support.FakeArchive(self.debs, self.provided, self.depends)
        survey.survey(survey.parse(text), support.HERE, options, lambda *_: archive, printed.append)
        return printed

    @support.needs_sandbox
    def test_each_layer_has_a_line_and_the_last_one_counts(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\necho 42\n"})
        self.deb("data", {"usr/share/data": "1\n"})
        head, works, wrong, refused, fault, counts = self.survey(
            "# a comment\nright\tgadget\tx\t^42$\nwrong\tgadget\tx\t^43$\n\nnothing\tdata\tx\t.\nabsent\tnobody\tx\t.\n")
        self.assertEqual(head.split(), ["name", "built", "works", "size", "seconds"])
        self.assertRegex(works, r"^right +yes +yes +0\.0 MB +\d+$")
        self.assertRegex(wrong, r"^wrong +yes +no +- +\d+  the job's output does not match '\^43\$'")
        self.assertRegex(refused, r"^nothing +no +no +- +\d+  data: there is nothing in it that a layer could run\.$")
        self.assertRegex(fault, r"^absent +no +no +- +\d+  fault: KeyError")
        self.assertRegex(counts, r"^4 layers: 2 built, 1 work, \d+ s$")

    @support.needs_sandbox
    def test_row_may_leave_its_packages_to_the_recipe(self):
        self.deb("gadget", {"usr/bin/x": "#!/bin/sh\necho 42\n"})
        self.recipe("a", 'packages = ["gadget"]\n', smoke="exit 1\n")
        self.assertRegex(self.survey("a\t-\tx\t42\n")[-1], r"^1 layers: 1 built, 1 work")

    def test_rows_that_are_none_are_refused_by_their_line(self):
        with self.assertRaises(support.Refusal) as refused:
            survey.parse("# names\na\tb\tc\td\na b c d\n", pathlib.Path("list.tsv"))
        self.assertIn("list.tsv, line 3: there are 1 fields between tabs, not 4", str(refused.exception))

    def test_shipped_list_can_be_read(self):
        rows = survey.parse(LIST.read_text())
        self.assertGreaterEqual(len(rows), 55)
        self.assertEqual(len({row.name for row in rows}), len(rows))


if __name__ == "__main__":
    support.main()
