# SPDX-License-Identifier: Apache-2.0
"""stand_in.py FOLDER WORDS...: an `aws` that is no AWS: what shellstrap asks of Lambda, IAM and CloudWatch, kept in FOLDER/state.json.

For what moto lacks: URLs and policies of aliases, functions that answer, updates that take their time, calls that fail. Every
call is a line of FOLDER/calls; FOLDER/rules.json says how this one differs. `install` makes the program.
"""
import base64
import hashlib
import json
import os
import pathlib
import re
import stat
import sys
import time

# Compiled once: of a call that is most of the work.
PROGRAM = """#!/bin/sh
exec {python} -IS {folder}/stand_in.pyc {folder} "$@"
"""
ACCOUNT = "arn:aws:{}::123456789012:{}"
READS = re.compile(r"(get|list|filter|generate)-|--version|--generate-cli-skeleton")
URL = "https://abc.lambda-url.eu-central-1.on.aws/"


def install(path, folder):
    """An `aws` at `path` that keeps its things in `folder`."""
    import py_compile
    py_compile.compile(__file__, cfile=str(folder / "stand_in.pyc"), doraise=True)
    path.write_text(PROGRAM.format(python=sys.executable, folder=folder))
    path.chmod(0o755)
    clear(folder)


def clear(folder):
    """Nothing is there."""
    (folder / "state.json").write_text(json.dumps({"functions": {}, "roles": {}, "layers": {}, "events": []}))
    set_rules(folder)


def set_rules(folder, **rules):
    """fail_at, lose_at: the number of the change that fails, undone or done; fail: (operation, code, sentence); and others."""
    (folder / "rules.json").write_text(json.dumps(rules))
    (folder / "calls").write_text("")


def calls(folder):
    return [json.loads(line) for line in (folder / "calls").read_text().splitlines()]


def changes(folder):
    return [call["words"] for call in calls(folder) if not call["reads"]]


class Refused(Exception):
    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code


def missing(what):
    return Refused("ResourceNotFoundException", f"{what} is not there")


def options_of(words):
    """{"function-name": [...]}; what stands before the first option is left out."""
    found, name = {"": []}, ""
    for word in words:
        if word.startswith("--") and " " not in word:
            name = word[2:]
            found[name] = []
        else:
            found[name].append(word)
    return found


def content(word):
    return pathlib.Path(word.removeprefix("fileb://").removeprefix("file://")).read_bytes()


