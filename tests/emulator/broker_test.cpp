// SPDX-License-Identifier: Apache-2.0
#include "api/wire/wire.h"
#include "emulator/broker/on_demand_broker.h"
#include "emulator/broker_calls.h"
#include "support/tasks.h"

#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using emulator::Broker;
using emulator::OnDemandBroker;
using emulator::Receipt;
using emulator::Reply;

namespace {

constexpr auto kAlongTheWay = std::chrono::milliseconds(30);

template <typename Future>
bool is_parked(const Future& future) {
  return future.wait_for(kAlongTheWay) == std::future_status::timeout;
}

/// A broker with callers and polls on threads, all of which end with it.
struct Rig {
  ~Rig() {
    broker.close(emulator::Cancelled{});
    broker.hang_up();
  }
  auto call(const emulator::Event& event) {
    return tasks.run(std::function([this, event] { return broker.invoke(event); }));
  }
  auto poll(bool alive = true) {
    return tasks.run(std::function([this, alive] { return broker.next([alive] { return alive; }); }));
  }
  bool polled() { return !broker.wait_until_polled(base::Deadline::after(kAPatientWhile), {}); }

  OnDemandBroker broker;
  support::Tasks tasks;
};

// ---- Every route in every state.

enum class At { started, init_failed, ready, running, answered };

struct Driven : Rig {
  explicit Driven(At state) {
    if (state == At::init_failed) broker.init_error({});
    if (state == At::ready) {
      parked = poll();
      polled();
    }
    if (state < At::running) return;
    caller = call(event_named("id"));
    broker.next(always);
    if (state == At::answered) broker.response("id", post("first"));
  }

