#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""GIT_SSH_KEY in every form in which consoles, files and tools store a key, with keys that ssh-keygen made and reads again."""
import base64
import json
import os
import shutil
import subprocess

import support
from ssh_script import SshCase, shells

PROGRAM = support.ROOT / "layer/tools/git/opt/shellstrap/git/libexec/private-key"
PEM = [["-m", "PEM"], ["-m", "PKCS8"]]
KEYS = {"ed25519": [[]], "rsa": [["-b", "2048"], *([*form, "-b", "2048"] for form in PEM)], "ecdsa": [[], *PEM]}


def encoded(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


STORED = {
    "as it is": lambda key: key,
    "without a line break at the end": lambda key: key.rstrip("\n"),
    "line breaks are blanks": lambda key: key.replace("\n", " "),
    "line breaks are two blanks": lambda key: key.replace("\n", "  "),
    "line breaks are gone": lambda key: key.replace("\n", ""),
    "CR LF": lambda key: key.replace("\n", "\r\n"),
    "CR": lambda key: key.replace("\n", "\r"),
    "a blank line before": lambda key: "\n" + key,
    "blanks and blank lines around": lambda key: f" \n\t\n  {key}\n \n",
    "indented": lambda key: "".join(f"    {line}\n" for line in key.splitlines()),
    "indented, one line": lambda key: "    ".join(key.splitlines()),
    "a blank line between all lines": lambda key: key.replace("\n", "\n\n"),
    "a byte order mark": lambda key: "\ufeff" + key,
    r"\n": lambda key: key.replace("\n", "\\n"),
    r"\r\n": lambda key: key.replace("\n", "\\r\\n"),
    r"\n and line breaks": lambda key: key.replace("\n", "\\n\n"),
    r"\n, twice escaped": lambda key: key.replace("\n", "\\\\n"),
    "JSON": json.dumps,
    "JSON within JSON": lambda key: json.dumps(json.dumps(key)),
    "JSON with escaped slashes": lambda key: json.dumps(key).replace("/", "\\/"),
    "in quotes": lambda key: f'"{key}"',
    "in single quotes": lambda key: f"'{key}'",
    "in quotes, line breaks are blanks": lambda key: '"' + key.replace("\n", " ") + '"',
    "backslashes at line ends": lambda key: key.replace("\n", "\\\n"),
    "base64": encoded,
    "base64 in lines": lambda key: base64.encodebytes(key.encode()).decode(),
    "base64, line breaks are blanks": lambda key: base64.encodebytes(key.encode()).decode().replace("\n", " "),
    "base64 with CR LF": lambda key: base64.encodebytes(key.encode()).decode().replace("\n", "\r\n"),
    r"base64 with \n": lambda key: base64.encodebytes(key.encode()).decode().replace("\n", "\\n"),
    "base64 in quotes": lambda key: f'"{encoded(key)}"',
    "base64 after a blank line": lambda key: f"\n  {encoded(key)}\n\n",
    "base64 of CR LF": lambda key: encoded(key.replace("\n", "\r\n")),
    "base64 of blanks": lambda key: encoded(key.replace("\n", " ")),
    "base64 of UTF-16": lambda key: encoded(key.encode("utf-16")),
}


class KeyCase(SshCase):
    def setUp(self):
        if shutil.which("ssh-keygen") is None:
            self.skipTest("no ssh-keygen; ./scripts/setup layers-test installs it")
        super().setUp()

    def made(self, name, *options):
        """The text of a new key, and its public half."""
        subprocess.run(["ssh-keygen", "-q", "-f", self.folder / name, *options], check=True)
        return (self.folder / name).read_text(), self.public(self.folder / name, "-P", "")

    def public(self, path, *options):
        done = subprocess.run(["ssh-keygen", "-y", "-f", path, *options], capture_output=True, text=True)
        return done.stdout.split()[:2]

    def read(self, stored, shell=("sh",)):
        return subprocess.run([*shell, PROGRAM], env={"PATH": os.environ["PATH"], "GIT_SSH_KEY": stored},
                              capture_output=True, text=True, timeout=60)


class KeyFormsTest(KeyCase):
    def check(self, kind, options, shell):
        key, public = self.made("k", "-t", kind, "-N", "", *options)
        for form, store in STORED.items():
            with self.subTest(kind=kind, options=options, form=form, shell=shell):
                done = self.read(store(key), shell)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(self.public(self.write("read", done.stdout, 0o600)), public)
        (self.folder / "k").unlink()
        (self.folder / "k.pub").unlink()

    def test_every_form_of_every_kind_of_key(self):
        for kind, forms in KEYS.items():
            for options in forms:
                self.check(kind, options, ["sh"])

    def test_every_form_in_every_shell(self):
        for shell in shells():
            self.check("ed25519", [], shell)
            self.check("ecdsa", ["-m", "PKCS8"], shell)

    def test_a_key_behind_the_parameters_of_its_curve(self):
        key, public = self.made("k", "-t", "ecdsa", "-N", "", "-m", "PEM")
        done = self.read("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + key)
        self.assertEqual(self.public(self.write("read", done.stdout, 0o600)), public)


class KeyRefusalsTest(KeyCase):
    """What is no key that can be used: 255 with a sentence that says what it is, without a byte of it."""

    def assert_refused(self, stored, words):
        for shell in shells():
            with self.subTest(stored=stored[:40], shell=shell):
                done = self.read(stored, shell)
                self.assertEqual((done.returncode, done.stdout), (255, ""), done.stderr)
                self.assertIn(f"ssh: GIT_SSH_KEY holds {words}", done.stderr)
                self.assertIn("base64 <KEYFILE | tr -d '\\n'", done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                for piece in stored.split():
                    if len(piece) > 12:
                        self.assertNotIn(piece[:12], done.stderr)

    def test_what_is_stored_by_mistake(self):
        for stored, words in {
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIazEu89wgQZ me@here": "a public key",
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAAC3NzaC1l\n---- END SSH2 PUBLIC KEY ----": "a public key",
            "/home/someone/.ssh/id_ed25519": "the name of a file",
            "/home/key": "the name of a file",
            "~/.ssh/id_rsa": "the name of a file",
            "C:\\Users\\someone\\id_rsa": "the name of a file",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key": "the name of a secret",
            '{"key": "c2VjcmV0c2VjcmV0"}': "a JSON object",
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none": "a key in PuTTY's format",
            "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIB\n-----END CERTIFICATE-----": "something in PEM",
            "correct horse battery staple!": "29 characters that are neither a private key nor base64",
            "c2VjcmV0c2VjcmV0": "base64 of 12 bytes that are no private key",
            " \n\"\" ": "nothing but blanks",
        }.items():
            self.assert_refused(stored, words)

    def test_a_public_key_in_base64(self):
        self.assert_refused(encoded("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ me"), "a public key (in base64)")

    def test_a_key_that_was_cut_or_damaged(self):
        key, _ = self.made("k", "-t", "ed25519", "-N", "")
        self.assert_refused(key[:200], "the beginning of a private key, but not its end")
        self.assert_refused(encoded(key[:200]), "the beginning of a private key, but not its end (in base64)")
        lines = key.splitlines()
        self.assert_refused("\n".join([lines[0], lines[-1]]), "a private key with something in it")
        self.assert_refused("\n".join([lines[0], "<your key>", lines[-1]]), "a private key with something in it")

    def test_a_key_with_a_passphrase(self):
        for number, options in enumerate([["ed25519"], ["rsa", "-b", "2048", "-m", "PEM"], ["ecdsa", "-m", "PKCS8"]]):
            key, _ = self.made(f"k{number}", "-N", "a passphrase", "-t", *options)
            for form in "as it is", "line breaks are blanks", "base64":
                self.assert_refused(STORED[form](key), "a key with a passphrase")

    def test_ssh_is_not_started(self):
        done = subprocess.run(self.command(["sh"]), env=self.environment("~/.ssh/id_rsa"), capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 255)
        self.assertIn("ssh: GIT_SSH_KEY holds the name of a file", done.stderr)
        self.assertFalse((self.out / "env").exists())
        self.assertEqual(list(self.tmp.iterdir()), [])


class KnownHostsFormsTest(SshCase):
    LINES = ("[git.example.com]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 a comment\n"
             "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-rsa AAAAB3NzaC1yc2E=\n"
             "@cert-authority *.example.com ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTI=\n")

    def test_every_form_gives_the_same_lines(self):
        for form in ("as it is", "without a line break at the end", "line breaks are blanks", "CR LF", r"\n", r"\r\n", "JSON",
                     "in quotes", "in single quotes"):
            for shell in shells():
                with self.subTest(form=form, shell=shell):
                    subprocess.run(self.command(shell), env=self.environment("", STORED[form](self.LINES)), check=True,
                                   timeout=60)
                    lines = [line for line in (self.out / "hosts").read_text().splitlines() if line]
                    self.assertEqual([line.rstrip() for line in lines], self.LINES.splitlines())


if __name__ == "__main__":
    support.main()
