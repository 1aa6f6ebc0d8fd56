// SPDX-License-Identifier: Apache-2.0
// What the Runtime API may answer, and what the bootstrap makes of it: it goes on, or it ends.
#include "base/deadline.h"
#include "support/bootstrap_process.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <ostream>

#include <gtest/gtest.h>

namespace {

using support::Event;
using support::Reply;

class WireTest : public testing::Test {
 protected:
  void SetUp() override { bootstrap_.start({.handler = "cat", .arguments = {}, .environment = {}}); }

  support::BootstrapProcess bootstrap_;
};

// A handler that counts its runs, and an event that is delivered twice.
class TwiceDeliveredTest : public testing::Test {
 protected:
  void start(const std::string& script) {
    bootstrap_.task_root.write("run", "#!/bin/sh\necho run >> runs\n" + script, 0755);
    bootstrap_.start({.handler = "run", .arguments = {}, .environment = support::kOneWorker});
  }

  // The second POST: the first one has the fate `first`, and `again` comes next.
  support::RecordedRequest deliver(const Event& event, const Reply& first, const Event& again) {
    bootstrap_.api.push_post(first);
    bootstrap_.invoke(event);
    return bootstrap_.invoke(again);
  }

  [[nodiscard]] std::size_t runs() const {
    std::ifstream file(bootstrap_.task_root / "runs");
    return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
  }

  static Event event(const std::string& invocation_id = "attempt-1") {
    const auto deadline = base::unix_now() + std::chrono::minutes(5);
    return {.id = "id",
            .body = "event",
            .deadline_ms = deadline.count(),
            .headers = {{"Lambda-Runtime-Invocation-Id", invocation_id}}};
  }

  support::BootstrapProcess bootstrap_;
};

using Refusal = std::pair<int, std::string>;

class RefusedAnswerTest : public WireTest, public testing::WithParamInterface<Refusal> {};

// What the last worker makes of its Runtime API.
class OneWorkerTest : public testing::Test {
 protected:
  void SetUp() override {
    bootstrap_.start({.handler = "cat", .arguments = {}, .environment = support::kOneWorker});
  }

  support::BootstrapProcess bootstrap_;
};

struct DroppedEvent {
  Reply reply;
  std::string reason;
};

void PrintTo(const DroppedEvent& event, std::ostream* out) {
  *out << event.reason;
}

class DroppedEventTest : public WireTest, public testing::WithParamInterface<DroppedEvent> {};

class RefusedPollTest : public OneWorkerTest, public testing::WithParamInterface<int> {};

}  // namespace

