# SPDX-License-Identifier: Apache-2.0
"""Puts together what a Dockerfile says, in a folder, and runs it in a root of its own, where no Docker is: the
instructions that the examples use, with stand-ins for the images that they begin with. RUN runs."""
import glob
import json
import os
import pathlib
import re
import shutil
import subprocess

BUSYBOX = "/bin/busybox"
BASH = "/bin/bash-static"
# What AWS's base image starts: the handler is its only argument. Packages cannot be had here, their installer only says so.
ENTRYPOINT = '#!/bin/sh\n[ $# = 1 ] || exit 142\n_HANDLER=$1 exec /var/runtime/bootstrap\n'
DNF = '#!/bin/sh\necho "$@" >>/dnf.log\n'


class Image:
    def __init__(self, folder):
        self.folder = folder
        self.environment, self.arguments = {"PATH": "/usr/bin:/bin"}, {}
        self.workdir, self.entrypoint, self.command = "/", [], []
        for name in ("proc", "dev", "tmp"):  # Docker makes these for every container
            (folder / name).mkdir(parents=True)

    def path(self, inside):
        return self.folder / str(pathlib.PurePosixPath(self.workdir) / inside).lstrip("/")

    def write(self, inside, text):
        self.path(inside).parent.mkdir(parents=True, exist_ok=True)
        self.path(inside).write_text(text)
        self.path(inside).chmod(0o755)

    def bwrap(self, *options):
        """The words before a command that runs in this image."""
        words = [word for name, value in self.environment.items() for word in ("--setenv", name, value)]
        return ["bwrap", "--unshare-user", "--unshare-pid", "--die-with-parent", "--clearenv", *words,
                *options, "--proc", "/proc", "--dev", "/dev", "--chdir", self.workdir]

    def run(self, *command):
        subprocess.run([*self.bwrap("--bind", str(self.folder), "/"), *command], check=True, stdin=subprocess.DEVNULL)

    def container(self, *arguments, **environment):
        """A command that is this image's container as the service starts it: its own user, a root that is read-only but /tmp."""
        image = self.bwrap("--uid", "993", "--gid", "990", "--cap-drop", "ALL", "--ro-bind", str(self.folder), "/", "--tmpfs", "/tmp")
        words = [word for name, value in environment.items() for word in ("--setenv", name, value)]
        return [*image, *words, *self.entrypoint, *(arguments or self.command)]


def busybox(image):
    image.write("/bin/busybox", "")
    shutil.copy(BUSYBOX, image.path("/bin/busybox"))
    for name in subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True).stdout.split():
        if name != "busybox":
            image.path("/bin/" + name).symlink_to("busybox")


def provided(image):
    busybox(image)
    image.path("/bin/sh").unlink()
    shutil.copy(BASH, image.path("/bin/bash"))
    image.path("/bin/sh").symlink_to("bash")
    image.path("/usr").mkdir()
    image.path("/usr/bin").symlink_to("../bin")
    image.write("/lambda-entrypoint.sh", ENTRYPOINT)
    image.write("/bin/dnf", DNF)
    image.environment |= {"LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime"}
    image.workdir, image.entrypoint = "/var/task", ["/lambda-entrypoint.sh"]
    for name in ("/var/task", "/var/runtime"):
        image.path(name).mkdir(parents=True)


BASES = {"public.ecr.aws/docker/library/busybox:1.37": busybox, "public.ecr.aws/lambda/provided:al2023": provided,
         "scratch": lambda image: None}


def build(dockerfile, context, folder, **arguments):
    """The last stage. Any other instruction than those that are known is an error."""
    stages, image = {}, None
    for instruction, rest in instructions(dockerfile.read_text()):
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            image = stages[name] = Image(folder / f"stage-{len(stages)}")
            BASES[base](image)
        else:
            STEPS[instruction](image, expanded(rest, image), context, stages, arguments)
    return image


def instructions(text):
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    return [line.split(maxsplit=1) for line in lines if line.strip()]


def expanded(text, image):
    names = {**image.environment, **image.arguments}
    return re.sub(r"\$\{(\w+)\}", lambda name: names[name[1]], text)


def copy(image, rest, context, stages, _):
    *sources, target = rest.split()
    origin = context
    if sources[0].startswith("--from="):
        origin = stages[sources.pop(0).removeprefix("--from=")].folder
    for source in sources:
        found = glob.glob(source.lstrip("/"), root_dir=origin)
        if not found:
            raise FileNotFoundError(f"COPY {source}: nothing is called so")
        for name in found:
            place(origin / name, image.path(target), target.endswith("/") or len(found) > 1)


def place(source, target, into):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
    elif into:
        target.mkdir(exist_ok=True)
        shutil.copy(source, target)
    else:
        shutil.copy(source, target)


def argument(image, rest, _, __, arguments):
    name, _, default = rest.partition("=")
    image.arguments[name] = arguments.get(name, default)


def environment(image, rest, *_):
    image.environment |= dict(pair.split("=", 1) for pair in rest.split())


def workdir(image, rest, *_):
    image.workdir = rest
    image.path(rest).mkdir(parents=True, exist_ok=True)


def entrypoint(image, rest, *_):
    image.entrypoint = json.loads(rest)


def command(image, rest, *_):
    image.command = json.loads(rest)


STEPS = {"COPY": copy, "ARG": argument, "ENV": environment, "WORKDIR": workdir, "ENTRYPOINT": entrypoint, "CMD": command,
         "RUN": lambda image, rest, *_: image.run("/bin/sh", "-c", rest)}


def size_of(image):
    return sum(path.stat().st_size for path in image.folder.rglob("*") if path.is_file() and not path.is_symlink())


def why_not():
    """Why nothing can be run in a root of its own here, or nothing."""
    for program in (BUSYBOX, BASH):
        if not os.access(program, os.X_OK):
            return f"no {program}; ./scripts/setup sandbox installs it"
    if not shutil.which("bwrap"):
        return "no bubblewrap; ./scripts/setup sandbox installs it"
    tried = subprocess.run(["bwrap", "--unshare-user", "--ro-bind", "/", "/", "true"], capture_output=True, text=True)
    return f"this user may not make namespaces here: {tried.stderr.strip()}" if tried.returncode else None
