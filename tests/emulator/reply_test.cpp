// SPDX-License-Identifier: Apache-2.0
#include "emulator/call/reply.h"

#include <csignal>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace emulator;

struct ReplyCase {
  std::string name;
  Reply reply;
  std::string error_type;
  std::string message;
};

class ServiceAnswerTest : public testing::TestWithParam<ReplyCase> {};

TEST_P(ServiceAnswerTest, IsWordedAsByTheService) {
  const auto answer = service_answer(GetParam().reply, "RID");
  const auto body = nlohmann::json::parse(answer.payload);
  EXPECT_EQ(answer.error_type, GetParam().error_type);
  EXPECT_EQ(body["errorType"], GetParam().error_type);
  EXPECT_EQ(body["errorMessage"], GetParam().message);
  EXPECT_EQ(answer.content_type, "application/json");
}

INSTANTIATE_TEST_SUITE_P(
    Table, ServiceAnswerTest,
    testing::Values(ReplyCase{"timeout", TimedOut{std::chrono::milliseconds(3000)}, "Sandbox.Timedout",
                              "RequestId: RID Error: Task timed out after 3.00 seconds"},
                    ReplyCase{"short", TimedOut{std::chrono::milliseconds(125)}, "Sandbox.Timedout",
                              "RequestId: RID Error: Task timed out after 0.12 seconds"},
                    ReplyCase{"status", RuntimeExited{proc::ExitState::exited(3)}, "Runtime.ExitError",
                              "RequestId: RID Error: Runtime exited with error: exit status 3"},
                    ReplyCase{"zero", RuntimeExited{proc::ExitState::exited(0)}, "Runtime.ExitError",
                              "RequestId: RID Error: Runtime exited without providing a reason"},
                    ReplyCase{"killed", RuntimeExited{proc::ExitState::signaled(SIGKILL)},
                              "Runtime.ExitError",
                              "RequestId: RID Error: Runtime exited with error: signal: killed"},
                    ReplyCase{"segv", RuntimeExited{proc::ExitState::signaled(SIGSEGV)}, "Runtime.ExitError",
                              "RequestId: RID Error: Runtime exited with error: signal: segmentation fault"},
                    ReplyCase{"start", NotStarted{"no such file"}, "Runtime.InvalidEntrypoint",
                              "RequestId: RID Error: no such file"},
                    ReplyCase{"init", InitTimedOut{std::chrono::seconds(10)}, "Sandbox.Timedout",
                              "RequestId: RID Error: Init timed out after 10.00 seconds"}),
    [](const auto& tested) { return tested.param.name; });

TEST(ServiceAnswerTest, AnswerAndErrorsOfTheRuntimePassUnchanged) {
  const std::string bytes("\0\xff\n", 3);
  EXPECT_EQ(service_answer(Answered{bytes, "image/png"}, "RID").payload, bytes);
  EXPECT_EQ(service_answer(Answered{bytes, "image/png"}, "RID").content_type, "image/png");
  EXPECT_FALSE(service_answer(Answered{bytes, ""}, "RID").is_error());
  EXPECT_EQ(service_answer(FunctionFailed{"Function.Exit1", bytes}, "RID").payload, bytes);
  EXPECT_EQ(service_answer(InitFailed{"Runtime.InitError", bytes}, "RID").payload, bytes);
}

TEST(ServiceAnswerTest, InitErrorWithoutABodyStillIsAnError) {
  const auto body = nlohmann::json::parse(service_answer(InitFailed{"Runtime.InitError", ""}, "RID").payload);
  EXPECT_EQ(body["errorType"], "Runtime.InitError");
}

}  // namespace
