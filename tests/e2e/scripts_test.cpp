// SPDX-License-Identifier: Apache-2.0
// layer/shellstrap/functions.sh: sourced by bash and by dash, and found by shell functions without that.
#include "base/deadline.h"
#include "support/bootstrap_process.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::ToolResult;

/// A shell that reads the file as a script would, under `set -eu`.
class ScriptsTest : public testing::TestWithParam<const char*> {
 protected:
  static ToolResult run(const std::string& script, const std::string& input = "",
                        std::vector<std::string> variables = {}) {
    variables.push_back("PATH=/usr/local/bin:/usr/bin:/bin");
    const auto file = support::source_dir() + "/layer/shellstrap/functions.sh";
    return support::run_tool({GetParam(), "-euc", ". \"$1\"; " + script, GetParam(), file}, input, variables);
  }

  static std::string decoded(const std::string& text, const std::string& locale = "C.UTF-8") {
    const auto result = run("shellstrap_json \"$DATA\"", "", {"DATA=" + text, "LC_ALL=" + locale});
    EXPECT_EQ(result.err, "");
    const auto literal = "\"" + result.out.substr(0, result.out.size() - 1) + "\"";
    const auto parsed = json::parse(literal, nullptr, false);
    return parsed.is_string() ? parsed.get<std::string>() : "no JSON: " + literal;
  }
};