TEST_P(RefusedAnswerTest, CostsThatInvocationAndNothingElse) {
  const auto [status, type] = GetParam();
  bootstrap_.api.push_post(Reply::error(status, type));
  bootstrap_.invoke("first");
  EXPECT_EQ(bootstrap_.invoke("second").body, "second");
  bootstrap_.wait_until_idle();
  EXPECT_TRUE(bootstrap_.logs(type));
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
  EXPECT_TRUE(bootstrap_.logs(std::to_string(GetParam())));
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

TEST_P(DroppedEventTest, IsInTheLogWithTheReasonAndTheNextOneIsServed) {
  bootstrap_.api.push_next(GetParam().reply);
  EXPECT_EQ(bootstrap_.invoke("x").body, "x");
  bootstrap_.wait_until_idle();
  EXPECT_TRUE(bootstrap_.logs("an event was dropped: " + GetParam().reason));
  EXPECT_EQ(bootstrap_.api.posts().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, DroppedEventTest,
    testing::Values(
        DroppedEvent{Reply::event({.headers = support::Headers(1100, {"X", "y"})}),
                     "its head cannot be used: it has more than 1,024 headers"},
        DroppedEvent{Reply::event({.headers = {{"X", std::string(1'200'000, 'x')}}}),
                     "its head cannot be used: it has a header of over 1 MiB"},
        DroppedEvent{Reply::event({.headers = support::Headers(5, {"X", std::string(1'000'000, 'x')})}),
                     "its head cannot be used: it has over 4 MiB of headers"},
        DroppedEvent{Reply::event({.headers = {{"X", "y\r\n folded"}}}),
                     "its head cannot be used: it has a line that is no header"},
        DroppedEvent{Reply::event({}).cut_after(50), "its head cannot be used: the connection was closed"},
        DroppedEvent{Reply::event({}).header("Content-Length", "-1"),
                     "the event broke off after 0 bytes: its headers or its chunks are no HTTP"},
        DroppedEvent{Reply::event({.body = "0123456789"}).cut_body_after(5),
                     "the event broke off after 5 bytes: the connection was closed"},
        DroppedEvent{Reply::event({}).without_header("Lambda-Runtime-Aws-Request-Id"),
                     "the event has no request id"},
        DroppedEvent{Reply::event({}).cut_after(5),
                     "the answer to GET next has no status: the connection was closed"},
        DroppedEvent{Reply::raw("garbage\r\n"), "the answer to GET next has no status: it is no HTTP"}));

TEST_F(WireTest, AnAnswerOfUnknownFateIsNeverSentTwice) {
  bootstrap_.api.push_post(Reply::nothing());
  bootstrap_.invoke(Event{.id = "first", .body = "first"});
  EXPECT_EQ(bootstrap_.invoke(Event{.id = "second", .body = "second"}).body, "second");
  EXPECT_EQ(bootstrap_.api.posts().size(), 2U);
}

TEST_F(TwiceDeliveredTest, AnAnswerThatWasLostIsSentAgainWithoutAnotherRun) {
  start("cat; echo \" $(wc -l < runs)\"");
  const auto one = event();
  EXPECT_EQ(deliver(one, Reply::nothing().by_reset(), one).body, "event 1\n");
  EXPECT_EQ(runs(), 1U);
  EXPECT_EQ(bootstrap_.invoke("other").body, "other 2\n");
  EXPECT_TRUE(bootstrap_.logs("sent once more"));
}

TEST_F(TwiceDeliveredTest, AnErrorThatWasLostIsSentAgainWithoutAnotherRun) {
  start("exit 3");
  const auto one = event();
  const auto post = deliver(one, Reply::nothing(), one);
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Function.Exit3");
  EXPECT_EQ(runs(), 1U);
}

TEST_F(TwiceDeliveredTest, AnAnswerThatIsLostAgainAndAgainIsKept) {
  start("head -c 6000000 /dev/zero");
  const auto one = event();
  bootstrap_.api.push_post(Reply::nothing());
  EXPECT_EQ(deliver(one, Reply::nothing().by_reset(), one).body.size(), 6'000'000U);
  EXPECT_EQ(bootstrap_.invoke(one).body.size(), 6'000'000U);
  EXPECT_EQ(runs(), 1U);
}

TEST_F(TwiceDeliveredTest, ARetriedEventRunsAgain) {
  start("cat");
  const auto one = event();
  auto later = one;
  *later.deadline_ms += 1;
  deliver(one, Reply::nothing(), later);
  EXPECT_EQ(runs(), 2U);
  deliver(event("attempt-2"), Reply::nothing(), event("attempt-3"));
  EXPECT_EQ(runs(), 4U);
}

TEST_F(TwiceDeliveredTest, AnEventWithAnotherPayloadRunsAgain) {
  start("cat");
  const auto one = event();
  auto other = one;
  other.body = "EVENT";
  EXPECT_EQ(deliver(one, Reply::nothing(), other).body, "EVENT");
  EXPECT_EQ(runs(), 2U);
}

TEST_F(TwiceDeliveredTest, AnEventThatComesBackAfterAnotherRunsAgain) {
  start("cat");
  const auto one = event();
  deliver(one, Reply::nothing(), Event{.id = "other"});
  bootstrap_.invoke(one);
  EXPECT_EQ(runs(), 3U);
}

TEST_F(TwiceDeliveredTest, AnAnswerWithAStatusIsNotKept) {
  start("cat");
  const auto one = event();
  deliver(one, Reply::error(400, "InvalidRequestID"), one);
  EXPECT_EQ(runs(), 2U);
  deliver(one, Reply::with(202, {}, "{\"status\":\"OK\"}\n").cut_body_after(3), one);
  EXPECT_EQ(runs(), 4U);
  deliver(one, Reply::with(202, {}, "{\"status\":\"OK\"}\n").cut_after(20), one);
  EXPECT_EQ(runs(), 6U);
}

TEST_F(WireTest, AConnectionThatTheServerClosesBetweenInvocationsIsOpenedAgain) {
  bootstrap_.api.push_post(Reply::with(202, {}, "{\"status\":\"OK\"}\n").then_close());
  bootstrap_.invoke("first");
  EXPECT_EQ(bootstrap_.invoke("second").body, "second");
}

TEST_F(OneWorkerTest, GarbageInsteadOfHttpEndsTheProcess) {
  for (int i = 0; i < 3; ++i) bootstrap_.api.push_next(Reply::raw("garbage\n\n").then_close());
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(1));
}

TEST_F(WireTest, SigtermEndsThePollOfAServerThatStoppedInTheMiddleOfAnEvent) {
  bootstrap_.api.push_next(
      Reply::event(Event{.id = "half", .body = "0123456789"}).cut_body_after(5).keep_open());
  ASSERT_FALSE(bootstrap_.api.wait_for_requests(1, std::chrono::seconds(30)).empty());
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(0));
  EXPECT_TRUE(bootstrap_.api.posts().empty());
}

TEST_F(WireTest, AServerThatResetsBehindEachAnswerIsServed) {
  for (const auto* body : {"first", "second", "third"}) {
    bootstrap_.api.push_post(Reply::with(202, {}, "{\"status\":\"OK\"}\n").then_close().by_reset());
    EXPECT_EQ(bootstrap_.invoke(body).body, body);
  }
}

TEST(NobodyThereTest, TheProcessEndsAndSaysSo) {
  std::string address;
  {
    const support::FakeRuntimeApi gone;
    address = gone.address();
  }
  support::BootstrapProcess bootstrap;
  bootstrap.start({.handler = "cat", .arguments = {}, .environment = {{"AWS_LAMBDA_RUNTIME_API", address}}});
  EXPECT_EQ(bootstrap.wait_for_end(), proc::ExitState::exited(1));
  const auto port = address.substr(address.find(':') + 1);
  EXPECT_TRUE(bootstrap.logs("cannot connect to 127.0.0.1, port " + port));
}
