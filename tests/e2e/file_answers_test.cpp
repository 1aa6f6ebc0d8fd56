// SPDX-License-Identifier: Apache-2.0
// SHELLSTRAP_RESPONSE=file: the answer's descriptor is a file in memory. What is in it at the end is the
// answer.
#include "support/bootstrap_process.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <chrono>
#include <map>
#include <ostream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::size_t kLargestFile = 6 * 1024 * 1024 + 100;

enum class FileHandler { program, function, command };

class FileAnswerTest : public testing::TestWithParam<FileHandler> {
 protected:
  // The body finds the event on its standard input; a command has a file of it as an argument, too.
  void start(const std::string& body, std::map<std::string, std::string> environment = {}) {
    bootstrap_.task_root.write("program", "#!/bin/sh\n" + body, 0755);
    bootstrap_.task_root.write("functions.sh", "handler() {\n" + body + "}\n");
    environment.emplace("SHELLSTRAP_RESPONSE", "memory");
    if (GetParam() == FileHandler::command)
      environment["SHELLSTRAP_COMMAND"] = json{"./program", "{@}"}.dump();
    bootstrap_.start({.handler = GetParam() == FileHandler::function ? "functions.handler" : "program",
                      .arguments = {},
                      .environment = std::move(environment)});
  }

  json error_of(const support::RecordedRequest& post) {
    EXPECT_TRUE(post.path.ends_with("/error")) << post.path;
    return json::parse(post.body, nullptr, false);
  }

  support::BootstrapProcess bootstrap_;
};

TEST_P(FileAnswerTest, TheDescriptorIsARegularFileAndItsContentTheAnswer) {
  start("[ -f /dev/fd/1 ] && echo file; [ -p /dev/fd/2 ] && echo log is a pipe; echo noise >&2\n");
  EXPECT_EQ(bootstrap_.invoke().body, "file\nlog is a pipe\n");
  bootstrap_.wait_until_idle();
  EXPECT_TRUE(bootstrap_.logs("noise"));
}

TEST_P(FileAnswerTest, EveryCallStartsWithAnEmptyOne) {
  start("read -r event; case $event in *long*) seq 100000;; *none*) ;; *) echo short;; esac\n");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(bootstrap_.invoke("\"long\"\n").body.size(), 588'895U);
    EXPECT_EQ(bootstrap_.invoke("\"short\"\n").body, "short\n");
    EXPECT_EQ(bootstrap_.invoke("\"none\"\n").body, "");
  }
}

TEST_P(FileAnswerTest, TheLimitIsThatOfEveryAnswer) {
  start("read -r bytes; head -c \"$bytes\" /dev/zero\n");
  EXPECT_EQ(bootstrap_.invoke(std::to_string(kLargestFile) + "\n").body.size(), kLargestFile);
  const auto error = error_of(bootstrap_.invoke(std::to_string(kLargestFile + 1) + "\n"));
  EXPECT_EQ(error["errorType"], "Function.ResponseSizeTooLarge");
  EXPECT_NE(error["errorMessage"].get<std::string>().find("the limit is 6291556"), std::string::npos)
      << error;
}

TEST_P(FileAnswerTest, WhatGrowsWithoutEndIsEndedWhileItRuns) {
  start("yes\n");
  const auto error = error_of(bootstrap_.invoke());  // long before its deadline
  EXPECT_EQ(error["errorType"], "Function.ResponseSizeTooLarge");
}

TEST_P(FileAnswerTest, SoIsWhatIsOnlyMadeToLookLarge) {
  start("truncate -s 1T /dev/fd/1; sleep 60\n");
  EXPECT_EQ(error_of(bootstrap_.invoke())["errorType"], "Function.ResponseSizeTooLarge");
}

TEST_P(FileAnswerTest, AProgramMayGoBackInItAndCutIt) {
  start(
      "python3 -c 'import os; os.write(1, b\"??? and more\"); os.pwrite(1, b\"yes\", 0); os.truncate(1, "
      "8)'\n");
  EXPECT_EQ(bootstrap_.invoke().body, "yes and ");
}

// As with a shell's own `>answer`: docs/handlers.md has the table.
TEST_P(FileAnswerTest, NamesOfTheDescriptorAreTheFileOpenedAnew) {
  start(
      "read -r way; echo one; case $way in\n"
      "  again) echo two >&1; echo three;; empty) echo two >/dev/fd/1; echo three;;\n"
      "  *) echo two >>/dev/fd/1;; esac\n");
  EXPECT_EQ(bootstrap_.invoke("again\n").body, "one\ntwo\nthree\n");
  EXPECT_EQ(bootstrap_.invoke("empty\n").body, "two\nthree\n");
  EXPECT_EQ(bootstrap_.invoke("append\n").body, "one\ntwo\n");
}

// What stands at the program's own place is written over.
TEST_P(FileAnswerTest, WhatIsAppendedBesideIsWrittenOverByWhatFollows) {
  start("echo one; echo two >>/dev/fd/1; echo 3\n");
  EXPECT_EQ(bootstrap_.invoke().body, "one\n3\no\n");
}

