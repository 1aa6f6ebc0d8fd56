#!/usr/bin/env python3
# needs: python3
"""Bytes and "name" of the event: {"name": "Ada"} -> {"language": "python3", "bytes": 15, "name": "Ada"}"""
import json
import sys

event = sys.stdin.buffer.read()
name = json.loads(event).get("name") if event else None
print(json.dumps({"language": "python3", "bytes": len(event), "name": name}))
