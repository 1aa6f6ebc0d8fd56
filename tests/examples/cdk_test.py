#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/cdk: synthesised by the CDK, and what comes out by cfn-lint."""
import json
import re

import case
import cloudformation

PACKAGE = case.ROOT / "examples/cdk/package.json"


class CdkLockAgreesWithItsPackageTest(case.Case):
    """Else `npm ci` refuses, and that would look like a registry that is out of reach."""

    def test_in_every_version(self):
        package, lock = json.loads(PACKAGE.read_text()), json.loads(PACKAGE.with_name("package-lock.json").read_text())
        for kind in "dependencies", "devDependencies":
            self.assertEqual(package[kind], lock["packages"][""][kind])
            for name, version in package[kind].items():
                self.assertEqual(lock["packages"][f"node_modules/{name}"]["version"], version)

    def test_and_names_no_registry(self):
        self.assertNotIn("resolved", PACKAGE.with_name("package-lock.json").read_text())


class Cdk(case.Case):
    def setUp(self):
        super().setUp()
        modules = self.needs("cdk") / "node_modules"
        self.example = self.copy_of("cdk")
        (self.example / "node_modules").symlink_to(modules)

    def template(self, folder="cdk.out"):
        return json.loads((self.example / folder / "Shellstrap.template.json").read_text())

    def check(self, template, arch, wanted=case.FUNCTIONS):
        found = cloudformation.functions(template, self.name_of, lambda layer: self.name_of(layer["Ref"]).removesuffix("layer"),
                                         lambda code: self.package_of(code["S3Key"]))
        self.check_functions(found, arch, wanted)
        cloudformation.check_queue_and_url(self, template)
        for layer in cloudformation.resources(template, "AWS::Lambda::LayerVersion").values():
            self.assertEqual((layer["CompatibleArchitectures"], layer["CompatibleRuntimes"]), ([arch], ["provided.al2023"]))

    @staticmethod
    def name_of(logical_id):
        return re.sub(r"[0-9A-F]{8}$", "", logical_id).lower()  # the CDK's hash behind our name

    def package_of(self, key):
        """Which folder of handlers/ an asset is a copy of."""
        asset = next(self.example.glob(f"*/asset.{key.removesuffix('.zip')}"))
        names = {path.name for path in asset.iterdir()}
        return next(folder for folder in ("", "search", "cgi", "batch")
                    if {path.name for path in (case.ROOT / "handlers" / folder).iterdir()} == names)


class CdkAppMakesEveryKindOfFunctionTest(Cdk):
    def test_for_each_machine_and_cfn_lint_finds_nothing(self):
        synth = case.guide("With CDK")[2]
        self.run_in(self.example, *synth.split())  # word for word
        self.check(self.template(), "x86_64")
        # W3005: the CDK names dependencies that are there anyhow.
        self.run_in(self.example, self.tool("cfn-lint"), "--ignore-checks", "W3005", "--", "cdk.out/Shellstrap.template.json")
        self.run_app("other", arch="arm64")
        self.check(self.template("other"), "arm64")
        self.check_versions(self.template("other"))
        self.check_what_a_dist_lacks()

    def run_app(self, output, status=0, **context):
        """What the CDK starts: the compiled app, without the CLI around it."""
        self.environment |= {"CDK_OUTDIR": output, "CDK_CONTEXT_JSON": json.dumps({"dist": "../../dist", **context})}
        return self.run_in(self.example, "node", "cdk.out/js/app.js", status=status)

    def check_versions(self, template):
        described = {layer["Description"] for layer in cloudformation.resources(template, "AWS::Lambda::LayerVersion").values()}
        self.assertEqual(described, {f"shellstrap {what}, arm64" for what in ("1.2.3", "tool-git", "tool-jq")})

    def check_what_a_dist_lacks(self):
        dist = self.folder / "tree/dist"
        for name in "git", "jq":
            (dist / f"shellstrap-tool-{name}-arm64.zip").unlink()
        self.run_app("fewer", arch="arm64")
        self.check(self.template("fewer"), "arm64", case.without("gitrefs", "pick"))
        self.put_zip("shellstrap-1.2.4-arm64.zip")
        self.assertIn("Which one? shellstrap-1.2.3-arm64.zip, shellstrap-1.2.4-arm64.zip",
                      self.run_app("none", status=1, arch="arm64").stderr)
        (dist / "shellstrap-1.2.3-x86_64.zip").unlink()
        self.assertIn("./scripts/build-layer bootstrap --arch x86_64", self.run_app("none", status=1, arch="x86_64").stderr)


if __name__ == "__main__":
    case.main()
