# SPDX-License-Identifier: Apache-2.0
"""resident.py SOCKET: the AWS CLI, loaded once. Each call is a fork of this process, with the caller's words, folder,
variables and descriptors: the CLI's own code in a third of the processor time, two thirds of which are imports.

Run by the Python of scripts/install-deploy. `client` is the `aws` that asks it.
"""
import json
import os
import signal
import socket
import sys
import traceback

CLIENT = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
    server.connect("{path}")
    socket.send_fds(server, [json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()], [0, 1, 2])
    sys.exit(int(server.recv(16) or 70))
"""


def client(path):
    """The text of a program that is an `aws` to its caller."""
    return CLIENT.format(python=sys.executable, path=path)


def serve(path):
    import awscli.clidriver
    import awscli.handlers  # noqa: F401 with the next ones, what every call would import
    import botocore.auth  # noqa: F401
    import botocore.httpsession  # noqa: F401
    import botocore.waiter  # noqa: F401
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks: each answers its caller itself
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.bind(path)
        server.listen(16)
        print("ready", flush=True)
        while True:
            caller, _ = server.accept()
            if os.fork() == 0:
                server.close()
                answer(caller, awscli.clidriver.main)
            caller.close()


def answer(caller, cli):
    """Runs the call as if it were a program of its own, and never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    message, descriptors, _, _ = socket.recv_fds(caller, 1 << 20, 3)
    words, folder, environment = json.loads(message)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    own = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}  # set by the import
    os.environ.clear()
    os.environ.update(environment | own)
    sys.argv = ["aws", *words]
    status = 70
    try:
        status = cli()
    except SystemExit as end:
        status = end.code or 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        caller.send(str(status).encode())
        os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
