# SPDX-License-Identifier: Apache-2.0
"""What a signal does to a program of these."""
import signal
import sys


def end_in_order():
    """SIGTERM and SIGHUP end the program as Ctrl-C does, step by step: what it runs is ended, and its temporary folders go."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
