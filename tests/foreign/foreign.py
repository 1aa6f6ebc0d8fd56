#!/usr/bin/env python3
"""foreign.py --programs DIR --deps DIR CASE: one case, or 77 with the reason where a foreign program is missing.

The AWS CLI and boto3 call `shellstrap serve`; AWS's runtime for Python runs under `serve --only-apis`; @vercel/fun
runs our bootstrap. Runs itself again with the Python of DIR/venv, where these are installed.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent", "LANG": "C.UTF-8",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


class Serve:
    """shellstrap serve on a free port, in a folder of its own; ended and waited for on exit."""

    def __init__(self, files, *arguments):
        self.folder = tempfile.TemporaryDirectory()
        for name, text in files.items():
            path = pathlib.Path(self.folder.name, name)
            path.write_text(text)
            path.chmod(0o755)
        self.process = subprocess.Popen([programs / "shellstrap", "serve", "--port", "0", *arguments],
                                        cwd=self.folder.name, env=ENVIRONMENT, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.log = []
        self.said = threading.Condition()
        threading.Thread(target=self.read_log, daemon=True).start()
        self.url = self.process.stdout.readline().strip()

    def read_log(self):
        for line in self.process.stderr:
            with self.said:
                self.log.append(line)
                self.said.notify_all()

    def find_in_log(self, pattern):
        """The first group of the first line that matches, waiting for it."""
        with self.said:
            found = lambda: [m for m in map(re.compile(pattern).search, self.log) if m]
            assert self.said.wait_for(found, 20), self.log
            return found()[0].group(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        assert self.process.wait(20) == 143, self.process.returncode

    def client(self, **settings):
        import boto3
        import botocore.config
        config = botocore.config.Config(retries={"total_max_attempts": 1}, **settings)
        return boto3.client("lambda", endpoint_url=self.url, config=config, region_name="us-east-1",
                            aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="example")

    def aws(self, *arguments):
        """aws lambda invoke ARGUMENTS: what it prints, and what it writes."""
        out = pathlib.Path(self.folder.name, "out.json")
        result = subprocess.run([deps / "venv/bin/aws", "lambda", "invoke", "--endpoint-url", self.url,
                                 "--function-name", "fn", *arguments, str(out)],
                                env=ENVIRONMENT, text=True, capture_output=True, timeout=60)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout), out.read_text()


ECHO = {"x.sh": "#!/bin/sh\necho to the log >&2\ncat\n"}


def AwsCliInvokesAShellScript():
    with Serve(ECHO, "x.sh") as serve:
        said, answer = serve.aws("--payload", '{"name": "Ada"}')
        assert said == {"StatusCode": 200, "ExecutedVersion": "$LATEST"}, said
        assert answer == '{"name": "Ada"}', answer


def AwsCliLinesOfReadmeAndServeWorkAsTheyStand():
    """On a machine without a region, credentials or a configuration; with our port, which is a free one."""
    root = pathlib.Path(__file__).resolve().parents[2]
    hello = {"hello.sh": (root / "handlers/hello.sh").read_text()}
    for page in ("README.md", "docs/serve.md"):
        text = (root / page).read_text().replace("\\\n", " ")
        lines = re.findall(r"^\$ (.*aws lambda invoke .*)", text, re.M)
        assert len(lines) == 1, (page, lines)
        with Serve(hello, "hello.sh") as serve:
            plain = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("AWS_")}
            result = subprocess.run(lines[0].replace("http://127.0.0.1:9000", serve.url), shell=True, cwd=serve.folder.name,
                                    env=plain | {"PATH": f"{deps}/venv/bin:{plain['PATH']}"}, text=True, capture_output=True, timeout=60)
            assert result.returncode == 0, (page, result.stderr)
            assert json.loads(pathlib.Path(serve.folder.name, "out.json").read_text()) == {"message": "Hello, Ada!"}, page


def AwsCliSeesAFunctionError():
    with Serve({"x.sh": "#!/bin/sh\necho broken >&2\nexit 3\n"}, "x.sh") as serve:
        said, answer = serve.aws()
        assert said["StatusCode"] == 200 and said["FunctionError"] == "Unhandled", said
        assert json.loads(answer)["errorType"] == "Function.Exit3", answer


def AwsCliGetsTheTailOfTheLog():
    import base64
    with Serve(ECHO, "x.sh") as serve:
        said, _ = serve.aws("--log-type", "Tail")
        log = base64.b64decode(said["LogResult"]).decode()
        assert re.fullmatch(r"START RequestId: (\S+) Version: \$LATEST\nto the log\nEND RequestId: \1\nREPORT .*\n", log), log


def AwsCliTakesAnEventForLater():
    with Serve({"x.sh": "#!/bin/sh\ncat >got\n"}, "x.sh") as serve:
        said, _ = serve.aws("--invocation-type", "Event", "--payload", "[7]")
        assert said == {"StatusCode": 202}, said
        serve.find_in_log("(REPORT)")
        assert pathlib.Path(serve.folder.name, "got").read_text() == "[7]"


def SdkSeesATimeoutAndTheNextCallWorks():
    with Serve({"x.sh": '#!/bin/sh\nread n; [ "$n" = 2 ] || sleep 60; echo fine\n'}, "x.sh", "--timeout", "2") as serve:
        client = serve.client()
        begin = time.monotonic()
        late = client.invoke(FunctionName="fn", Payload=b"1")
        took = time.monotonic() - begin
        assert took < 2.2, took
        assert late["FunctionError"] == "Unhandled"
        assert "Task timed out after 2.00 seconds" in json.load(late["Payload"])["errorMessage"]
        assert client.invoke(FunctionName="fn", Payload=b"2")["Payload"].read() == b"fine\n"


def SdkMakesExceptionsOfRefusals():
    import botocore.exceptions
    with Serve(ECHO, "x.sh", "--name", "fn") as serve:
        client = serve.client()
        for error, arguments in (
                ("ResourceNotFoundException", {"FunctionName": "other"}),
                ("InvalidRequestContentException", {"FunctionName": "fn", "Payload": b"{"}),
                ("RequestEntityTooLargeException", {"FunctionName": "fn", "Payload": b'"' + b"x" * 6291456 + b'"'})):
            try:
                client.invoke(**arguments)
            except botocore.exceptions.ClientError as refused:
                assert refused.response["Error"]["Code"] == error, refused
                assert refused.response["Error"]["Message"], refused.response
            else:
                raise AssertionError(error)


def SdkPassesClientContextAndQualifierOn():
    import base64
    script = '#!/bin/sh\nprintf \'["%s", %s]\' "$AWS_LAMBDA_FUNCTION_ARN" "$LAMBDA_RUNTIME_CLIENT_CONTEXT"\n'
    with Serve({"x.sh": script}, "x.sh") as serve:
        context = base64.b64encode(b'{"custom": {"a": 1}}').decode()
        for name in "fn", "123456789012:function:fn", "arn:aws:lambda:us-east-1:123456789012:function:fn":
            answer = serve.client().invoke(FunctionName=name, Qualifier="prod", ClientContext=context)
            arn, custom = json.load(answer["Payload"])
            assert arn == "arn:aws:lambda:us-east-1:123456789012:function:fn:prod", arn
            assert custom == {"custom": {"a": 1}}, custom


def SdkGetsAThousandAnswersFromEightClientsEachItsOwn():
    with Serve({"f.sh": "handler() { printf %s \"$1\"; }\n"}, "f.handler", "--environments", "4", "--timeout", "30") as serve:
        right = []

        def call(number, client):
            for i in range(125):
                event = json.dumps({"client": number, "call": i}).encode()
                right.append(client.invoke(FunctionName="fn", Payload=event)["Payload"].read() == event)

        threads = [threading.Thread(target=call, args=(number, serve.client())) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert right == [True] * 1000, (len(right), right.count(True))


def streamed(serve, **arguments):
    """The events of one streamed call, as they come: the bytes of chunks, and the end."""
    answer = serve.client().invoke_with_response_stream(FunctionName="fn", **arguments)
    assert answer["StatusCode"] == 200 and answer["ExecutedVersion"] == "$LATEST", answer
    for event in answer["EventStream"]:
        yield event["PayloadChunk"]["Payload"] if "PayloadChunk" in event else event["InvokeComplete"]


STREAMS = ["--env", "SHELLSTRAP_INVOKE_MODE=stream", "--timeout", "30", "x.sh"]


def SdkReadsAStreamWhileTheHandlerStillRuns():
    script = "#!/bin/sh\necho first; until [ -e go ]; do sleep 0.02; done; head -c 3000000 /dev/zero\n"
    with Serve({"x.sh": script}, *STREAMS) as serve:
        events = streamed(serve, LogType="Tail")
        assert next(events) == b"first\n"
        pathlib.Path(serve.folder.name, "go").touch()  # only now can it end
        *chunks, end = events
        assert b"".join(chunks) == bytes(3000000)
        assert "ErrorCode" not in end and "LogResult" in end, end


def SdkSeesAnErrorInMidStream():
    with Serve({"x.sh": "#!/bin/sh\necho begun; exit 3\n"}, *STREAMS) as serve:
        begun, end = streamed(serve)
        assert begun == b"begun\n" and end["ErrorCode"] == "Function.Exit3", (begun, end)
        assert json.loads(end["ErrorDetails"])["errorType"] == "Function.Exit3", end


def SdkSeesAnErrorBeforeAStream():
    with Serve({"x.sh": "#!/bin/sh\nexit 3\n"}, *STREAMS) as serve:
        (end,) = streamed(serve)
        assert end["ErrorCode"] == "Function.Exit3" and "exited with status 3" in end["ErrorDetails"], end


def SdkStreamsABufferedAnswer():
    with Serve(ECHO, "x.sh") as serve:
        assert list(streamed(serve, Payload=b"[1]")) == [b"[1]", {}]
        answer = serve.client().invoke_with_response_stream(FunctionName="fn", InvocationType="DryRun")
        assert answer["StatusCode"] == 204, answer


def AwsRuntimeForPythonServesUnderOnlyApis():
    with Serve({}, "--only-apis", "--runtime-api-port", "0") as serve:
        address = serve.find_in_log(r"AWS_LAMBDA_RUNTIME_API=(\S+)")
        pathlib.Path(serve.folder.name, "app.py").write_text(
            "def handler(event, context):\n"
            "    if event == 'fail': raise ValueError('as asked')\n"
            "    return {'got': event, 'id': context.aws_request_id, 'arn': context.invoked_function_arn}\n")
        runtime = subprocess.Popen([deps / "venv/bin/python", "-m", "awslambdaric", "app.handler"],
                                   cwd=serve.folder.name, env={**ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": address,
                                                               "PYTHONPATH": serve.folder.name})
        try:
            answer = serve.client().invoke(FunctionName="fn", Payload=b'{"a": 1}')
            body = json.load(answer["Payload"])
            assert body["got"] == {"a": 1} and body["id"] == answer["ResponseMetadata"]["RequestId"], body
            failed = serve.client().invoke(FunctionName="fn", Payload=b'"fail"')
            assert failed["FunctionError"] == "Unhandled"
            assert json.load(failed["Payload"])["errorType"] == "ValueError"
            assert "got" in json.load(serve.client().invoke(FunctionName="fn")["Payload"])
        finally:
            runtime.kill()
            runtime.wait()


def VercelFunRunsOurBootstrap():
    module = deps / "node/node_modules/@vercel/fun"
    if not module.exists():
        reason = deps / "skipped-node"
        skip(reason.read_text().strip() if reason.exists() else "no @vercel/fun: run scripts/setup foreign")
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "bootstrap").write_bytes((programs / "bootstrap").read_bytes())
        pathlib.Path(folder, "x.sh").write_text("#!/bin/sh\necho '{\"got\":'\ncat\necho '}'\n")
        for name in "bootstrap", "x.sh":
            pathlib.Path(folder, name).chmod(0o755)
        script = """
            const { createFunction } = require(process.argv[1]);
            (async () => {
              const f = await createFunction({ Code: { Directory: process.argv[2] }, Handler: 'x.sh', Runtime: 'provided',
                                               Environment: { Variables: {} } });
              for (const n of [1, 2]) console.log(JSON.stringify(await f({ n })));
              await f.destroy();
            })().catch((e) => { console.error(e); process.exit(1); });
        """
        result = subprocess.run(["node", "-e", script, str(module), folder], text=True, capture_output=True, timeout=60,
                                env={**ENVIRONMENT, "HOME": folder})
        assert result.stdout == '{"got":{"n":1}}\n{"got":{"n":2}}\n', (result.stdout, result.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--deps", type=pathlib.Path, required=True)
    parser.add_argument("case")
    options = parser.parse_args()
    programs, deps = options.programs.resolve(), options.deps.resolve()
    python = deps / "venv/bin/python"
    if not (deps / "venv/.made").exists():
        reason = deps / "skipped-venv"
        skip(reason.read_text().strip() if reason.exists() else "no AWS CLI and SDK: run scripts/setup foreign")
    if pathlib.Path(sys.prefix) != deps / "venv":
        os.execv(python, [str(python), *sys.argv])
    globals()[options.case]()
