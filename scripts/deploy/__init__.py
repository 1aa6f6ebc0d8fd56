# SPDX-License-Identifier: Apache-2.0
"""What scripts/publish-layer and scripts/upgrade-functions are made of: Python's standard library and the AWS CLI."""
