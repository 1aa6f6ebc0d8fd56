#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bootstrap layer, made of the program that this build made."""
import json
import os
import pathlib
import subprocess
import zipfile

import support
from layers import bootstrap, places


class BootstrapLayerTest(support.Folder):
    MACHINE = support.HERE
    PROGRAM = pathlib.Path(os.environ.get("SHELLSTRAP_PROGRAMS", support.ROOT / "build/release"), "bootstrap")

    def build(self, output):
        said = []
        return bootstrap.build(self.MACHINE, self.folder / output, said.append, self.PROGRAM)

    def test_two_builds_in_two_folders_are_the_same(self):
        self.assertEqual(self.build("one").read_bytes(), self.build("two/three").read_bytes())

    def test_bootstrap_stands_at_the_root_of_three_megabytes_at_most(self):
        layer = self.build("dist")
        self.assertEqual(layer.name, f"shellstrap-{places.version()}-{self.MACHINE}.zip")
        self.assertLessEqual(layer.stat().st_size, 3_000_000)
        with zipfile.ZipFile(layer) as archive:
            entries = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
            self.assertEqual(archive.read("bootstrap"), self.PROGRAM.read_bytes())
            self.assertEqual(archive.read("THIRD_PARTY_NOTICES"), (support.ROOT / "THIRD_PARTY_NOTICES").read_bytes())
        self.assertEqual(entries.pop("bootstrap"), 0o100755)
        self.assertEqual(set(entries.values()), {0o100644})
        self.assertLessEqual({"LICENSE", "shellstrap/licenses/LGPL-2.1", "shellstrap/licenses/cpp-httplib"}, set(entries))

    def test_parts_are_listed_with_versions_and_licences(self):
        with zipfile.ZipFile(self.build("dist")) as archive:
            packages = {package["name"]: package for package in json.loads(archive.read("shellstrap/sbom.spdx.json"))["packages"]}
            names = set(archive.namelist())
        self.assertEqual(packages["cpp-httplib"]["versionInfo"], "0.41.0")
        self.assertIn("glibc 2.36-", packages["libc6-dev"]["sourceInfo"])
        for name in "cpp-httplib", "libboost1.81-dev", "libc6-dev", "libstdc++-12-dev", "nlohmann-json3-dev":
            self.assertIn(packages[name]["licenseComments"].split()[3], names)

    def test_layer_folder_is_taken_as_it_is_without_the_recipes(self):
        tree = {path.relative_to(support.ROOT / "layer").as_posix() for path in (support.ROOT / "layer").rglob("*") if path.is_file()}
        with zipfile.ZipFile(self.build("dist")) as archive:
            names = set(archive.namelist())
        self.assertLessEqual({name for name in tree if not name.startswith("tools/")}, names)
        self.assertFalse([name for name in names if name.startswith("tools/")])

    @support.needs_sandbox
    def test_it_starts_where_nothing_of_this_machine_is(self):
        result = subprocess.run([support.ROOT / "scripts/sandbox", "--arch", self.MACHINE.name, "--opt", self.build("dist"), "--",
                                 "/opt/bootstrap", "--version"], capture_output=True, text=True)
        self.assertEqual(result.stdout.split()[-1], places.version(), result.stderr)


class BootstrapLayerForArmTest(BootstrapLayerTest):
    MACHINE = places.MACHINES["arm64"]
    PROGRAM = pathlib.Path(os.environ.get("SHELLSTRAP_ARM64_PROGRAMS", support.ROOT / "build/release-arm64"), "bootstrap")

    def setUp(self):
        super().setUp()
        if not self.PROGRAM.exists():
            self.skipTest(f"no {self.PROGRAM}; ./scripts/test --preset arm64 makes one")


if __name__ == "__main__":
    support.main()
