// SPDX-License-Identifier: Apache-2.0
// Files that cannot be sourced, functions that are not there, and what is only odd.
#include "shell_fixture.h"

#include <string>

namespace {

using shell_test::Function;

std::string type_of(const Function& function) {
  return function.ready() ? "ready" : function.problem().type.text();
}

TEST(ShellInitTest, OutputOfTheFileGoesToTheLog) {
  Function function("echo to stdout\necho to stderr >&2\nprintf unfinished\nhandler() { echo answer; }");
  EXPECT_EQ(function.log(), "to stdout\nto stderr\nunfinished\n");
  EXPECT_EQ(function.call().out, "answer\n");
}

TEST(ShellInitTest, FileIsSourcedOnce) {
  Function function("echo sourced\nhandler() { echo answer; }");
  for (int call = 0; call < 3; ++call) EXPECT_EQ(function.call().out, "answer\n");
  EXPECT_EQ(function.log(), "sourced\n");
}

TEST(ShellInitTest, SyntaxErrorIsNamedWithBashsWords) {
  for (const char* head : {"", "set -e\n"}) {
    Function function(std::string(head) + "handler() { echo; }\nif then\n");
    ASSERT_EQ(type_of(function), "Runtime.UserCodeSyntaxError");
    EXPECT_NE(function.problem().message.find("syntax error near unexpected token"), std::string::npos)
        << function.problem().message;
  }
}

TEST(ShellInitTest, UnterminatedFileIsASyntaxError) {
  EXPECT_EQ(type_of(Function("handler() { echo 'open; }\n")), "Runtime.UserCodeSyntaxError");
  EXPECT_EQ(type_of(Function("handler() {\n")), "Runtime.UserCodeSyntaxError");
}

TEST(ShellInitTest, ExtendedPatternsAreNoSyntaxError) {
  Function function("shopt -s extglob\nhandler() { [[ abc == @(abc|d) ]] && echo yes; }\nfalse\n");
  ASSERT_TRUE(function.ready()) << function.problem().message;
  EXPECT_EQ(function.call().out, "yes\n");
}

TEST(ShellInitTest, ExitWhileSourcingIsAnInitErrorWithStatusAndLastLines) {
  Function function("echo preparing\necho no key >&2\nexit 7\nhandler() { :; }");
  ASSERT_EQ(type_of(function), "Runtime.InitError");
  EXPECT_NE(function.problem().message.find("status 7"), std::string::npos) << function.problem().message;
  EXPECT_EQ(function.problem().lines, (std::vector<std::string>{"preparing", "no key"}));
}

TEST(ShellInitTest, ExitZeroWhileSourcingIsOneToo) {
  EXPECT_EQ(type_of(Function("handler() { :; }\nexit 0")), "Runtime.InitError");
  EXPECT_EQ(type_of(Function("handler() { :; }\nset -n")), "Runtime.InitError");
  EXPECT_EQ(type_of(Function("handler() { :; }\nkill -9 $$")), "Runtime.InitError");
}

TEST(ShellInitTest, FailingCommandUnderErrexitIsAnInitError) {
  Function function("set -e\nhandler() { :; }\nfalse\n:");
  EXPECT_EQ(type_of(function), "Runtime.InitError");
}

TEST(ShellInitTest, StatusOfTheLastCommandAloneIsAWarning) {
  for (const char* head : {"", "set -e\n", "set -euo pipefail\n"}) {
    Function function(std::string(head) + "handler() { echo answer; }\n[ -n \"\" ] && export Y=1\n");
    ASSERT_TRUE(function.ready()) << function.problem().message;
    EXPECT_NE(function.warnings().find("ended with status 1"), std::string::npos) << function.warnings();
    EXPECT_EQ(function.call().out, "answer\n");
    EXPECT_EQ(function.call().out, "answer\n");
  }
}

TEST(ShellInitTest, ErrexitSurvivesTheWarningAndNestedFiles) {
  Function function(
      "set -e\nsource ./lib.sh || :\nhandler() { [[ $- == *e* ]] && echo errexit; false; echo no; }\n");
  ASSERT_TRUE(function.ready());
  const auto called = function.call();
  EXPECT_EQ(called.out, "errexit\n");
  EXPECT_EQ(called.status(), 1);
}

TEST(ShellInitTest, MissingFunctionIsNotFound) {
  Function function("other() { :; }");
  ASSERT_EQ(type_of(function), "Runtime.HandlerNotFound");
  EXPECT_NE(function.problem().message.find("no function handler"), std::string::npos);
}

TEST(ShellInitTest, CommandIsNoFunction) {
  for (const char* name : {"ls", "sh", "/bin/sh", "echo", "exit", "if", "-F", "handler other", ""})
    EXPECT_EQ(type_of(Function("handler() { :; }\nother() { :; }", {.function = name})),
              "Runtime.HandlerNotFound")
        << name;
  EXPECT_EQ(type_of(Function("shopt -s expand_aliases; alias handler=ls", {})), "Runtime.HandlerNotFound");
}

TEST(ShellInitTest, RedefinedBuiltinIsRefused) {
  for (const char* file :
       {"builtin() { echo mine; }\nhandler() { :; }",
        "builtin() { :; }; export() { :; }; exit() { :; }; unset() { :; }\nhandler() { :; }",
        "set -e; builtin() { command builtin \"$@\"; }\nhandler() { :; }"}) {
    Function function(file);
    ASSERT_EQ(type_of(function), "Runtime.InvalidHandler") << file;
    EXPECT_NE(function.problem().message.find("builtin"), std::string::npos);
  }
}

TEST(ShellInitTest, UnreadableFileSaysSo) {
  Function function("return 0\nhandler() { :; }");
  EXPECT_EQ(type_of(function), "Runtime.HandlerNotFound");
}

}  // namespace
