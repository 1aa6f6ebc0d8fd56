#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tool layers of real packages, from the locks of this tree and from this machine's mirror of Debian."""
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import types
import unittest
import zipfile

import support
from layers import apt, debian, elf, grades, lock, smoke, tool


def build_or_skip(folder, name, *packages, arch="x86_64", suite="bookworm", output="dist"):
    """With a copy of the tree's recipes, so that nothing is written there. Skips where the reason is the network or the
    mirror's progress, any other refusal is the test's."""
    if support.why_no_sandbox():
        raise unittest.SkipTest(support.why_no_sandbox())
    recipes = folder / "recipes"
    if not recipes.exists():
        shutil.copytree(support.places.RECIPES, recipes)
    options = types.SimpleNamespace(suite=suite, update_lock=False, recipes=recipes, output=folder / output, job=None,
                                    expect=None, level=9)
    try:
        return tool.build(name, list(packages), support.places.MACHINES[arch], options, lambda _: None).path
    except support.Refusal as refused:
        if any(words in str(refused) for words in support.UNREACHABLE):
            raise unittest.SkipTest(str(refused))
        raise


def unpack(layer, folder):
    subprocess.run(["unzip", "-q", layer, "-d", folder], check=True)
    return folder


def locked(folder, name):
    return lock.parse((folder / "recipes" / name / "lock").read_text())


class JqLayerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-test.")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        cls.layer = build_or_skip(cls.folder, "jq")
        cls.opt = unpack(cls.layer, cls.folder / "opt")

    def test_two_builds_in_two_folders_are_the_same(self):
        again = build_or_skip(self.folder, "jq", output="elsewhere/dist")
        self.assertEqual(hashlib.sha256(self.layer.read_bytes()).hexdigest(), hashlib.sha256(again.read_bytes()).hexdigest())

    def test_names_are_relative_and_nothing_is_a_link(self):
        with zipfile.ZipFile(self.layer) as archive:
            for entry in archive.infolist():
                self.assertFalse(entry.filename.startswith("/") or ".." in entry.filename, entry.filename)
                self.assertEqual(entry.external_attr >> 28, 8, f"{entry.filename} is no regular file")
                self.assertTrue(entry.filename.startswith(("bin/", "shellstrap/jq/")), entry.filename)

    def test_no_folder_of_the_build_is_named(self):
        for path in self.opt.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                for name in (str(support.ROOT), str(self.folder), "/tmp/shellstrap"):
                    self.assertNotIn(name.encode(), content, path)

    def test_programs_take_loader_and_libraries_from_their_own_folder(self):
        text = elf.readelf("-dW", self.opt / "bin/jq")
        self.assertIn("(RPATH)", text)
        self.assertNotIn("(RUNPATH)", text)
        facts = elf.read(self.opt / "bin/jq")
        self.assertEqual(facts.interpreter, "/opt/shellstrap/jq/lib/ld-linux-x86-64.so.2")
        self.assertEqual(facts.search_path, ("/opt/shellstrap/jq/lib",))
        for soname in facts.needed + ("libnss_dns.so.2", "libgcc_s.so.1"):
            self.assertTrue((self.opt / "shellstrap/jq/lib" / soname).is_file(), soname)
        for path in (self.opt / "shellstrap/jq/lib").iterdir():
            self.assertNotIn("(RUNPATH)", elf.readelf("-dW", path), path)

    def test_every_package_has_its_licence_its_source_and_its_place_in_the_sbom(self):
        base = self.opt / "shellstrap/jq"
        notices = (base / "THIRD_PARTY_NOTICES").read_text()
        sbom = json.loads((base / "sbom.spdx.json").read_text())
        parts = {part["name"]: part for part in sbom["packages"]}
        packages = locked(self.folder, "jq")[("bookworm", "x86_64")].packages
        shipped = [package for package in packages if package.name not in ("base-files", "gcc-12-base")]
        self.assertIn("Written\noffer: whoever passes this layer on", notices)
        self.assertEqual(set(parts), {package.name for package in shipped} | {"shellstrap-tool-jq-x86_64"})
        for package in shipped:
            self.assertGreater((base / "licenses" / package.name).stat().st_size, 500)
            self.assertIn(f"  {package.name} {package.version}, licenses/{package.name}; ", notices)
            self.assertEqual(parts[package.name]["versionInfo"], package.version)
            self.assertEqual(parts[package.name]["checksums"][0]["checksumValue"], package.sha256)
            self.assertIn(f"pkg:deb/debian/{package.name}@", parts[package.name]["externalRefs"][0]["referenceLocator"])
        self.assertIn("; glibc 2.36-", notices)
        self.assertEqual(len(sbom["relationships"]), len(shipped) + 1)
        self.assertTrue((base / "licenses/common/LGPL-2.1").is_file())

    def test_smoke_test_notices_a_program_that_a_search_path_can_mislead(self):
        """The same programs with DT_RUNPATH, which LD_LIBRARY_PATH comes before."""
        opt = unpack(self.layer, self.folder / "misled")
        libraries = list((opt / "shellstrap/jq/lib").iterdir())
        for path in [opt / "bin/jq", *libraries]:
            if not path.name.startswith(("ld-linux", "libc.so")):
                subprocess.run(["patchelf", "--set-rpath", "/opt/shellstrap/jq/lib", path], check=True)
        found = {path.name: "" for path in libraries}
        what = types.SimpleNamespace(name="jq", smoke=self.folder / "recipes/jq/smoke")
        tree = types.SimpleNamespace(folder=opt, tool="shellstrap/jq", machine=support.HERE, recipe=what,
                                     moves=types.SimpleNamespace(home="shellstrap/jq/root"),
                                     libraries=types.SimpleNamespace(found=found))
        with self.assertRaises(support.Refusal) as refused:
            smoke.run(opt, tree, [], self.folder, grades.job_of(what, None, None))
        self.assertIn("failed with a hostile LD_LIBRARY_PATH", str(refused.exception))


