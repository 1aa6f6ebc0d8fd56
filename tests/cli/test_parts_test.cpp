// SPDX-License-Identifier: Apache-2.0
// What `shellstrap test` is made of, without a function.
#include "cli/cases/secrets.h"
#include "cli/cases/test_difference.h"
#include "cli/cases/test_json.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace {

using cli::first_difference;
using Lines = std::vector<std::string>;

// ---- Differences.

TEST(DifferenceTest, NamesTheLineAndShowsBothSides) {
  EXPECT_EQ(first_difference("a\nb\nc\n", "a\nB\nC\n"),
            (Lines{"line 2 differs", "expected: b\\n", "answer:   B\\n"}));
  EXPECT_EQ(first_difference("a\nb", ""), (Lines{"line 1 differs", "expected: a\\n",
                                                 "answer:   (nothing, 0 bytes "
                                                 "in all)"}));
  EXPECT_EQ(first_difference("a\n", "a\nb\n"),
            (Lines{"line 2 differs", "expected: (nothing, 2 bytes in all)", "answer:   b\\n"}));
  EXPECT_EQ(first_difference("a", "ab"), (Lines{"line 1 differs", "expected: a", "answer:   ab"}));
}

TEST(DifferenceTest, FarOutInALongLineIsShownFromShortlyBefore) {
  const std::string same(100'000, 'x');
  const auto lines = first_difference(same + "one" + same, same + "two" + same);
  for (const auto& line : lines) EXPECT_LT(line.size(), 200U);
  EXPECT_TRUE(lines[1].starts_with("expected: ...xxxx")) << lines[1];
  EXPECT_NE(lines[1].find("xone"), std::string::npos);
  EXPECT_NE(lines[2].find("xtwo"), std::string::npos);
}

TEST(DifferenceTest, OutputHoldsNoControlCharacterAndNoBrokenUtf8) {
  EXPECT_EQ(cli::shown("é\x1b[2J\r\n\t\x7f\xff\xc2\x9b\xe2\x82"),
            "é\\x1b[2J\\r\\n\\t\\x7f\\xff\\xc2\\x9b\\xe2\\x82");
  EXPECT_EQ(cli::shown("ééé", 3), "...éé");
  EXPECT_EQ(cli::shown("abcdef", 0, 3), "abc...");
}

// ---- JSON.

std::vector<handler::JsonPointer> masks(const Lines& texts) {
  std::vector<handler::JsonPointer> pointers;
  for (const auto& text : texts)
    pointers.push_back(std::get<handler::JsonPointer>(handler::JsonPointer::parse(text)));
  return pointers;
}

TEST(JsonFormTest, IsTheSameForWhatMeansTheSame) {
  EXPECT_EQ(cli::json_form("{\"b\":[1,2],\"a\":\"\\u0041\"}", {}),
            cli::json_form(" {\"a\":\"A\", \"b\": [1, 2]}\n", {}));
  EXPECT_NE(cli::json_form("[1,2]", {}), cli::json_form("[2,1]", {}));
  EXPECT_NE(cli::json_form("1", {}), cli::json_form("1.0", {}));
  EXPECT_EQ(cli::json_form("{\"a\": 1} x", {}), std::nullopt);
  EXPECT_EQ(cli::json_form("", {}), std::nullopt);
}

TEST(JsonFormTest, MasksReachMembersAndItemsAndNothingThatIsNotThere) {
  const auto masked = masks({"/a~1b/1", "/c", "/nowhere/0", "/a~1b/7", "/c/d"});
  EXPECT_EQ(cli::json_form("{\"a/b\": [0, {\"x\": 1}, 2], \"c\": null}", masked),
            cli::json_form("{\"a/b\": [0, \"*\", 2], \"c\": \"*\"}", {}));
  EXPECT_EQ(cli::json_form("[1]", masked), cli::json_form("[1]", {}));
}

TEST(JsonFormTest, DepthIsLimitedAndBracketsInStringsAreNone) {
  const std::string brackets(cli::kDeepest + 1, '[');
  EXPECT_TRUE(cli::is_too_deep(brackets));
  EXPECT_FALSE(cli::is_too_deep("\"" + brackets + "\""));
  EXPECT_FALSE(cli::is_too_deep("\"\\\"" + brackets));
  const std::string flat(cli::kDeepest, '[');
  EXPECT_TRUE(cli::json_form(flat + std::string(cli::kDeepest, ']'), {}));
}

TEST(SteadyErrorTest, HasNoMeasuresAndNoStack) {
  EXPECT_EQ(
      cli::steady_error(
          "{\"errorType\":\"T\",\"stackTrace\":[],\"errorMessage\":\"x was killed after 12 ms, peak "
          "memory 6.4 MB, after all 5 ms after 1 s\"}"),
      cli::json_form(
          "{\"errorType\":\"T\",\"errorMessage\":\"x was killed after * ms, peak memory * MB, after all 5 "
          "ms after 1 s\"}",
          {}));
  EXPECT_EQ(cli::steady_error("no JSON"), "no JSON");
}

// ---- Secrets.

TEST(SecretsTest, AreToldByTheNamesOfVariables) {
  for (const auto* name :
       {"API_TOKEN", "token", "DB_PASSWORD", "GIT_SSH_KEY", "KEY", "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "WEBHOOK_SECRET", "APIKEY", "BASIC_AUTH", "SENTRY_DSN"})
    EXPECT_TRUE(cli::has_secret_name(name)) << name;
  for (const auto* name :
       {"PATH", "KEYBOARD", "MONKEY", "AUTHOR", "SHELLSTRAP_COMMAND", "LANG", "COMPASS", "AWS_REGION"})
    EXPECT_FALSE(cli::has_secret_name(name)) << name;
}

base::Environment environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  base::Environment result;
  for (const auto& [name, value] : variables) result.set(name, value);
  return result;
}

TEST(SecretsTest, AreReplacedAsTheyAreAndAsJsonHasThem) {
  const cli::Secrets secrets(environment({{"A_TOKEN", "secret"},
                                          {"B_TOKEN", "secretive"},
                                          {"C_KEY", "line 1\nline \"2\""},
                                          {"PLAIN", "visible"}}));
  EXPECT_EQ(secrets.redacted("a secretive, secret and visible line"),
            "a REDACTED, REDACTED and visible line");
  EXPECT_EQ(secrets.redacted("line 1\nline \"2\"|line 1\\nline \\\"2\\\""), "REDACTED|REDACTED");
  EXPECT_TRUE(secrets.are_in("x secret"));
  EXPECT_FALSE(secrets.are_in("nothing"));
}

TEST(SecretsTest, AreReplacedAsUrlsHaveThem) {
  const cli::Secrets secrets(environment({{"A_TOKEN", "a/b c:d"}}));
  EXPECT_EQ(secrets.redacted("a%2Fb%20c%3Ad a%2fb+c%3ad a/b c:d a%2Fb"), "REDACTED REDACTED REDACTED a%2Fb");
}

TEST(SecretsTest, ValuesThatAreTooShortAreNamedAndLeftAlone) {
  const cli::Secrets secrets(environment({{"A_TOKEN", "1"}, {"B_TOKEN", ""}}));
  EXPECT_EQ(secrets.too_short(), Lines{"A_TOKEN"});
  EXPECT_EQ(secrets.redacted("1 2"), "1 2");
}

}  // namespace
