# SPDX-License-Identifier: Apache-2.0
"""What scripts/publish-layer accepts as a layer's zip, without any AWS."""
import os
import unittest.mock

import support
from support import ELF, ROOT, Tree, bootstrap_zip, program, sbom, sha256, tool_zip, zip_of

support.sys.path.insert(0, str(ROOT / "scripts"))
from deploy import layer_zip  # noqa: E402
from layers import bootstrap, places  # noqa: E402
from layers.refusal import Refusal  # noqa: E402

NAME = "shellstrap-0.1.0-x86_64.zip"


class ZipTest(Tree):
    def setUp(self):
        super().setUp()
        patch = unittest.mock.patch("deploy.layer_zip.version", lambda: "0.1.0")
        patch.start()
        self.addCleanup(patch.stop)

    def find(self, word="bootstrap", architecture="x86_64"):
        return layer_zip.find(word, architecture, self.tree / "dist")

    def refuse(self, sentence, *words):
        with self.assertRaises(Refusal) as refused:
            self.find(*words)
        self.assertIn(sentence, str(refused.exception))

    def test_name_and_description_are_what_the_zip_says_of_itself(self):
        found = self.find()
        self.assertEqual((found.layer, found.description), ("shellstrap-x86_64", "shellstrap 0.1.0, x86_64"))
        self.assertEqual(found.sha256, sha256(bootstrap_zip("x86_64", "0.1.0")))
        self.dist("shellstrap-tool-jq-arm64.zip", tool_zip("arm64", "jq", "1.6-2"))
        found = self.find("jq", "arm64")
        self.assertEqual((found.layer, found.description), ("shellstrap-tool-jq-arm64", "shellstrap 0.1.0, arm64, jq 1.6-2"))

    def test_what_build_layer_makes_is_accepted(self):
        made = self.tree / "bootstrap"
        made.write_bytes(program("x86_64", places.version()))
        bootstrap.build(places.MACHINES["x86_64"], self.tree / "dist", lambda _: None, made)
        with unittest.mock.patch("deploy.layer_zip.version", places.version):
            self.assertEqual(self.find().description, f"shellstrap {places.version()}, x86_64")

    def test_a_zip_that_is_not_there_is_named_with_the_command_that_makes_it(self):
        os.remove(self.tree / "dist" / NAME)
        self.refuse("./scripts/build-layer bootstrap --arch x86_64 makes it.")
        self.refuse("./scripts/build-layer tool git --arch arm64 makes it.", "git", "arm64")

    def test_bytes_that_the_list_of_checksums_does_not_know_are_refused(self):
        path = self.tree / "dist" / NAME
        path.write_bytes(path.read_bytes() + b"more")
        self.refuse("is not what")
        (self.tree / "dist/SHA256SUMS").write_text("")
        self.refuse(f"does not list {NAME}")
        os.remove(self.tree / "dist/SHA256SUMS")
        self.refuse(f"does not list {NAME}")

    def test_another_layer_under_this_name_is_refused(self):
        self.dist(NAME, bootstrap_zip("arm64", "0.1.0"))
        self.refuse("is another layer inside: shellstrap-arm64")

    def test_a_version_that_differs_anywhere_is_refused(self):
        self.dist(NAME, bootstrap_zip("x86_64", "0.0.9"))
        self.refuse("says 0.0.9 inside, and this tree is 0.1.0")
        self.dist(NAME, zip_of({"bootstrap": program("x86_64", "0.0.9"),
                                "shellstrap/sbom.spdx.json": sbom("shellstrap-x86_64", "0.1.0")}))
        self.refuse("is not version 0.1.0")

    def test_a_program_of_the_other_machine_is_refused(self):
        self.dist(NAME, zip_of({"bootstrap": program("arm64", "0.1.0"),
                                "shellstrap/sbom.spdx.json": sbom("shellstrap-x86_64", "0.1.0")}))
        self.refuse("is none for x86_64")

    def test_what_is_no_layer_is_refused(self):
        for content in (b"no zip", zip_of({"bootstrap": b""}), zip_of({"shellstrap/sbom.spdx.json": b"no list"})):
            self.dist(NAME, content)
            self.refuse("is no layer of scripts/build-layer")

    def test_more_than_a_function_takes_unpacked_is_refused(self):
        with unittest.mock.patch("deploy.layer_zip.UNPACKED_LIMIT", 100):
            self.refuse("bytes unpacked")

    def test_names_that_could_be_paths_are_refused(self):
        for word in ("../secret", "a/b", "", "Git"):
            self.refuse("cannot be a layer", word)

    def test_a_description_keeps_to_the_limit_of_the_service(self):
        self.dist("shellstrap-tool-jq-arm64.zip", tool_zip("arm64", "jq", "1" * 300))
        self.assertEqual(len(self.find("jq", "arm64").description), 256)

    def test_each_machine_has_its_number(self):
        self.assertEqual(layer_zip.ELF_MACHINES, ELF)
        self.assertEqual(set(ELF), set(places.MACHINES))


if __name__ == "__main__":
    support.main()
