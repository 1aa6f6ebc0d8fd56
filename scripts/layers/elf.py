# SPDX-License-Identifier: Apache-2.0
"""What an ELF file asks of its surroundings, read with readelf: that works for every machine's programs, ldd does not."""
import dataclasses
import re
import subprocess


@dataclasses.dataclass(frozen=True)
class Elf:
    interpreter: str | None
    needed: tuple
    search_path: tuple   # of DT_RPATH or DT_RUNPATH
    is_dynamic: bool


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def parse(text):
    """What `readelf -ldW` prints."""
    interpreter = re.search(r"program interpreter: ([^\]]+)\]", text)
    search = re.search(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", text)
    return Elf(interpreter[1] if interpreter else None, tuple(re.findall(r"\(NEEDED\).*\[(.*)\]", text)),
               tuple(filter(None, search[1].split(":"))) if search else (), "Dynamic section" in text)


def read(path):
    return parse(readelf("-ldW", path))


def imports(path, symbol):
    """Whether the file itself calls a function of some library."""
    return re.search(rf"\bUND {re.escape(symbol)}\b", readelf("--dyn-syms", "-W", path)) is not None


def readelf(*arguments):
    return subprocess.run(["readelf", *arguments], capture_output=True, text=True, check=True).stdout


def patch(path, interpreter, search_path):
    """DT_RPATH, not DT_RUNPATH: LD_LIBRARY_PATH, which the service sets, comes after the first and before the second."""
    command = ["patchelf", "--force-rpath", "--set-rpath", search_path]
    if interpreter:
        command += ["--set-interpreter", interpreter]
    subprocess.run([*command, path], check=True)
