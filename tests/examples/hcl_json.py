# SPDX-License-Identifier: Apache-2.0
"""hcl_json.py FILE...: what is in Terraform's files, as one JSON object. Runs in the environment that has the parser."""
import json
import sys

import hcl2

print(json.dumps([hcl2.load(open(name)) for name in sys.argv[1:]]))
