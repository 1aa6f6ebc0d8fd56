# SPDX-License-Identifier: Apache-2.0
"""Files that Debian makes when packages are installed: caches of plugins, compiled dictionaries. A layer has them made by its own
programs, in the bare sandbox; each is the standard output of a command there. KINDS are known for every layer, a recipe names
more under `made`."""
import dataclasses
import fnmatch
import gzip
import subprocess

from .places import ROOT
from .refusal import Refusal

PATIENCE = 120  # seconds for one file


@dataclasses.dataclass(frozen=True)
class Kind:
    """For each file of the layer that matches the trigger, or once, where `path` is the same for all."""
    trigger: str  # wildcards; a path in the root
    path: str     # what is made
    command: str  # for sh, in /tmp, with the layer's programs on PATH. {root} is where the layer has the paths of the root.
                  # A compressed trigger is its standard input: the image has nothing that unpacks one

    def jobs(self, paths, triplet, root):
        for path in fnmatch.filter(paths, self.trigger.replace("{triplet}", triplet)):
            name = path.rsplit("/", 1)[-1].split(".")[0]
            known = {"trigger": path, "triplet": triplet, "root": root, "name": name, "language": name.split("-")[0]}
            yield self.path.format(**known), (self.command.format(**known), path)


KINDS = (
    # As aspell-autobuildhash does it; of what language a dictionary is, the first part of its name says.
    Kind("usr/share/aspell/*.cwl.gz", "usr/lib/aspell/{name}.rws",
         "language={language}; [ -e {root}/usr/lib/aspell/$language.dat ] || language=${{language%%_*}}; "
         "prezip-bin -d | aspell --lang=$language create master ./{name}.rws >&2 && cat {name}.rws"),
    # `dot -c` writes beside the plugins, by names without folder.
    Kind("usr/lib/{triplet}/graphviz/libgvplugin_core.so*", "usr/lib/{triplet}/graphviz/config6a",
         "mkdir g && cp {root}/usr/lib/{triplet}/graphviz/*.so* g && GVBINDIR=/tmp/g dot -c >&2 && cat g/config6a"),
    Kind("usr/lib/{triplet}/gdk-pixbuf-2.0/*/loaders/*.so", "usr/lib/{triplet}/gdk-pixbuf-2.0/2.10.0/loaders.cache",
         "{root}/usr/lib/{triplet}/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders"),
)


def jobs(tree):
    """{path in the root: (command that prints it, trigger or None)}; what a package brings already is not made."""
    of_recipe = {path: (command, None) for path, command in tree.recipe.made.items()}
    if tree.recipe.only_files:
        return of_recipe
    paths = [path for unit in tree.moves.units for path in tree.root.files_below(unit)]
    found = {}
    for kind in KINDS:
        for path, job in kind.jobs(paths, tree.machine.triplet, f"/opt/{tree.moves.home}"):
            if not is_there(tree.root, path):
                found.setdefault(path, job)
    return found | of_recipe


def is_there(root, path):
    """Packages have empty files where an installation will write, as aspell-en."""
    return root.resolve(path) is not None and root.path(path).stat().st_size > 0


def make(tree, work):
    for path, (command, trigger) in sorted(tree.made.items()):
        given = gzip.decompress(tree.root.path(trigger).read_bytes()) if (trigger or "").endswith(".gz") else b""
        task = work / "made"
        task.mkdir(exist_ok=True)
        home = f"/opt/{tree.moves.home}"
        (task / "job").write_text(f"set -eu -o pipefail\ncd /tmp\nPATH=/opt/bin:{home}/usr/bin:{home}/usr/sbin:$PATH\n{command}\n")
        words = [ROOT / "scripts/sandbox", "--opt", tree.folder, "--task", task, "--arch", tree.machine.name, "--",
                 "/bin/sh", "/var/task/job"]
        try:
            result = subprocess.run(words, capture_output=True, timeout=PATIENCE, input=given)
        except subprocess.TimeoutExpired:
            raise Refusal(f"/{path}, which installing makes, was not made within {PATIENCE} seconds by: {command}")
        if result.returncode != 0 or not result.stdout:
            said = " | ".join(result.stderr.decode("utf-8", "replace").strip().splitlines()[-3:]) or "it said nothing"
            raise Refusal(f"/{path}, which installing makes, could not be made (status {result.returncode}) by: {command}: {said}")
        tree.write(f"{tree.moves.home}/{path}", result.stdout)
