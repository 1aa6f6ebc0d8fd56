// SPDX-License-Identifier: Apache-2.0
// What the Runtime API may answer, and what the bootstrap makes of it: it goes on, or it ends.
#include "support/bootstrap_process.h"

#include <gtest/gtest.h>

namespace {

using support::Event;
using support::Reply;

class WireTest : public testing::Test {
 protected:
  void SetUp() override { bootstrap_.start({.handler = "cat", .arguments = {}, .environment = {}}); }

  support::BootstrapProcess bootstrap_;
};

using Refusal = std::pair<int, std::string>;

class RefusedAnswerTest : public WireTest, public testing::WithParamInterface<Refusal> {};
class RefusedPollTest : public WireTest, public testing::WithParamInterface<int> {};

}  // namespace

TEST_P(RefusedAnswerTest, CostsThatInvocationAndNothingElse) {
  const auto [status, type] = GetParam();
  bootstrap_.api.push_post(Reply::error(status, type));
  bootstrap_.invoke("first");
  EXPECT_EQ(bootstrap_.invoke("second").body, "second");
  EXPECT_NE(bootstrap_.log().find(type), std::string::npos) << bootstrap_.log();
  EXPECT_EQ(bootstrap_.api.posts().size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedAnswerTest,
                         testing::Values(Refusal(400, "InvalidRequestID"),
                                         Refusal(403, "InvalidStateTransition"),
                                         Refusal(410, "InvokeTimeout"), Refusal(413, "RequestEntityTooLarge"),
                                         Refusal(431, "HeadersTooLarge"),
                                         Refusal(500, "InternalServerError")));

TEST_P(RefusedPollTest, EndsTheProcess) {
  bootstrap_.api.push_next(Reply::error(GetParam(), "InternalServerError"));
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
  EXPECT_NE(bootstrap_.log().find(std::to_string(GetParam())), std::string::npos) << bootstrap_.log();
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedPollTest, testing::Values(403, 404, 500));

TEST_F(WireTest, NoEventIsAskedForAgain) {
  for (int i = 0; i < 3; ++i) bootstrap_.api.push_next(Reply::with(204, {}, ""));
  EXPECT_EQ(bootstrap_.invoke("x").body, "x");
}

TEST_F(WireTest, AnEventWithoutARequestIdIsDroppedAndTheNextOneServed) {
  bootstrap_.api.push_next(Reply::event(Event{.id = "a"}).without_header("Lambda-Runtime-Aws-Request-Id"));
  EXPECT_EQ(bootstrap_.invoke("x").body, "x");
  EXPECT_EQ(bootstrap_.api.posts().size(), 1U);
}

TEST_F(WireTest, AnAnswerOfUnknownFateIsNeverSentTwice) {
  bootstrap_.api.push_post(Reply::nothing());
  bootstrap_.invoke(Event{.id = "first", .body = "first"});
  EXPECT_EQ(bootstrap_.invoke(Event{.id = "second", .body = "second"}).body, "second");
  EXPECT_EQ(bootstrap_.api.posts().size(), 2U);
}

TEST_F(WireTest, AConnectionThatTheServerClosesBetweenInvocationsIsOpenedAgain) {
  bootstrap_.api.push_post(Reply::with(202, {}, "{\"status\":\"OK\"}\n").then_close());
  bootstrap_.invoke("first");
  EXPECT_EQ(bootstrap_.invoke("second").body, "second");
}

TEST_F(WireTest, GarbageInsteadOfHttpEndsTheProcess) {
  for (int i = 0; i < 3; ++i) bootstrap_.api.push_next(Reply::raw("garbage\n\n").then_close());
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
}
