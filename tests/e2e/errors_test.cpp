// SPDX-License-Identifier: Apache-2.0
// How a failed invocation is reported: type in header and body, sentence, last lines of standard error.
#include "proc/child/exit_state.h"
#include "support/bootstrap_process.h"
#include "support/paths.h"

#include <csignal>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::Event;
using support::RecordedRequest;

constexpr const char* kErrorType = "Lambda-Runtime-Function-Error-Type";

class ErrorsTest : public testing::Test {
 protected:
  void start_script(const std::string& script, std::map<std::string, std::string> environment = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(environment)});
  }

  support::BootstrapProcess bootstrap_;
};

json body_of(const RecordedRequest& post) {
  EXPECT_TRUE(post.path.ends_with("/error")) << post.path;
  auto body = json::parse(post.body, nullptr, false);
  EXPECT_FALSE(body.is_discarded()) << post.body;
  return body;
}

void expect_type(const RecordedRequest& post, const std::string& type) {
  EXPECT_EQ(post.header(kErrorType), type);
  EXPECT_EQ(body_of(post).value("errorType", ""), type);
}

}  // namespace

TEST_F(ErrorsTest, EveryExitStatusHasItsOwnType) {
  start_script("exit $(cat)");
  for (int status = 1; status <= 255; ++status) {
    const auto post = bootstrap_.invoke(std::to_string(status));
    expect_type(post, "Function.Exit" + std::to_string(status));
    EXPECT_NE(body_of(post)["errorMessage"].get<std::string>().find("handler.sh exited with status " +
                                                                    std::to_string(status)),
              std::string::npos);
  }
  EXPECT_TRUE(bootstrap_.invoke("0").path.ends_with("/response"));
}

TEST_F(ErrorsTest, EverySignalThatKillsHasItsOwnType) {
  bootstrap_.task_root.write("handler.sh", "#!/bin/sh\nexec \"$TARGET\" kill-self $(cat)\n", 0755);
  bootstrap_.start(
      {.handler = "handler.sh", .arguments = {}, .environment = {{"TARGET", support::target_program()}}});
  for (int signal = 1; signal <= 64; ++signal) {
    const bool survived = signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;
    const bool stops = signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
    const bool of_the_c_library = signal == 32 || signal == 33;
    // qemu-user numbers real-time signals its own way, and tells their numbers of foreign children, too.
    const bool renumbered = support::bootstrap_is_emulated() && signal > 31;
    if (survived || stops || of_the_c_library || renumbered) continue;
    const auto post = bootstrap_.invoke(std::to_string(signal));
    expect_type(post, "Function.Signal" + proc::signal_name(signal));
  }
}

TEST_F(ErrorsTest, TheLastLinesOfStandardErrorAreTheStackTrace) {
  start_script("i=0; while [ $i -lt 30 ]; do i=$((i + 1)); echo line $i >&2; done; exit 3");
  const auto body = body_of(bootstrap_.invoke());
  ASSERT_EQ(body["stackTrace"].size(), 20U);
  EXPECT_EQ(body["stackTrace"][0], "line 11");
  EXPECT_EQ(body["stackTrace"][19], "line 30");
}

