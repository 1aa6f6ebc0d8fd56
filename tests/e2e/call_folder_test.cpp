// SPDX-License-Identifier: Apache-2.0
// Answers that a program leaves in a file, files of the event with names, and where programs start: the
// private folder of a call.
#include "base/text/base64.h"
#include "template_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::RecordedRequest;

constexpr std::size_t kLargestAnswer = 6 * 1024 * 1024 + 100;

class CallFolderTest : public TemplateFixture {
 protected:
  // A script whose $1 is the file that becomes the answer.
  void start_writer(const std::string& script, Variables variables = {}) {
    start(json{"sh", "-c", script, "sh", "{@>out.bin}"}, std::move(variables));
  }
};

/// What a program leaves where its answer should be, and what is said of it.
struct NoAnswer {
  std::string label;
  std::string script;
  std::string words;
};
class NoAnswerTest : public CallFolderTest, public testing::WithParamInterface<NoAnswer> {};

/// Settings that cannot work, and a part of the sentence.
struct BadStart {
  std::string label;
  json command;
  Variables variables;
  std::string words;
};
class BadCallFolderTest : public CallFolderTest, public testing::WithParamInterface<BadStart> {};

}  // namespace

TEST_F(CallFolderTest, AFileThatTheProgramWritesIsTheAnswer) {
  start_writer("echo this is log; echo so is this >&2; printf 'a\\0b\\377' >\"$1\"");
  EXPECT_EQ(bootstrap_.invoke().body, std::string("a\0b\xff", 4));
  EXPECT_TRUE(wait_for_empty_tmp());
  EXPECT_TRUE(bootstrap_.logs("this is log"));
  EXPECT_TRUE(bootstrap_.logs("so is this"));
}

TEST_F(CallFolderTest, TheFileHasItsNameAndIsNotThereBefore) {
  start_writer("[ ! -e \"$1\" ] && basename \"$1\" >\"$1\"");
  EXPECT_EQ(bootstrap_.invoke().body, "out.bin\n");
  EXPECT_EQ(bootstrap_.invoke().body, "out.bin\n") << "nor in a second call";
}

TEST_F(CallFolderTest, AnEmptyFileIsAnEmptyAnswer) {
  start_writer(": >\"$1\"");
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(error_type(post), "none");
  EXPECT_EQ(post.body, "");
}

TEST_P(NoAnswerTest, IsAFailedCallAndNothingIsFollowedOrWaitedFor) {
  bootstrap_.task_root.write("secret", "of nobody's business");
  const auto prepare = "secret='" + (bootstrap_.task_root / "secret") + "'; ";
  start_writer(prepare + "[ -z \"$(cat)\" ] || { echo fine >\"$1\"; exit; }\n" + GetParam().script);
  const auto post = bootstrap_.invoke("");
  EXPECT_EQ(error_type(post), "Function.InvalidResponse");
  EXPECT_NE(
      post.body.find("sh ended with status 0, but the file that was to be its answer is none: out.bin " +
                     GetParam().words),
      std::string::npos)
      << post.body;
  EXPECT_EQ(post.body.find("business"), std::string::npos);
  EXPECT_TRUE(wait_for_empty_tmp());
  EXPECT_EQ(bootstrap_.invoke("again").body, "fine\n");
}

INSTANTIATE_TEST_SUITE_P(
    Table, NoAnswerTest,
    testing::Values(NoAnswer{"nothing", "echo nothing >&2", "was not written"},
                    NoAnswer{"link", "ln -s \"$secret\" \"$1\"", "is a link"},
                    NoAnswer{"link_to_nowhere", "ln -s nowhere \"$1\"", "is a link"},
                    NoAnswer{"link_to_a_folder", "ln -s / \"$1\"", "is a link"},
                    NoAnswer{"folder", "mkdir \"$1\"", "is a folder"},
                    NoAnswer{"fifo", "mkfifo \"$1\"", "is a FIFO"},
                    NoAnswer{"socket",
                             "python3 -c 'import socket, sys; socket.socket(1).bind(sys.argv[1])' \"$1\"",
                             "is a socket"}),
    [](const auto& tested) { return tested.param.label; });

