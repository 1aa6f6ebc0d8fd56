# SPDX-License-Identifier: Apache-2.0
"""How large a layer is, and what of, where that is too much."""
import collections

from .refusal import Refusal
from .zips import files_of, size_of

LIMIT = 250 * 1024 * 1024  # bytes: the function and its layers, unpacked (Lambda's quotas)
PARTS = 10


class TooLarge(Refusal):
    pass


def mega(size):
    return f"{size / 1e6:.1f} MB"


def refuse_too_large(tree):
    refuse_sum(tree.recipe.name, size_of(tree.folder), parts_of(tree))


def refuse_what_will_be_too_large(tree):
    """Before it is made, by what is known then: the files at their paths, and the libraries."""
    files = {path for unit in tree.moves.units for path, _ in tree.moves.files_of(unit)} | set(tree.libraries.found.values())
    parts = collections.Counter()
    for path in files - tree.taking.left_out:
        parts[tree.root.owner[path]] += tree.root.path(path).stat().st_size
    refuse_sum(tree.recipe.name, parts.total(), parts)


def refuse_sum(name, size, parts):
    if size > LIMIT:
        largest = ", ".join(f"{package} {mega(part)}" for package, part in parts.most_common(PARTS))
        raise TooLarge(f"{name} would have {mega(size)} unpacked, and a function with all its layers has {mega(LIMIT)} "
                       f"at most; use an image for it, or leave something out by a recipe (`commands`, `drop`, `without`). "
                       f"The largest parts: {largest}.")


def parts_of(tree):
    """Bytes by package."""
    sizes = collections.Counter()
    names = files_of(tree.folder)
    for path, target in tree.placed.items():
        sizes[tree.root.owner[path]] += names[target].stat().st_size if target in names else 0
    return sizes
