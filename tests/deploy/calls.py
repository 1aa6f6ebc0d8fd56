# SPDX-License-Identifier: Apache-2.0
"""Requests as the service's permissions see them: an action, and the resource that it is about."""
import dataclasses
import json
import re
import urllib.parse

ACCOUNT = "123456789012"
LAYERS = r"/2018-10-31/layers/([\w-]+)/versions"
FUNCTIONS = r"/2015-03-31/functions"
# What the service calls a request in policies, and which resource it is about.
ACTIONS = [
    ("GET", LAYERS, "lambda:ListLayerVersions", "*"),
    ("POST", LAYERS, "lambda:PublishLayerVersion", "arn:aws:lambda:{region}:{account}:layer:{0}"),
    ("GET", LAYERS + r"/(\d+)", "lambda:GetLayerVersion", "arn:aws:lambda:{region}:{account}:layer:{0}:{1}"),
    ("GET", LAYERS + r"/(\d+)/policy", "lambda:GetLayerVersionPolicy", "arn:aws:lambda:{region}:{account}:layer:{0}:{1}"),
    ("POST", LAYERS + r"/(\d+)/policy", "lambda:AddLayerVersionPermission",
     "arn:aws:lambda:{region}:{account}:layer:{0}:{1}"),
    ("GET", FUNCTIONS + "/?", "lambda:ListFunctions", "*"),
    ("POST", FUNCTIONS + "/?", "lambda:CreateFunction", "*"),
    ("GET", FUNCTIONS + r"/([\w-]+)/configuration", "lambda:GetFunctionConfiguration",
     "arn:aws:lambda:{region}:{account}:function:{0}"),
    ("PUT", FUNCTIONS + r"/([\w-]+)/configuration", "lambda:UpdateFunctionConfiguration",
     "arn:aws:lambda:{region}:{account}:function:{0}"),
    ("POST", FUNCTIONS + r"/([\w-]+)/invocations", "lambda:InvokeFunction",
     "arn:aws:lambda:{region}:{account}:function:{0}"),
    ("POST", r"/2021-10-31/functions/([\w-]+)/url", "lambda:CreateFunctionUrlConfig",
     "arn:aws:lambda:{region}:{account}:function:{0}"),
    ("POST", FUNCTIONS + r"/([\w-]+)/policy", "lambda:AddPermission", "arn:aws:lambda:{region}:{account}:function:{0}"),
    ("PUT", r"/([\w.-]+)/(.+)", "s3:PutObject", "arn:aws:s3:::{0}/{1}"),
    ("HEAD", r"/([\w.-]+)/(.+)", "s3:GetObject", "arn:aws:s3:::{0}/{1}"),
    ("DELETE", r"/([\w.-]+)/(.+)", "s3:DeleteObject", "arn:aws:s3:::{0}/{1}"),
    ("POST", r"/signing-jobs", "signer:StartSigningJob", "*"),
    ("GET", r"/signing-jobs/([\w-]+)", "signer:DescribeSigningJob", "*"),
]


@dataclasses.dataclass(frozen=True)
class Call:
    region: str
    action: str
    resource: str
    names: tuple[str, ...]   # as the path has them: of a function, or of a layer and its version
    body: bytes

    @property
    def reads(self):
        return re.search(r":(List|Get|Describe)", self.action) is not None

    def json(self):
        return json.loads(self.body)


def call_of(method, path, headers, body):
    scope = re.search(r"Credential=[^/]+/\d+/([\w-]+)/([\w-]+)/", headers.get("Authorization", ""))
    region, service = scope.groups() if scope else ("", "")
    query = urllib.parse.parse_qs(body.decode(errors="replace")) if service in ("sts", "ec2", "iam") else {}
    if "Action" in query:
        return Call(region, f"{service}:{query['Action'][0]}", "*", (), body)
    plain = urllib.parse.unquote(path.split("?")[0])
    for wanted, pattern, action, resource in ACTIONS:
        found = re.fullmatch(pattern, plain)
        if "versionId=" in path:  # of an object: a permission of its own
            action = action.replace("s3:DeleteObject", "s3:DeleteObjectVersion")
        if method == wanted and found and action.startswith(f"{service}:"):
            about = resource.format(*found.groups(), region=region, account=ACCOUNT)
            return Call(region, action, about, found.groups(), body)
    return Call(region, f"{service}:unknown {method} {plain}", "*", (), body)
