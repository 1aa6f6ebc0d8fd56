# SPDX-License-Identifier: Apache-2.0
"""The one way in which a layer is not built: a sentence for the person at the terminal."""


class Refusal(Exception):
    """What cannot work, and what to do about it where something can be done. Printed as it is, exit status 2."""
