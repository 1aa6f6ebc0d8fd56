# SPDX-License-Identifier: Apache-2.0
"""Stands between the AWS CLI and moto: writes down every call, and does what moto lacks of the service.

moto neither gives nor checks a function's RevisionId, answers every list in one page, has every update through at once,
and without Docker no function ever fails. Here revisions change when an update is accepted and once more when it is
through (as the service does), lists have pages, updates take some polls or fail, and calls fail where a test says so.
"""
import collections
import dataclasses
import http.client
import http.server
import json
import threading
import urllib.parse

from calls import call_of

TELL_OF_FUNCTIONS = ("lambda:UpdateFunctionConfiguration", "lambda:GetFunctionConfiguration", "lambda:ListFunctions")


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @staticmethod
    def error(status, code, message):
        body = json.dumps({"Type": "User", "message": message, "Message": message}).encode()
        return Answer(status, {"x-amzn-ErrorType": code, "Content-Type": "application/json"}, body)


class Front:
    """A server on a free loopback port. The attributes say how it differs from moto; `clear` makes it as it was."""

    def __init__(self, upstream):
        self.upstream = urllib.parse.urlsplit(upstream).netloc
        self.lock = threading.RLock()
        self.clear()
        handler = type("BoundHandler", (Handler,), {"front": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join(60)
        self.server.server_close()

    def clear(self):
        with self.lock:
            self.calls = []
            self.rules = []                              # call -> Answer, or None to go on
            self.page = 1000
            self.polls = None                            # how often an update is seen under way; None: never
            self.failing_updates = set()                 # functions whose updates fail after they were accepted
            self.failing_functions = set()               # functions that answer with an error
            self.revisions = collections.Counter()
            self.under_way = {}                          # (region, function) -> polls left
            self.failed = set()

    def changes(self):
        """The calls that are no questions."""
        with self.lock:
            return [call for call in self.calls if not call.reads]

    def answer(self, method, path, headers, body):
        call = call_of(method, path, headers, body)
        with self.lock:
            self.calls.append(call)
            answers = [rule(call) for rule in self.rules]
            refused = next(filter(None, answers), None) or self.refuse(call)
            return refused or self.finish(call, path, self.forward(method, path, headers, body))

    def forward(self, method, path, headers, body):
        connection = http.client.HTTPConnection(self.upstream, timeout=120)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def refuse(self, call):
        if call.action == "lambda:UpdateFunctionConfiguration":
            place, wanted = (call.region, call.names[0]), call.json().get("RevisionId")
            if wanted is not None and wanted != self.revision(place):
                return Answer.error(412, "PreconditionFailedException", "The Revision Id does not match the latest one.")
            if place in self.under_way:
                return Answer.error(409, "ResourceConflictException", "An update is in progress for this function.")
        return None

    def revision(self, place):
        return f"{place[1]}-revision-{self.revisions[place]}"

    def somebody_changes(self, region, name):
        """As if somebody else had changed something of the function just now."""
        with self.lock:
            self.revisions[(region, name)] += 1

    def finish(self, call, path, answer):
        if answer.status >= 300:
            return answer
        if call.action == "lambda:InvokeFunction" and call.names[0] in self.failing_functions:
            return Answer(200, {"X-Amz-Function-Error": "Unhandled"}, b'{"errorType": "Function.Exit3"}')
        if call.action == "lambda:UpdateFunctionConfiguration":
            self.accept((call.region, call.names[0]))
        if call.action in TELL_OF_FUNCTIONS:
            answer = self.with_revisions(call, answer)
        if call.action in ("lambda:ListFunctions", "lambda:ListLayerVersions"):
            answer = self.paged(path, answer)
        return answer

    def accept(self, place):
        self.revisions[place] += 1
        self.failed.discard(place)
        if self.polls is None:
            self.end(place)
        else:
            self.under_way[place] = self.polls

    def end(self, place):
        """An update is through."""
        self.under_way.pop(place, None)
        self.revisions[place] += 1
        if place[1] in self.failing_updates:
            self.failed.add(place)

    def with_revisions(self, call, answer):
        found = json.loads(answer.body)
        for function in found.get("Functions", [found]):
            place = (call.region, function["FunctionName"])
            if call.action == "lambda:GetFunctionConfiguration":
                self.poll(place)
            function["RevisionId"] = self.revision(place)
            if call.action != "lambda:ListFunctions":
                function |= {"LastUpdateStatus": self.status(place), "LastUpdateStatusReason": "the layer is broken"}
        return Answer(answer.status, answer.headers, json.dumps(found).encode())

    def poll(self, place):
        """One poll nearer to the end of an update, if there is one."""
        left = self.under_way.get(place)
        if left == 0:
            self.end(place)
        elif left:
            self.under_way[place] -= 1

    def status(self, place):
        return "InProgress" if place in self.under_way else "Failed" if place in self.failed else "Successful"

    def paged(self, path, answer):
        found = json.loads(answer.body)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
        start = int(query.get("Marker", ["0"])[0])
        key = next(name for name in ("Functions", "LayerVersions") if name in found)
        rest = found[key][start:]
        page = {key: rest[:self.page]} | ({"NextMarker": str(start + self.page)} if len(rest) > self.page else {})
        return Answer(answer.status, answer.headers, json.dumps(page).encode())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    front = None
    LEFT_OUT = {"content-length", "transfer-encoding", "connection", "server", "date", "x-amz-crc32"}

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.front.answer(self.command, self.path, dict(self.headers), body)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in self.LEFT_OUT:
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve

    def log_message(self, *_):
        pass
