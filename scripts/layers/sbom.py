# SPDX-License-Identifier: Apache-2.0
"""SPDX 2.3 documents: which packages a layer is made of. The same parts give the same document."""
import dataclasses
import hashlib
import json
import re
import time

from .places import version
from .zips import timestamp


@dataclasses.dataclass(frozen=True)
class Part:
    name: str
    version: str
    source: str
    source_version: str
    licence: str            # where its text is in the layer
    machine: str            # dpkg's name; empty for what is no Debian package
    sha256: str = ""


def document(name, parts):
    """The bytes of the document for the layer of this name."""
    layer = {"SPDXID": "SPDXRef-layer", "name": name, "versionInfo": version(), "downloadLocation": "NOASSERTION",
             "filesAnalyzed": False, "supplier": "NOASSERTION", "licenseConcluded": "NOASSERTION"}
    packages = [package_of(part) for part in parts]
    return json.dumps({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{identity(parts)}",
        "creationInfo": {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(timestamp())),
                         "creators": [f"Tool: shellstrap-build-layer-{version()}"]},
        "packages": [layer, *packages],
        "relationships": [relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-layer"),
                          *[relation("SPDXRef-layer", "CONTAINS", package["SPDXID"]) for package in packages]],
    }, indent=1).encode() + b"\n"


def identity(parts):
    return hashlib.sha256("".join(f"{part}\n" for part in parts).encode()).hexdigest()


def package_of(part):
    package = {
        "SPDXID": f"SPDXRef-{re.sub(r'[^A-Za-z0-9.-]', '-', part.name)}", "name": part.name, "versionInfo": part.version,
        "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "sourceInfo": f"source: {part.source} {part.source_version}",
        "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", "copyrightText": "NOASSERTION",
        "licenseComments": f"the text is {part.licence} in the layer",
    }
    if part.sha256:
        package["checksums"] = [{"algorithm": "SHA256", "checksumValue": part.sha256}]
    if part.machine:
        package["supplier"] = "Organization: Debian"
        package["externalRefs"] = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl(part)}]
    return package


def purl(part):
    quoted = part.version.replace(":", "%3A").replace("+", "%2B").replace("~", "%7E")
    return f"pkg:deb/debian/{part.name.replace('+', '%2B')}@{quoted}?arch={part.machine}"


def relation(one, kind, other):
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
