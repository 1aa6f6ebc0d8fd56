// SPDX-License-Identifier: Apache-2.0
// SHELLSTRAP_RESPONSE_FORMAT json, text and base64, through the real bootstrap.
#include "support/bootstrap_process.h"

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

class FormatsTest : public testing::Test {
 protected:
  void start(const std::string& script, const std::string& format,
             std::map<std::string, std::string> more = {}) {
    more["SHELLSTRAP_RESPONSE_FORMAT"] = format;
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(more)});
  }

  support::BootstrapProcess bootstrap_;
};

TEST_F(FormatsTest, JsonIsPassedOnByteForByte) {
  start("cat", "json", {{"SHELLSTRAP_CONTENT_TYPE", "application/problem+json"}});
  const std::string text = " {\"a\" : [1,\n2e3]}\n";
  const auto posted = bootstrap_.invoke(text);
  EXPECT_EQ(posted.body, text);
  EXPECT_EQ(posted.header("Content-Type"), "application/problem+json");
}

TEST_F(FormatsTest, WhatIsNoJsonIsAnErrorWithItsPlace) {
  start("printf '{\\n \"a\": secret}'", "json");
  const auto posted = bootstrap_.invoke();
  EXPECT_TRUE(posted.path.ends_with("/error"));
  EXPECT_EQ(posted.header("Lambda-Runtime-Function-Error-Type"), "Function.InvalidResponse");
  const auto message = json::parse(posted.body)["errorMessage"].get<std::string>();
  EXPECT_TRUE(message.starts_with("the answer of ")) << message;
  EXPECT_NE(message.find("handler.sh is not JSON: line 2, column 7 (byte 9): invalid literal"),
            std::string::npos)
      << message;
  EXPECT_EQ(message.find("secret"), std::string::npos) << message;
}

TEST_F(FormatsTest, ACgiResponseThatIsNoJsonNamesTheFormatForIt) {
  start("printf 'Content-Type: text/html\\n\\n<p>hi'", "json");
  const auto message = json::parse(bootstrap_.invoke().body)["errorMessage"].get<std::string>();
  EXPECT_NE(message.find(", but a CGI response: set SHELLSTRAP_RESPONSE_FORMAT=cgi"), std::string::npos)
      << message;
}

TEST_F(FormatsTest, TextAndBase64AreProxyResponses) {
  start("printf 'one\\n'", "text");
  EXPECT_EQ(json::parse(bootstrap_.invoke().body),
            json::parse(R"({"statusCode":200,"headers":{"Content-Type":"text/plain; charset=utf-8"},
                            "body":"one\n","isBase64Encoded":false})"));
}

TEST_F(FormatsTest, BytesAreWrappedAsBase64WithTheTypeThatWasSet) {
  start("printf '\\377\\000'", "base64", {{"SHELLSTRAP_CONTENT_TYPE", "image/png"}});
  const auto posted = bootstrap_.invoke();
  EXPECT_EQ(posted.header("Content-Type"), "application/json");
  EXPECT_EQ(json::parse(posted.body), json::parse(R"({"statusCode":200,"headers":{"Content-Type":"image/png"},
                                                      "body":"/wA=","isBase64Encoded":true})"));
}

TEST_F(FormatsTest, TheLimitIsForWhatIsSent) {
  start("exec head -c 4800000 /dev/zero", "base64");
  const auto posted = bootstrap_.invoke();
  EXPECT_EQ(posted.header("Lambda-Runtime-Function-Error-Type"), "Function.ResponseSizeTooLarge");
}

TEST_F(FormatsTest, AFunctionOfAShellFileHasFormats) {
  bootstrap_.task_root.write("f.sh", "handler() { printf '[1' ; }\n");
  bootstrap_.start(
      {.handler = "f.handler", .arguments = {}, .environment = {{"SHELLSTRAP_RESPONSE_FORMAT", "json"}}});
  EXPECT_EQ(bootstrap_.invoke().header("Lambda-Runtime-Function-Error-Type"), "Function.InvalidResponse");
}

}  // namespace
