# SPDX-License-Identifier: Apache-2.0
"""Files that the packages of a layer have and the layer has not: a program may want them at run time, and only its recipe
knows."""
import collections

from .root import source_of

# Documentation, translations, and what only other systems' installations read.
NEVER_READ = ("usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/lintian/", "usr/share/info/", "usr/share/bug/",
              "usr/share/doc-base/", "usr/share/bash-completion/", "usr/share/zsh/", "usr/share/fish/", "usr/share/applications/",
              "usr/share/pixmaps/", "usr/share/metainfo/", "usr/share/menu/", "usr/share/common-licenses/",
              "usr/share/ca-certificates/", "etc/", "usr/lib/systemd/", "usr/include/", "usr/bin/", "usr/sbin/")


def sources_of(root, packages):
    return {source_of(root.control[package])[0] for package in packages}


def folders(root, placed, packages, triplet):
    """{folder of two or three levels: number of files} of these packages, and of others from the same sources."""
    sources = sources_of(root, packages)
    counts = collections.Counter()
    libraries = (f"usr/lib/{triplet}/", "usr/lib/")
    for path, package in root.owner.items():
        is_library = path.startswith(libraries) and path.rsplit("/", 1)[0] + "/" in libraries
        if path in placed or is_library or path.startswith(NEVER_READ) or "/gconv/" in path:
            continue
        if source_of(root.control[package])[0] in sources:
            counts["/".join(path.split("/")[:4 if path.startswith(libraries[0]) else 3])] += 1
    return counts


def describe(counts):
    """One line, the fullest first; empty where there are none."""
    parts = [f"/{folder} ({count} file{'s' if count > 1 else ''})" for folder, count in counts.most_common(6)]
    more = ["..."] if len(counts) > 6 else []
    return ", ".join(parts + more)
