#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/sam, as AWS SAM and cfn-lint see it."""
import json
import pathlib

import case
import cloudformation

TEMPLATE = case.ROOT / "examples/sam/template.yaml"
ARN = "arn:aws:lambda:us-east-1:123456789012:layer:{}:1"
LAYERS = {"BootstrapLayer": ARN.format("bootstrap"), "GitLayer": ARN.format("git"), "JqLayer": ARN.format("jq")}


class SamTemplateIsValidTest(case.Case):
    def test_says_sam(self):
        done = self.run_in(TEMPLATE.parent, self.tool("sam"), "validate", "--lint")
        self.assertIn("is a valid SAM Template", done.stdout)

    def test_says_cfn_lint(self):
        self.run_in(TEMPLATE.parent, self.tool("cfn-lint"), TEMPLATE)

    def test_and_so_are_those_of_shellstrap_new(self):
        templates = sorted(case.ROOT.glob("handlers/new/*/template.yaml"))
        self.assertEqual(len(templates), 8)
        self.run_in(case.ROOT, self.tool("cfn-lint"), *templates)

    def test_and_a_broken_one_is_not(self):
        broken = self.folder / "template.yaml"
        broken.write_text(TEMPLATE.read_text().replace("VisibilityTimeout:", "VisibilityTimeOut:"))
        done = self.run_in(self.folder, self.tool("cfn-lint"), broken, status=2)
        self.assertIn("VisibilityTimeOut", done.stdout)


def resolved(value, parameters):
    """With the values of parameters in the place of references to them."""
    if isinstance(value, list):
        return [resolved(one, parameters) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return parameters.get(value["Ref"], value)
    return {name: resolved(one, parameters) for name, one in value.items()}


class SamTemplateMakesEveryKindTest(case.Case):
    def transformed(self, **parameters):
        done = self.run_in(self.folder, self.tool("python"), pathlib.Path(__file__).with_name("sam_transform.py"), TEMPLATE,
                           json.dumps(parameters))
        return resolved(json.loads(done.stdout), parameters)

    def functions(self, template):
        def folder_of(code):
            return code["S3Key"].removeprefix("../../handlers").strip("/")

        return cloudformation.functions(template, str.lower, lambda arn: arn.split(":")[-2], folder_of)

    def test_of_function_for_each_machine(self):
        for arch in case.ARCHITECTURES:
            template = self.transformed(Architecture=arch, **LAYERS)
            self.check_functions(self.functions(template), arch)
            cloudformation.check_queue_and_url(self, template)

    def test_of_function_that_needs_no_tool_unless_its_layer_is_named(self):
        template = self.transformed(BootstrapLayer=LAYERS["BootstrapLayer"], Architecture="arm64", GitLayer="", JqLayer="")
        conditions = {name: template["Resources"][name].get("Condition") for name in ("Hello", "GitRefs", "GitRefsRole", "Pick")}
        self.assertEqual(conditions, {"Hello": None, "GitRefs": "HasGit", "GitRefsRole": "HasGit", "Pick": "HasJq"})


if __name__ == "__main__":
    case.main()
