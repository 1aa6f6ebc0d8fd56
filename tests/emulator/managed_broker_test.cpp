// SPDX-License-Identifier: Apache-2.0
#include "emulator/broker/managed_broker.h"

#include "emulator/broker_calls.h"
#include "support/tasks.h"

#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

using emulator::Broker;
using emulator::ManagedBroker;
using emulator::Receipt;
using emulator::Reply;

namespace {

using namespace std::chrono_literals;

std::string payload_of(const Broker::Completed& call) {
  const auto* answered = std::get_if<emulator::Answered>(&call.reply);
  return answered != nullptr ? answered->payload : "(no answer)";
}

/// A broker with callers and polls on threads, all of which end with it.
struct ManagedBrokerTest : testing::Test {
  ~ManagedBrokerTest() override {
    broker.close(emulator::Cancelled{});
    broker.hang_up();
  }
  auto call(const emulator::Event& event) {
    return tasks.run(std::function([this, event] { return broker.invoke(event); }));
  }
  std::string poll() {
    const auto next = broker.next(always);
    const auto* delivery = std::get_if<Broker::Delivery>(&next);
    return delivery != nullptr ? delivery->event->request_id : "(refused)";
  }
  /// A call whose time was up, with the id.
  void let_time_out(const std::string& id) {
    auto late = call(event_named(id, 1ms));
    EXPECT_EQ(poll(), id);
    EXPECT_TRUE(std::holds_alternative<emulator::TimedOut>(late.get().reply));
  }

  ManagedBroker broker;
  support::Tasks tasks;
};

}  // namespace

TEST_F(ManagedBrokerTest, AnswersComeInAnyOrderAndEachIsItsOwn) {
  std::vector<std::future<Broker::Completed>> calls;
  for (const auto* id : {"a", "b", "c"}) calls.push_back(call(event_named(id)));
  for (int i = 0; i < 3; ++i) poll();
  for (const auto* id : {"c", "a", "b"})
    EXPECT_EQ(broker.response(id, post(std::string("answer of ") + id)).status, 202);
  EXPECT_EQ(payload_of(calls[0].get()), "answer of a");
  EXPECT_EQ(payload_of(calls[1].get()), "answer of b");
  EXPECT_EQ(payload_of(calls[2].get()), "answer of c");
}

TEST_F(ManagedBrokerTest, ACallIsCompleteWithItsAnswerThoughTheWorkerIsNotBack) {
  auto caller = call(event_named("a"));
  poll();
  broker.response("a", post("done"));
  ASSERT_EQ(caller.wait_for(kAPatientWhile), std::future_status::ready);
  EXPECT_TRUE(caller.get().runtime_is_back);
}

TEST_F(ManagedBrokerTest, ATimeoutFailsItsCallAndNoOther) {
  auto other = call(event_named("other"));
  EXPECT_EQ(poll(), "other");
  let_time_out("late");
  EXPECT_EQ(broker.response("other", post("fine")).status, 202);
  const auto completed = other.get();
  EXPECT_EQ(payload_of(completed), "fine");
  EXPECT_TRUE(completed.runtime_is_back);
}

TEST_F(ManagedBrokerTest, ALateAnswerGets410OnceAnd400Then) {
  let_time_out("late");
  const auto first = broker.response("late", post("x"));
  EXPECT_EQ(first.status, 410);
  EXPECT_EQ(first.error_type, "InvokeTimeout");
  EXPECT_EQ(broker.error("late", post("x")).status, 400);
}

TEST_F(ManagedBrokerTest, AStreamWhoseTimeIsUpGets410) {
  auto late = call(event_named("late", 20ms));
  poll();
  const auto begun = broker.begin_stream("late", "text/x");
  ASSERT_TRUE(std::holds_alternative<Broker::Stream>(begun));
  const auto& stream = std::get<Broker::Stream>(begun);
  late.wait();
  EXPECT_FALSE(broker.take(stream, "x"));
  EXPECT_EQ(broker.end_stream(stream, {}).status, 410);
}

TEST_F(ManagedBrokerTest, IdsThatDoNotRunAreRefused) {
  EXPECT_EQ(broker.response("unknown", post("x")).status, 400);
  auto caller = call(event_named("a"));
  poll();
  EXPECT_EQ(broker.response("a", post("x")).status, 202);
  EXPECT_EQ(broker.response("a", post("x")).status, 400);
  EXPECT_EQ(broker.error("a", post("x")).status, 400);
}

TEST_F(ManagedBrokerTest, AnErrorBesideAStreamIsRefused) {
  auto caller = call(event_named("a"));
  poll();
  const auto begun = broker.begin_stream("a", "text/x");
  EXPECT_EQ(broker.error("a", post("x")).status, 400);
  const auto& stream = std::get<Broker::Stream>(begun);
  EXPECT_TRUE(broker.take(stream, "streamed"));
  EXPECT_EQ(broker.end_stream(stream, {}).status, 202);
  EXPECT_EQ(payload_of(caller.get()), "streamed");
}

TEST_F(ManagedBrokerTest, ADeadPollDoesNotSwallowAnEvent) {
  auto dead = tasks.run(std::function([this] { return broker.next([] { return false; }); }));
  auto caller = call(event_named("a"));
  EXPECT_EQ(std::get<Receipt>(dead.get()).status, 500);
  EXPECT_EQ(poll(), "a");
}

TEST_F(ManagedBrokerTest, InitErrorsAreAcceptedOnceAndBeforeTheFirstPollOnly) {
  EXPECT_EQ(broker.init_error(post("why")).status, 202);
  EXPECT_EQ(broker.init_error(post("me, too")).status, 403);
  EXPECT_TRUE(
      std::holds_alternative<emulator::InitFailed>(*broker.wait_until_polled(base::Deadline::never(), 1s)));
}

TEST_F(ManagedBrokerTest, AnEndOfTheRuntimeEndsEveryCall) {
  auto first = call(event_named("a"));
  auto second = call(event_named("b"));
  poll();
  broker.close(emulator::RuntimeExited{proc::ExitState::exited(1)});
  for (auto* caller : {&first, &second}) {
    const auto completed = caller->get();
    EXPECT_TRUE(std::holds_alternative<emulator::RuntimeExited>(completed.reply));
    EXPECT_FALSE(completed.runtime_is_back);
  }
}
