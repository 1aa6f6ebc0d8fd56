#!/usr/bin/env python3
# needs: python3
"""Adds the numbers of the event: {"numbers": [1, 2.5]} -> {"sum": 3.5}

A failure is an exit status other than 0; printing one JSON object with errorType and errorMessage says which.
"""

import json
import sys


def fail(message):
    json.dump({"errorType": "Function.InvalidEvent", "errorMessage": message}, sys.stdout)
    sys.exit(2)


def main():
    try:
        numbers = json.load(sys.stdin)["numbers"]
        total = sum(numbers)
    except (ValueError, KeyError, TypeError) as fault:
        fail(f'the event must look like {{"numbers": [1, 2.5]}} ({type(fault).__name__}: {fault})')
    print(json.dumps({"sum": total}))


main()
