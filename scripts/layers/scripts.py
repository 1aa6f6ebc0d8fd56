# SPDX-License-Identifier: Apache-2.0
"""The first lines of scripts: which interpreter they want, and what they say in a layer that brings it."""
import re

LINE = re.compile(rb"#! *(\S+)(?: +(\S+))?")
ENV = re.compile(rb"#! */usr/bin/env +(?:-S +)?(?=[\w.+-]+)|#! */bin/")

SHELLS = {"sh", "bash", "dash"}
LINE_LIMIT = 256  # bytes that the kernel looks at


def interpreter_of(text):
    """The interpreter of a script, without its folder: of `#!/usr/bin/env perl`, perl. None: no script."""
    match = LINE.match(text)
    if match is None:
        return None
    name = match[1].rsplit(b"/", 1)[-1]
    return (match[2] if name == b"env" and match[2] else name).decode("utf-8", "replace")


def direct(content):
    """`#!/usr/bin/env perl` as `#!/usr/bin/perl`: the layer's own is at a place, and not on PATH; `#!/bin/sh` as `#!/usr/bin/sh`,
    which is the same where these folders are merged."""
    return ENV.sub(b"#!/usr/bin/", content, count=1) if ENV.match(content) else content
