# SPDX-License-Identifier: Apache-2.0
"""The whole way of a release, with the real AWS CLI against moto."""
import support
from front import Answer
from support import HERE, THERE, Cloud

BOTH = ("--region", f"{HERE},{THERE}")
OLD, NEW = ["shellstrap-x86_64:1"], ["shellstrap-x86_64:2"]


class ChainTest(Cloud):
    is_resident = False

    def layers(self):
        return self.moto.layers_of(HERE) | self.moto.layers_of(THERE)

    def assert_dry(self, *words):
        """It says something, and changes nothing."""
        before, calls = self.moto.state([HERE, THERE]), len(self.front.changes())
        result = self.succeed(*words, *BOTH)
        self.assertIn("nothing was changed; --yes does it.", result.stderr)
        self.assertEqual(self.moto.state([HERE, THERE]), before)
        self.assertEqual(len(self.front.changes()), calls)

    def publish(self, version, *words):
        self.release(version)
        self.assert_dry("publish-layer", "--arch", "x86_64", *words)
        return self.succeed("publish-layer", "--arch", "x86_64", "--yes", *BOTH, *words).stdout.split()

    def test_two_versions_two_regions_three_functions_up_and_back(self):
        here, there = self.publish("0.1.0")
        self.moto.put_role("any")
        for region, name, arn in ((HERE, "one", here), (HERE, "two", here), (THERE, "three", there)):
            self.moto.put_function(region, name, [arn])
        self.publish("0.2.0", "--public")
        for region in (HERE, THERE):
            self.assertEqual([len(self.moto.policy(region, "shellstrap-x86_64", number)) for number in (1, 2)], [0, 1])

        self.assert_dry("upgrade-functions")
        self.front.rules.append(lambda call: Answer.error(500, "ServiceException", "injected")
                                if call.action == "lambda:UpdateFunctionConfiguration" and call.names[0] == "three" else None)
        self.fail_with(1, "upgrade-functions", "--yes", *BOTH)
        self.assertEqual(self.layers(), {"one": OLD, "two": OLD, "three": OLD})

        self.front.rules.clear()
        self.succeed("upgrade-functions", "--yes", *BOTH)
        self.assertEqual(self.layers(), {"one": NEW, "two": NEW, "three": NEW})
        self.assert_dry("upgrade-functions", "--to", "0.1.0")
        self.succeed("upgrade-functions", "--to", "0.1.0", "--yes", *BOTH)
        self.assertEqual(self.layers(), {"one": OLD, "two": OLD, "three": OLD})


if __name__ == "__main__":
    support.main()
