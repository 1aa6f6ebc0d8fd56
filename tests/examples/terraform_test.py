#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/terraform: by Terraform itself as far as it gets without its registry, and by the schema of its AWS provider."""
import json
import pathlib
import shutil

import case
from terraform_schema import Schema, unquoted

SOURCES = sorted((case.ROOT / "examples/terraform").glob("*.tf"))
HERE = pathlib.Path(__file__).parent


class Terraform(case.Case):
    def setUp(self):
        super().setUp()
        if not shutil.which("terraform"):
            self.skipTest("there is no terraform")


class TerraformFilesAreFormattedTest(Terraform):
    def test_says_terraform(self):
        self.run_in(SOURCES[0].parent, "terraform", "fmt", "-check", "-diff")


class TerraformFilesAreValidTest(Terraform):
    def test_says_terraform(self):
        folder = self.copy_of("terraform")
        init = case.guide("With Terraform")[1]  # word for word
        found = self.run_in(self.folder / "tree", "sh", "-c", f"{init} 2>&1 || echo FAILED").stdout
        if "FAILED" in found:
            self.assertRegex(found, "could not connect|no available releases|Failed to query", found)
            self.skipTest("no providers: Terraform's registry is out of reach. The schema is checked by another test")
        self.run_in(folder, "terraform", "validate")


class TerraformArgumentsAreThoseOfTheProviderTest(case.Case):
    def setUp(self):
        super().setUp()
        (package,) = self.needs("provider").glob("*.whl")
        self.schema = Schema(package)

    def parsed(self, *files):
        return json.loads(self.run_in(self.folder, self.tool("python"), HERE / "hcl_json.py", *files).stdout)

    def faults(self, documents):
        """Of everything that the AWS provider makes or knows."""
        return [fault for document in documents for kind in ("resource", "data") for block in document.get(kind, [])
                for name, bodies in block.items() if unquoted(name).startswith("aws_")
                for body in bodies.values() for fault in self.schema.faults_of(kind, unquoted(name), body)]

    def test_in_every_block(self):
        self.assertEqual(self.faults(self.parsed(*SOURCES)), [])

    def test_and_each_kind_of_fault_is_found(self):
        broken = self.folder / "broken.tf"
        broken.write_text("""
            resource "aws_lambda_functions" "x" {}
            resource "aws_lambda_function_url" "x" {
              authorisation_type = "NONE"
              function_name      = "x"
            }
            resource "aws_lambda_function" "x" {
              function_name = "x"
              role          = "x"
              dynamic "environment" {
                for_each = []
                content { variable = {} }
              }
              logging_config { log_group = "x" }
            }""")
        self.assertEqual(self.faults(self.parsed(broken)), [
            "resource aws_lambda_functions: there is no such thing",
            "resource aws_lambda_function_url: no argument is called authorisation_type",
            "resource aws_lambda_function_url: authorization_type is missing",
            "resource aws_lambda_function.logging_config: log_format is missing",
            "resource aws_lambda_function.environment: no argument is called variable"])

    def test_and_the_queue_the_url_and_the_functions_are_wired(self):
        main = {(unquoted(kind), unquoted(name)): body for document in self.parsed(*SOURCES) for block in document.get("resource", [])
                for kind, named in block.items() for name, body in named.items()}
        function, mapping = main["aws_lambda_function", "this"], main["aws_lambda_event_source_mapping", "words"]
        self.assertEqual(mapping["function_response_types"], ['"ReportBatchItemFailures"'])
        self.assertEqual(main["aws_lambda_function_url", "progress"]["invoke_mode"], '"RESPONSE_STREAM"')
        granted = {unquoted(body["action"]): body for (kind, _), body in main.items() if kind == "aws_lambda_permission"}
        self.assertEqual(set(granted), {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"})
        self.assertIs(granted["lambda:InvokeFunction"]["invoked_via_function_url"], True)
        self.assertEqual(len({body["principal"] for body in granted.values()}), 1)
        self.assertEqual((function["runtime"], function["architectures"]), ('"provided.al2023"', ["${var.architecture}"]))
        self.assertEqual(function["layers"], "${[for layer in local.needs[each.key] : aws_lambda_layer_version.this[layer].arn]}")
        self.assertGreaterEqual(main["aws_sqs_queue", "words"]["visibility_timeout_seconds"], 6 * 10)


class TerraformFilesMakeEveryKindOfFunctionTest(Terraform):
    """The values alone, worked out by Terraform: for them it needs no provider."""

    def setUp(self):
        super().setUp()
        self.copy_of("terraform")
        self.values = self.folder / "tree/examples/values"
        self.values.mkdir()
        shutil.copy(case.ROOT / "examples/terraform/variables.tf", self.values)
        text = (case.ROOT / "examples/terraform/main.tf").read_text()
        begin = text.index("\nlocals {")
        (self.values / "locals.tf").write_text(text[begin:text.index("\n}\n", begin) + 3])
        (self.values / "outputs.tf").write_text('output "values" { value = { functions = local.available, needs = local.needs, '
                                                'zips = local.zips } }\n')
        self.run_in(self.values, "terraform", "init", "-input=false")

    def values_for(self, arch):
        self.run_in(self.values, "terraform", "apply", "-auto-approve", "-input=false", f"-var=architecture={arch}")
        return json.loads(self.run_in(self.values, "terraform", "output", "-json", "values").stdout)

    def check(self, values, arch, wanted=case.FUNCTIONS):
        found = {name.replace("-", ""): {
            "handler": function["handler"], "folder": function["folder"], "layers": values["needs"][name],
            "environment": function.get("environment", {}), "architecture": arch, "runtime": "provided.al2023",
        } for name, function in values["functions"].items()}
        self.check_functions(found, arch, wanted)

    def test_for_each_machine(self):
        for arch in case.ARCHITECTURES:
            values = self.values_for(arch)
            self.check(values, arch)
            self.assertEqual(values["zips"]["bootstrap"], f"shellstrap-1.2.3-{arch}.zip")

    def test_that_has_a_layer(self):
        (self.folder / "tree/dist/shellstrap-tool-git-arm64.zip").unlink()
        self.check(self.values_for("arm64"), "arm64", case.without("gitrefs"))

    def test_and_a_dist_without_exactly_one_bootstrap_is_refused(self):
        self.put_zip("shellstrap-1.2.4-arm64.zip")
        refused = self.run_in(self.values, "terraform", "plan", "-input=false", "-no-color", status=1)
        self.assertIn("There should be one shellstrap-VERSION-arm64.zip", " ".join(refused.stderr.split()))


if __name__ == "__main__":
    case.main()
