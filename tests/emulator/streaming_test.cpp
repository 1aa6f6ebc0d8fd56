// SPDX-License-Identifier: Apache-2.0
// Streamed answers, from the broker that takes them to the events that a caller gets.
#include "api/wire/wire.h"
#include "emulator/broker/on_demand_broker.h"
#include "emulator/broker_calls.h"
#include "emulator/call/answer_pipe.h"
#include "emulator/clients/event_stream.h"
#include "support/tasks.h"

#include <chrono>
#include <future>
#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using emulator::AnswerPipe;
using emulator::Broker;
using emulator::OnDemandBroker;
using emulator::Receipt;

// A call that was delivered and not answered; ends with the test.
class BrokerStreamTest : public testing::Test {
 protected:
  ~BrokerStreamTest() override {
    broker_.close(emulator::Cancelled{});
    broker_.hang_up();
  }

  std::future<Broker::Completed> call(std::shared_ptr<AnswerPipe> pipe,
                                      std::chrono::milliseconds timeout = kAPatientWhile) {
    emulator::Event event;
    event.request_id = "id";
    event.timeout = timeout;
    event.listener = std::move(pipe);
    auto completed = tasks_.run(std::function([this, event] { return broker_.invoke(event); }));
    broker_.next(always);
    return completed;
  }
  Broker::Stream begin(const std::string& content_type = "text/x") {
    auto begun = broker_.begin_stream("id", content_type);
    EXPECT_TRUE(std::holds_alternative<Broker::Stream>(begun));
    return std::get<Broker::Stream>(begun);
  }
  // The runtime comes back, which completes the call.
  void come_back() {
    tasks_.run(std::function([this] { broker_.next(always); }));
  }

  OnDemandBroker broker_;
  support::Tasks tasks_;
};

TEST_F(BrokerStreamTest, PiecesReachTheListenerBeforeTheEnd) {
  const auto pipe = std::make_shared<AnswerPipe>();
  auto completed = call(pipe);
  const auto stream = begin();
  EXPECT_EQ(pipe->wait_until_begun(), "text/x");
  EXPECT_TRUE(broker_.take(stream, "one"));
  EXPECT_EQ(pipe->next(always), "one");
  EXPECT_TRUE(broker_.take(stream, "two"));
  EXPECT_EQ(broker_.end_stream(stream, {}).status, 202);
  come_back();
  EXPECT_EQ(pipe->next(always), "two");
  EXPECT_EQ(pipe->next(always), std::nullopt);
  EXPECT_EQ(std::get<emulator::Streamed>(completed.get().reply).error_type, "");
}

TEST_F(BrokerStreamTest, ErrorInTheTrailersEndsTheCallWithIt) {
  auto completed = call(std::make_shared<AnswerPipe>());
  const auto stream = begin();
  broker_.take(stream, "one");
  EXPECT_EQ(broker_.end_stream(stream, {true, "Function.Exit3", "{}"}).status, 202);
  come_back();
  const auto reply = std::get<emulator::Streamed>(completed.get().reply);
  EXPECT_EQ(reply.error_type, "Function.Exit3");
  EXPECT_EQ(reply.error_payload, "{}");
}

TEST_F(BrokerStreamTest, WithoutAListenerItIsCollected) {
  auto completed = call(nullptr);
  const auto stream = begin();
  broker_.take(stream, "one");
  broker_.take(stream, "two");
  EXPECT_EQ(broker_.end_stream(stream, {}).status, 202);
  come_back();
  EXPECT_EQ(std::get<emulator::Answered>(completed.get().reply).payload, "onetwo");
}

TEST_F(BrokerStreamTest, CollectedAnswerHasTheLimitOfABufferedOne) {
  auto completed = call(nullptr);
  const auto stream = begin();
  broker_.take(stream, std::string(api::wire::kLargestResponse + 1, 'x'));
  EXPECT_EQ(broker_.end_stream(stream, {}).status, 413);
  come_back();
  EXPECT_EQ(std::get<emulator::FunctionFailed>(completed.get().reply).error_type,
            "Function.ResponseSizeTooLarge");
}

