// SPDX-License-Identifier: Apache-2.0
// SHELLSTRAP_RESPONSE_FORMAT=result through the real bootstrap.
#include "support/bootstrap_process.h"

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

class ResultTest : public testing::Test {
 protected:
  void start(const std::string& script, std::map<std::string, std::string> more = {}) {
    more["SHELLSTRAP_RESPONSE_FORMAT"] = "result";
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(more)});
  }

  /// The answer without its figures, which must be there.
  json result(const std::string& event = "{}") {
    const auto post = bootstrap_.invoke(event);
    EXPECT_TRUE(post.path.ends_with("/response")) << post.path << post.body;
    auto answer = json::parse(post.body, nullptr, false);
    EXPECT_GE(answer.value("durationMs", -1.0), 0.0) << post.body;
    EXPECT_TRUE(answer.contains("maxRssKb")) << post.body;
    answer.erase("durationMs");
    answer.erase("maxRssKb");
    return answer;
  }

  std::string error_type() {
    return bootstrap_.invoke().header("Lambda-Runtime-Function-Error-Type").value_or("none");
  }

  support::BootstrapProcess bootstrap_;
};

TEST_F(ResultTest, EveryStatusIsAnAnswer) {
  start("read -r status; echo out; echo err >&2; exit \"$status\"");
  for (const int status : {0, 1, 3, 127, 139, 255})
    EXPECT_EQ(result(std::to_string(status) + "\n"),
              (json{{"exitCode", status}, {"stdout", "out\n"}, {"stderr", "err\n"}}));
}

TEST_F(ResultTest, ASignalIsNoStatus) {
  start("echo out; kill -SEGV $$");
  EXPECT_EQ(result(),
            (json{{"exitCode", nullptr}, {"signal", "SIGSEGV"}, {"stdout", "out\n"}, {"stderr", ""}}));
}

TEST_F(ResultTest, WhatIsNoUtf8IsBase64AndSaysSo) {
  start("printf '\\377\\000'; printf '\\001\"\\\\\\303\\244' >&2");
  EXPECT_EQ(
      result(),
      (json{{"exitCode", 0}, {"stdout", "/wA="}, {"stdoutBase64", true}, {"stderr", "\x01\"\\\u00e4"}}));
}

TEST_F(ResultTest, BinaryStandardErrorIsBase64) {
  start("printf '\\377' >&2");
  EXPECT_EQ(result(), (json{{"exitCode", 0}, {"stdout", ""}, {"stderr", "/w=="}, {"stderrBase64", true}}));
}

TEST_F(ResultTest, StandardErrorIsLoggedAllTheSame) {
  start("echo 'to both' >&2");
  EXPECT_EQ(result()["stderr"], "to both\n");
  EXPECT_TRUE(bootstrap_.logs("to both\n"));
}

TEST_F(ResultTest, LargeStreamsAreWhole) {
  start("head -c 300000 /dev/zero | tr '\\0' 'a'; head -c 300000 /dev/zero | tr '\\0' 'b' >&2");
  const auto answer = result();
  EXPECT_EQ(answer["stdout"], std::string(300'000, 'a'));
  EXPECT_EQ(answer["stderr"], std::string(300'000, 'b'));
}

TEST_F(ResultTest, AnErrorObjectIsOutputLikeAnyOther) {
  start("printf '{\"errorType\":\"X\"}'; exit 1");
  EXPECT_EQ(result()["stdout"], "{\"errorType\":\"X\"}");
}

TEST_F(ResultTest, TheDeadlineStaysAnError) {
  start("exec sleep 300", {{"SHELLSTRAP_TIMEOUT_MS", "200"}});
  EXPECT_EQ(error_type(), "Function.Timeout");
}

TEST_F(ResultTest, EitherStreamMayBeTooLarge) {
  start("if read -r _; then exec head -c 7000000 /dev/zero; fi; exec head -c 7000000 /dev/zero >&2");
  EXPECT_EQ(error_type(), "Function.ResponseSizeTooLarge");
  EXPECT_EQ(bootstrap_.invoke("line\n").header("Lambda-Runtime-Function-Error-Type"),
            "Function.ResponseSizeTooLarge");
}

TEST_F(ResultTest, BothStreamsTogetherMayBeTooLarge) {
  start("head -c 4000000 /dev/zero | tr '\\0' a; head -c 4000000 /dev/zero | tr '\\0' a >&2");
  EXPECT_EQ(error_type(), "Function.ResponseSizeTooLarge");
}

TEST_F(ResultTest, AFunctionOfAShellFileHasOneWithoutItsMemory) {
  bootstrap_.task_root.write("f.sh", "handler() { echo hi; return 4; }\n");
  bootstrap_.start(
      {.handler = "f.handler", .arguments = {}, .environment = {{"SHELLSTRAP_RESPONSE_FORMAT", "result"}}});
  const auto answer = json::parse(bootstrap_.invoke().body);
  EXPECT_EQ(answer["exitCode"], 4);
  EXPECT_EQ(answer["stdout"], "hi\n");
  EXPECT_TRUE(answer["maxRssKb"].is_null());
}

}  // namespace
