// SPDX-License-Identifier: Apache-2.0
#include "runtime_client_fixture.h"
#include "support/endless_peer.h"
#include "support/process_tools.h"
#include "support/tasks.h"

#include <sys/eventfd.h>

namespace {

using api::BadEvent;
using api::Lost;
using api::NoEvent;
using support::Event;
using support::Reply;

TEST_F(RuntimeClientTest, NoContentIsNoEvent) {
  fake_.push_next(Reply::with(204, {}, ""));
  next_as<NoEvent>();
  EXPECT_EQ(next_event({"id", "{}", {}, {}}).request_id, "id");
  EXPECT_EQ(fake_.connections(), 1);
}

TEST_F(RuntimeClientTest, EventWithoutARequestIdIsABadEventAndTheNextOneIsServed) {
  fake_.push_next(Reply::event({}).without_header("Lambda-Runtime-Aws-Request-Id"));
  EXPECT_EQ(next_as<BadEvent>().reason, "the event has no request id");
  fake_.push_next(Reply::event({"", "{}", {}, {}}));
  next_as<BadEvent>();
  EXPECT_EQ(next_event({"id", "{}", {}, {}}).request_id, "id");
}

TEST_F(RuntimeClientTest, EveryOtherStatusOfNextIsLostAndSaysWhy) {
  for (const int status : {200 + 2, 301, 400, 403, 404, 410, 429, 500, 503}) {
    fake_.push_next(Reply::error(status, "SomeType", "some words"));
    const auto reason = next_as<Lost>().reason;
    EXPECT_NE(reason.find(std::to_string(status) + " SomeType: some words"), std::string::npos) << reason;
  }
  EXPECT_EQ(fake_.requests().size(), 9U);
}

TEST_F(RuntimeClientTest, RedirectIsNotFollowed) {
  support::FakeRuntimeApi elsewhere;
  fake_.push_next(Reply::with(307, {{"Location", "http://" + elsewhere.address() + "/"}}, ""));
  next_as<Lost>();
  EXPECT_TRUE(elsewhere.requests().empty());
}

TEST_F(RuntimeClientTest, StatusesOfPostsAreReportedWithTypeAndMessage) {
  for (const int status : {400, 403, 404, 410, 413, 431, 500}) {
    const auto invocation = next_event({});
    fake_.push_post(Reply::error(status, "SomeType", "some words"));
    const auto response = respond(invocation);
    fake_.push_post(Reply::error(status, "SomeType", "some words"));
    const auto error = client_.post_error(invocation, kSomeError, "", base::Deadline::after(10s));
    fake_.push_post(Reply::error(status, "SomeType", "some words"));
    const auto init_error = client_.post_init_error(kSomeError);
    for (const auto& posted : {response, error, init_error}) {
      EXPECT_EQ(posted.status, status);
      EXPECT_FALSE(posted.accepted());
      EXPECT_EQ(posted.reason, std::to_string(status) + " SomeType: some words");
    }
  }
  EXPECT_EQ(fake_.posts().size(), 21U);
  EXPECT_EQ(fake_.connections(), 1);
}

TEST_F(RuntimeClientTest, ConnectionClosedWhileIdleIsOpenedAgain) {
  fake_.push_next(Reply::event({}).then_close());
  const auto invocation = next_event();
  ASSERT_TRUE(fake_.wait_until_ended(1, 10s));
  EXPECT_EQ(respond(invocation).status, 202);
  EXPECT_EQ(fake_.posts().size(), 1U);
}

TEST_F(RuntimeClientTest, NextIsAskedOnceMoreWhenTheConnectionEndsWithoutAByte) {
  for (const bool reset : {false, true}) {
    auto reply = Reply::nothing();
    if (reset) reply.by_reset();
    fake_.push_next(reply);
    EXPECT_EQ(next_event({"again", "{}", {}, {}}).request_id, "again");
  }
  EXPECT_EQ(fake_.requests().size(), 4U);
}

TEST_F(RuntimeClientTest, NextIsAskedOnceMoreWhenTheServerNeverReadIt) {
  fake_.drop_unread(1);
  EXPECT_EQ(next_event({"again", "{}", {}, {}}).request_id, "again");
}

TEST_F(RuntimeClientTest, NextIsLostAfterTheSecondFailure) {
  fake_.push_next(Reply::nothing().by_reset());
  fake_.push_next(Reply::nothing().by_reset());
  EXPECT_NE(next_as<Lost>().reason.find("GET next failed"), std::string::npos);
  EXPECT_EQ(fake_.requests().size(), 2U);
}

// It may have been an event, so it is reported the first time, too.
TEST_F(RuntimeClientTest, GarbageIsReportedAndLostTheSecondTime) {
  const std::string endless_line = "HTTP/1.1 " + std::string(1'000'000, 'x');
  for (const auto& garbage : {std::string("SSH-2.0-OpenSSH\r\n\r\n"), std::string("\0\1\2\3", 4),
                              endless_line, std::string("HTTP/1.1 OK\r\n\r\n"), std::string("HTTP/1.1 2")}) {
    fake_.push_next(Reply::raw(garbage));
    EXPECT_TRUE(next_as<BadEvent>().reason.starts_with("the answer to GET next has no status: "));
    fake_.push_next(Reply::raw(garbage));
    EXPECT_TRUE(next_as<Lost>().reason.starts_with("GET next failed: "));
    next_event({});
  }
}

TEST_F(RuntimeClientTest, RefusedConnectionIsLost) {
  auto gone = std::make_unique<support::FakeRuntimeApi>();
  api::RuntimeClient client(*api::Endpoint::parse(gone->address()));
  gone.reset();
  const auto next = client.next();
  ASSERT_TRUE(std::holds_alternative<Lost>(next));
  EXPECT_NE(std::get<Lost>(next).reason.find("cannot connect"), std::string::npos);
}

TEST_F(RuntimeClientTest, TruncatedEventIsNeverAnInvocation) {
  for (const bool reset : {false, true}) {
    for (const bool chunked : {false, true}) {
      auto reply = Reply::event({"id", random_bytes(100'000), {}, {}}).cut_body_after(50'000);
      if (chunked) reply.chunked();
      if (reset) reply.by_reset();
      fake_.push_next(reply);
      const auto reason = next_as<BadEvent>().reason;
      EXPECT_NE(reason.find("broke off"), std::string::npos) << reason;
    }
  }
  EXPECT_EQ(next_event({"id", "{}", {}, {}}).request_id, "id");
}

TEST_F(RuntimeClientTest, ChunkedEventWithoutItsLastChunkIsNeverAnInvocation) {
  fake_.push_next(
      Reply::raw("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id\r\n"
                 "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"));
  next_as<BadEvent>();
}

TEST_F(RuntimeClientTest, EventWhoseHeadBreaksOffIsABadEventWithAReason) {
  for (const std::size_t bytes : {12U, 17U, 40U}) {
    fake_.push_next(Reply::event({}).cut_after(bytes));
    EXPECT_EQ(next_as<BadEvent>().reason, "its head cannot be used: the connection was closed");
  }
  EXPECT_EQ(next_event({"id", "{}", {}, {}}).request_id, "id");
}

TEST_F(RuntimeClientTest, EventWithTooManyHeadersIsABadEventWithAReason) {
  support::Headers headers(1100, {"X", "y"});
  fake_.push_event({"id", "{}", {}, headers});
  EXPECT_EQ(next_as<BadEvent>().reason, "its head cannot be used: it has more than 1,024 headers");
  headers.resize(1000);
  EXPECT_EQ(next_event({"id", "{}", {}, headers}).request_id, "id");
}

TEST_F(RuntimeClientTest, EventThatTheStopCutsOffIsNamed) {
  support::EndlessPeer peer(
      "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id\r\nContent-Length: 999999999\r\n\r\n", "z",
      support::EndlessPeer::Pace::drip);
  const base::UniqueFd stop(::eventfd(0, EFD_CLOEXEC));
  api::RuntimeClient client({"127.0.0.1", peer.port(), ""}, stop.get());
  support::Tasks tasks;
  auto next = tasks.run([&] { return client.next(); });
  EXPECT_TRUE(support::wait_for([&] { return peer.sent() > 150; }));
  ::eventfd_write(stop.get(), 1);
  const auto stopped = std::get<api::Stopped>(next.get());
  EXPECT_NE(stopped.dropped.find("the event broke off after "), std::string::npos) << stopped.dropped;
}

// A client that asked for nothing of the kind may get them from whatever stands between.
TEST_F(RuntimeClientTest, InterimAnswersAreSkippedBeforeEventsAndReceipts) {
  std::string interims;
  for (int status = 100; status < 200; ++status)
    interims +=
        "HTTP/1.1 " + std::to_string(status) + " Wait\r\nLambda-Runtime-Aws-Request-Id: wrong\r\n\r\n";
  fake_.push_next(
      Reply::raw(interims +
                 "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id\r\nContent-Length: 2\r\n\r\n{}")
          .keep_open());
  const auto invocation = next_event();
  EXPECT_EQ(invocation.request_id, "id");
  EXPECT_EQ(*invocation.event.text(), "{}");
  fake_.push_post(Reply::raw(interims + "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").keep_open());
  EXPECT_EQ(respond(invocation).status, 202);
  EXPECT_EQ(fake_.connections(), 1);
}

TEST_F(RuntimeClientTest, PostIsNeverRepeated) {
  for (const bool reset : {false, true}) {
    const auto invocation = next_event({});
    auto reply = Reply::nothing();
    if (reset) reply.by_reset();
    fake_.push_post(reply);
    const auto posted = respond(invocation);
    EXPECT_EQ(posted.status, 0);
    EXPECT_FALSE(posted.accepted());
    EXPECT_FALSE(posted.reason.empty());
  }
  next_event({"id", "{}", {}, {}});
  EXPECT_EQ(fake_.posts().size(), 2U);
}

TEST_F(RuntimeClientTest, PostOnAConnectionThatDropsItUnreadIsNotRepeated) {
  fake_.push_next(Reply::event({}).then_close());
  const auto invocation = next_event();
  ASSERT_TRUE(fake_.wait_until_ended(1, 10s));
  fake_.drop_unread(1);
  EXPECT_EQ(respond(invocation).status, 0);
  EXPECT_EQ(fake_.posts().size(), 0U);
}

TEST_F(RuntimeClientTest, StatusOfAPostCountsEvenWhenItsBodyBreaksOff) {
  const auto invocation = next_event({});
  fake_.push_post(Reply::with(202, {}, "{\"status\":\"OK\"}\n").cut_body_after(5));
  EXPECT_EQ(respond(invocation).status, 202);
  EXPECT_EQ(fake_.posts().size(), 1U);
}

TEST_F(RuntimeClientTest, StatusOfAPostCountsEvenWhenItsHeadBreaksOff) {
  for (const int status : {202, 413}) {
    for (const std::size_t bytes : {12U, 15U, 30U}) {
      const auto reply = Reply::with(status, {{"Content-Type", "application/json"}}, "{}").cut_after(bytes);
      const auto invocation = next_event({});
      fake_.push_post(reply);
      EXPECT_EQ(respond(invocation).status, status) << bytes;
      fake_.push_post(reply);
      EXPECT_EQ(client_.post_error(invocation, kSomeError, "", base::Deadline::after(10s)).status, status);
      fake_.push_post(reply);
      EXPECT_EQ(client_.post_init_error(kSomeError).status, status) << bytes;
    }
  }
}

TEST_F(RuntimeClientTest, PostGivesUpWhenTheReplyDoesNotCome) {
  const auto invocation = next_event({});
  fake_.push_post(Reply::with(202, {}, "").held());
  const auto start = std::chrono::steady_clock::now();
  const auto posted = respond(invocation, "x", base::Deadline::after(10ms));
  EXPECT_EQ(posted.status, 0);
  EXPECT_EQ(posted.reason, "no answer within the time limit");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST_F(RuntimeClientTest, PostAfterItsLimitIsStillTried) {
  const auto invocation = next_event({});
  EXPECT_EQ(respond(invocation, "x", base::Deadline::after(-1h)).status, 202);
}

TEST_F(RuntimeClientTest, NextWaitsAsLongAsItTakes) {
  fake_.push_next(Reply::event({"late", "{}", {}, {}}).held());
  std::thread releaser([this] {
    EXPECT_EQ(fake_.wait_for_requests(1, 10s).size(), 1U);
    fake_.release();
  });
  EXPECT_EQ(next_event().request_id, "late");
  releaser.join();
}

TEST_F(RuntimeClientTest, StrayBytesBehindAnAnswerAreNotTakenForTheNextOne) {
  std::string wire = "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: one\r\nContent-Length: 2\r\n\r\n{}";
  for (int i = 0; i < 2000; ++i) wire += "HTTP/1.1 500 Stray\r\nContent-Length: 0\r\n\r\n";
  fake_.push_next(Reply::raw(wire).keep_open());
  const auto invocation = next_event();
  EXPECT_EQ(respond(invocation).status, 202);
  EXPECT_EQ(fake_.connections(), 2);
}

}  // namespace
