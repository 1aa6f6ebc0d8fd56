# SPDX-License-Identifier: Apache-2.0
"""What programs read at run time without naming it in a way that could be followed: certificates, fonts, converters."""
from . import converters, fonts
from .refusal import Refusal

# Who links one of these wants to know whom to trust.
TLS = ("libssl.so", "libgnutls.so", "libnss3.so")
# Where the libraries of Debian look for all certificates in one file, as OpenSSL, GnuTLS and Python's requests do.
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/usr/lib/ssl/cert.pem", "/etc/ssl/cert.pem")


def certificates(tree):
    """One bundle, of the package's certificates: the machine's own file may hold those of its owner."""
    target = f"{tree.tool}/etc/ca-certificates.crt"
    if not (tree.folder / target).exists():
        files = [file for file in tree.root.files_below("usr/share/ca-certificates")
                 if file.endswith(".crt") and tree.root.resolve(file)]
        if not files:
            raise Refusal("the package ca-certificates is not among the locked ones: build with --update-lock.")
        tree.write(target, b"".join(tree.root.path(file).read_bytes() for file in files))
        tree.used.add("ca-certificates")
    return target


def font_configuration(tree):
    target = f"{tree.tool}/etc/fonts.conf"
    if not (tree.folder / target).exists():
        tree.moves.add(fonts.FOLDER)
        folder = tree.moves.units[fonts.FOLDER]
        tree.write(target, fonts.CONFIGURATION.format(fonts=folder).encode())
        for path, place in tree.moves.files_of(fonts.FOLDER) if tree.root.resolve(fonts.FOLDER) else ():
            tree.place_again(path, place)
    return target


def gconv(tree):
    target = f"{tree.tool}/gconv"
    if not (tree.folder / target).exists():
        folder = f"usr/lib/{tree.machine.triplet}/gconv"
        texts = [tree.root.path(file).read_text() for file in tree.root.files_below(folder)
                 if file.endswith((".conf", "/gconv-modules"))]
        text, modules = converters.select("\n".join(texts), tree.recipe.charsets or converters.USUAL)
        tree.write(f"{target}/gconv-modules", text.encode())
        for module in modules:
            tree.place_extra(f"{folder}/{module}", f"{target}/{module}")
    return target
