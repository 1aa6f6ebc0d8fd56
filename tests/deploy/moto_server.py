# SPDX-License-Identifier: Apache-2.0
"""moto as the AWS side: a server of its own on a free loopback port, asked and prepared without the AWS CLI."""
import json
import pathlib
import re
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPS = ROOT / ".deps/deploy"
ACCOUNT = "123456789012"  # moto's own
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
# moto tells region and service by this, and checks no signature.
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/{}/{}/aws4_request, SignedHeaders=host, Signature=0"


def why_missing():
    """The reason, where scripts/install-deploy could not get what it needs; None where it is there."""
    if (DEPS / "venv/.made").is_file():
        return None
    reason = DEPS / "skipped"
    return reason.read_text().strip() if reason.is_file() else "no AWS CLI and moto; ./scripts/setup deploy installs them"


class Moto:
    def __init__(self):
        self.process = subprocess.Popen([DEPS / "venv/bin/python", "-m", "moto.server", "-p", "0"], text=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.url = self.address()
        self.drain = threading.Thread(target=self.process.stderr.read, daemon=True)
        self.drain.start()

    def address(self):
        """Where it says that it listens."""
        said = []
        for line in self.process.stderr:
            said.append(line)
            if found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", line):
                return found[1]
        self.process.wait(60)
        self.process.stderr.close()
        raise RuntimeError(f"moto did not start: {''.join(said)}")

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.drain.join(60)
        self.process.stderr.close()

    def send(self, method, path, body=None, region="us-east-1", service="lambda"):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        kind = "application/x-www-form-urlencoded" if service == "iam" else "application/json"
        request = urllib.request.Request(self.url + path, data, method=method, headers={
            "Authorization": SIGNED.format(region, service), "Content-Type": kind})
        with urllib.request.urlopen(request, timeout=120) as answer:
            content = answer.read()
        return json.loads(content) if content[:1] in (b"{", b"[") else {}

    def reset(self):
        """Nothing is there, and functions will answer with their event: there is no Docker to run them in."""
        self.send("POST", "/moto-api/reset")
        self.send("POST", "/moto-api/config", {"lambda": {"use_docker": False}})

    def put_role(self, name):
        words = {"Action": "CreateRole", "Version": "2010-05-08", "RoleName": name, "AssumeRolePolicyDocument": TRUST}
        self.send("POST", "/", urllib.parse.urlencode(words).encode(), service="iam")

    def put_log(self, region, group, lines):
        """[(milliseconds, text)]"""
        events = [{"timestamp": time, "message": text} for time, text in lines]
        for action, words in (("CreateLogGroup", {}), ("CreateLogStream", {"logStreamName": "one"}),
                              ("PutLogEvents", {"logStreamName": "one", "logEvents": events})):
            request = urllib.request.Request(self.url, json.dumps({"logGroupName": group} | words).encode(), headers={
                "Authorization": SIGNED.format(region, "logs"), "X-Amz-Target": f"Logs_20140328.{action}",
                "Content-Type": "application/x-amz-json-1.1"})
            urllib.request.urlopen(request, timeout=120).close()

    def put_layer(self, region, name, content, description=""):
        made = self.send("POST", f"/2018-10-31/layers/{name}/versions",
                         {"Content": {"ZipFile": content}, "Description": description}, region)
        return made["LayerVersionArn"]

    def put_function(self, region, name, layers, architecture="x86_64"):
        self.send("POST", "/2015-03-31/functions", {
            "FunctionName": name, "Role": f"arn:aws:iam::{ACCOUNT}:role/any", "Runtime": "provided.al2023", "Handler": "x",
            "Code": {"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}, "Layers": layers, "Architectures": [architecture],
            "Environment": {"Variables": {"PASSWORD": "secret-of-the-function"}}}, region)

    def functions(self, region):
        """Sorted by name."""
        found = self.send("GET", "/2015-03-31/functions", region=region)["Functions"]
        return sorted(found, key=lambda function: function["FunctionName"])

    def layers_of(self, region):
        """{function: [name:number of each layer]}"""
        return {function["FunctionName"]: [":".join(layer["Arn"].split(":")[-2:]) for layer in function["Layers"]]
                for function in self.functions(region)}

    def versions(self, region, layer):
        return self.send("GET", f"/2018-10-31/layers/{layer}/versions", region=region)["LayerVersions"]

    def policy(self, region, layer, number):
        """The statements; none where there is no policy."""
        try:
            answer = self.send("GET", f"/2018-10-31/layers/{layer}/versions/{number}/policy", region=region)
        except urllib.error.HTTPError:
            return []
        return json.loads(answer["Policy"])["Statement"]

    def state(self, regions):
        """Everything that publishing and moving can change, in these regions."""
        def of(region):
            layers = self.send("GET", "/2018-10-31/layers", region=region)["Layers"]
            versions = [version for layer in layers for version in self.versions(region, layer["LayerName"])]
            policies = [self.policy(region, layer["LayerName"], version["Version"])
                        for layer in layers for version in self.versions(region, layer["LayerName"])]
            return versions, policies, self.functions(region)
        return {region: of(region) for region in regions}
