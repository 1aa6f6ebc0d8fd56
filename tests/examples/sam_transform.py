# SPDX-License-Identifier: Apache-2.0
"""sam_transform.py TEMPLATE PARAMETERS: the CloudFormation that AWS SAM makes of a template, as JSON. Runs in the
environment that has SAM. Local packages become addresses with the path in them, as after an upload."""
import json
import pathlib
import sys

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform


class Policies:
    """The names of AWS's managed policies; the service has their list, and none is looked up here."""

    def load(self):
        return {}


template = yaml_parse(pathlib.Path(sys.argv[1]).read_text())
for resource in template["Resources"].values():
    if "CodeUri" in resource.get("Properties", {}):
        resource["Properties"]["CodeUri"] = "s3://bucket/" + resource["Properties"]["CodeUri"]
print(json.dumps(transform(template, json.loads(sys.argv[2]), Policies())))
