// SPDX-License-Identifier: Apache-2.0
#include "cli/aws/aws_answer.h"
#include "cli/aws/shell_line.h"
#include "cli/deploy/deploy_settings.h"
#include "cli/deploy/names.h"
#include "cli/deploy/wanted.h"
#include "cli/remote/log_events.h"

#include <array>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace {

TEST(AwsAnswerTest, TheServicesCodeAndSentenceAreTakenOutOfWhatTheCliSays) {
  const cli::Hidden nothing;
  const auto refused = cli::parse_refusal(
      "\naws: [ERROR]: An error occurred (AccessDenied) when calling the GetRole operation (reached max "
      "retries: 2): You may\nnot.  \n",
      nothing);
  EXPECT_EQ(refused.text(), "You may not. (AccessDenied)");
  EXPECT_EQ(cli::parse_refusal("\nUnable to locate credentials\n", nothing).text(),
            "Unable to locate credentials");
  EXPECT_EQ(cli::parse_refusal("", nothing).text(), "the AWS CLI failed without a word");
  EXPECT_EQ(cli::parse_refusal("An error occurred (", nothing).text(), "An error occurred (");
}

TEST(AwsAnswerTest, HiddenValuesAreFoundAsTheyAreAndInJson) {
  const cli::Hidden hidden({"se\"cret", "secret\nlines", "abc", "secret", "secretsecret"});
  EXPECT_EQ(hidden.from(R"x(a se"cret, "se\"cret", secret\nlines secretsecret secret)x"),
            R"x(a (hidden), "(hidden)", (hidden) (hidden) (hidden))x");
  EXPECT_EQ(hidden.from("too long. String measured: {\"X\":\"abc\"}"), "too long. ");
  EXPECT_EQ(hidden.from("abc stays: it is in too many words"), "abc stays: it is in too many words");
}

TEST(AwsAnswerTest, VersionsAreReadAndWhatIsNoneIsTheOldest) {
  using Version = std::pair<int, int>;
  EXPECT_EQ(cli::parse_aws_version("aws-cli/1.46.3 Python/3.11.7 Linux/6.1 botocore/1.44.3"), Version(1, 46));
  EXPECT_EQ(cli::parse_aws_version("aws-cli/2.31.13 Python/3.13"), Version(2, 31));
  for (const auto* text : {"", "aws-cli/", "aws-cli/2", "aws-cli/x.y", "aws-cli/99999999999.1", "help"})
    EXPECT_EQ(cli::parse_aws_version(text), Version(0, 0)) << text;
}

TEST(LogEventsTest, WhatIsNoListOfEventsIsAnErrorAndWhatEventsLackIsEmpty) {
  for (const auto* text : {"", "[]", "{}", R"({"events": 1})", "{\"events\": ["})
    EXPECT_FALSE(cli::parse_log_events(text).ok()) << text;
  const auto events =
      cli::parse_log_events(R"({"events": [{"message": "b", "timestamp": 2}, {"message": 1}, 3, null]})");
  ASSERT_TRUE(events.ok());
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ((*events)[0].message, "");
  EXPECT_EQ((*events)[1].message, "b");
}

TEST(LogEventsTest, AgesHaveAUnitAndALimit) {
  EXPECT_EQ(cli::parse_age("90s"), std::chrono::seconds(90));
  EXPECT_EQ(cli::parse_age("2h"), std::chrono::seconds(7200));
  EXPECT_EQ(cli::parse_age("1d"), std::chrono::seconds(86400));
  for (const auto* text : {"", "10", "m", "-1m", "1w", "10m ", "99999999999999999999s", "1000001d"})
    EXPECT_EQ(cli::parse_age(text), std::nullopt) << text;
}

TEST(DeployNamesTest, NothingThatTheCliWouldReadAsAnOptionOrAFilePasses) {
  for (const auto* text : {"", "-x", "file:///etc/passwd", "a b", "a\n", "http://x"}) {
    EXPECT_FALSE(cli::is_function_name(text)) << text;
    EXPECT_FALSE(cli::is_alias_name(text)) << text;
    EXPECT_FALSE(cli::is_role(text)) << text;
    EXPECT_FALSE(cli::is_region(text)) << text;
    EXPECT_FALSE(cli::is_handler(text)) << text;
    EXPECT_FALSE(cli::is_arn(text)) << text;
  }
  EXPECT_TRUE(cli::is_handler("function.greet"));
  EXPECT_TRUE(cli::is_role("arn:aws:iam::123456789012:role/service-role/x"));
  EXPECT_FALSE(cli::is_alias_name("12"));
  EXPECT_FALSE(cli::is_version("1a"));
}

TEST(DeploySettingsTest, AnyKindOfValueInAnyPlaceIsASentenceOrASetting) {
  constexpr std::array kValues = {
      "null", "1",   "-1", "1.5",         "1e99",       "\"\"", "\"x\"",
      "[]",   "[1]", "{}", R"({"a": 1})", R"([["x"]])", "true", "18446744073709551615"};
  for (const auto* name : {"name", "alias", "region", "role", "handler", "arch", "invoke_mode", "memory",
                           "timeout", "layers", "environment", "tags", "url", "bootstrap"})
    for (const auto* value : kValues) {
      const auto read = cli::parse_deploy_settings("{\"" + std::string(name) + "\": " + value + "}");
      if (!read) {
        EXPECT_TRUE(read.error().message.starts_with("\"" + std::string(name) + "\" takes ")) << value;
      }
    }
}

TEST(DeploySettingsTest, AnUnknownKeyNamesTheNearestOne) {
  const auto message = [](const char* text) { return cli::parse_deploy_settings(text).error().message; };
  EXPECT_EQ(message(R"({"memroy": 1})"), "there is no setting \"memroy\"; did you mean \"memory\"?");
  EXPECT_EQ(message(R"({"url": true, "url": false})"), "\"url\" is there twice");
}

TEST(WantedTest, ALayerIsCalledAsItsFileWithoutVersionAndFolder) {
  EXPECT_EQ(cli::layer_name_of("../dist/shellstrap-0.1.0-x86_64.zip"), "shellstrap-x86_64");
  EXPECT_EQ(cli::layer_name_of("shellstrap-tool-git-arm64.zip"), "shellstrap-tool-git-arm64");
  EXPECT_EQ(cli::layer_name_of("a b.zip"), "");
  EXPECT_EQ(cli::layer_name_of("1.2.3.zip"), "");
}

TEST(ShellLineTest, WordsAreQuotedWhereAShellWouldReadThem) {
  EXPECT_EQ(cli::shell_line({"aws", "--tags", "{\"a\": \"it's\"}", "", "$x"}),
            R"(aws --tags '{"a": "it'\''s"}' '' '$x')");
}

}  // namespace
