# SPDX-License-Identifier: Apache-2.0
"""What scripts/build-layer and scripts/install-arm64-sysroot are made of: Python's standard library alone."""
