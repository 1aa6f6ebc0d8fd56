# SPDX-License-Identifier: Apache-2.0
"""The tree that becomes a tool layer's zip: commands, their libraries and loader, and what they read at run time.

/opt/bin/COMMAND              the program itself, or a launcher where it needs variables or is one of several names
/opt/shellstrap/NAME/         everything else, so that layers of several tools never meet:
    bin/ lib/ gconv/ etc/     programs behind launchers; libraries and loader; converters; CA certificates, fonts.conf
    root/                     what programs look for at paths of Debian, at the same paths; see moves.py
    licenses/ ...             see documents.py
"""
import os
import shutil

from . import elf, fonts, installed, launcher, redirect, runtime, sizes
from .moves import PROGRAMS, Moves
from .refusal import Refusal
from .runtime import TLS
from .scripts import direct
from .taking import Taking


class Tree:
    def __init__(self, folder, root, recipe, machine, libraries, most=None):
        self.folder = folder  # stands for /opt
        self.root = root
        self.recipe = recipe
        self.machine = machine
        self.libraries = libraries
        self.used = set()     # packages that something of is in the layer
        self.consulted = set()  # packages that texts about those come from
        self.placed = {}      # path in the root -> path below /opt
        self.moves = Moves(root, machine, recipe.name)
        self.taking = Taking(root, recipe, self.moves, libraries, most)
        self.private = {}     # soname -> path below /opt
        self.search_path = [f"/opt/{self.tool}/lib"]
        self.programs = []    # paths below /opt of those that call the C library
        self.made = {}        # path in the root -> what makes the file once the rest is there, see installed.py
        self.led = {}         # path as programs say it -> path below /opt, beside what `moves` says

    @property
    def tool(self):
        return f"shellstrap/{self.recipe.name}"

    def fill(self, commands, named=()):
        """`named`: the packages that were asked for, with their parts."""
        self.place_extra_files()
        programs = {}
        for command in commands:
            programs.setdefault(command.path, []).append(command)
        self.taking.look(programs, named)
        sizes.refuse_what_will_be_too_large(self)
        self.find_private_libraries()
        self.place_moved()
        for path, names in programs.items():
            self.place_command(path, names)
        for pattern in self.recipe.libraries:
            self.libraries.add_by_name(pattern)
        self.place_libraries()
        if any(soname.startswith(TLS) for soname in self.libraries.found):
            bundle = runtime.certificates(self)  # for programs among the extra files, too: a configuration file leads them there
            self.led.update(dict.fromkeys(runtime.BUNDLES, bundle))
        if fonts.LIBRARY in self.libraries.found and not self.recipe.only_files:
            self.led["/etc/fonts/fonts.conf"] = runtime.font_configuration(self)
        self.made = installed.jobs(self)
        self.led.update({f"/{path}": f"{self.moves.home}/{path}" for path in self.made})
        self.place_redirection(commands)
        self.copy_literal_tree()

    def find_private_libraries(self):
        """Those that have their name in a folder of their package, as libjvm.so: they are not there twice."""
        moved = {path: target for unit in self.moves.units for path, target in self.moves.files_of(unit)}
        self.private = {soname: moved[path] for soname, path in self.libraries.found.items()
                        if moved.get(path, "").endswith("/" + soname) and path not in self.taking.left_out}
        self.search_path += sorted({f"/opt/{target.rsplit('/', 1)[0]}" for target in self.private.values()})

    def place_moved(self):
        """Folders first: a program that is in one has its files around it there, as java."""
        for unit in sorted(self.moves.units, key=lambda unit: (unit.startswith(PROGRAMS), unit)):
            for path, target in self.moves.files_of(unit):
                if path in self.taking.left_out or (self.folder / target).exists():
                    continue
                is_twice = path in self.placed and self.is_program(path)  # hard links, as git's hundred commands
                place = self.place_program if unit.startswith(PROGRAMS) or is_twice else self.place_again
                place(path, target)

    def place_program(self, path, target):
        """At a second place, or where it needs variables: a launcher."""
        environment = self.environment_of(path)
        if (environment or path in self.placed) and elf.is_elf(self.root.path(path)):
            real = self.place(path, f"{self.tool}/bin/{path.rsplit('/', 1)[-1]}")
            launcher.compile_launcher(self.machine, f"/opt/{real}", environment, self.folder / target)
        else:
            self.place_again(path, target)

    def place_redirection(self, commands):
        """Last, when it is known where everything is; and only where there is something to lead to."""
        if self.recipe.only_files:
            return
        places = {"/" + unit: "/opt/" + target for unit, target in {**self.moves.aliases, **self.moves.units}.items()}
        places |= {path: "/opt/" + target for path, target in self.led.items()}
        places |= {"/" + command.path: "/opt/bin/" + command.name for command in commands if "/" + command.path not in places}
        programs = [self.folder / place for place in self.programs]
        if programs and places:
            redirect.compile_library(self.machine, places, self.folder / self.tool / "lib" / redirect.NAME)
        for program in programs if places else ():
            redirect.link(program)

    def is_program(self, path):
        return elf.is_elf(self.root.path(path)) and elf.read(self.root.path(path)).is_program

    def place_again(self, path, target):
        before = self.placed.pop(path, None)
        self.place(path, target)
        if before:
            self.placed[path] = before

    # Commands -----------------------------------------------------------------------------------------------------

    def place_command(self, path, commands):
        """One program under one or more names."""
        environment = self.environment_of(path)
        names = [command.name for command in commands]
        own_name = path.rsplit("/", 1)[-1]
        first = own_name if own_name in names else names[0]
        behind = path in self.placed or environment
        target = self.place(path, f"{self.tool}/bin/{own_name}" if behind else f"bin/{first}")
        for name in names:
            if f"bin/{name}" != target:
                launcher.compile_launcher(self.machine, f"/opt/{target}", environment, self.folder / "bin" / name)

    def environment_of(self, path):
        environment = {}
        if elf.is_elf(self.root.path(path)):
            if any(soname.startswith(TLS) for soname in self.libraries.reached_from(path)):
                environment["SSL_CERT_FILE"] = f"/opt/{runtime.certificates(self)}"
            if self.recipe.charsets or self.recipe.charsets is None and elf.imports(self.root.path(path), "iconv_open"):
                environment["GCONV_PATH"] = f"/opt/{runtime.gconv(self)}"
        return {**environment, **self.recipe.defaults()}

    # Files --------------------------------------------------------------------------------------------------------

    def place(self, path, target):
        """Copies a file of the root to /opt/TARGET, once; a program or library is made to look for its own libraries."""
        if path in self.placed:
            return self.placed[path]
        self.placed[path] = target
        copy = self.folder / target
        copy.parent.mkdir(parents=True, exist_ok=True)
        if copy.exists():
            raise Refusal(f"two files want to be /opt/{target}; one of them is /{path}.")
        self.copy(path, copy)
        copy.chmod(0o755 if os.access(self.root.path(path), os.X_OK) else 0o644)
        self.used.add(self.root.owner[path])
        if elf.is_elf(copy):
            self.patch(path, copy)
        return target

    def copy(self, path, copy):
        shutil.copyfile(self.root.path(path), copy)
        with open(copy, "rb+") as file:
            if self.moves.units and file.read(2) == b"#!":
                copy.write_bytes(self.moves.rewrite(direct(self.root.path(path).read_bytes())))

    def patch(self, path, copy):
        facts = elf.read(copy)
        self.libraries.add_needs_of(path)
        is_moved = self.moves.home in copy.as_posix()  # what lies beside it still does
        origins = [folder for folder in facts.search_path if is_moved and folder.startswith("$ORIGIN")]
        search_path = ":".join([*origins, *self.search_path])
        if facts.is_program:
            if redirect.can_use(facts):
                self.programs.append(copy.relative_to(self.folder))
            elf.patch(copy, f"/opt/{self.tool}/lib/{self.machine.loader}", search_path)
        elif facts.search_path:  # one of its own would hide the program's, which otherwise counts for its libraries, too
            elf.patch(copy, None, search_path)

    def place_libraries(self):
        for soname, path in sorted(self.libraries.found.items()):
            if soname in self.private:
                continue
            place = self.place_again if path in self.placed else self.place  # a plugin that programs link, too
            place(path, f"{self.tool}/lib/{soname}")
        loader = self.folder / self.tool / "lib" / self.machine.loader
        if loader.exists():
            loader.chmod(0o755)

    def place_extra_files(self):
        for source, target in self.recipe.files.items():
            path = source.replace("{triplet}", self.machine.triplet).strip("/")
            below = self.root.files_below(path)
            for file in below or [path]:
                self.place_extra(file, f"{self.tool}/{target}{file[len(path):]}")

    def place_extra(self, file, target, through=()):
        """`through`: the folders that links have led to on the way here; each is entered once."""
        path = self.root.program(file)
        if path is None:
            raise Refusal(f"the recipe of {self.recipe.name} names /{file}, which none of its packages has.")
        if self.root.path(path).is_dir():
            for below in self.root.files_below(path) if path not in through else ():
                self.place_extra(below, target + below[len(path):], (*through, path))
            return
        if path in self.root.privileged:
            raise Refusal(f"/{path} is a {self.root.privileged[path]} program: nobody in a function can have such rights.")
        if path in self.placed and elf.is_elf(self.root.path(path)):
            launcher.compile_launcher(self.machine, f"/opt/{self.placed[path]}", {}, self.folder / target)
        else:
            self.placed.pop(path, None)
            self.place(path, target)

    def copy_literal_tree(self):
        """opt/ beside the recipe, as it is."""
        source = self.recipe.folder / "opt"
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            target = self.folder / file.relative_to(source)
            if target.exists():
                raise Refusal(f"{file} would replace a file that the packages bring.")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            target.chmod(0o755 if os.access(file, os.X_OK) else 0o644)

    def write(self, target, content):
        path = self.folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
