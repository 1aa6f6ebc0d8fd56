# SPDX-License-Identifier: Apache-2.0
"""The schema of Terraform's AWS provider, without the provider: its generated bindings for Python know each argument of
each resource, whether it is wanted, and what goes into each block. They are read from their package, never run."""
import ast
import re
import zipfile

META = {"count", "for_each", "depends_on", "lifecycle", "provider", "provisioner"}
OWN = {"scope", "id_", "self", "connection", "provisioners"}  # what the bindings add


class Schema:
    def __init__(self, package):
        self.archive = zipfile.ZipFile(package)
        self.folder = self.archive.namelist()[0].split("/")[0]

    def faults_of(self, kind, name, body):
        """What is wrong with `resource` or `data` blocks of that type, as sentences."""
        module = f"{self.folder}/{'data_' + name if kind == 'data' else name.removeprefix('aws_')}/__init__.py"
        if module not in self.archive.namelist():
            return [f"{kind} {name}: there is no such thing"]
        classes = {node.name: node for node in ast.parse(self.archive.read(module)).body if isinstance(node, ast.ClassDef)}
        itself = next(node for node in classes.values() if node.name[0] != "_")  # what goes before helps with imports
        return list(faults(f"{kind} {name}", body, itself, classes, META))


def faults(where, body, definition, classes, also=frozenset()):
    known, wanted = arguments_of(definition)
    given = {unquoted(key): value for key, value in body.items() if not key.startswith("__")}
    given |= dynamic_blocks(given.pop("dynamic", []))
    for name in sorted(set(given) - set(known) - also):
        yield f"{where}: no argument is called {name}"
    for name in sorted(wanted - set(given)):
        yield f"{where}: {name} is missing"
    for name, value in given.items():
        inner = next((classes[word] for word in re.findall(r"\w+", known.get(name, "")) if word in classes), None)
        for block in blocks_of(value) if inner else ():
            yield from faults(f"{where}.{name}", block, inner, classes)


def arguments_of(definition):
    """{name: annotation} of all, and the set of those without a default."""
    start = next(node for node in definition.body if isinstance(node, ast.FunctionDef) and node.name == "__init__").args
    pairs = [(arg, default) for arg, default in zip(start.kwonlyargs, start.kw_defaults) if arg.arg not in OWN]
    return ({arg.arg: ast.unparse(arg.annotation) for arg, _ in pairs}, {arg.arg for arg, default in pairs if default is None})


def dynamic_blocks(blocks):
    return {unquoted(name): body["content"] for block in blocks for name, body in block.items() if isinstance(body, dict)}


def blocks_of(value):
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def unquoted(text):
    return text.strip('"')
