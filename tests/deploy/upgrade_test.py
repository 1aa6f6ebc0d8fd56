# SPDX-License-Identifier: Apache-2.0
"""scripts/upgrade-functions with the real AWS CLI against moto: what it finds and what it moves."""
import support
from support import HERE, THERE, Cloud

BOTH = f"{HERE},{THERE}"
READS = {"sts:GetCallerIdentity", "lambda:ListFunctions", "lambda:ListLayerVersions"}


class UpgradeTest(Cloud):
    def setUp(self):
        super().setUp()
        self.moto.put_role("any")

    def two_versions(self, region, architecture="x86_64"):
        """ARNs of the old and the new one."""
        return [self.published(region, architecture, version) for version in ("0.1.0", "0.2.0")]

    def test_functions_with_an_older_version_are_moved_in_every_region_and_others_are_not(self):
        for region in (HERE, THERE):
            old, new = self.two_versions(region)
            self.moto.put_function(region, "old", [old])
            self.moto.put_function(region, "new", [new])
            self.moto.put_function(region, "without", [])
        result = self.succeed("upgrade-functions", "--region", BOTH, "--yes")
        self.assertEqual(result.stdout.splitlines(),
                         [f"{region} old: shellstrap-x86_64:1 -> shellstrap-x86_64:2" for region in (HERE, THERE)])
        for region in (HERE, THERE):
            self.assertEqual(self.moto.layers_of(region),
                             {"old": ["shellstrap-x86_64:2"], "new": ["shellstrap-x86_64:2"], "without": []})

    def test_a_dry_run_says_what_it_would_do_and_changes_nothing(self):
        old, _ = self.two_versions(HERE)
        self.moto.put_function(HERE, "old", [old])
        before = self.moto.state([HERE])
        result = self.succeed("upgrade-functions")
        self.assertEqual(result.stdout, f"{HERE} old: shellstrap-x86_64:1 -> shellstrap-x86_64:2\n")
        self.assertIn("nothing was changed; --yes does it.", result.stderr)
        self.assertEqual(self.moto.state([HERE]), before)
        self.assertEqual({call.action for call in self.front.calls}, READS)

    def test_a_second_run_has_nothing_to_do(self):
        old, _ = self.two_versions(HERE)
        self.moto.put_function(HERE, "old", [old])
        self.succeed("upgrade-functions", "--yes")
        done = len(self.front.changes())
        result = self.succeed("upgrade-functions", "--yes")
        self.assertEqual((result.stdout, len(self.front.changes())), ("", done))
        self.assertIn("every function that has the layer has its newest version.", result.stderr)

    def test_other_layers_and_settings_stay_and_so_does_the_order(self):
        old, _ = self.two_versions(HERE)
        first, last = (self.moto.put_layer(HERE, name, "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==") for name in ("first", "last"))
        self.moto.put_function(HERE, "old", [first, old, last])
        before, = self.moto.functions(HERE)
        result = self.succeed("upgrade-functions", "--yes")
        self.assertEqual(self.moto.layers_of(HERE), {"old": ["first:1", "shellstrap-x86_64:2", "last:1"]})
        after, = self.moto.functions(HERE)
        self.assertEqual({**after, "Layers": None}, {**before, "Layers": None})
        self.assertNotIn("secret", result.stdout + result.stderr)

    def test_each_function_gets_the_layer_of_its_architecture(self):
        old, _ = self.two_versions(HERE)
        small, _ = self.two_versions(HERE, "arm64")
        self.published(HERE, "arm64", "0.3.0")
        self.moto.put_function(HERE, "large", [old])
        self.moto.put_function(HERE, "small", [small], "arm64")
        self.moto.put_function(HERE, "wrong", [old], "arm64")
        self.succeed("upgrade-functions", "--yes")
        self.assertEqual(self.moto.layers_of(HERE), {
            "large": ["shellstrap-x86_64:2"], "small": ["shellstrap-arm64:3"], "wrong": ["shellstrap-arm64:3"]})

    def test_a_layer_that_is_missing_for_one_function_moves_none(self):
        old, _ = self.two_versions(HERE)
        self.moto.put_function(HERE, "large", [old])
        self.moto.put_function(HERE, "wrong", [old], "arm64")
        result = self.fail_with(2, "upgrade-functions", "--yes")
        self.assertIn(f"there is no layer shellstrap-arm64 in {HERE}", result.stderr)
        self.assertEqual(self.front.changes(), [])

    def test_lists_of_many_pages_are_read_to_the_end(self):
        old, _ = self.two_versions(HERE)
        for number in range(5):
            self.moto.put_function(HERE, f"old{number}", [old])
        self.front.page = 1
        result = self.succeed("upgrade-functions")
        self.assertEqual(len(result.stdout.splitlines()), 5)
        self.assertTrue(all(line.endswith("-> shellstrap-x86_64:2") for line in result.stdout.splitlines()))

    def test_layers_of_like_names_are_none_of_ours(self):
        self.two_versions(HERE)
        other = self.moto.put_layer(HERE, "shellstrap-tool-git-x86_64", "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==")
        self.moto.put_function(HERE, "git", [other])
        result = self.succeed("upgrade-functions", "--yes")
        self.assertEqual((result.stdout, self.front.changes()), ("", []))

    def test_a_layer_that_is_nowhere_is_refused_by_its_name(self):
        old, _ = self.two_versions(HERE)
        self.moto.put_function(HERE, "old", [old])
        for more in ([], ["--yes"], ["--to", "0.1.0"], ["--function", "old"]):
            result = self.fail_with(2, "upgrade-functions", "gti", "--region", BOTH, *more)
            self.assertIn(f"there is no layer gti in {HERE} {THERE}: neither shellstrap-tool-gti-x86_64 nor "
                          "shellstrap-tool-gti-arm64.", result.stderr)
            self.assertNotIn("newest version", result.stderr)
        (self.tree / "layer/tools/git").mkdir(parents=True)
        self.assertIn("Did you mean git?", self.fail_with(2, "upgrade-functions", "gti").stderr)
        self.assertEqual(self.front.changes(), [])

    def test_a_layer_that_no_function_has_is_said_to_be_unused(self):
        self.published(HERE)
        self.moto.put_function(HERE, "without", [])
        result = self.succeed("upgrade-functions", "--yes")
        self.assertIn(f"no function in {HERE} has the layer bootstrap.", result.stderr)
        self.assertNotIn("newest version", result.stderr)

    def test_an_update_that_takes_a_while_is_waited_for(self):
        old, _ = self.two_versions(HERE)
        self.moto.put_function(HERE, "old", [old])
        self.front.polls = 1
        self.succeed("upgrade-functions", "--yes")
        polled = [call for call in self.front.calls if call.action == "lambda:GetFunctionConfiguration"]
        self.assertEqual(len(polled), 3)  # under way, through, and what it is now