  std::future<std::variant<Broker::Delivery, Receipt>> parked;
  std::future<Broker::Completed> caller;
};

struct PostCase {
  At state;
  int response;
  int response_to_another;
  int error;
  int init_error;
};

class BrokerStateTest : public testing::TestWithParam<PostCase> {};

TEST_P(BrokerStateTest, ResponseIsAnsweredAsByTheService) {
  EXPECT_EQ(Driven(GetParam().state).broker.response("id", post("x")).status, GetParam().response);
}
TEST_P(BrokerStateTest, ResponseToAnotherRequestIsRefusedBeforeTheState) {
  const auto receipt = Driven(GetParam().state).broker.response("other", post("x"));
  EXPECT_EQ(receipt.status, GetParam().response_to_another);
  EXPECT_EQ(receipt.error_type, "InvalidRequestID");
}
TEST_P(BrokerStateTest, ErrorIsAnsweredAsByTheService) {
  EXPECT_EQ(Driven(GetParam().state).broker.error("id", post("x")).status, GetParam().error);
}
TEST_P(BrokerStateTest, InitErrorIsAcceptedBeforeTheFirstPollOnly) {
  EXPECT_EQ(Driven(GetParam().state).broker.init_error(post("x")).status, GetParam().init_error);
}

INSTANTIATE_TEST_SUITE_P(EveryState, BrokerStateTest,
                         testing::Values(PostCase{At::started, 400, 400, 400, 202},
                                         PostCase{At::init_failed, 400, 400, 400, 403},
                                         PostCase{At::ready, 400, 400, 400, 403},
                                         PostCase{At::running, 202, 400, 202, 403},
                                         PostCase{At::answered, 403, 400, 403, 403}));

TEST(BrokerNextTest, WaitsForAnEventFromTheStart) {
  Rig rig;
  auto poll = rig.poll();
  EXPECT_TRUE(is_parked(poll));
  auto caller = rig.call(event_named("a"));
  const auto next = poll.get();
  EXPECT_EQ(std::get<Broker::Delivery>(next).event->payload, "payload of a");
}

TEST(BrokerNextTest, IsForbiddenAfterAnInitError) {
  Driven rig(At::init_failed);
  const auto next = rig.broker.next(always);
  EXPECT_EQ(std::get<Receipt>(next).status, 403);
  EXPECT_EQ(std::get<Receipt>(next).error_type, "InvalidStateTransition");
}

TEST(BrokerNextTest, SecondPollParksLikeTheFirst) {
  Driven rig(At::ready);
  auto second = rig.poll();
  EXPECT_TRUE(is_parked(second));
  EXPECT_TRUE(is_parked(rig.parked));
}

TEST(BrokerNextTest, WhileRunningDeliversTheSameEventWithTheSameDeadline) {
  Rig rig;
  auto caller = rig.call(event_named("a"));
  const auto first = std::get<Broker::Delivery>(rig.broker.next(always));
  const auto again = std::get<Broker::Delivery>(rig.broker.next(always));
  EXPECT_EQ(first.event, again.event);
  EXPECT_EQ(first.deadline, again.deadline);
}

TEST(BrokerNextTest, DeadPollDoesNotSwallowTheEvent) {
  Rig rig;
  auto dead = rig.poll(false);
  ASSERT_TRUE(rig.polled());
  auto caller = rig.call(event_named("a"));
  EXPECT_TRUE(std::holds_alternative<Receipt>(dead.get()));
  const auto next = rig.broker.next(always);
  EXPECT_EQ(std::get<Broker::Delivery>(next).event->request_id, "a");
}

TEST(BrokerNextTest, HangUpSendsEveryPollAway) {
  Driven rig(At::ready);
  rig.broker.hang_up();
  EXPECT_EQ(std::get<Receipt>(rig.parked.get()).status, 500);
  EXPECT_EQ(std::get<Receipt>(rig.broker.next(always)).status, 500);
}

TEST(BrokerNextTest, DeadlineIsWallTimePlusTimeoutAtTheDelivery) {
  Rig rig;
  auto caller = rig.call(event_named("a", std::chrono::milliseconds(2500)));
  ASSERT_TRUE(is_parked(caller));  // time that passes before the delivery is not the function's
  const auto before = base::unix_now();
  const auto next = std::get<Broker::Delivery>(rig.broker.next(always));
  EXPECT_GE(next.deadline.count(), before.count() + 2500);
  EXPECT_LE(next.deadline.count(), base::unix_now().count() + 2500);
}

// ---- The callers' side.

TEST(BrokerInvokeTest, IsCompleteWhenTheRuntimeIsBackAtNext) {
  Rig rig;
  auto caller = rig.call(event_named("a"));
  rig.broker.next(always);
  EXPECT_EQ(rig.broker.response("a", post("answer")).status, 202);
  EXPECT_TRUE(is_parked(caller));
  auto poll = rig.poll();
  const auto completed = caller.get();
  EXPECT_EQ(std::get<emulator::Answered>(completed.reply).payload, "answer");
  EXPECT_EQ(std::get<emulator::Answered>(completed.reply).content_type, "text/x");
  EXPECT_TRUE(completed.runtime_is_back);
  EXPECT_GE(completed.duration, kAlongTheWay);
}

TEST(BrokerInvokeTest, ParkedSecondPollCountsAsBack) {
  Rig rig;
  auto first = rig.poll();
  auto second = rig.poll();
  ASSERT_TRUE(is_parked(first));
  ASSERT_TRUE(is_parked(second));
  auto caller = rig.call(event_named("a"));
  ASSERT_EQ(caller.wait_for(kAlongTheWay), std::future_status::timeout);
  rig.broker.response("a", post("answer"));
  EXPECT_TRUE(caller.get().runtime_is_back);
}

TEST(BrokerInvokeTest, CallsWaitInLine) {
  Rig rig;
  auto first = rig.call(event_named("a"));
  EXPECT_EQ(std::get<Broker::Delivery>(rig.broker.next(always)).event->request_id, "a");
  auto second = rig.call(event_named("b"));
  rig.broker.response("a", post("1"));
  EXPECT_EQ(std::get<Broker::Delivery>(rig.broker.next(always)).event->request_id, "b");
  rig.broker.response("b", post("2"));
  auto poll = rig.poll();
  EXPECT_EQ(std::get<emulator::Answered>(first.get().reply).payload, "1");
  EXPECT_EQ(std::get<emulator::Answered>(second.get().reply).payload, "2");
}

TEST(BrokerInvokeTest, EndsAtTheDeadlineWithoutAnAnswer) {
  Rig rig;
  auto caller = rig.call(event_named("a", std::chrono::milliseconds(50)));
  rig.broker.next(always);
  const auto completed = caller.get();
  EXPECT_EQ(std::get<emulator::TimedOut>(completed.reply).allotted, std::chrono::milliseconds(50));
  EXPECT_FALSE(completed.runtime_is_back);
  EXPECT_GE(completed.duration, std::chrono::milliseconds(50));
}

TEST(BrokerInvokeTest, LateAnswerIsRefusedAndTheRuntimeMayGoOn) {
  Rig rig;
  auto late = rig.call(event_named("a", std::chrono::milliseconds(20)));
  rig.broker.next(always);
  late.get();
  EXPECT_EQ(rig.broker.response("a", post("late")).status, 400);
  auto next_call = rig.call(event_named("b"));
  EXPECT_EQ(std::get<Broker::Delivery>(rig.broker.next(always)).event->request_id, "b");
}

TEST(BrokerInvokeTest, AcceptedAnswerStandsThoughTheRuntimeEnds) {
  Rig rig;
  auto caller = rig.call(event_named("a"));
  rig.broker.next(always);
  rig.broker.response("a", post("answer"));
  rig.broker.close(emulator::RuntimeExited{proc::ExitState::exited(1)});
  const auto completed = caller.get();
  EXPECT_EQ(std::get<emulator::Answered>(completed.reply).payload, "answer");
  EXPECT_FALSE(completed.runtime_is_back);
}

TEST(BrokerInvokeTest, RuntimeThatEndsFailsTheCallAtOnce) {
  Rig rig;
  auto caller = rig.call(event_named("a"));
  rig.broker.next(always);
  rig.broker.close(emulator::RuntimeExited{proc::ExitState::signaled(9)});
  const auto completed = caller.get();
  EXPECT_EQ(std::get<emulator::RuntimeExited>(completed.reply).state.signal(), 9);
}

TEST(BrokerInvokeTest, FirstReasonToCloseStays) {
  Rig rig;
  rig.broker.close(emulator::NotStarted{"why"});
  rig.broker.close(emulator::Cancelled{});
  const auto completed = rig.broker.invoke(event_named("a"));
  EXPECT_EQ(std::get<emulator::NotStarted>(completed.reply).reason, "why");
  EXPECT_EQ(completed.duration.count(), 0);
}

TEST(BrokerInvokeTest, ClosingLeavesTheParkedPollAlone) {
  Driven rig(At::ready);
  rig.broker.close(emulator::Cancelled{});
  EXPECT_TRUE(is_parked(rig.parked));
}

// ---- Init.

TEST(BrokerInitTest, FirstPollMeansReady) {
  Rig rig;
  auto poll = rig.poll();
  EXPECT_TRUE(rig.polled());
}

TEST(BrokerInitTest, InitErrorReachesWhoWaitsAndWhoCalls) {
  Rig rig;
  auto error = post("{\"errorMessage\":\"m\"}");
  error.error_type = "Runtime.HandlerNotFound";
  rig.broker.init_error(error);
  const auto failed = rig.broker.wait_until_polled(base::Deadline::never(), {});
  EXPECT_EQ(std::get<emulator::InitFailed>(*failed).error_type, "Runtime.HandlerNotFound");
  const auto completed = rig.broker.invoke(event_named("a"));
  EXPECT_EQ(std::get<emulator::InitFailed>(completed.reply).payload, "{\"errorMessage\":\"m\"}");
}

TEST(BrokerInitTest, LimitPassesWithoutAPoll) {
  Rig rig;
  const auto failed = rig.broker.wait_until_polled(base::Deadline::after(std::chrono::milliseconds(10)),
                                                   std::chrono::milliseconds(77));
  EXPECT_EQ(std::get<emulator::InitTimedOut>(*failed).limit, std::chrono::milliseconds(77));
}

// ---- What arrives.

Reply reply_to(const Broker::Post& response) {
  Driven rig(At::running);
  rig.broker.response("id", response);
  auto poll = rig.poll();
  return rig.caller.get().reply;
}

TEST(BrokerPostTest, LargestResponseIsTaken) {
  const auto reply = reply_to(post(std::string(api::wire::kLargestResponse, 'x')));
  EXPECT_EQ(std::get<emulator::Answered>(reply).payload.size(), api::wire::kLargestResponse);
}

TEST(BrokerPostTest, LargerResponseIs413AndTheCallerIsTold) {
  Driven rig(At::running);
  const auto receipt = rig.broker.response("id", post(std::string(api::wire::kLargestResponse + 1, 'x')));
  EXPECT_EQ(receipt.status, 413);
  EXPECT_EQ(receipt.error_type, "RequestEntityTooLarge");
  EXPECT_NE(receipt.message.find("6291556"), std::string::npos);
  auto poll = rig.poll();
  const auto failed = std::get<emulator::FunctionFailed>(rig.caller.get().reply);
  EXPECT_EQ(failed.error_type, "Function.ResponseSizeTooLarge");
  EXPECT_NE(failed.payload.find("6291557"), std::string::npos);
}

TEST(BrokerPostTest, TruncatedResponseIsNone) {
  auto half = post("half");
  half.complete = false;
  EXPECT_EQ(std::get<emulator::FunctionFailed>(reply_to(half)).error_type, "Runtime.TruncatedResponse");
}

TEST(BrokerPostTest, UnknownResponseModeIsRefusedAndStreamingIsNot) {
  auto buffered = post("x");
  buffered.response_mode = "buffered";
  EXPECT_EQ(std::get<emulator::FunctionFailed>(reply_to(buffered)).error_type,
            "Runtime.InvalidResponseModeHeader");
  auto streaming = post("x");
  streaming.response_mode = "streaming";
  EXPECT_EQ(std::get<emulator::Answered>(reply_to(streaming)).payload, "x");
}

struct TypeCase {
  std::string sent;
  std::string kept;
};
class BrokerErrorTypeTest : public testing::TestWithParam<TypeCase> {};

TEST_P(BrokerErrorTypeTest, IsNormalisedAsByTheServiceAndTheBodyIsNot) {
  Driven rig(At::running);
  auto error = post("any bytes");
  error.error_type = GetParam().sent;
  rig.broker.error("id", error);
  auto poll = rig.poll();
  const auto failed = std::get<emulator::FunctionFailed>(rig.caller.get().reply);
  EXPECT_EQ(failed.error_type, GetParam().kept);
  EXPECT_EQ(failed.payload, "any bytes");
}
INSTANTIATE_TEST_SUITE_P(Table, BrokerErrorTypeTest,
                         testing::Values(TypeCase{"Function.Exit3", "Function.Exit3"},
                                         TypeCase{"Runtime.ExecFailed", "Runtime.ExecFailed"},
                                         TypeCase{"Function.exit1", "Function.Unknown"},
                                         TypeCase{"Unhandled", "Runtime.Unknown"},
                                         TypeCase{"", "Runtime.Unknown"}));

}  // namespace
