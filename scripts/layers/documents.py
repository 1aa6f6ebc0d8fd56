# SPDX-License-Identifier: Apache-2.0
"""What a tool layer says of itself, in /opt/shellstrap/NAME: README, THIRD_PARTY_NOTICES, licenses/, sbom.spdx.json."""
import re
import textwrap

from . import sbom
from .places import ROOT, version
from .refusal import Refusal
from .root import source_of

COMMON = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9.-]*[A-Za-z0-9])")
OFFER = """\
The programs and libraries of this layer are Debian's, from the binary packages below. Changed were the search paths in
their ELF headers (patchelf), and paths of data and interpreters that now lie below /opt; nothing else. The licence of each
is in licenses/ beside this file, under its package's name; texts that several share are in licenses/common/.

Source. Many of these packages are under the GNU General Public License or the GNU Lesser General Public License. Written
offer: whoever passes this layer on will give anybody who asks, for at least three years from that day and for no more than
the cost of doing so, a complete machine-readable copy of the source code of all packages named below. The same source is
Debian's, for everybody, under the name and version given: `apt-get source NAME=VERSION` gets it where that version is
still current, Debian's archive of snapshots where it is not. The scripts that made this layer of the packages are
shellstrap's: scripts/build-layer, with the recipe layer/tools/{name}.

Libraries under the LGPL may be replaced: put another build of the library into lib/, under the same name.

Launchers in /opt/bin (about 1 KB each) are part of shellstrap, Apache License 2.0: licenses/shellstrap.

binary package, version, licence; source package, version
"""


def write(tree, packages, commands, seen):
    """Everything, for the packages {name: Package} that the layer has something of. `seen`: what was seen of it."""
    used = [packages[name] for name in sorted(tree.used)]
    write_licences(tree, used)
    tree.write(f"{tree.tool}/THIRD_PARTY_NOTICES", notices(tree, used).encode())
    tree.write(f"{tree.tool}/README", readme(tree, commands, seen).encode())
    parts = [part_of(tree, package) for package in used]
    tree.write(f"{tree.tool}/sbom.spdx.json", sbom.document(f"shellstrap-tool-{tree.recipe.name}-{tree.machine}", parts))


def part_of(tree, package):
    source, source_version = source_of(tree.root.control[package.name])
    return sbom.Part(package.name, package.version, source, source_version, f"{tree.tool}/licenses/{package.name}",
                     tree.machine.debian, package.sha256)


def write_licences(tree, packages):
    common = set()
    for package in packages:
        path = tree.root.resolve(f"usr/share/doc/{package.name}/copyright")
        if path is None:
            raise Refusal(f"{package.name} does not say under which licence it is (no /usr/share/doc/{package.name}/copyright): "
                          "what cannot be passed on cannot be in a layer.")
        text = text_of(tree, path)
        common |= set(COMMON.findall(text.decode("utf-8", "replace")))
        tree.write(f"{tree.tool}/licenses/{package.name}", text)
    for name in sorted(common):
        path = tree.root.resolve(f"usr/share/common-licenses/{name}")
        if path:
            tree.write(f"{tree.tool}/licenses/common/{name}", text_of(tree, path))
    tree.write(f"{tree.tool}/licenses/shellstrap", (ROOT / "LICENSE").read_bytes())


def text_of(tree, path):
    tree.consulted.add(tree.root.owner[path])
    return tree.root.path(path).read_bytes()


def notices(tree, packages):
    lines = [f"shellstrap layer {tree.recipe.name} for {tree.machine}: third-party notices\n",
             OFFER.format(name=tree.recipe.name)]
    for package in packages:
        source, source_version = source_of(tree.root.control[package.name])
        lines.append(f"  {package.name} {package.version}, licenses/{package.name}; {source} {source_version}")
    return "\n".join(lines) + "\n"


def readme(tree, commands, seen):
    names = textwrap.fill("Commands in /opt/bin: " + ", ".join(command.name for command in commands) + ".", 110)
    text = (f"shellstrap layer {tree.recipe.name} for {tree.machine}, made by shellstrap {version()} of Debian's packages.\n\n"
            f"{names}\n\n{textwrap.fill(seen, 110)}\n\nThey use the libraries and the loader beside this file, none of the host.\n")
    environments = {command.name: tree.environment_of(command.path) for command in commands}
    shared = {name: value for environment in environments.values() for name, value in environment.items()}
    for name, value in sorted(shared.items()):
        who = [command for command, environment in environments.items() if name in environment]
        where = "all commands" if len(who) == len(environments) else ", ".join(who)
        text += f"\n{name}={value}\n  is set for {where} where it is not set yet.\n"
    return text