TEST_F(ErrorsTest, AnyBytesInStandardErrorMakeValidJson) {
  start_script(
      R"(printf 'quote " backslash \\ tab\t caf\303\251 \342\234\223\nbroken \377\376 torn \303' >&2; exit 1)");
  const auto body = body_of(bootstrap_.invoke());
  EXPECT_EQ(body["stackTrace"][0], "quote \" backslash \\ tab\t café ✓");
  EXPECT_EQ(body["stackTrace"][1], "broken \uFFFD\uFFFD torn \uFFFD");
}

TEST_F(ErrorsTest, StandardErrorCanBeLeftOutForPublicUrls) {
  start_script("echo secret >&2; exit 3", {{"SHELLSTRAP_ERROR_STDERR", "off"}});
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(post.body.find("secret"), std::string::npos);
  EXPECT_TRUE(bootstrap_.logs("secret"));
}

TEST_F(ErrorsTest, AHandlerMayNameItsOwnError) {
  start_script(R"(echo '{"errorType": "Function.NoSuchUser", "errorMessage": "who is é?"}'; exit 9)");
  const auto post = bootstrap_.invoke();
  expect_type(post, "Function.NoSuchUser");
  EXPECT_EQ(body_of(post)["errorMessage"], "who is é?");
}

TEST_F(ErrorsTest, AnOwnNameThatTheServiceWouldReplaceIsKeptInTheBodyAndMadeFitForTheHeader) {
  start_script(R"(echo '{"errorType": "not-found 404", "errorMessage": "x"}'; exit 9)");
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(body_of(post)["errorType"], "not-found 404");
  EXPECT_EQ(post.header(kErrorType), "Function.Notfound");
}

TEST_F(ErrorsTest, AnErrorObjectOfASuccessfulCallIsItsAnswer) {
  start_script(R"(printf '{"errorType": "Function.Odd"}')");
  const auto post = bootstrap_.invoke();
  EXPECT_TRUE(post.path.ends_with("/response"));
  EXPECT_EQ(post.body, R"({"errorType": "Function.Odd"})");
}

TEST_F(ErrorsTest, NothingIsGuessedFromStandardError) {
  start_script("echo 'TypeError: bad thing' >&2; exit 1");
  expect_type(bootstrap_.invoke(), "Function.Exit1");
}

TEST_F(ErrorsTest, AProgramThatVanishesAfterInitIsSaidToBeGone) {
  start_script("echo hi");
  bootstrap_.invoke();
  ASSERT_EQ(::unlink((bootstrap_.task_root / "handler.sh").c_str()), 0);
  const auto post = bootstrap_.invoke();
  expect_type(post, "Runtime.ExecFailed");
  EXPECT_NE(body_of(post)["errorMessage"].get<std::string>().find("No such file"), std::string::npos);
  EXPECT_TRUE(bootstrap_.is_running());
}

TEST_F(ErrorsTest, AnEnvironmentBeyondTheKernelsLimitIsSaidToBeTooLong) {
  // Each variable fits; all of them together do not.
  Event event{.id = "a"};
  for (int i = 0; i < 60; ++i)
    event.headers.emplace_back("Lambda-Runtime-Filler-" + std::to_string(i), std::string(60'000, 'x'));
  start_script("exec /bin/true", {});
  const auto post = bootstrap_.invoke(event);
  expect_type(post, "Runtime.ExecFailed");
  EXPECT_NE(body_of(post)["errorMessage"].get<std::string>().find("Argument list too long"),
            std::string::npos);
}

TEST_F(ErrorsTest, AFailureIsOneLineInTheLogWithItsRequest) {
  start_script("exit 3");
  bootstrap_.invoke(Event{.id = "id-77"});
  bootstrap_.wait_until_idle();
  const auto log = bootstrap_.log();
  EXPECT_NE(log.find("RequestId: id-77 Function.Exit3: handler.sh exited with status 3"), std::string::npos)
      << log;
}

TEST_F(ErrorsTest, AnXrayCauseIsSentOnlyForASampledTrace) {
  start_script("echo why >&2; exit 3");
  const auto sampled =
      bootstrap_.invoke(Event{.id = "a", .headers = {{"Lambda-Runtime-Trace-Id", "Root=1;Sampled=1"}}});
  const auto cause =
      json::parse(sampled.header("Lambda-Runtime-Function-XRay-Error-Cause").value_or(""), nullptr, false);
  ASSERT_FALSE(cause.is_discarded());
  EXPECT_EQ(cause["working_directory"], bootstrap_.task_root.path());
  const auto not_sampled =
      bootstrap_.invoke(Event{.id = "b", .headers = {{"Lambda-Runtime-Trace-Id", "Root=1;Sampled=0"}}});
  EXPECT_EQ(not_sampled.header("Lambda-Runtime-Function-XRay-Error-Cause"), std::nullopt);
}

TEST_F(ErrorsTest, AFailedCallsStandardErrorIsLoggedWhereItIsTheAnswer) {
  start_script("echo boom >&2; exit 3", {{"SHELLSTRAP_RESPONSE", "stderr"}});
  const auto body = body_of(bootstrap_.invoke());
  EXPECT_EQ(body["stackTrace"][0], "boom");
  bootstrap_.invoke();
  EXPECT_TRUE(bootstrap_.logs("boom\n"));
}
