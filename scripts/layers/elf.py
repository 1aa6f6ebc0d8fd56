# SPDX-License-Identifier: Apache-2.0
"""What an ELF file asks of its surroundings, read with readelf: that works for every machine's programs, ldd does not."""
import dataclasses
import functools
import re
import struct
import subprocess

# Of 64-bit files with the low byte first, as both machines have them. A program header: type, flags, offset, address, ...
PROGRAM_HEADERS = 32, 54  # where the file's header says where they are, and how large and how many
GNU_PROPERTY = 0x6474E553
PROPERTY_NOTE = re.compile(r" \.note\.gnu\.property +NOTE +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) ")


@dataclasses.dataclass(frozen=True)
class Elf:
    interpreter: str | None
    needed: tuple
    search_path: tuple   # of DT_RPATH or DT_RUNPATH
    is_dynamic: bool
    soname: str | None = None

    @property
    def is_program(self):
        """Dynamic, and no library: some of those (libc.so.6, libcap.so.2) name a loader, too, because they can be run."""
        return self.interpreter is not None and self.soname is None


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def parse(text):
    """What `readelf -ldW` prints."""
    interpreter = re.search(r"program interpreter: ([^\]]+)\]", text)
    soname = re.search(r"\(SONAME\).*\[(.*)\]", text)
    search = re.search(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", text)
    return Elf(interpreter[1] if interpreter else None, tuple(re.findall(r"\(NEEDED\).*\[(.*)\]", text)),
               tuple(filter(None, search[1].split(":"))) if search else (), "Dynamic section" in text,
               soname[1] if soname else None)


def read(path):
    facts = path.stat()
    return read_once(path, facts.st_size, facts.st_mtime_ns)


@functools.lru_cache(maxsize=1 << 14)
def read_once(path, *_):
    """A file is asked about many times, and each answer is a process; what was changed since is read again."""
    return parse(readelf("-ldW", path))


def imports(path, symbol):
    """Whether the file itself calls a function of some library."""
    return re.search(rf"\bUND {re.escape(symbol)}\b", readelf("--dyn-syms", "-W", path)) is not None


def readelf(*arguments):
    return subprocess.run(["readelf", *arguments], capture_output=True, text=True, errors="replace").stdout


def patch(path, interpreter, search_path):
    """DT_RPATH, not DT_RUNPATH: LD_LIBRARY_PATH, which the service sets, comes after the first and before the second."""
    command = ["patchelf", "--force-rpath", "--set-rpath", search_path]
    if interpreter:
        command += ["--set-interpreter", interpreter]
    subprocess.run([*command, path], check=True)
    lead_to_properties(path)


def lead_to_properties(path):
    """patchelf moves the note of what a file stands (branch protection), but not the header that leads there: qemu-user
    refuses such a program, and on hardware it would run unprotected."""
    note = PROPERTY_NOTE.search(readelf("-SW", path))
    if note is None:
        return
    address, offset, size = (int(number, 16) for number in note.groups())
    content = bytearray(path.read_bytes())
    start = struct.unpack_from("<Q", content, PROGRAM_HEADERS[0])[0]
    length, count = struct.unpack_from("<2H", content, PROGRAM_HEADERS[1])
    for header in range(start, start + length * count, length):
        if struct.unpack_from("<I", content, header)[0] == GNU_PROPERTY:
            struct.pack_into("<5Q", content, header + 8, offset, address, address, size, size)
    path.write_bytes(content)