TEST_P(FileAnswerTest, AppendingIsUndoneForTheNextCall) {
  start(
      "python3 -c 'import fcntl, os; fcntl.fcntl(1, fcntl.F_SETFL, os.O_APPEND); os.write(1, b\"a\"); "
      "os.lseek(1, 0, 0); os.write(1, b\"b\")'\n");
  EXPECT_EQ(bootstrap_.invoke().body, "ab");
  EXPECT_EQ(bootstrap_.invoke().body, "ab");
}

TEST_P(FileAnswerTest, AFailedCallsErrorObjectIsReadFromIt) {
  start("echo '{\"errorType\":\"Own\",\"errorMessage\":\"words\"}'; echo last words >&2; exit 3\n");
  const auto error = error_of(bootstrap_.invoke());
  EXPECT_EQ(error["errorType"], "Own");
  EXPECT_EQ(error["errorMessage"], "words");
}

TEST_P(FileAnswerTest, WhatIsWrittenBehindTheEndReachesNoOtherCall) {
  start("read -r way; [ \"$way\" = leave ] && { (while echo late; do :; done) & }; echo answer\n");
  EXPECT_TRUE(bootstrap_.invoke("leave\n").path.ends_with("/response"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bootstrap_.invoke("plain\n").body, "answer\n");
  bootstrap_.wait_until_idle();  // or what was left would outlive a bootstrap that is killed before its sweep
}

TEST_P(FileAnswerTest, TheDeadlineIsEnforced) {
  start("echo begun; sleep 60\n", {{"SHELLSTRAP_TIMEOUT_MS", "300"}});
  EXPECT_EQ(error_of(bootstrap_.invoke())["errorType"], "Function.Timeout");
}

std::string name_of_file_answer(const testing::TestParamInfo<FileHandler>& tested) {
  constexpr const char* kNames[] = {"program", "function", "command"};
  return kNames[static_cast<std::size_t>(tested.param)];
}

INSTANTIATE_TEST_SUITE_P(All, FileAnswerTest,
                         testing::Values(FileHandler::program, FileHandler::function, FileHandler::command),
                         name_of_file_answer);

struct FileFormat {
  const char* name;
  const char* body;
  const char* answer;
};

void PrintTo(const FileFormat& format, std::ostream* out) {
  *out << format.name;
}

class FileFormatTest : public testing::TestWithParam<std::tuple<FileFormat, const char*>> {};

// One shape of a request is enough: how formats work is said elsewhere.
TEST_P(FileFormatTest, AnswersAsFromAPipe) {
  const auto& [format, channel] = GetParam();
  support::BootstrapProcess bootstrap;
  bootstrap.task_root.write("program", std::string("#!/bin/sh\n") + format.body, 0755);
  bootstrap.start(
      {.handler = "program",
       .arguments = {},
       .environment = {{"SHELLSTRAP_RESPONSE", channel}, {"SHELLSTRAP_RESPONSE_FORMAT", format.name}}});
  const auto body = bootstrap
                        .invoke(R"({"version":"2.0","rawPath":"/","rawQueryString":"","headers":{},)"
                                R"("requestContext":{"http":{"method":"GET","path":"/"}}})")
                        .body;
  EXPECT_NE(body.find(format.answer), std::string::npos) << body;
}

constexpr FileFormat kFileFormats[] = {
    {"raw", "printf 'a b'\n", "a b"},
    {"json", "echo '{\"a\": 1}'\n", "{\"a\": 1}"},
    {"text", "printf 'a b'\n", "\"body\":\"a b\""},
    {"base64", "printf 'a b'\n", "\"body\":\"YSBi\""},
    {"cgi", "printf 'Status: 201 Made\\nContent-Type: text/x\\n\\na b'\n", "201"},
    {"result", "printf 'a b'; printf 'c d' >&2; exit 4\n",
     "\"exitCode\":4,\"stdout\":\"a b\",\"stderr\":\"c d\""},
};

INSTANTIATE_TEST_SUITE_P(All, FileFormatTest,
                         testing::Combine(testing::ValuesIn(kFileFormats),
                                          testing::Values("stdout", "memory")),
                         [](const auto& tested) {
                           return std::string(std::get<0>(tested.param).name) + "_" +
                                  std::get<1>(tested.param);
                         });

TEST(FileSettingTest, StreamingIsAnInitErrorThatNamesBothSettings) {
  support::BootstrapProcess bootstrap;
  bootstrap.task_root.write("program", "#!/bin/sh\n", 0755);
  bootstrap.start({.handler = "program",
                   .arguments = {},
                   .environment = {{"SHELLSTRAP_RESPONSE", "memory"}, {"SHELLSTRAP_INVOKE_MODE", "stream"}}});
  const auto post = bootstrap.wait_for_post();
  EXPECT_EQ(post.path, "/2018-06-01/runtime/init/error");
  EXPECT_NE(post.body.find("SHELLSTRAP_RESPONSE=memory"), std::string::npos) << post.body;
  EXPECT_NE(post.body.find("SHELLSTRAP_INVOKE_MODE=buffered"), std::string::npos) << post.body;
}

}  // namespace
