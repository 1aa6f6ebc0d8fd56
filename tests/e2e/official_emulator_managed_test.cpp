// SPDX-License-Identifier: Apache-2.0
// Our bootstrap as a managed instance of AWS's own emulator: many calls at a time.
#include "support/official_emulator.h"
#include "support/process_tools.h"
#include "support/tasks.h"
#include "support/temp_dir.h"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using support::OfficialEmulator;

// Those that meet wait in /var/tmp, which only this environment sees, until four are there.
constexpr const char* kManagedHandler = R"(#!/bin/sh
event=$(cat)
case $event in
  *fail*) echo "no such luck" >&2; exit 3 ;;
  *freeze*) kill -s STOP "$PPID"
    until grep -q "^State:.T" "/proc/$PPID/status"; do sleep 0.02; done ;;
  *sleep*) exec sleep 61 ;;
  *meet*) : >"/var/tmp/met.$$"
    while set -- /var/tmp/met.*; [ $# -lt 4 ]; do sleep 0.02; done ;;
esac
printf '{"event":%s,"bootstrap":%d,"deadline":%s}' "$event" "$PPID" "$AWS_LAMBDA_DEADLINE_MS"
)";

class ManagedOfficialEmulatorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!OfficialEmulator::is_there() || !OfficialEmulator::can_be_managed()) return;
    task_root_.write("handler.sh", kManagedHandler, 0755);
    emulator_.emplace(task_root_.path(), "handler.sh", timeout_, 4);
  }
  void TearDown() override {
    if (emulator_) emulator_->terminate();  // before the callers are waited for
  }

  std::future<json> call(const std::string& event) {
    return callers_.run(std::function([this, event] { return invoke(event); }));
  }
  // It does not queue: a call that finds no worker at its poll is refused, and made again.
  json invoke(const std::string& event) {
    json answer;
    support::wait_for([&] {
      answer = json_of(emulator_->invoke(event));
      return answer.value("errorType", "") != "Runtime.Unavailable";
    });
    return answer;
  }

  // No exceptions: what is no JSON is shown as it came.
  static json json_of(const std::string& answer) {
    auto parsed = json::parse(answer, nullptr, false);
    return parsed.is_object() ? parsed : json{{"not JSON", answer}};
  }
  static pid_t bootstrap_of(const json& answer) { return answer.value("bootstrap", pid_t{-1}); }

  std::string timeout_ = "20";
  support::TempDir task_root_;
  std::optional<OfficialEmulator> emulator_;
  support::Tasks callers_;
};

struct ManagedOfficialEmulatorTimeoutTest : ManagedOfficialEmulatorTest {
  ManagedOfficialEmulatorTimeoutTest() { timeout_ = "5"; }
};

}  // namespace

TEST_F(ManagedOfficialEmulatorTest, FourCallsAtATimeMeetInOneBootstrapAndEachGetsItsOwnAnswer) {
  std::vector<std::future<json>> calls;
  for (int i = 0; i < 4; ++i) calls.push_back(call(R"({"do":"meet","number":)" + std::to_string(i) + "}"));
  std::vector<json> answers;
  for (auto& it : calls) answers.push_back(it.get());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i]["event"]["number"], i) << answers[i] << emulator_->log();
    EXPECT_EQ(answers[i]["bootstrap"], answers[0]["bootstrap"]);
  }
}

TEST_F(ManagedOfficialEmulatorTest, AFunctionErrorIsPassedOnAndTheBootstrapGoesOn) {
  const auto before = invoke("{}");
  const auto failed = invoke(R"({"do":"fail"})");
  EXPECT_EQ(failed.value("errorType", ""), "Function.Exit3") << failed << emulator_->log();
  EXPECT_EQ(bootstrap_of(invoke("{}")), bootstrap_of(before));
}

// The answer is there, and the bootstrap stands still until the emulator has given the call up.
TEST_F(ManagedOfficialEmulatorTimeoutTest, TheLateAnswersRefusalIsSurvived) {
  const auto bootstrap = bootstrap_of(invoke("{}"));
  ASSERT_GT(bootstrap, 0) << emulator_->log();
  const auto late = invoke(R"({"do":"freeze"})");
  ::kill(bootstrap, SIGCONT);
  EXPECT_EQ(late.value("errorType", ""), "Sandbox.Timedout") << late << emulator_->log();
  EXPECT_TRUE(support::wait_for([&] {
    return emulator_->log().find("not accepted: 410") != std::string::npos;
  })) << emulator_->log();
  EXPECT_EQ(bootstrap_of(invoke("{}")), bootstrap) << emulator_->log();
}

// The emulator in the AWS SAM CLI's wheel takes nanoseconds for milliseconds, so that its deadline is too
// late by years and its own limit is the only one. That of the Go module is right.
TEST_F(ManagedOfficialEmulatorTimeoutTest, ALateCallIsEndedByUsWhereTheDeadlineIsRight) {
  const auto before = invoke("{}");
  const auto late = invoke(R"({"do":"sleep"})");
  const auto ahead = std::chrono::milliseconds(before.value("deadline", std::int64_t{0})) -
                     std::chrono::system_clock::now().time_since_epoch();
  EXPECT_EQ(late.value("errorType", ""), ahead < 24h ? "Function.Timeout" : "Sandbox.Timedout")
      << late << emulator_->log();
  EXPECT_EQ(bootstrap_of(invoke("{}")), bootstrap_of(before)) << emulator_->log();
}

TEST_F(ManagedOfficialEmulatorTest, SigtermLeavesNothingOfTheRunningCallsBehind) {
  const auto bootstrap = bootstrap_of(invoke("{}"));
  ASSERT_GT(bootstrap, 0) << emulator_->log();
  auto first = call(R"({"do":"sleep"})");
  auto second = call(R"({"do":"sleep"})");
  ASSERT_TRUE(support::wait_for([&] { return support::children_of(bootstrap).size() == 2; }));
  const auto handlers = support::children_of(bootstrap);
  EXPECT_TRUE(emulator_->terminate()) << emulator_->log();
  EXPECT_EQ(first.get().value("errorType", ""), "Client.ExecutionEnvironmentShutDown") << emulator_->log();
  EXPECT_FALSE(support::is_alive(bootstrap));
  for (const pid_t pid : handlers) EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid); }));
}
