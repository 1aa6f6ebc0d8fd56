# SPDX-License-Identifier: Apache-2.0
"""What tests of publishing share: a small tree with made-up zips, the real scripts in it, and moto behind the front."""
import base64
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

import resident
from front import Front
from moto_server import DEPS, ROOT, Moto, why_missing

SKIPPED = 77
HERE, THERE = "eu-central-1", "us-east-1"
ELF = {"x86_64": 62, "arm64": 183}


def main():
    """Runs the class that the command line names. A skip is loud: its reason, and a status of its own."""
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    for test, reason in program.result.skipped:
        print(f"skipped: {test}: {reason}")
    sys.exit(1 if not program.result.wasSuccessful() else SKIPPED if program.result.skipped else 0)


def program(architecture, version):
    """What the bytes of a program have to have."""
    return b"\x7fELF" + bytes(14) + ELF[architecture].to_bytes(2, "little") + bytes(44) + version.encode() + b"\0"


def zip_of(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def sbom(layer, version, **parts):
    packages = [{"name": name, "versionInfo": number} for name, number in {layer: version, **parts}.items()]
    return json.dumps({"name": layer, "packages": packages}).encode()


def bootstrap_zip(architecture, version, filler=b""):
    return zip_of({"bootstrap": program(architecture, version), "filler": filler,
                   "shellstrap/sbom.spdx.json": sbom(f"shellstrap-{architecture}", version)})


def tool_zip(architecture, name, tool_version):
    layer = f"shellstrap-tool-{name}-{architecture}"
    return zip_of({f"bin/{name}": b"a program",
                   f"shellstrap/{name}/sbom.spdx.json": sbom(layer, "0.1.0", **{name: tool_version})})


def sha256(content):
    """As the service says it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


class Tree(unittest.TestCase):
    """A test with a tree of its own: the scripts as they are, a version, and zips in dist/."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-deploy.")
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "scripts", self.tree / "scripts", ignore=shutil.ignore_patterns("__pycache__", "data"))
        (self.tree / "dist").mkdir()
        self.release("0.1.0")

    def release(self, version):
        """The version of the tree, with the bootstrap layers of it."""
        (self.tree / "CMakeLists.txt").write_text(f"project(shellstrap VERSION {version} LANGUAGES CXX)\n")
        for architecture in ELF:
            self.dist(f"shellstrap-{version}-{architecture}.zip", bootstrap_zip(architecture, version))

    def dist(self, name, content):
        (self.tree / "dist" / name).write_bytes(content)
        zips = sorted((self.tree / "dist").glob("*.zip"))
        (self.tree / "dist/SHA256SUMS").write_text(
            "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in zips))

    def environment(self):
        """Nothing of the machine's own AWS settings, and nothing that leads out of it."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.tree), "LANG": "C.UTF-8", "AWS_DEFAULT_REGION": HERE,
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_MAX_ATTEMPTS": "1",
                "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}

    def run_script(self, *words, **environment):
        return subprocess.run([self.tree / "scripts" / words[0], *words[1:]], cwd=self.tree, text=True, timeout=300,
                              capture_output=True, env={**self.environment(), **environment})


class Cloud(Tree):
    """The same with an AWS CLI whose AWS is moto, emptied before each test."""

    is_resident = True  # the CLI loaded once, where a class makes many calls: see resident.py

    @classmethod
    def setUpClass(cls):
        if why_missing():
            raise unittest.SkipTest(why_missing())
        cls.moto = Moto()
        cls.addClassCleanup(cls.moto.stop)
        cls.front = Front(cls.moto.url)
        cls.addClassCleanup(cls.front.stop)
        if cls.is_resident:
            cls.start_resident()

    @classmethod
    def start_resident(cls):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-aws.")
        cls.addClassCleanup(folder.cleanup)
        cls.socket = os.path.join(folder.name, "socket")
        process = subprocess.Popen([DEPS / "venv/bin/python", "-B", pathlib.Path(__file__).with_name("resident.py"), cls.socket],
                                   stdout=subprocess.PIPE)
        cls.addClassCleanup(process.stdout.close)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.terminate)
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("the AWS CLI could not be loaded")

    def setUp(self):
        super().setUp()
        self.moto.reset()
        self.front.clear()
        (self.tree / "bin").mkdir()
        self.put_cli()

    def put_cli(self):
        path = self.tree / "bin/aws"
        if not self.is_resident:
            return path.symlink_to(DEPS / "venv/bin/aws")
        path.write_text(resident.client(self.socket))
        path.chmod(0o755)

    def environment(self):
        own = super().environment()
        return own | {"PATH": f"{self.tree / 'bin'}:{own['PATH']}", "AWS_ENDPOINT_URL": self.front.url}

    def succeed(self, *words, **environment):
        """The script, and what it prints."""
        result = self.run_script(*words, **environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def fail_with(self, status, *words, **environment):
        result = self.run_script(*words, **environment)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result

    def published(self, region, architecture="x86_64", version="0.1.0"):
        """A version of the bootstrap layer, as if it had been published: its ARN."""
        content = base64.b64encode(bootstrap_zip(architecture, version)).decode()
        return self.moto.put_layer(region, f"shellstrap-{architecture}", content, f"shellstrap {version}, {architecture}")
