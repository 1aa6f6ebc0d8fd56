#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/docker, as hadolint sees it."""
import case

FOLDER = case.ROOT / "examples/docker"


class DockerfilesPassHadolintTest(case.Case):
    def test_both(self):
        self.run_in(FOLDER, self.tool("hadolint"), "Dockerfile", "tool.Dockerfile")

    def test_and_a_broken_one_does_not(self):
        broken = self.folder / "Dockerfile"
        broken.write_text((FOLDER / "Dockerfile").read_text().replace('CMD ["hello.sh"]', "CMD hello.sh"))
        self.assertIn("DL3025", self.run_in(self.folder, self.tool("hadolint"), "Dockerfile", status=1).stdout)


if __name__ == "__main__":
    case.main()
