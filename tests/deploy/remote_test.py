# SPDX-License-Identifier: Apache-2.0
"""shellstrap invoke --remote, logs and rollback with a stand-in for the AWS CLI."""
import json
import signal
import time

import support
from verbs import Verbs

ID, OTHER = "8476a536-e9f4-11e8-9739-2dfe598c3fcd", "11111111-e9f4-11e8-9739-2dfe598c3fcd"


class RemoteInvokeTest(Verbs):
    def setUp(self):
        super().setUp()
        self.deploy()
        self.rules()

    def invoke(self, *words, status=0):
        return self.run_verb("invoke", "--remote", *words, status=status)

    def test_the_answer_is_printed_byte_for_byte_and_the_end_of_the_log_beside_it(self):
        self.rules(answer={"body": '{"a": "\\u00e4"}  ', "log": "START\na line\nREPORT\n"})
        result = self.invoke("hello", "-d", '{"name": "Ada"}')
        self.assertEqual((result.stdout, result.stderr), ('{"a": "\\u00e4"}  ', "START\na line\nREPORT\n"))

    def test_the_event_travels_in_a_private_file_to_the_alias_of_the_folder(self):
        self.write("event.json", '{"token": "canary"}')
        self.assertEqual(self.invoke("./hello", "-e", "event.json").stdout, '{"token": "canary"}')
        call = self.calls()[-1]
        self.assertNotIn("canary", json.dumps(call["words"]))
        self.assertEqual(list(call["modes"].values()), [0o600])
        self.assertEqual(call["words"][:6], ["lambda", "invoke", "--function-name", "hello", "--qualifier", "live"])
        self.assertIn("--cli-read-timeout", call["words"])

    def test_names_and_qualifiers(self):
        self.write("hello/deploy.json", '{"name": "hello", "alias": "other", "region": "eu-north-1"}')
        (self.folder / "hello").rename(self.folder / "folder")
        for word, expected in (("hello", []), ("hello:live", ["--qualifier", "live"]), ("hello:1", ["--qualifier", "1"])):
            self.invoke(word)
            words = self.calls()[-1]["words"]
            self.assertEqual(words[:4 + len(expected)], ["lambda", "invoke", "--function-name", "hello", *expected])
            self.assertNotIn("--region", words)
        self.invoke("folder", status=2)
        words = self.calls()[-1]["words"]
        self.assertEqual(words[4:6] + words[words.index("--region"):][:2], ["--qualifier", "other", "--region", "eu-north-1"])

    def test_several_events_each_with_an_answer_on_a_line_of_its_own(self):
        self.assertEqual(self.invoke("hello", "-d", "1", "-d", "2", "--repeat", "2").stdout, "1\n2\n1\n2")

    def test_a_function_error_is_status_1_and_a_failed_init_2(self):
        error = '{"errorType": "Function.Exit3", "errorMessage": "exit status 3"}'
        self.rules(answer={"body": error, "error": True, "log": "REPORT RequestId: x\tStatus: error\n"})
        self.assertEqual(self.invoke("hello", status=1).stdout, error)
        self.rules(answer={"body": error, "error": True,
                           "log": "INIT_REPORT Init Duration: 5 ms\tPhase: init\tStatus: error\tError Type: Runtime.HandlerNotFound\n"})
        self.assertEqual(self.invoke("hello", status=2).stdout, error)

    def test_what_the_service_refuses_is_a_sentence(self):
        result = self.invoke("hello:gone", status=2)
        self.assertEqual((result.stdout, result.stderr),
                         ("", "shellstrap: error: version gone is not there (ResourceNotFoundException)\n"))

    def test_an_event_that_is_no_json_is_refused_before_any_call(self):
        self.assertIn("-d is not JSON", self.invoke("hello", "-d", "{", status=2).stderr)
        self.assertEqual(self.calls(), [])

    def test_options_of_this_machine_are_refused(self):
        for words in (["--timeout", "5"], ["--memory", "256"], ["--env", "AB=1"], ["--env-file", "x"], ["--parallel", "2"],
                      ["--like-lambda"], ["--bootstrap", "x"], ["--trace-api"], ["--tenant", "x"], ["--task-root", "."]):
            self.assertIn(f"{words[0]} is for functions on this machine", self.invoke("hello", *words, status=2).stderr)
        self.assertIn("give either --remote or", self.invoke("--", "jq", status=2).stderr)

    def test_ctrl_c_ends_the_call_and_leaves_no_event(self):
        self.rules(hang="invoke")
        process = self.start("invoke", "--remote", "hello", "-d", "1")
        self.wait_for(lambda: (self.aws / "hangs").exists())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        self.assertEqual((process.returncode, list((self.folder / "tmp").iterdir())), (130, []))


