# SPDX-License-Identifier: Apache-2.0
"""CHANGELOG.md: the section of a version, which is [Unreleased] until it is out."""
import datetime
import re

from layers.places import ROOT
from layers.refusal import Refusal

FILE = ROOT / "CHANGELOG.md"
UNRELEASED = "## [Unreleased]"


def section(wanted):
    """The text below the version's heading, or below [Unreleased], which becomes it."""
    text = FILE.read_text()
    found = body(text, rf"## \[{re.escape(wanted)}\][^\n]*") or body(text, re.escape(UNRELEASED))
    if not found:
        raise Refusal(f"CHANGELOG.md has nothing under {UNRELEASED} and no section [{wanted}]: what is new for a user?")
    return found


def body(text, heading):
    found = re.search(rf"^{heading}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    return found[1].strip() + "\n" if found and found[1].strip() else ""


def release(wanted):
    """[Unreleased] gets its version and date, and an empty one goes before it. A section of that version stays as it is."""
    text = FILE.read_text()
    if f"## [{wanted}]" not in text:
        today = datetime.datetime.now(datetime.timezone.utc).date()
        FILE.write_text(text.replace(UNRELEASED + "\n", f"{UNRELEASED}\n\n## [{wanted}] - {today}\n", 1))