TEST_F(CallFolderTest, AFolderInThePlaceOfTheCallsOwnIsNotLookedInto) {
  start_writer("mv \"${1%/*}\" \"${1%/*}-moved\"; mkdir \"${1%/*}\"; echo another >\"$1\"");
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(error_type(post), "Function.InvalidResponse");
  EXPECT_NE(post.body.find("out.bin was not written"), std::string::npos) << post.body;
}

TEST_F(CallFolderTest, AnAnswerOfExactlyTheLimitIsSentAndOneByteMoreIsNot) {
  start_writer("head -c \"$(cat)\" /dev/zero >\"$1\"");
  EXPECT_EQ(bootstrap_.invoke(std::to_string(kLargestAnswer)).body, std::string(kLargestAnswer, '\0'));
  const auto refused = bootstrap_.invoke(std::to_string(kLargestAnswer + 1));
  EXPECT_EQ(error_type(refused), "Function.ResponseSizeTooLarge");
  EXPECT_EQ(bootstrap_.invoke("3").body, std::string(3, '\0'));
}

TEST_F(CallFolderTest, AnEndlessSparseFileIsTooLarge) {
  start_writer("truncate -s 100G \"$1\"");
  EXPECT_EQ(error_type(bootstrap_.invoke()), "Function.ResponseSizeTooLarge");
}

TEST_F(CallFolderTest, BinaryFilesGoIntoTheBodyOfAProxyResponse) {
  start_writer("printf 'a\\0b\\377' >\"$1\"",
               {{"SHELLSTRAP_RESPONSE_FORMAT", "base64"}, {"SHELLSTRAP_CONTENT_TYPE", "video/mp4"}});
  const auto answer = json::parse(bootstrap_.invoke().body);
  EXPECT_EQ(answer["body"], base::base64_encode(std::string("a\0b\xff", 4)));
  EXPECT_EQ(answer["isBase64Encoded"], true);
  EXPECT_EQ(answer["headers"]["Content-Type"], "video/mp4");
}

TEST_F(CallFolderTest, AFileMayHoldACgiResponse) {
  start_writer("printf 'Content-Type: text/plain\n\nbody' >\"$1\"", {{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}});
  const auto* request =
      R"({"version": "2.0", "rawPath": "/", "requestContext": {"http": {"method": "GET"}}})";
  EXPECT_EQ(json::parse(bootstrap_.invoke(request).body)["body"], "body");
}

TEST_F(CallFolderTest, OnlyAStatusThatSucceedsHasAnAnswer) {
  start_writer("echo written >\"$1\"; exit \"$(cat)\"", {{"SHELLSTRAP_SUCCESS", "0,3"}});
  EXPECT_EQ(bootstrap_.invoke("3").body, "written\n");
  EXPECT_EQ(error_type(bootstrap_.invoke("4")), "Function.Exit4");
}

TEST_F(CallFolderTest, FilesOfTheEventHaveTheirNames) {
  start(json{"sh", "-c", "for file; do basename \"$file\"; cat \"$file\"; echo; done", "sh",
             "{@in.html/body}", "{@whole.json}", "{@in-2.tar.gz/none:-text}"});
  const std::string event = R"({"body": "PGI+", "isBase64Encoded": true})";
  EXPECT_EQ(bootstrap_.invoke(event).body, "in.html\n<b>\nwhole.json\n" + event + "\nin-2.tar.gz\ntext\n");
  EXPECT_TRUE(wait_for_empty_tmp());
}

