// SPDX-License-Identifier: Apache-2.0
// docs/migrating.md: executables that find the event in their first argument. The names stand in its table.
#include "migrating.h"

namespace {

using nlohmann::json;

class OpenWhiskTest : public migrating::Migrating {
 protected:
  void start_exec(const std::string& script, migrating::Variables environment = {}) {
    bootstrap_.task_root.write("exec", "#!/bin/sh\n" + script, 0755);
    environment["SHELLSTRAP_COMMAND"] = R"(["./exec", "{@*}"])";
    start("", std::move(environment));
  }
};

}  // namespace

TEST_F(OpenWhiskTest, SampleRunsUnchanged) {
  start_sample("", {{"SHELLSTRAP_COMMAND", R"(["./greet", "{@*}"])"}});
  EXPECT_EQ(answer(R"({"name": "Ada"})"), "{\"greeting\": \"Hello, Ada!\"}\n");
}

TEST_F(OpenWhiskTest, EventIsTheFirstArgument) {
  start_exec("printf '%s|' \"$#\" \"$1\"");
  EXPECT_EQ(answer(R"({"a": "$(id) ' \"})"), R"(1|{"a": "$(id) ' \"}|)");
}

TEST_F(OpenWhiskTest, EventThatNoArgumentCanHoldIsAnErrorThatNamesTheWayOut) {
  start_exec("cat \"$1\"");
  const auto message = error("Function.InvalidEvent", std::string(131'072, 'x')).value("errorMessage", "");
  EXPECT_NE(message.find("{@} passes a long value as a file"), std::string::npos) << message;
}

TEST_F(OpenWhiskTest, EveryLineOfTheOutputIsTheAnswer) {
  start_exec("echo log; echo '{}'");
  EXPECT_EQ(answer(), "log\n{}\n");
}

TEST_F(OpenWhiskTest, StandardErrorIsTheLog) {
  start_exec("echo log >&2; echo '{}'");
  EXPECT_EQ(answer(), "{}\n");
  EXPECT_TRUE(logs("log\n"));
}

TEST_F(OpenWhiskTest, FailureHasItsStatus) {
  start_exec("exit 3");
  EXPECT_NE(error("Function.Exit3").value("errorMessage", ""), "");
}