def sha256(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


class Cloud:
    def __init__(self, folder, state, rules, words):
        self.folder, self.state, self.rules = folder, state, rules
        self.all = options_of(words[2:])
        self.one = {name: values[0] if values else "" for name, values in self.all.items()}

    def function(self):
        name = self.one["function-name"]
        if name not in self.state["functions"]:
            raise missing(f"Function {name}")
        return self.state["functions"][name]

    def qualified(self):
        function, qualifier = self.function(), self.one.get("qualifier")
        if qualifier in function["aliases"]:
            qualifier = function["aliases"][qualifier]["FunctionVersion"]
        if qualifier and qualifier not in function["versions"]:
            raise missing(f"version {qualifier}")
        return function["versions"][qualifier] if qualifier else function["latest"]

    def change(self, configuration):
        plain = {"handler": "Handler", "role": "Role", "runtime": "Runtime"}
        numbers = {"memory-size": "MemorySize", "timeout": "Timeout"}
        configuration |= {plain[name]: value for name, value in self.one.items() if name in plain}
        configuration |= {numbers[name]: int(value) for name, value in self.one.items() if name in numbers}
        if "layers" in self.all:
            configuration["Layers"] = [{"Arn": arn} for arn in self.all["layers"]]
        if "environment" in self.one:
            configuration["Environment"] = json.loads(content(self.one["environment"]))
        if "architectures" in self.one:
            configuration["Architectures"] = self.all["architectures"]
        if "zip-file" in self.one:
            configuration["CodeSha256"] = sha256(content(self.one["zip-file"]))
        configuration["RevisionId"] = f"revision-{self.count()}"
        return {"FunctionName": self.one.get("function-name")}

    def count(self):
        self.state["count"] = self.state.get("count", 0) + 1
        return self.state["count"]

    def guard(self, is_):
        wanted = self.one.get("revision-id")
        if wanted is not None and wanted != is_:
            raise Refused("PreconditionFailedException", "The Revision Id does not match.")

    def sts_get_caller_identity(self):
        return {"Account": "123456789012", "Arn": ACCOUNT.format("sts", "assumed-role/x/y")}

    def iam_get_role(self):
        role = self.state["roles"].get(self.one["role-name"])
        if not role:
            raise Refused("NoSuchEntity", "The role cannot be found.")
        return {"Role": role}

    def iam_create_role(self):
        name = self.one["role-name"]
        self.state["roles"][name] = {"Arn": ACCOUNT.format("iam", "role/" + name), "Description": self.one["description"]}
        return self.iam_get_role()

    def iam_get_role_policy(self):
        if "policy" not in self.iam_get_role()["Role"]:
            raise Refused("NoSuchEntity", "The policy cannot be found.")
        return {"PolicyName": "log"}

    def iam_put_role_policy(self):
        self.iam_get_role()["Role"]["policy"] = json.loads(self.one["policy-document"])

    def lambda_list_layer_versions(self):
        versions = self.state["layers"].get(self.one["layer-name"])
        if not versions:
            raise missing("the layer")
        return {"LayerVersions": [{"Version": len(versions)}]}

    def lambda_get_layer_version(self):
        number = int(self.one["version-number"])
        digest = self.state["layers"][self.one["layer-name"]][number - 1]
        return {"LayerVersionArn": self.layer_arn(number), "Content": {"CodeSha256": digest}}

    def layer_arn(self, number):
        return f"arn:aws:lambda:eu-central-1:123456789012:layer:{self.one['layer-name']}:{number}"

    def lambda_publish_layer_version(self):
        versions = self.state["layers"].setdefault(self.one["layer-name"], [])
        versions.append(sha256(content(self.one["zip-file"])))
        return {"LayerVersionArn": self.layer_arn(len(versions))}

    def lambda_get_function_configuration(self):
        configuration = self.qualified()
        state = {"State": "Active", "LastUpdateStatus": self.rules.get("update_status", "Successful")}
        if self.rules.get("update_status") == "Failed":
            state["LastUpdateStatusReason"] = "the layer is broken"
        polls = self.state.get("polls", 0)
        if polls:
            state["LastUpdateStatus"] = "InProgress"
            self.state["polls"] = polls - 1
        return configuration | state

    def lambda_create_function(self):
        name = self.one["function-name"]
        if self.rules.get("young_role") and self.state.setdefault("young", 1):
            self.state["young"] = 0
            raise Refused("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.")
        latest = {"FunctionArn": f"arn:aws:lambda:eu-central-1:123456789012:function:{name}", "MemorySize": 128, "Timeout": 3,
                  "PackageType": "Zip", "Layers": []}
        self.state["functions"][name] = {"latest": latest, "versions": {}, "aliases": {}, "urls": {}, "policy": {},
                                         "tags": json.loads(self.one.get("tags", "{}"))}
        return self.change(latest)

    def lambda_update_function_code(self):
        self.guard(self.function()["latest"]["RevisionId"])
        self.state["polls"] = self.rules.get("polls", 0)
        return self.change(self.function()["latest"])

    lambda_update_function_configuration = lambda_update_function_code

    def lambda_publish_version(self):
        function = self.function()
        self.guard(function["latest"]["RevisionId"])
        if self.one["code-sha256"] != function["latest"]["CodeSha256"]:
            raise Refused("InvalidParameterValueException", "CodeSHA256 is different from the current one.")
        versions = function["versions"]
        newest = versions.get(str(len(versions)))
        if newest is None or newest | {"Version": ""} != function["latest"] | {"Version": ""}:
            versions[str(len(versions) + 1)] = function["latest"] | {"Version": str(len(versions) + 1)}
        return {"Version": str(len(versions))}

    def lambda_list_versions_by_function(self):
        return ["$LATEST", *self.function()["versions"]]

    def lambda_get_alias(self):
        alias = self.function()["aliases"].get(self.one["name"])
        if not alias:
            raise missing("the alias")
        return alias

    def lambda_create_alias(self):
        name, function = self.one["name"], self.function()
        function["aliases"][name] = {"AliasArn": f"{function['latest']['FunctionArn']}:{name}", "RevisionId": "a0"}
        return self.move(function["aliases"][name])

    def lambda_update_alias(self):
        alias = self.lambda_get_alias()
        self.guard(alias["RevisionId"])
        if "routing-config" in self.one:
            alias["RoutingConfig"] = json.loads(self.one["routing-config"])
        return self.move(alias)

    def move(self, alias):
        if self.one["function-version"] not in self.function()["versions"]:
            raise missing("the version")
        return alias.update(FunctionVersion=self.one["function-version"], RevisionId=f"a{self.count()}") or alias

    def lambda_get_function_url_config(self):
        url = self.function()["urls"].get(self.one["qualifier"])
        if not url:
            raise missing("the URL")
        return url

    def lambda_create_function_url_config(self):
        return self.function()["urls"].setdefault(self.one["qualifier"], {"FunctionUrl": URL}) | self.set_url()

    lambda_update_function_url_config = lambda_create_function_url_config

    def set_url(self):
        url = self.function()["urls"][self.one["qualifier"]]
        url |= {"AuthType": self.one["auth-type"], "InvokeMode": self.one.get("invoke-mode", "BUFFERED")}
        return url

    def change_policy(self):
        """Of an alias; the strictest reading: its revision changes, too."""
        self.function()["aliases"][self.one["qualifier"]]["RevisionId"] = f"a{self.count()}"

    def policy(self):
        return self.function()["policy"].setdefault(self.one["qualifier"], {})

    def lambda_get_policy(self):
        if not self.policy():
            raise missing("the policy")
        return {"Policy": json.dumps({"Statement": list(self.policy().values())})}

    def lambda_add_permission(self):
        if "generate-cli-skeleton" in self.all:
            return {} if self.rules.get("is_old") else {"InvokedViaFunctionUrl": True}
        self.change_policy()
        self.policy()[self.one["statement-id"]] = {"Sid": self.one["statement-id"], "Action": self.one["action"]}
        return {}

    def lambda_remove_permission(self):
        self.change_policy()
        del self.policy()[self.one["statement-id"]]

    def by_arn(self):
        return next(each for each in self.state["functions"].values() if each["latest"]["FunctionArn"] == self.one["resource"])

    def lambda_list_tags(self):
        return {"Tags": self.by_arn()["tags"]}

    def lambda_tag_resource(self):
        self.by_arn()["tags"] |= json.loads(self.one["tags"])

    def lambda_invoke(self):
        self.qualified()
        answer = self.rules.get("answer", {})
        pathlib.Path(self.all["payload"][1]).write_text(answer.get("body") or content(self.all["payload"][0]).decode())
        facts = {"StatusCode": 200, "LogResult": base64.b64encode(answer.get("log", "").encode()).decode()}
        return facts | ({"FunctionError": "Unhandled"} if answer.get("error") else {})

    def logs_filter_log_events(self):
        if self.one["log-group-name"] != "/aws/lambda/hello":
            raise missing("the log")
        start = int(self.one["start-time"])
        events = self.state["events"] + [json.loads(line) for line in self.late_events()]
        return {"events": [event for event in events if event["timestamp"] >= start]}

    def late_events(self):
        late = self.folder / "late"
        return late.read_text().splitlines() if late.exists() else []


def note(folder, words, reads):
    """With what is known of the files that the words name."""
    files = {word: stat.S_IMODE(os.stat(word.split("://")[1]).st_mode) for word in words if word.startswith("file")}
    with open(folder / "calls", "a") as calls_file:
        calls_file.write(json.dumps({"words": words, "reads": reads, "modes": files}) + "\n")


def answer(folder, words):
    rules = json.loads((folder / "rules.json").read_text())
    reads = any(READS.match(word) for word in words[1:2] + words[-1:] + words[2:3]) or words[:1] == ["--version"]
    note(folder, words, reads)
    if words == ["--version"]:
        return print(rules.get("version", "aws-cli/2.31.13 Python/3.11 Linux/6"))
    if rules.get("hang") == words[1]:
        (folder / "hangs").write_text(str(os.getpid()))
        time.sleep(600)
    number = len(changes(folder))
    if not reads and number == rules.get("fail_at") or rules.get("fail", [""])[0] == words[1]:
        raise Refused(*(rules.get("fail") or ["", "ServiceException", "injected"])[1:])
    state = json.loads((folder / "state.json").read_text())
    try:
        found = getattr(Cloud(folder, state, rules, words), "_".join(words[:2]).replace("-", "_"))()
    finally:
        (folder / "state.json").write_text(json.dumps(state))
    if not reads and number == rules.get("lose_at"):
        raise Refused("ServiceException", "lost")
    if found is not None:
        print(json.dumps(found))


def main(folder, words):
    try:
        answer(pathlib.Path(folder), words)
    except Refused as refused:
        sys.stderr.write(f"\nAn error occurred ({refused.code}) when calling the X operation: {refused}\n")
        sys.exit(254)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