class OtherMachineTest(support.Folder):
    def test_arm64_layer_passes_its_smoke_test_under_qemu(self):
        opt = unpack(build_or_skip(self.folder, "jq", arch="arm64"), self.folder / "opt")
        self.assertIn("AArch64", elf.readelf("-hW", opt / "bin/jq"))
        self.assertTrue((opt / "shellstrap/jq/lib/ld-linux-aarch64.so.1").exists())

    def test_arm64_layer_of_a_release_whose_programs_are_protected_passes_too(self):
        """qemu-user follows the headers of such programs, which patchelf leaves behind."""
        opt = unpack(build_or_skip(self.folder, "jq", arch="arm64", suite="trixie"), self.folder / "opt")
        self.assertIn("AArch64 feature: BTI, PAC", elf.readelf("-nW", opt / "bin/jq"))


class BasicsLayerTest(support.Folder):
    def test_certificates_are_the_packages_and_no_machines_own(self):
        opt = unpack(build_or_skip(self.folder, "basics"), self.folder / "opt")
        bundle = (opt / "shellstrap/basics/etc/ca-certificates.crt").read_text()
        deb = next(package for package in locked(self.folder, "basics")[("bookworm", "x86_64")].packages
                   if package.name == "ca-certificates")
        listed = subprocess.run(["dpkg-deb", "-c", debian.cached(deb)], capture_output=True, text=True, check=True).stdout
        self.assertEqual(bundle.count("BEGIN CERTIFICATE"), len(re.findall(r" \./usr/share/ca-certificates/.*\.crt\n", listed)))
        self.assertIn("SSL_CERT_FILE=/opt/shellstrap/basics/etc/ca-certificates.crt\n  is set for curl, openssl",
                      (opt / "shellstrap/basics/README").read_text())


class LoadedAtRunTimeTest(support.Folder):
    """What no ELF file names: converters and name services, used by the C library's own tools."""

    def test_converters_and_name_services_are_the_layers(self):
        self.write("recipes/libc/recipe.toml", 'packages = ["libc-bin"]\ncommands = ["iconv", "getent"]\n'
                   'charsets = ["LATIN1", "CP850", "UTF-16", "EUC-JP"]\n')
        self.write("recipes/libc/smoke", "set -eu\n"
                   '[ "$(printf "caf\\351" | iconv -f LATIN1 -t UTF-8)" = "$(printf "caf\\303\\251")" ]\n'
                   '[ "$(printf "\\202" | iconv -f CP850 -t UTF-16LE | wc -c)" = 2 ]\n'
                   '[ "$(printf "\\244\\242" | iconv -f EUC-JP -t UTF-8)" = "$(printf "\\343\\201\\202")" ]\n'
                   '! GCONV_PATH=/nowhere iconv -f LATIN1 -t UTF-8 </dev/null 2>/dev/null\n'
                   'getent passwd 993 | grep -q "^sbx_user"\ngetent hosts localhost | grep -q "^::1"\n')
        opt = unpack(build_or_skip(self.folder, "libc"), self.folder / "opt")
        self.assertIn("GCONV_PATH=/opt/shellstrap/libc/gconv\n  is set for all commands where", (opt / "shellstrap/libc/README").read_text())


class OtherReleaseTest(support.Folder):
    def test_release_brings_other_versions_and_a_section_of_the_lock(self):
        before = lock.parse((support.places.RECIPES / "jq/lock").read_text())
        build_or_skip(self.folder, "jq", suite="trixie")
        after = locked(self.folder, "jq")
        self.assertEqual({**before, **after}, after)
        versions = {package.name: package.version for package in after[("trixie", "x86_64")].packages}
        self.assertTrue(versions["jq"].startswith("1.7"), versions)
        self.assertTrue(versions["libc6"].startswith("2.41"), versions)


class MirrorTest(support.Folder):
    """What this machine's mirror really says. Without one there is nothing to test."""

    def setUp(self):
        super().setUp()
        self.archive = debian.Archive("bookworm", support.HERE)
        self.addCleanup(self.archive.__exit__)
        try:
            self.archive.open()
        except support.Refusal as refused:
            self.skipTest(str(refused))

    def assert_refused(self, sentence, call, *arguments):
        with self.assertRaises(support.Refusal) as refused:
            call(*arguments)
        self.assertIn(sentence, str(refused.exception))

    def test_package_that_does_not_exist(self):
        self.assert_refused("there is no package no-such-package in Debian bookworm (main)", self.archive.closure_of, ["no-such-package"])

    def test_release_that_does_not_exist(self):
        self.assert_refused("Debian nosuch for amd64 cannot be had from this machine's mirror",
                            debian.Archive("nosuch", support.HERE).open)

    def test_locked_version_that_is_gone_or_has_changed(self):
        now = self.archive.candidates(["jq"])[0]
        for version in "1.5-0", now.version:
            self.assert_refused(f"jq {version}, which the lock names, is gone from the mirror's bookworm: it has {now.version} now. "
                                "Build with --update-lock", self.archive.fetch, [apt.Package("jq", version, "0" * 64)])

    def test_closure_leaves_out_what_it_is_told_to(self):
        names = [package.name for package in self.archive.closure_of(["git"], ["perl", "git-man"])]
        self.assertIn("libcurl3-gnutls", names)
        self.assertNotIn("perl", names)


if __name__ == "__main__":
    support.main()