class LogsTest(Verbs):
    def setUp(self):
        super().setUp()
        now = int(time.time() * 1000)
        lines = [("a", 3, f"START RequestId: {ID} Version: 1\n"), ("b", 4, f"START RequestId: {OTHER} Version: 1\n"),
                 ("a", 5, "mine\n"), ("b", 6, "other\n"), ("a", 7, f"END RequestId: {ID}\n"),
                 ("a", 8, f"REPORT RequestId: {ID}\tDuration: 1 ms\n"), ("a", 9, "later\n"), ("b", 10, f'{{"requestId":"{ID}"}}')]
        events = [{"eventId": str(number), "logStreamName": stream, "timestamp": now - 10_000 + at, "message": message}
                  for number, (stream, at, message) in enumerate(lines)]
        events.append({"eventId": "old", "logStreamName": "a", "timestamp": now - 3_600_000, "message": "an hour ago\n"})
        self.events = events
        state = self.state()
        state["events"] = list(reversed(events))
        (self.aws / "state.json").write_text(json.dumps(state))

    def logs(self, *words, status=0):
        return self.run_verb("logs", *words, status=status).stdout

    def test_the_last_ten_minutes_in_the_order_of_time(self):
        text = self.logs("hello")
        self.assertEqual(text.splitlines(), [event["message"].strip() for event in self.events[:-1]])
        self.assertEqual(self.logs("hello/"), text)
        self.assertTrue(self.logs("hello", "--since", "2h").startswith("an hour ago\nSTART"))
        self.assertEqual(self.logs("hello", "--since", "1s"), "")

    def test_the_lines_of_one_call_are_found_though_they_do_not_name_it(self):
        self.assertEqual(self.logs("hello", "--request-id", ID).splitlines(), [
            f"START RequestId: {ID} Version: 1", "mine", f"END RequestId: {ID}", f"REPORT RequestId: {ID}\tDuration: 1 ms",
            f'{{"requestId":"{ID}"}}'])

    def test_follow_prints_what_comes_once_and_also_what_comes_late(self):
        process = self.start("logs", "hello", "--follow")
        first = [process.stdout.readline() for _ in self.events[:-1]]
        self.assertEqual(first[2], "mine\n")
        late = {"eventId": "late", "logStreamName": "a", "timestamp": self.events[0]["timestamp"] - 5000, "message": "late"}
        new = {"eventId": "new", "logStreamName": "a", "timestamp": int(time.time() * 1000), "message": "new"}
        (self.aws / "late.new").write_text("".join(json.dumps(event) + "\n" for event in (late, new)))
        (self.aws / "late.new").rename(self.aws / "late")
        self.assertEqual([process.stdout.readline(), process.stdout.readline()], ["late\n", "new\n"])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.communicate(timeout=120), ("", ""))
        self.assertEqual(process.returncode, 130)

    def test_follow_waits_for_the_first_call_too(self):
        process = self.start("logs", "other", "--follow")
        self.wait_for(lambda: len(self.calls()) > 2)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.communicate(timeout=120), ("", ""))

    def test_what_is_refused(self):
        for words, sentence in ((["other"], "there is no log /aws/lambda/other"), (["hello", "--since", "soon"], "--since takes"),
                                (["hello", "--request-id", '"x'], "--request-id takes the id of a call"),
                                (["a b"], '"a b" is neither a folder nor a function\'s NAME')):
            self.assertIn(sentence, self.run_verb("logs", *words, status=2).stderr)


class RollbackVerbTest(Verbs):
    def setUp(self):
        super().setUp()
        for memory in (128, 256, 512):
            self.settings(memory=memory)
            self.deploy()
        self.rules()

    def test_a_plan_comes_first(self):
        result = self.run_verb("rollback", "hello")
        self.assertIn("hello, alias live: version 3 -> 2\n    aws lambda update-alias --function-name hello --name live "
                      "--function-version 2", result.stderr)
        self.assertIn("nothing was changed; --yes does it", result.stderr)
        self.assertEqual(self.changes(), [])

    def test_one_step_back_and_another_one_and_forth(self):
        for words, served in (([], "2"), ([], "1"), (["--to", "3"], "3"), (["--to", "3"], "3")):
            self.run_verb("rollback", "hello", "--yes", *words)
            self.assertEqual(self.served(), served)
        self.assertEqual(self.operations(), ["update-alias"] * 3)

    def test_versions_that_are_not_there(self):
        self.assertIn("there is no version 9; there are: 1 2 3", self.run_verb("rollback", "--to", "9", "hello", status=2).stderr)
        self.run_verb("rollback", "hello", "--to", "1", "--yes")
        self.assertIn("there is no version before 1", self.run_verb("rollback", "hello", "--yes", status=2).stderr)
        self.assertIn("was it deployed?", self.run_verb("rollback", "hello", "--alias", "beta", status=2).stderr)

    def test_a_refusal_leaves_the_alias_where_it_is(self):
        self.rules(fail_at=1)
        self.assertIn("injected (ServiceException)", self.run_verb("rollback", "hello", "--yes", status=1).stderr)
        self.assertEqual(self.served(), "3")

    def test_the_next_deployment_moves_the_alias_forth_again(self):
        self.run_verb("rollback", "hello", "--yes")
        self.rules()
        self.deploy()
        self.assertEqual((self.operations(), self.served()), (["publish-version", "update-alias"], "3"))


if __name__ == "__main__":
    support.main()