TEST_F(BrokerStreamTest, StreamIsCutAt200Mebibytes) {
  auto completed = call(nullptr);
  const auto stream = begin();
  const std::string piece(50 * 1024 * 1024, 'x');
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(broker_.take(stream, piece));
  EXPECT_FALSE(broker_.take(stream, "x"));
  EXPECT_EQ(broker_.end_stream(stream, {.complete = false, .error_type = "", .error_body = ""}).status, 413);
}

TEST_F(BrokerStreamTest, BrokenConnectionIsATruncatedAnswer) {
  auto completed = call(std::make_shared<AnswerPipe>());
  const auto stream = begin();
  broker_.take(stream, "one");
  EXPECT_EQ(broker_.end_stream(stream, {.complete = false, .error_type = "", .error_body = ""}).error_type,
            "TruncatedHTTPRequest");
  come_back();
  EXPECT_EQ(std::get<emulator::Streamed>(completed.get().reply).error_type, "Runtime.TruncatedResponse");
}

TEST_F(BrokerStreamTest, SecondAnswerAndNextAreRefusedMeanwhile) {
  auto completed = call(std::make_shared<AnswerPipe>());
  const auto stream = begin();
  EXPECT_EQ(broker_.error("id", {}).status, 403);
  EXPECT_EQ(std::get<Receipt>(broker_.begin_stream("id", "")).status, 403);
  EXPECT_EQ(std::get<Receipt>(broker_.next(always)).status, 403);
  EXPECT_EQ(std::get<Receipt>(broker_.begin_stream("other", "")).status, 400);
}

TEST_F(BrokerStreamTest, TimeoutReleasesARuntimeThatWaitsForTheCaller) {
  const auto pipe = std::make_shared<AnswerPipe>();
  auto completed = call(pipe, 200ms);
  const auto stream = begin();
  auto blocked = tasks_.run(std::function([&] {
    while (broker_.take(stream, std::string(AnswerPipe::kCapacity, 'x'))) continue;
  }));
  EXPECT_TRUE(std::holds_alternative<emulator::TimedOut>(completed.get().reply));
  blocked.get();
  EXPECT_EQ(broker_.end_stream(stream, {}).status, 400);
}

// ---- The pipe.

TEST(AnswerPipeTest, HoldsTheRuntimeWhileTheCallerIsSlow) {
  AnswerPipe pipe;
  pipe.begin("");
  EXPECT_TRUE(pipe.take(std::string(AnswerPipe::kCapacity, 'x')));
  support::Tasks tasks;
  auto taken = tasks.run(std::function([&] { return pipe.take("more"); }));
  EXPECT_EQ(taken.wait_for(50ms), std::future_status::timeout);
  EXPECT_EQ(pipe.next(always)->size(), AnswerPipe::kCapacity);
  EXPECT_TRUE(taken.get());
  EXPECT_EQ(pipe.next(always), "more");
}

TEST(AnswerPipeTest, CallerThatHasLeftLetsTheRestGoByOrRefusesIt) {
  AnswerPipe reading;
  reading.leave(false);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(reading.take(std::string(AnswerPipe::kCapacity, 'x')));
  AnswerPipe refusing;
  EXPECT_TRUE(refusing.take("x"));
  refusing.leave(true);
  EXPECT_FALSE(refusing.take("x"));
}

TEST(AnswerPipeTest, CallerWhosePeerLeavesStopsWaiting) {
  AnswerPipe pipe;
  EXPECT_EQ(pipe.next([] { return false; }), std::nullopt);
}

TEST(AnswerPipeTest, EndWithoutABeginningIsNoStream) {
  AnswerPipe pipe;
  pipe.end();
  EXPECT_EQ(pipe.wait_until_begun(), std::nullopt);
}

// ---- Events.

TEST(EventStreamTest, MessageIsFramedWithLengthsAndSums) {
  using namespace std::string_literals;
  const auto headers =
      "\x0d:message-type\x07\0\x05"
      "event\x0b:event-type\x07\0\x01"
      "A\x0d:content-type\x07\0\x01"
      "B"s;
  // The sums are zlib's crc32 of what stands before each.
  EXPECT_EQ(emulator::event_message("A", "B", "xyz"),
            "\0\0\0\x4b\0\0\0\x38\x62\x03\x0e\xaf"s + headers + "xyz\x38\x0e\x55\xb5");
}

}  // namespace
