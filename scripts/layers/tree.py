# SPDX-License-Identifier: Apache-2.0
"""The tree that becomes a tool layer's zip: commands, their libraries and loader, and what they read at run time.

/opt/bin/COMMAND              the program itself, or a launcher where it needs variables or is one of several names
/opt/shellstrap/NAME/         everything else, so that layers of several tools never meet:
    bin/ lib/ gconv/ etc/     programs behind launchers; libraries and loader; converters; CA certificates
    licenses/ ...             see documents.py
"""
import os
import re
import shutil

from . import converters, elf, fonts, launcher
from .moves import PROGRAMS, Moves
from .refusal import Refusal
from .scripts import direct

# Who links one of these wants to know whom to trust.
TLS = ("libssl.so", "libgnutls.so", "libnss3.so")


class Tree:
    def __init__(self, folder, root, recipe, machine, libraries, most=None):
        self.folder = folder  # stands for /opt
        self.root = root
        self.recipe = recipe
        self.machine = machine
        self.libraries = libraries
        self.most = most      # bytes of a folder that only libraries name; None: any number
        self.used = set()     # packages that something of is in the layer
        self.consulted = set()  # packages that texts about those come from
        self.placed = {}      # path in the root -> path below /opt
        self.left_out = set()  # plugins that want what no package has
        self.moves = Moves(root, machine, recipe.name)

    @property
    def tool(self):
        return f"shellstrap/{self.recipe.name}"

    def fill(self, commands):
        self.place_extra_files()
        programs = {}
        for command in commands:
            programs.setdefault(command.path, []).append(command)
        self.look_for_needs(programs)
        self.place_moved()
        for path, names in programs.items():
            self.place_command(path, names)
        for pattern in self.recipe.libraries:
            self.libraries.add_by_name(pattern)
        self.place_libraries()
        if any(soname.startswith(TLS) for soname in self.libraries.found):
            self.place_certificates()  # for programs among the extra files, too: a configuration file leads them there
        self.copy_literal_tree()

    def look_for_needs(self, programs):
        """Libraries, and what is at compiled-in paths, until nothing new turns up."""
        todo, looked_at = [(path, True) for path in programs], set()
        while todo:
            path, is_program = todo.pop()
            if path in looked_at:
                continue
            looked_at.add(path)
            known = set(self.libraries.found)
            if elf.is_elf(self.root.path(path)):
                self.libraries.add_needs_of(path)
            if self.most != 0:
                todo += [(self.libraries.found[soname], False) for soname in sorted(set(self.libraries.found) - known)]
            todo += self.moved_by(path, is_program)

    def moved_by(self, path, is_program):
        """What to look at because a file names its path. A plugin that wants what no package has is left out."""
        if self.recipe.only_files or self.root.owner[path] == "libc6":
            return []
        content = direct(self.root.path(path).read_bytes())
        python = re.fullmatch(r"usr/bin/(python3\.\d+)", path)
        if python:
            content += f"\n/usr/lib/{python[1]}\n/usr/lib/python3\n".encode()
        found = []
        is_program = is_program or content.startswith(b"#!")
        for unit in self.moves.find(content, is_program, None if is_program else self.most):
            for file, _ in self.moves.files_of(unit):
                if self.libraries.can_have(file):
                    found.append((file, unit.startswith(PROGRAMS)))
                else:
                    self.left_out.add(file)
        return found

    def place_moved(self):
        for unit in sorted(self.moves.units):
            for path, target in self.moves.files_of(unit):
                if path not in self.left_out and not (self.folder / target).exists():
                    is_twice = path in self.placed and self.is_program(path)  # hard links, as git's hundred commands
                    place = self.place_program if unit.startswith(PROGRAMS) or is_twice else self.place_again
                    place(path, target)

    def place_program(self, path, target):
        """At a second place, or where it needs variables: a launcher."""
        environment = self.environment_of(path)
        if elf.is_elf(self.root.path(path)) and (environment or path in self.placed):
            real = self.place(path, f"{self.tool}/bin/{path.rsplit('/', 1)[-1]}")
            launcher.compile_launcher(self.machine, f"/opt/{real}", environment, self.folder / target)
        else:
            self.place_again(path, target)

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
                environment["SSL_CERT_FILE"] = f"/opt/{self.place_certificates()}"
            if self.recipe.charsets or self.recipe.charsets is None and elf.imports(self.root.path(path), "iconv_open"):
                environment["GCONV_PATH"] = f"/opt/{self.place_converters()}"
            if fonts.LIBRARY in self.libraries.reached_from(path) and not self.recipe.only_files:
                environment["FONTCONFIG_FILE"] = f"/opt/{self.place_fonts()}"
            if re.fullmatch(r"usr/bin/python3\.\d+", path) and not self.recipe.only_files:
                environment["PYTHONHOME"] = f"/opt/{self.moves.python}"
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
        if self.moves.units:
            copy.write_bytes(self.moves.rewrite(direct(self.root.path(path).read_bytes())))
        else:
            shutil.copyfile(self.root.path(path), copy)

    def patch(self, path, copy):
        facts = elf.read(copy)
        self.libraries.add_needs_of(path)
        is_moved = copy.relative_to(self.folder).parts[0].startswith(self.moves.mark)  # what lies beside it still does
        origins = [folder for folder in facts.search_path if is_moved and folder.startswith("$ORIGIN")]
        search_path = ":".join([*origins, f"/opt/{self.tool}/lib"])
        if facts.is_program:
            elf.patch(copy, f"/opt/{self.tool}/lib/{self.machine.loader}", search_path)
        elif facts.search_path:  # one of its own would hide the program's, which otherwise counts for its libraries, too
            elf.patch(copy, None, search_path)

    def place_libraries(self):
        for soname, path in sorted(self.libraries.found.items()):
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

    # What is read at run time ----------------------------------------------------------------------------------------

    def place_certificates(self):
        """One bundle, of the package's certificates: the machine's own file may hold those of its owner."""
        target = f"{self.tool}/etc/ca-certificates.crt"
        if not (self.folder / target).exists():
            files = [file for file in self.root.files_below("usr/share/ca-certificates")
                     if file.endswith(".crt") and self.root.resolve(file)]
            if not files:
                raise Refusal("the package ca-certificates is not among the locked ones: build with --update-lock.")
            self.write(target, b"".join(self.root.path(file).read_bytes() for file in files))
            self.used.add("ca-certificates")
        return target

    def place_fonts(self):
        target = f"{self.tool}/etc/fonts.conf"
        if not (self.folder / target).exists():
            self.moves.add(fonts.FOLDER)
            folder = self.moves.units[fonts.FOLDER]
            self.write(target, fonts.CONFIGURATION.format(fonts=folder).encode())
            for path, place in self.moves.files_of(fonts.FOLDER) if self.root.resolve(fonts.FOLDER) else ():
                self.place_again(path, place)
        return target

    def place_converters(self):
        target = f"{self.tool}/gconv"
        if not (self.folder / target).exists():
            folder = f"usr/lib/{self.machine.triplet}/gconv"
            texts = [self.root.path(file).read_text() for file in self.root.files_below(folder)
                     if file.endswith((".conf", "/gconv-modules"))]
            text, modules = converters.select("\n".join(texts), self.recipe.charsets or converters.USUAL)
            self.write(f"{target}/gconv-modules", text.encode())
            for module in modules:
                self.place_extra(f"{folder}/{module}", f"{target}/{module}")
        return target

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
