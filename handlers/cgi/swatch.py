#!/usr/bin/env python3
# needs: python3
# SPDX-License-Identifier: Apache-2.0
"""A picture behind a Function URL: /ff8800.png?size=64 is a square of that colour. Bytes on standard output are
bytes at the client; that they travel as base64 is nobody's business here. See shellstrap.json beside it."""
import os
import re
import struct
import sys
import urllib.parse
import zlib


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(size, colour):
    rows = (b"\0" + colour * size) * size  # each row behind its filter: none
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def answer(head, body):
    sys.stdout.buffer.write(head.encode() + b"\n\n" + body)


colour = re.fullmatch(r"/([0-9a-fA-F]{6})\.png", os.environ["PATH_INFO"])
sizes = urllib.parse.parse_qs(os.environ["QUERY_STRING"]).get("size", ["16"])
if not colour or not sizes[0].isdecimal() or not 1 <= int(sizes[0]) <= 1024:
    answer("Status: 404 Not Found\nContent-Type: text/plain", b"try /ff8800.png?size=64\n")
else:
    answer("Content-Type: image/png\nCache-Control: max-age=3600", png(int(sizes[0]), bytes.fromhex(colour[1])))
