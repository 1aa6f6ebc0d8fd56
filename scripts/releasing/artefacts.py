# SPDX-License-Identifier: Apache-2.0
"""The files of a release, in a folder of their own: two releases of one commit on one machine have the same bytes."""
import gzip
import io
import os
import pathlib
import shutil
import tarfile
import tempfile

from deploy import layer_names, layer_zip
from layers import bootstrap, sbom, zips
from layers.debian import checksum_of
from layers.refusal import Refusal

from . import steps

NOTES = "RELEASE_NOTES.md"
INSTALLER = pathlib.Path(__file__).with_name("install.sh")
# Linked into `shellstrap` only, so no part of the layer. CLI11 is headers for all machines.
CLI_ONLY = ("libcli11-dev", "zlib1g-dev")


def write(output, wanted, machines, tools, notes, say):
    """All or nothing: the folder is there once everything in it is. The names of the files, in their order."""
    output = output.resolve()
    if output.exists() and not (output / NOTES).exists():
        raise Refusal(f"{output} is there and no release: it would be replaced. Name another folder.")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as folder:
        made = pathlib.Path(folder, "made")
        made.mkdir()
        for machine in machines:
            write_archive(made, wanted, machine, machines)
            bootstrap.build(machine, made, say, steps.program(machine, "bootstrap"))
        for tool in tools:
            for machine in machines:
                steps.run(["scripts/build-layer", "tool", tool, "--arch", machine.name, "--output", str(made)], say)
        check_layers(made, machines, tools)
        shutil.copyfile(INSTALLER, made / INSTALLER.name)
        (made / NOTES).write_text(f"# shellstrap {wanted}\n\n{notes}")
        write_sums(made)
        shutil.rmtree(output, ignore_errors=True)
        made.rename(output)
    return sorted(output.iterdir())


def write_archive(made, wanted, machine, machines):
    """shellstrap-VERSION-ARCH.tar.gz with one folder of that name, and the list of its parts beside it."""
    name = f"shellstrap-{wanted}-{machine.name}"
    with tempfile.TemporaryDirectory(prefix="shellstrap-release.") as folder:
        opt, tree = pathlib.Path(folder, "opt"), pathlib.Path(folder, name)
        bootstrap.fill(opt, steps.program(machine, "bootstrap"), machine)
        fill(tree, opt, machine)
        share(tree / "share/shellstrap", machines)
        document = sbom.document(name, parts(machine))
        (tree / "sbom.spdx.json").write_bytes(document)
        (made / f"{name}.spdx.json").write_bytes(document)
        write_tar(tree, made / f"{name}.tar.gz")


def fill(tree, opt, machine):
    """What is in the layer, laid out for people: both programs side by side, the functions for scripts, the licences."""
    tree.mkdir()
    for name in ("bootstrap", "LICENSE", "THIRD_PARTY_NOTICES"):
        shutil.move(opt / name, tree / name)
    for name in ("functions.sh", "licenses"):
        shutil.move(opt / "shellstrap" / name, tree / name)
    shutil.copyfile(steps.program(machine, "shellstrap"), tree / "shellstrap")
    (tree / "shellstrap").chmod(0o755)


def share(folder, machines):
    """The bootstraps of all machines that are released, where `shellstrap` looks for them: it packs for both."""
    for machine in machines:
        (folder / machine.name).mkdir(parents=True)
        shutil.copyfile(steps.program(machine, "bootstrap"), folder / machine.name / "bootstrap")
        (folder / machine.name / "bootstrap").chmod(0o755)


def parts(machine):
    """Those of the layer, their licences where they are in the archive, and what only the second program has."""
    versions = bootstrap.versions_of(CLI_ONLY, machine)
    own = [sbom.Part(part.name, part.version, part.source, part.source_version, part.licence.removeprefix("shellstrap/"),
                     part.machine) for part in bootstrap.parts(machine)]
    return [*own, *(sbom.Part(package, *versions[package], "THIRD_PARTY_NOTICES", "all" if package == CLI_ONLY[0] else machine.debian)
                    for package in CLI_ONLY)]


def write_tar(tree, target):
    """Sorted, of nobody, dated as zips are, and compressed without a name or time of its own."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, path in sorted(zips.files_of(tree).items()):
            entry = tarfile.TarInfo(f"{tree.name}/{name}")
            entry.size, entry.mtime = path.stat().st_size, zips.timestamp()
            entry.mode = 0o755 if os.access(path, os.X_OK) else 0o644
            archive.addfile(entry, io.BytesIO(path.read_bytes()))
    target.write_bytes(gzip.compress(plain.getvalue(), 9, mtime=0))


def check_layers(made, machines, tools):
    """As scripts/publish-layer will: name, machine, version and list of parts agree, or it refuses."""
    for machine in machines:
        for word in (layer_names.BOOTSTRAP, *tools):
            layer_zip.find(word, machine.name, made)


def write_sums(made):
    """Of everything, in place of the list that has the layers only."""
    names = sorted(path.name for path in made.iterdir() if path.name not in ("SHA256SUMS", ".lock"))
    (made / "SHA256SUMS").write_text("".join(f"{checksum_of(made / name)}  {name}\n" for name in names))
    (made / ".lock").unlink(missing_ok=True)
