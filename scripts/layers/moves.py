# SPDX-License-Identifier: Apache-2.0
"""Paths of the packages that a layer has elsewhere.

A program that was built for /usr/share/pandoc looks there, and no variable leads it elsewhere. In a layer that folder is
/opt/shellstrap/NAME/root/usr/share/pandoc; the library of redirect.c, which is linked into the layer's programs, leads them there,
and what a host's program would read (first lines of scripts, shell scripts) is rewritten. Units are what is led as a whole: the
first folder below /usr/share, /usr/lib and their like, or a program. Taken are those that files of the layer name, and those of
packages that are used.
"""
import collections
import re

from .places import ROOT
from .root import PROGRAMS
from .scripts import LINE_LIMIT, SHELLS, interpreter_of

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


def commands_of_the_image():
    lines = (ROOT / "scripts/data/provided.al2023-commands.txt").read_text().splitlines()
    return {word for line in lines for word in line.split("#")[0].split()[1:]}


class Moves:
    """Grows with each file that is scanned; then rewrites."""

    def __init__(self, root, machine, name):
        self.root = root
        self.triplet = machine.triplet
        self.home = f"shellstrap/{name}/root"
        self.units = {}  # path in the root -> path below /opt
        self.aliases = {}  # folder that is there under a link's name only -> path below /opt
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
        if is_program and (not with_programs or parts[-1] in self.image - SHELLS):
            return None
        return unit if self.root.resolve(unit) else None

    def is_small(self, unit, most):
        return most is None or sum(self.root.path(file).stat().st_size for file in self.root.files_below(unit)
                                   if self.root.resolve(file)) <= most

    def add(self, unit):
        """Whether it is new."""
        if unit in self.units:
            return False
        self.units[unit] = self.target_of(unit)
        self.pattern = None
        return True

    def target_of(self, unit):
        return f"{self.home}/{unit}"

    def units_of(self, package):
        """Data of a package, whether something names it or not: folders, no programs and no libraries that are found by name."""
        return {unit for path in self.root.paths_of(package) if (unit := self.unit_of("/" + path, False))
                and (path != unit or not unit.startswith("usr/lib/"))}

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
                if beside[linked[file]] == 1:
                    self.aliases[linked[file]] = place
                yield from self.below(linked[file], place, (*through, folder))
            elif not file.startswith(once) and (path := self.root.program(file)) and path not in self.root.privileged:
                yield path, place

    def rewrite(self, content):
        """A script's first line, and all of a shell's, with the places in the layer: the kernel and the programs of the host read
        them. Of other files nothing."""
        if not content.startswith(b"#!") or b"\0" in content:  # gforth's image has a first line, too, and bytes that are counted
            return content
        is_of_shell = interpreter_of(content[:LINE_LIMIT]) in SHELLS
        end = len(content) if is_of_shell else (content + b"\n").index(b"\n")
        return self.words().sub(lambda found: b"/opt/" + self.units[found[1].decode()].encode(), content[:end]) + content[end:]

    def words(self):
        if self.pattern is None:
            words = b"|".join(re.escape(unit.encode()) for unit in sorted(self.units, key=len, reverse=True))
            self.pattern = re.compile(rb"(?<![\w.~+-])/(" + words + rb")" + ENDS) if self.units else re.compile(rb"(?!)")
        return self.pattern
