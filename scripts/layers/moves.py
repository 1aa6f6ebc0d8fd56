# SPDX-License-Identifier: Apache-2.0
"""Paths that are compiled into programs, moved to where a layer can have them.

A program that was built for /usr/share/pandoc looks there, and no variable leads it elsewhere. In a layer that folder is
/opt/k3shr/pandoc, and these are as many bytes: the path is overwritten in the layer's programs, libraries and scripts.
Nothing runs in between, nothing is inherited by other programs, and it is the same for C, Go and Haskell, for every machine.
k3 is made of the layer's name, so that layers do not share folders. What is moved is what the files of the layer name and
one of its packages has: as a whole, the first folder below /usr/share, /usr/lib and their like, or a program.
"""
import base64
import collections
import hashlib
import re

from .places import ROOT

# First part of a path -> what stands for it behind the two characters of the layer: always as long.
FOLDERS = {"usr/share": "shr", "usr/libexec": "libex", "usr/lib": "l", "var/lib": "v", "usr/bin": "b", "usr/sbin": "sb",
           "usr/games": "gam"}
PROGRAMS = ("usr/bin/", "usr/sbin/", "usr/games/")
PATH = re.compile(rb"(?<![\w.~+-])/(?:usr/(?:share|libexec|lib|s?bin|games)|var/lib|etc)/[\w.+@,~/-]+")
ENDS = rb"(?![\w+~-]|\.\w)"
# What is the machine's, no program's data, or found by other means: texts for people, the desktop, drivers, name services.
NEVER = set("""doc man info locale lintian bug zsh bash-completion fish applications pixmaps menu common-licenses icons mime metainfo
    appdata gtk-doc help doc-base i18n ca-certificates ssl systemd locale dri vdpau gbm gconv debug cmake pkgconfig udev modules
    tmpfiles.d sysusers.d sysctl.d pam.d security dpkg apt dbus dbus-1 passwd group shadow gshadow hosts hostname resolv.conf
    nsswitch.conf localtime timezone environment default init.d ld.so.cache ld.so.conf ld.so.preload ld.so.conf.d alternatives profile
    profile.d bash.bashrc host.conf fstab mtab services protocols fonts cron.d cron.daily rc.local machine-id os-release issue motd
    shells skel X11 alsa pulse kernel gcc gcc-cross llvm-14 bfd-plugins""".split())
NOT_AT_RUN_TIME = re.compile(r".*(?:\.(?:h|hpp|a|pc|pod|pyc|lib\.html)|/(?:tests?|__pycache__|demo|examples?)/.*)")
PYTHON = re.compile(r"usr/lib/python3(?:\.\d+)?")  # finds its library from PYTHONHOME, which has to hold `lib`


def commands_of_the_image():
    lines = (ROOT / "scripts/data/provided.al2023-commands.txt").read_text().splitlines()
    return {word for line in lines for word in line.split("#")[0].split()[1:]}


class Moves:
    """Grows with each file that is scanned; then rewrites."""

    def __init__(self, root, machine, name):
        self.root = root
        self.triplet = machine.triplet
        self.mark = base64.b32encode(hashlib.sha256(name.encode()).digest())[:2].decode().lower()
        self.python = f"shellstrap/{name}/python"
        self.units = {}  # path in the root -> path below /opt
        self.image = commands_of_the_image()
        self.pattern = None

    def find(self, content, with_programs, most=None):
        """Paths that the content names and that are moved from now on; none with more bytes than `most`."""
        return [unit for unit in sorted({self.unit_of(text.decode("ascii", "replace"), with_programs) for text in set(PATH.findall(content))}
                                        - {None}) if self.is_small(unit, most) and self.add(unit)]

    def unit_of(self, path, with_programs):
        parts = [part for part in path.split("/") if part]
        if parts[0] != "etc" and parts[:3] != ["usr", "lib", self.triplet]:
            parts = parts[:3]
        elif parts[0] == "etc":
            parts = parts[:2]
        else:
            parts = parts[:4] if len(parts) > 3 and ".so" not in parts[3] else []
        unit = "/".join(parts)
        if not parts or parts[-1] in NEVER or ".." in parts or "." in parts or unit == f"usr/lib/{self.triplet}":
            return None
        is_program = unit.startswith(PROGRAMS)
        if is_program and (not with_programs or parts[-1] in self.image):
            return None
        return unit if self.root.resolve(unit) else None

    def is_small(self, unit, most):
        return most is None or sum(self.root.path(file).stat().st_size for file in self.root.files_below(unit)
                                   if self.root.resolve(file)) <= most

    def add(self, unit):
        """Whether it is new."""
        target = self.target_of(unit)
        if unit in self.units or target is None or target in self.units.values():
            return False
        self.units[unit] = target
        self.pattern = None
        return True

    def target_of(self, unit):
        if PYTHON.fullmatch(unit):
            return f"{self.python}/{unit[4:]}"
        first, _, rest = unit.partition("/")
        if first == "etc":
            return f"{self.mark}{rest[2:]}" if len(rest) > 2 else None
        base = next(folder for folder in FOLDERS if unit.startswith(folder + "/"))
        return f"{self.mark}{FOLDERS[base]}{unit[len(base):]}"

    def files_of(self, unit):
        """(path in the root, path below /opt): links to folders are followed once, and a folder that a link beside it
        leads to has the link's name only (perl/5.36 and perl/5.36.0); of more links, its own (jvm/java-17)."""
        if not self.root.path(unit).is_dir():
            return [(self.root.program(unit), self.units[unit])]
        return list(self.below(unit, self.units[unit], ()))

    def below(self, folder, target, through):
        folder = self.root.resolve(folder)
        if folder in through or folder is None:
            return
        files = [file for file in self.root.files_below(folder) if not NOT_AT_RUN_TIME.fullmatch(file)]
        linked = {file: real for file in files if file in self.root.links and (real := self.root.resolve(file))
                  and self.root.path(real).is_dir()}
        beside = collections.Counter(real for file, real in linked.items() if real.rsplit("/", 1)[0] == file.rsplit("/", 1)[0])
        once = tuple(real + "/" for real, count in beside.items() if count == 1)
        files = [file for file in files if beside[linked.get(file)] < 2]
        for file in files:
            place = target + file[len(folder):]
            if file in linked:
                yield from self.below(linked[file], place, (*through, folder))
            elif not file.startswith(once) and (path := self.root.program(file)) and path not in self.root.privileged:
                yield path, place

    def rewrite(self, content):
        """The content with every moved path overwritten, as long as before."""
        olds = {b"/" + unit.encode(): b"/opt/" + target.encode() for unit, target in self.units.items() if not PYTHON.fullmatch(unit)}
        if self.pattern is None:
            words = b"|".join(re.escape(old) for old in sorted(olds, key=len, reverse=True))
            self.pattern = re.compile(rb"(?<![\w.~+-])(?:" + words + rb")" + ENDS) if olds else re.compile(rb"(?!)")
        return self.pattern.sub(lambda found: olds[found[0]], content)
