# SPDX-License-Identifier: Apache-2.0
"""Servers for the git layer's clients, on the loopback of a network namespace of their own: http, https and ssh.

    enter()          builds the layers that the calling test needs, where there still is a network, and runs it again in
                     such a namespace, where every port is free
    Http(folder)     /NAME serves folder/NAME with git's own http-backend; /private/NAME asks for a password first
    Ssh(folder)      an sshd that lets one key in
"""
import base64
import http.server
import os
import pathlib
import pwd
import shutil
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

import zips

INSIDE = zips.WITHOUT_NETWORK
TOKEN = "s3cret-t0ken"
USER = "x-access-token"


def enter():
    """Returns in the namespace; exits 77 where none can be had."""
    if os.environ.get(INSIDE):
        return
    zips.build_for_this_program()
    command = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"]
    if os.geteuid() == 0:  # sshd's folder, which only root's sshd asks for
        command += ["--tmpfs", "/run", "--dir", "/run/sshd"]
    if shutil.which("bwrap") is None or subprocess.run([*command, "true"], capture_output=True).returncode != 0:
        print("skipped: no bubblewrap, or this user may not make namespaces")
        sys.exit(77)
    os.execvpe("bwrap", [*command, sys.executable, "-B", *sys.argv], {**os.environ, INSIDE: "1"})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path, _, query = self.path.partition("?")
        path = urllib.parse.unquote(path)
        private = path.startswith("/private/")
        if private and not self.may_in():
            return self.reply(401, [("WWW-Authenticate", 'Basic realm="test"')], b"")
        path = path.removeprefix("/private")
        body = self.body()
        environment = {**os.environ, "GIT_PROJECT_ROOT": str(self.server.folder), "GIT_HTTP_EXPORT_ALL": "1",
                       "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command,
                       "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
                       "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                       "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "REMOTE_USER": USER, "REMOTE_ADDR": "127.0.0.1"}
        done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line]
        status = next((int(value.split()[0]) for name, value in lines if name == "Status"), 200)
        self.reply(status, [(name, value) for name, value in lines if name != "Status"], content)

    do_POST = do_GET

    def may_in(self):
        given = self.headers.get("Authorization", "")
        self.server.authorizations.append(given)
        return given == "Basic " + base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def reply(self, status, headers, content):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Http:
    def __init__(self, folder, certificate=None):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.folder = folder
        self.server.authorizations = []
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def authorizations(self):
        return self.server.authorizations

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def authority(folder):
    """(the file of a private CA, the file of a certificate and its key for 127.0.0.1)."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test CA",
            "-addext", "keyUsage=critical,keyCertSign", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1",
            "-keyout", "server.key", "-out", "server.csr")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1",
            "-extfile", "names", "-out", "server.crt")
    both = folder / "server.pem"
    both.write_text((folder / "server.crt").read_text() + (folder / "server.key").read_text())
    return folder / "ca.pem", both


class Ssh:
    """Where the user that runs the test has no line in passwd, sshd is told of one by the layer's own means."""

    def __init__(self, folder, preload):
        self.folder = folder
        self.environment = {**os.environ, **self.user(preload)}
        self.key = self.make_key("client").read_text()
        host = self.make_key("host")
        self.port = 2222
        self.known_hosts = f"[127.0.0.1]:{self.port} " + host.with_suffix(".pub").read_text()
        shutil.copy(folder / "client.pub", folder / "authorized")
        (folder / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1\nPort {self.port}\nHostKey {host}\nAuthorizedKeysFile {folder}/authorized\nUsePAM no\n"
            "StrictModes no\nPermitRootLogin yes\nPasswordAuthentication no\nPidFile none\n")
        self.log = open(folder / "sshd.log", "w")
        self.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", folder / "sshd_config"],
                                        env=self.environment, stderr=self.log, stdin=subprocess.DEVNULL)
        self.wait()

    def make_key(self, name):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name],
                       check=True, env=self.environment)
        return self.folder / name

    def user(self, preload):
        try:
            self.name = pwd.getpwuid(os.getuid()).pw_name
            return {}
        except KeyError:
            self.name = "tester"
        (self.folder / "passwd").write_text(f"tester:x:{os.getuid()}:{os.getgid()}::{self.folder}:/bin/sh\n")
        (self.folder / "group").write_text(f"tester:x:{os.getgid()}:\n")
        return {"LD_PRELOAD": str(preload), "NSS_WRAPPER_PASSWD": str(self.folder / "passwd"),
                "NSS_WRAPPER_GROUP": str(self.folder / "group")}

    def wait(self):
        deadline = time.monotonic() + 60
        while "Server listening" not in (self.folder / "sshd.log").read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "sshd.log").read_text() or "sshd does not listen")
            time.sleep(0.02)

    def said(self):
        return (self.folder / "sshd.log").read_text()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
