#!/usr/bin/env python3
"""browser.py --programs DIR [--picture FILE] CASE: one case, or 77 with the reason where there is no Chromium.

Opens pages of handlers/cgi behind `shellstrap serve --url` in Debian's Chromium, without a window. --picture keeps
the picture of the page that is still loading: docs/images/progress.png is made that way.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
SAMPLES = pathlib.Path(__file__).resolve().parent.parent.parent / "handlers/cgi"


class Page:
    """A sample behind serve --url on a free port, and a browser with a profile of its own; both end on exit."""

    def __init__(self, sample, **variables):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        self.log = open(pathlib.Path(self.folder.name, "log"), "w+")
        self.server = subprocess.Popen(
            [programs / "shellstrap", "serve", "--port", "0", "--url=0", "--timeout", "500", "--environments", "9",
             "--task-root", SAMPLES, "--env", f"FOLDER={self.folder.name}", *options, sample],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.server.stdout.readline()
        self.url = self.server.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(30)
        self.folder.cleanup()

    def file(self, name):
        return pathlib.Path(self.folder.name, name)

    def browse(self, *options):
        """What Chromium prints when it has loaded the page, or was told to stop loading. It talks to this machine only."""
        result = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
             "--window-size=640,360", f"--user-data-dir={self.folder.name}/profile", *options, self.url],
            env={**os.environ, "HOME": self.folder.name}, text=True, capture_output=True, timeout=300)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def browse_until(self, text):
        """The page once it shows that, and the seconds after which it did; it is given twice as long each time, and each
        time keeps an environment busy. At the end: whatever it shows."""
        for seconds in PATIENCE:
            shown = self.browse(f"--timeout={seconds * 1000}", "--dump-dom")
            if text in shown:
                break
        return shown, seconds


PATIENCE = (2, 4, 8, 16, 32, 64)
# The fourth step waits for a file.
WAITING = {"SHELLSTRAP_INVOKE_MODE": "stream",
           "PROGRESS_COMMAND": '[ "$STEP" -lt 4 ] || until [ -e "$FOLDER/go" ]; do sleep 0.05; done'}


def PageIsShownAsFarAsItHasCome():
    with Page("progress.sh", **WAITING) as page:
        shown, seconds = page.browse_until("Step 3 of 5")
        assert "Step 3 of 5" in shown and "Step 4" not in shown and "Done." not in shown, shown
        assert "#bar div { width: 60% }" in shown, shown
        picture = options.picture or page.file("page.png")
        page.browse(f"--timeout={seconds * 2000}", f"--screenshot={picture}")
        assert pathlib.Path(picture).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        page.file("go").touch()  # only now can it end
        shown = page.browse("--dump-dom")
        assert "Step 5 of 5" in shown and "Done." in shown, shown


def FormIsShown():
    with Page("page.sh") as page:
        shown = page.browse("--dump-dom")
        assert "Hello, stranger!" in shown and "<form" in shown, shown


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--picture", type=pathlib.Path)
    parser.add_argument("case")
    options = parser.parse_args()
    programs = options.programs.resolve()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("skipped: there is no chromium: run scripts/setup browser")
        sys.exit(SKIPPED)
    globals()[options.case]()
