# SPDX-License-Identifier: Apache-2.0
"""What the service has: versions of layers, and functions with their layers. Asks only."""
import dataclasses

from .layer_names import LayerVersion, parse

# What is not asked for is not read: a function's variables may hold secrets.
FIELDS = "Functions[].{name: FunctionName, architectures: Architectures, layers: Layers[].Arn, revision: RevisionId}"


@dataclasses.dataclass(frozen=True)
class Function:
    region: str
    name: str
    architecture: str
    layers: tuple[str, ...]   # ARNs, in the order in which they are unpacked
    revision: str | None      # changes with each change of the function

    def __str__(self):
        return f"{self.region} {self.name}"


def versions(aws, layer):
    """[(LayerVersion, description)], newest first; empty where there is no such layer."""
    answer = aws.find("lambda", "list-layer-versions", "--layer-name", layer)
    found = [(parse(entry["LayerVersionArn"]), entry.get("Description", ""))
             for entry in (answer or {}).get("LayerVersions", [])]
    return sorted(found, key=lambda item: -item[0].number)


def newest_version(aws, layer) -> LayerVersion | None:
    return next((version for version, _ in versions(aws, layer)), None)


def functions(aws):
    """Every function of the region, as it is before anything was published of it ($LATEST)."""
    return [Function(aws.region, entry["name"], (entry["architectures"] or ["x86_64"])[0], tuple(entry["layers"] or ()),
                     entry["revision"])
            for entry in aws.call("lambda", "list-functions", "--query", FIELDS) or []]