class ChooseTest(Cloud):
    """What --function and --to make of it."""

    def setUp(self):
        super().setUp()
        self.moto.put_role("any")
        self.arns = [self.published(HERE, "x86_64", version) for version in ("0.1.0", "0.2.0", "0.3.0")]

    def test_a_named_function_is_moved_alone(self):
        self.moto.put_function(HERE, "one", [self.arns[0]])
        self.moto.put_function(HERE, "two", [self.arns[0]])
        self.succeed("upgrade-functions", "--function", "two", "--yes")
        self.assertEqual(self.moto.layers_of(HERE), {"one": ["shellstrap-x86_64:1"], "two": ["shellstrap-x86_64:3"]})

    def test_a_named_function_without_the_layer_is_refused(self):
        self.moto.put_function(HERE, "one", [])
        result = self.fail_with(2, "upgrade-functions", "--function", "one", "--yes")
        self.assertIn(f"no function one has the layer bootstrap in {HERE}.", result.stderr)

    def test_a_version_is_ours_or_the_number_of_the_service(self):
        for wanted in ("2", "0.2.0"):
            for name, arn in (("up", self.arns[0]), ("there", self.arns[1]), ("down", self.arns[2])):
                self.moto.put_function(HERE, f"{name}-{wanted[0]}", [arn])
            result = self.succeed("upgrade-functions", "--to", wanted, "--yes")
            self.assertEqual(sorted(result.stdout.splitlines()), [
                f"{HERE} down-{wanted[0]}: shellstrap-x86_64:3 -> shellstrap-x86_64:2",
                f"{HERE} up-{wanted[0]}: shellstrap-x86_64:1 -> shellstrap-x86_64:2"])
        self.assertEqual(set(map(tuple, self.moto.layers_of(HERE).values())), {("shellstrap-x86_64:2",)})

    def test_a_version_that_is_nowhere_or_no_version_is_refused(self):
        self.moto.put_function(HERE, "one", [self.arns[0]])
        result = self.fail_with(2, "upgrade-functions", "--to", "9", "--yes")
        self.assertIn(f"there is no version 9 of shellstrap-x86_64 in {HERE}", result.stderr)
        result = self.fail_with(2, "upgrade-functions", "--to", "latest", "--yes")
        self.assertIn("'latest' is no version", result.stderr)
        self.assertEqual(self.front.changes(), [])

    def test_nothing_is_moved_down_without_being_told_so(self):
        self.moto.put_function(HERE, "one", [self.arns[2]])
        self.moto.send("DELETE", "/2018-10-31/layers/shellstrap-x86_64/versions/3", region=HERE)
        self.assertEqual(self.succeed("upgrade-functions", "--yes").stdout, "")


if __name__ == "__main__":
    support.main()