TEST_F(CallFolderTest, TheTextOfTheEventIsAnArgument) {
  start(json{"printf", "<%s>", "{@*}", "--x={@*}"});
  for (const std::string event : {R"({"a": "$(id) ' \"", "b": [1e400]})", "not JSON\n", "\xff\xfe", ""})
    EXPECT_EQ(bootstrap_.invoke(event).body, "<" + event + "><--x=" + event + ">");
}

TEST_F(CallFolderTest, AnEventThatIsNoArgumentIsRefusedAndTheNextOneServed) {
  start(json{"printf", "%s", "{@*}"});
  const std::string longest(131'071, 'x');
  EXPECT_EQ(bootstrap_.invoke(longest).body, longest);
  const auto too_long = bootstrap_.invoke(longest + "x");
  EXPECT_EQ(error_type(too_long), "Function.InvalidEvent");
  EXPECT_NE(
      too_long.body.find("the event makes an argument of more than 131071 bytes; {@} passes a long value"),
      std::string::npos)
      << too_long.body;
  const auto has_nul = bootstrap_.invoke(std::string("a\0b", 3));
  EXPECT_EQ(error_type(has_nul), "Function.InvalidEvent");
  EXPECT_NE(has_nul.body.find("the event has a NUL byte"), std::string::npos) << has_nul.body;
  const auto option = bootstrap_.invoke("-v");
  EXPECT_EQ(error_type(option), "Function.InvalidEvent");
  EXPECT_NE(option.body.find("the event begins an argument with"), std::string::npos) << option.body;
  EXPECT_EQ(bootstrap_.invoke("fine").body, "fine");
}

TEST_F(CallFolderTest, AnEventMayBeMarkedAsAnOption) {
  start(json{"printf", "%s", "{@*!}"});
  EXPECT_EQ(bootstrap_.invoke("-5").body, "-5");
}

TEST_F(CallFolderTest, ProgramsMayStartInAFreshPrivateFolder) {
  bootstrap_.task_root.write("where.sh", "#!/bin/sh\npwd; stat -c %a .; ls -A; : >left\n", 0755);
  start_handler("where.sh", {{"SHELLSTRAP_DIRECTORY", "per-invocation"}});
  const auto first = bootstrap_.invoke().body;
  const auto second = bootstrap_.invoke().body;
  EXPECT_TRUE(first.starts_with(tmp_ / "shellstrap-")) << first;
  EXPECT_TRUE(first.ends_with("\n700\n")) << first;
  EXPECT_NE(first, second);
  EXPECT_TRUE(wait_for_empty_tmp());
}

TEST_F(CallFolderTest, ThePrivateFolderIsGoneAfterATimeout) {
  start(json{"sh", "-c", ": >left; mkdir -m 0 closed; exec sleep 60"},
        {{"SHELLSTRAP_DIRECTORY", "per-invocation"}, {"SHELLSTRAP_TIMEOUT_MS", "1500"}});
  EXPECT_EQ(error_type(bootstrap_.invoke()), "Function.Timeout");
  EXPECT_TRUE(wait_for_empty_tmp());
}

TEST_F(CallFolderTest, EachRecordOfABatchHasAFolderOfItsOwn) {
  start(json{"sh", "-c", "[ ! -e left ] && : >left"},
        {{"SHELLSTRAP_DIRECTORY", "per-invocation"}, {"SHELLSTRAP_BATCH", "sqs"}});
  const auto record = [](const char* id) {
    return json{{"messageId", id}, {"eventSource", "aws:sqs"}, {"body", "x"}};
  };
  const auto post = bootstrap_.invoke(json{{"Records", {record("a"), record("b")}}}.dump());
  EXPECT_EQ(json::parse(post.body)["batchItemFailures"], json::array());
  EXPECT_TRUE(wait_for_empty_tmp());
}

TEST_F(CallFolderTest, ToolsThatWriteWhereTheyStartHaveTheirAnswerThere) {
  start(json{"sh", "-c", "mkdir public; tr a-z A-Z <in.txt >public/index.html", "sh", "{@in.txt/body}"},
        {{"SHELLSTRAP_DIRECTORY", "per-invocation"}, {"SHELLSTRAP_RESPONSE", "file:public/index.html"}});
  EXPECT_EQ(bootstrap_.invoke(R"({"body": "text"})").body, "TEXT");
  EXPECT_TRUE(wait_for_empty_tmp());
}

TEST_F(CallFolderTest, NoFolderOnTheWayToAnAnswerIsALink) {
  bootstrap_.task_root.write("index.html", "of nobody's business");
  start(json{"sh", "-c", "ln -s \"$0\" public", bootstrap_.task_root.path()},
        {{"SHELLSTRAP_DIRECTORY", "per-invocation"}, {"SHELLSTRAP_RESPONSE", "file:public/index.html"}});
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(error_type(post), "Function.InvalidResponse");
  EXPECT_NE(post.body.find("public/index.html is behind a link"), std::string::npos) << post.body;
}

TEST_F(CallFolderTest, ProgramsMayStartInAFolderOfTheFunction) {
  bootstrap_.task_root.write("site/page.txt", "page");
  start(json{"cat", "page.txt"}, {{"SHELLSTRAP_DIRECTORY", "site"}});
  EXPECT_EQ(bootstrap_.invoke().body, "page");
}

TEST_F(CallFolderTest, ProgramsMayStartInAnyFolder) {
  start(json{"pwd"}, {{"SHELLSTRAP_DIRECTORY", tmp_.path()}});
  EXPECT_EQ(bootstrap_.invoke().body, tmp_.path() + "\n");
}

TEST_F(CallFolderTest, AFolderThatCannotBeMadeFailsTheCallAsAFailedStart) {
  start(json{"pwd"}, {{"SHELLSTRAP_DIRECTORY", "per-invocation"}});
  fs::remove(tmp_.path());
  EXPECT_EQ(error_type(bootstrap_.invoke()), "Runtime.ExecFailed");
  fs::create_directory(tmp_.path());
  EXPECT_TRUE(bootstrap_.invoke().body.starts_with(tmp_.path()));
}

TEST_F(CallFolderTest, AShellFunctionStartsWhereItsShellIs) {
  bootstrap_.task_root.write("f.sh", "g() { pwd; }\n");
  start_handler("f.g", {{"SHELLSTRAP_DIRECTORY", "/tmp"}});
  EXPECT_NE(init_error().find("SHELLSTRAP_DIRECTORY is for programs; f.g is a shell function"),
            std::string::npos);
}

TEST_P(BadCallFolderTest, IsAnInitErrorThatSaysWhy) {
  start(GetParam().command, GetParam().variables);
  const auto error = init_error();
  EXPECT_NE(error.find(GetParam().words), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadCallFolderTest,
    testing::Values(
        BadStart{"no_folder", {"pwd"}, {{"SHELLSTRAP_DIRECTORY", "nowhere"}}, "nowhere is none"},
        BadStart{"response_without_folder",
                 {"pwd"},
                 {{"SHELLSTRAP_RESPONSE", "file:out.pdf"}},
                 "SHELLSTRAP_RESPONSE=file:out.pdf goes with SHELLSTRAP_DIRECTORY=per-invocation only"},
        BadStart{"response_beside_a_place",
                 {"touch", "{@>out.pdf}"},
                 {{"SHELLSTRAP_RESPONSE", "stderr"}},
                 "SHELLSTRAP_RESPONSE does not go with {@>out.pdf} of the command"},
        BadStart{"stream",
                 {"touch", "{@>out.pdf}"},
                 {{"SHELLSTRAP_INVOKE_MODE", "stream"}},
                 "{@>out.pdf} of the command goes with SHELLSTRAP_INVOKE_MODE=buffered only"},
        BadStart{"result",
                 {"touch", "{@>out.pdf}"},
                 {{"SHELLSTRAP_RESPONSE_FORMAT", "result"}},
                 "does not go with SHELLSTRAP_RESPONSE_FORMAT=result"},
        BadStart{"batch",
                 {"touch", "{@>out.pdf}"},
                 {{"SHELLSTRAP_BATCH", "sqs"}},
                 "does not go with SHELLSTRAP_BATCH"},
        BadStart{"two_answers", {"touch", "{@>a.pdf}", "x{@>b.pdf}"}, {}, "only one file can be the answer"},
        BadStart{"one_name_twice", {"cat", "{@a.txt/x}", "{@a.txt/y}"}, {}, "there is another file a.txt"},
        BadStart{"input_and_answer", {"cat", "{@>a.txt}", "{@a.txt/y}"}, {}, "there is another file a.txt"},
        BadStart{"code", {"sh", "-c", "{@*}"}, {}, "it is what sh runs"}),
    [](const auto& tested) { return tested.param.label; });
