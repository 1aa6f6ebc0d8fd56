# SPDX-License-Identifier: Apache-2.0
"""S3 without the AWS CLI, as docs/scripts.md shows it: the script of that page against a server that checks its signatures."""
import datetime
import hashlib
import hmac
import http.server
import os
import re
import subprocess
import tempfile
import threading
import unittest

import support

PAGE = (support.ROOT / "docs/scripts.md").read_text()
SCRIPT = re.search(r"^## S3 without the AWS CLI\n.*?^```sh\n(.*?)^```", PAGE, re.M | re.S)[1]
KEY, SECRET, TOKEN = "ASIAEXAMPLE", "a/secret+key", "a/session+token=="


def signed(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(request, names, scope, secret):
    """Signature Version 4, from its documentation: of S3, whose paths are encoded once."""
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names)
    canonical = "\n".join([request.command, request.path, "", headers, ";".join(names), request.headers["x-amz-content-sha256"]])
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = signed(key, part)
    text = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    return signed(key, text).hex()


class Bucket(http.server.BaseHTTPRequestHandler):
    """GET and PUT of objects by whoever has the key, its session's token, and a clock."""

    def answer(self, status, content=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def why_refused(self, content):
        found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=(\S+?)/(\S+), ?SignedHeaders=(\S+), ?Signature=(\S+)",
                             self.headers.get("Authorization", ""))
        if not found:
            return "no signature"
        key, scope, names, given = found[1], found[2], found[3].split(";"), found[4]
        day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d")
        if key != KEY or not re.fullmatch(r"\d{8}/eu-central-1/s3/aws4_request", scope):
            return f"another key or scope than those of {day}: {key} {scope}"
        if not {"host", "x-amz-date", "x-amz-security-token"} <= set(names) or self.headers["x-amz-security-token"] != TOKEN:
            return f"the session's token is not signed: {names}"
        if self.headers.get("x-amz-content-sha256") not in ("UNSIGNED-PAYLOAD", hashlib.sha256(content).hexdigest()):
            return "x-amz-content-sha256 is not that of the content"
        if not hmac.compare_digest(given, signature(self, names, scope, SECRET)):
            return "the signature is another one"
        return None

    def serve(self):
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        refused = self.why_refused(content)
        if refused:
            self.server.refusals.append(refused)
            return self.answer(403, refused.encode())
        if self.command == "PUT":
            self.server.objects[self.path] = content
        stored = self.server.objects.get(self.path)
        return self.answer(404) if stored is None else self.answer(200, b"" if self.command == "PUT" else stored)

    do_GET = do_PUT = serve

    def log_message(self, *_):
        pass


class S3WithCurlTest(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
        self.server.objects, self.server.refusals = {"/notes/a.txt": b"some words\n"}, []
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.shutdown)
        folder = tempfile.TemporaryDirectory(prefix="shellstrap-s3.")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_script(self, key="notes/a.txt", **variables):
        """The script of the page, with /tmp in the test's own folder."""
        script = SCRIPT.replace("/tmp/", self.folder + "/")
        environment = {"PATH": os.environ["PATH"], "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": KEY,
                       "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN, "no_proxy": "*",
                       "S3_URL": f"http://127.0.0.1:{self.server.server_address[1]}", **variables}
        return subprocess.run(["sh", "-c", script], input=f'{{"key": "{key}"}}', text=True, capture_output=True, timeout=60,
                              env=environment)

    def test_the_script_of_the_page_reads_and_writes(self):
        done = self.run_script()
        self.assertEqual((done.returncode, self.server.refusals), (0, []), done.stderr)
        self.assertEqual(self.server.objects["/notes/a.txt"], b"SOME WORDS\n")

    def test_another_secret_or_session_is_refused_and_fails_the_script(self):
        for variables in ({"AWS_SECRET_ACCESS_KEY": "x"}, {"AWS_SESSION_TOKEN": "x"}):
            done = self.run_script(**variables)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("403", done.stderr)
        self.assertEqual(self.server.objects["/notes/a.txt"], b"some words\n")

    def test_an_object_that_is_not_there_fails_the_script(self):
        self.assertIn("404", self.run_script(key="nothing").stderr)

    def test_no_secret_is_on_a_command_line(self):
        """curl, as a program that prints its arguments."""
        os.mkdir(f"{self.folder}/bin")
        with open(f"{self.folder}/bin/curl", "w") as program:
            program.write(f"#!/bin/sh\ncat >/dev/null\necho \"$@\" >>{self.folder}/words\ntouch {self.folder}/in\n")
        os.chmod(f"{self.folder}/bin/curl", 0o755)
        self.run_script(PATH=f"{self.folder}/bin:{os.environ['PATH']}")
        with open(f"{self.folder}/words") as file:
            words = file.read()
        self.assertIn("--aws-sigv4", words)
        self.assertFalse([secret for secret in (SECRET, TOKEN) if secret in words], words)


if __name__ == "__main__":
    support.main()