INSTANTIATE_TEST_SUITE_P(All, ScriptsTest, testing::Values("bash", "dash"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_P(ScriptsTest, EveryByteOfAsciiComesBackFromJson) {
  std::string all;
  for (char c = 1; c < 127; ++c) all += c;
  all += '\x7f';
  EXPECT_EQ(decoded(all), all);
  EXPECT_EQ(decoded(all, "C"), all);
  EXPECT_EQ(decoded(""), "");
  EXPECT_EQ(decoded("\n\n"), "\n\n");
}

TEST_P(ScriptsTest, TextComesBackWhateverTheLocale) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "a\u00e9\u20ac\"\U0001F600\\";
  EXPECT_EQ(decoded(text), text);
  EXPECT_EQ(decoded(text, "C"), text);
}

TEST_P(ScriptsTest, WhatIsNoUtf8IsReplaced) {
  const std::string unknown = "\ufffd";
  EXPECT_EQ(decoded("a\xff"
                    "b"),
            "a" + unknown + "b");
  EXPECT_EQ(decoded("\xc3"), unknown);
  EXPECT_EQ(decoded("\xe2\x82x"), unknown + unknown + "x");
  EXPECT_EQ(decoded("\xc0\x80"), unknown + unknown) << "too long";
  EXPECT_EQ(decoded("\xed\xa0\x80"), unknown + unknown + unknown) << "a surrogate";
  EXPECT_EQ(decoded("\xf4\x90\x80\x80"), unknown + unknown + unknown + unknown) << "beyond Unicode";
}

TEST_P(ScriptsTest, EveryByteMakesJson) {
  for (const int first : {0x01, 0x0a, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef,
                          0xf0, 0xf4, 0xf5, 0xff}) {
    std::string text(1, static_cast<char>(first));
    for (int next = 1; next < 256; next += 3) text += {static_cast<char>(next), static_cast<char>(first)};
    EXPECT_EQ(decoded(text).find("no JSON"), std::string::npos) << first;
  }
}

TEST_P(ScriptsTest, TheLocaleStaysWhatItWas) {
  EXPECT_EQ(run("shellstrap_json a >/dev/null; echo \"${LC_ALL-unset}\"").out, "unset\n");
  EXPECT_EQ(run("shellstrap_json a >/dev/null; echo \"${LC_ALL-unset}\"", "", {"LC_ALL=C.UTF-8"}).out,
            "C.UTF-8\n");
}

TEST_P(ScriptsTest, RemainingTimeIsThatToTheDeadline) {
  const auto left = [](std::chrono::milliseconds from_now) {
    const auto deadline = (base::unix_now() + from_now).count();
    return run("shellstrap_remaining_ms", "", {"AWS_LAMBDA_DEADLINE_MS=" + std::to_string(deadline)}).out;
  };
  const auto hour = std::stol(left(std::chrono::hours(1)));
  EXPECT_LE(hour, 3'600'000);
  EXPECT_GT(hour, 3'500'000);
  EXPECT_EQ(left(std::chrono::hours(-1)), "0\n");
}

TEST_P(ScriptsTest, WithoutADeadlineThereIsNoRemainingTime) {
  const auto result = run("shellstrap_remaining_ms || echo none");
  EXPECT_EQ(result.out, "none\n");
  EXPECT_EQ(run("shellstrap_remaining_ms || echo none", "", {"AWS_LAMBDA_DEADLINE_MS=soon"}).out, "none\n");
}

TEST_P(ScriptsTest, LogLinesHaveTheirLevel) {
  EXPECT_EQ(run("shellstrap_log warn disk 'almost  full' \"$(printf 'a\\nb')\"").err,
            "WARN: disk almost  full a\nWARN: b\n");
  EXPECT_EQ(run("IFS=,; shellstrap_log ERROR a b").err, "ERROR: a b\n");
  EXPECT_EQ(run("shellstrap_log loud '-n %s \\n'").err, "INFO: loud -n %s \\n\n");
  EXPECT_EQ(run("shellstrap_log").err, "INFO: \n");
  EXPECT_EQ(run("shellstrap_log info x").out, "");
}

TEST_P(ScriptsTest, AnHttpAnswerHasItsBodyByteForByte) {
  const auto answer = [](const std::string& arguments, const std::string& body) {
    const auto result = run("shellstrap_http " + arguments, body);
    EXPECT_TRUE(result.state.success()) << result.err;
    return json::parse(result.out, nullptr, false);
  };
  EXPECT_EQ(answer("404 'text/html; x=\"y\"'", "<p class=\"a\">\\ \u00e9\n\n\tno"),
            (json{{"statusCode", 404},
                  {"headers", {{"Content-Type", "text/html; x=\"y\""}}},
                  {"body", "<p class=\"a\">\\ \u00e9\n\n\tno"},
                  {"isBase64Encoded", false}}));
  EXPECT_EQ(answer("", "")["body"], "");
  EXPECT_EQ(answer("", "\n")["body"], "\n");
  EXPECT_EQ(answer("", "  a  \\n\n")["body"], "  a  \\n\n");
  EXPECT_EQ(answer("", "")["headers"]["Content-Type"], "text/plain; charset=utf-8");
}

TEST_P(ScriptsTest, AStatusThatIsNoneIsNoAnswer) {
  for (const char* status : {"20", "abc", "'200,\"x\":1'", "600"}) {
    const auto result = run(std::string("shellstrap_http ") + status, "x");
    EXPECT_EQ(result.out, "") << status;
    EXPECT_EQ(result.state, proc::ExitState::exited(2)) << status;
  }
}

TEST_P(ScriptsTest, AnErrorEndsTheScriptWithItsObject) {
  const auto result = run("shellstrap_error NotFound 'no \"note\" 7'; echo never");
  EXPECT_EQ(json::parse(result.out), (json{{"errorType", "NotFound"}, {"errorMessage", "no \"note\" 7"}}));
  EXPECT_EQ(result.state, proc::ExitState::exited(1));
  EXPECT_EQ(run("shellstrap_error A b 7").state, proc::ExitState::exited(7));
  const auto elsewhere = run("shellstrap_error A b", "", {"SHELLSTRAP_RESPONSE=stderr"});
  EXPECT_EQ(elsewhere.out, "");
  EXPECT_EQ(json::parse(elsewhere.err)["errorType"], "A");
  const auto third = run("exec 3>&2; shellstrap_error A b", "", {"SHELLSTRAP_RESPONSE=fd:3"});
  EXPECT_EQ(third.out, "");
  EXPECT_EQ(json::parse(third.err)["errorMessage"], "b");
}

class PreloadTest : public testing::Test {
 protected:
  support::RecordedRequest call(const std::string& file, std::map<std::string, std::string> more = {}) {
    bootstrap_.task_root.write("f.sh", file);
    bootstrap_.start({.handler = "f.handler", .arguments = {}, .environment = std::move(more)});
    return bootstrap_.invoke("{}");
  }

  support::BootstrapProcess bootstrap_;
};

TEST_F(PreloadTest, ShellFunctionsHaveThem) {
  const auto post = call(
      "handler() { shellstrap_log ERROR oops; [ \"$(shellstrap_remaining_ms)\" -gt 0 ] || return 9;"
      " printf 'a\\tb' | shellstrap_http 201 text/x; }\n");
  EXPECT_EQ(json::parse(post.body)["body"], "a\tb");
  EXPECT_TRUE(bootstrap_.logs("ERROR: oops\n"));
}

TEST_F(PreloadTest, AnErrorIsTheCallsError) {
  for (const char* answer : {"stdout", "fd:4", "memory"}) {
    support::BootstrapProcess bootstrap;
    bootstrap.task_root.write("f.sh", "set -eu\nhandler() { shellstrap_error Sold 'out of \"stock\"'; }\n");
    bootstrap.start(
        {.handler = "f.handler", .arguments = {}, .environment = {{"SHELLSTRAP_RESPONSE", answer}}});
    const auto post = bootstrap.invoke();
    EXPECT_EQ(json::parse(post.body)["errorMessage"], "out of \"stock\"") << answer;
    EXPECT_EQ(json::parse(post.body)["errorType"], "Sold") << answer;
  }
}

TEST_F(PreloadTest, NamesThatAFileDefinesAreTheFiles) {
  const auto post =
      call("shellstrap_log() { printf 'mine: %s' \"$*\"; }\nhandler() { shellstrap_log a b; }\n");
  EXPECT_EQ(post.body, "mine: a b");
}

TEST_F(PreloadTest, NothingOfThemIsExported) {
  const auto post = call(
      "handler() { shellstrap_json 'a\"' > /dev/null; env | grep -c '^_shellstrap_\\|shellstrap_log'; :; "
      "}\n");
  EXPECT_EQ(post.body, "0\n");
}

}  // namespace
