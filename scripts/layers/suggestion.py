# SPDX-License-Identifier: Apache-2.0
"""For a name that is not there: the one that may have been meant."""
import difflib


def did_you_mean(word, names):
    """A sentence to put behind another one, with its blank; empty where nothing is near."""
    near = difflib.get_close_matches(word, sorted(names), 1)
    return f" Did you mean {near[0]}?" if near else ""


def names_in(folder):
    """Of the folders in it; none where it is not there."""
    return [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
