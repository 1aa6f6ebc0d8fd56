# SPDX-License-Identifier: Apache-2.0
"""What tests of examples share: the functions that every template has to make, the tools, and an ending for ctest."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".deps/examples"
PROGRAMS = pathlib.Path(os.environ.get("SHELLSTRAP_PROGRAMS", ROOT / "build/dev"))
SKIPPED = 77
ARCHITECTURES = ("arm64", "x86_64")

# What each template makes: handler, folder below handlers/, layers in their order, and the variables.
FUNCTIONS = {
    "hello": ("hello.sh", "", ["bootstrap"], {}),
    "greet": ("function.greet", "", ["bootstrap"], {"GREETING": "Welcome"}),
    "gitrefs": ("git-refs.sh", "", ["bootstrap", "git"], {}),
    "search": ("none", "search", ["bootstrap"], {}),
    "pick": ("none", "", ["bootstrap", "jq"],
             {"SHELLSTRAP_COMMAND": ["jq", "--compact-output", "--arg", "key", "{/key}", ".items[] | .[$key]"]}),
    "progress": ("progress.sh", "cgi", ["bootstrap"], {"SHELLSTRAP_INVOKE_MODE": "stream", "SHELLSTRAP_ERROR_STDERR": "off"}),
    "words": ("words.sh", "batch", ["bootstrap"], {}),
}


def main():
    """Runs the class that the command line names. A skip is loud: its reason, and a status of its own."""
    program = unittest.main(exit=False, verbosity=2)
    for test, reason in program.result.skipped:
        print(f"skipped: {test}: {reason}")
    sys.exit(1 if not program.result.wasSuccessful() else SKIPPED if program.result.skipped else 0)


class Case(unittest.TestCase):
    """A test with a folder of its own, and tools that see no configuration or credentials of this machine."""
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-test.")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.folder / "home"), "LANG": "C.UTF-8",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "us-east-1", "SAM_CLI_TELEMETRY": "0",
            "CDK_DISABLE_CLI_TELEMETRY": "true", "CHECKPOINT_DISABLE": "1", "NO_UPDATE_NOTIFIER": "1",
        }
        (self.folder / "home").mkdir()

    def needs(self, part):
        """.deps/examples/PART; skips with the installer's own reason where it is not there."""
        if not (TOOLS / part / ".made").exists():
            reason = TOOLS / f"skipped-{part}"
            self.skipTest(reason.read_text().strip() if reason.exists() else f"no {TOOLS / part}; ./scripts/setup examples makes it")
        return TOOLS / part

    def tool(self, name):
        programs = self.needs("venv") / "bin"
        if not os.access(programs / "python", os.X_OK):  # it leads to the Python of whoever made it
            self.skipTest(f"{programs} is another user's")
        return programs / name

    def run_in(self, folder, *command, status=0, **options):
        done = subprocess.run([str(word) for word in command], cwd=folder, env=self.environment, text=True, capture_output=True,
                              errors="replace", timeout=500, stdin=subprocess.DEVNULL, **options)
        self.assertEqual(done.returncode, status, f"{command}\n{done.stdout}{done.stderr}")
        return done

    def copy_of(self, example):
        """A tree with a copy of the example, the samples beside it, and a dist/ of zips that nothing is in."""
        target = self.folder / "tree/examples" / example
        target.mkdir(parents=True)
        for source in (ROOT / "examples" / example).iterdir():
            if source.is_file():
                (target / source.name).write_bytes(source.read_bytes())
        (self.folder / "tree/handlers").symlink_to(ROOT / "handlers")
        for arch in ARCHITECTURES:
            for name in ("1.2.3", "tool-git", "tool-jq"):
                self.put_zip(f"shellstrap-{name}-{arch}.zip")
        return target

    def put_zip(self, name):
        (self.folder / "tree/dist").mkdir(exist_ok=True)
        with zipfile.ZipFile(self.folder / "tree/dist" / name, "w") as archive:
            archive.writestr("name", name)

    def check_functions(self, found, arch, wanted=FUNCTIONS):
        """found: {name: {"handler", "folder", "layers", "environment", "architecture", "runtime"}}"""
        self.assertEqual(set(found), set(wanted))
        for name, (handler, folder, layers, environment) in wanted.items():
            command = found[name]["environment"].get("SHELLSTRAP_COMMAND")
            if command:  # an array, however its template spells it
                found[name]["environment"]["SHELLSTRAP_COMMAND"] = json.loads(command)
            self.assertEqual(found[name], {"handler": handler, "folder": folder, "layers": layers, "environment": environment,
                                           "architecture": arch, "runtime": "provided.al2023"}, name)


def without(*names):
    return {name: function for name, function in FUNCTIONS.items() if name not in names}


def guide(heading):
    """The commands below that heading of docs/deploy.md, in their order."""
    section = re.search(rf"^### {heading}\n(.*?)(?=^##|\Z)", (ROOT / "docs/deploy.md").read_text(), re.M | re.S)[1]
    (block,) = re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)
    return block.replace("\\\n", " ").splitlines()
