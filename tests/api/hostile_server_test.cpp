// SPDX-License-Identifier: Apache-2.0
// A server at its worst: lengths that lie, heads that are none, connections that end at any point.
#include "runtime_client_fixture.h"

#include <tuple>

namespace {

using api::BadEvent;
using api::Lost;
using support::Event;
using support::Reply;

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id\r\n";

Reply raw_event(std::string_view rest) {
  return Reply::raw(std::string(kHead) + std::string(rest));
}

class HostileServerTest : public RuntimeClientTest {
 protected:
  // Whatever comes of it, it is no event, and nothing hangs.
  void expect_no_event(const Reply& reply, const std::string& what) {
    fake_.push_next(reply);
    const auto next = client_.next();
    EXPECT_TRUE(std::holds_alternative<BadEvent>(next) || std::holds_alternative<Lost>(next)) << what;
  }
};

class LyingLengthTest : public HostileServerTest, public testing::WithParamInterface<const char*> {};

}  // namespace

TEST_P(LyingLengthTest, IsNeverAnInvocation) {
  expect_no_event(raw_event(std::string(GetParam()) + "\r\n\r\n{}"), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Table, LyingLengthTest,
    testing::Values("Content-Length: 3", "Content-Length: 6291456", "Content-Length: 18446744073709551615",
                    "Content-Length: 99999999999999999999999", "Content-Length: -1", "Content-Length: two",
                    "Content-Length: ", "Content-Length: 2\r\nContent-Length: 3",
                    "Transfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 2"));

class BadChunkTest : public HostileServerTest, public testing::WithParamInterface<const char*> {};

TEST_P(BadChunkTest, IsNeverAnInvocation) {
  expect_no_event(raw_event("Transfer-Encoding: chunked\r\n\r\n" + std::string(GetParam())), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Table, BadChunkTest,
                         testing::Values("2\r\n{}", "2\r\n{}\r\n", "5\r\n{}\r\n0\r\n\r\n",
                                         "x\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n",
                                         "FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
                                         "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n", "\r\n\r\n",
                                         "2\r\n{}0\r\n\r\n"));

TEST_F(HostileServerTest, BytesBeyondTheLengthAreNoPartOfTheEvent) {
  fake_.push_next(raw_event("Content-Length: 2\r\n\r\n{}{\"evil\":1}").keep_open());
  const auto invocation = next_event();
  EXPECT_EQ(*invocation.event.text(), "{}");
  EXPECT_EQ(respond(invocation).status, 202);
}

TEST_F(HostileServerTest, FoldedHeaderIsNoHttp) {
  expect_no_event(raw_event("Lambda-Runtime-Client-Context: one\r\n two\r\nContent-Length: 2\r\n\r\n{}"),
                  "folded");
  EXPECT_EQ(next_event({"again", "{}", {}, {}}).request_id, "again");
}

TEST_F(HostileServerTest, EventOfManyMegabytesArrivesWhole) {
  const std::string huge(24 * 1024 * 1024, 'h');
  EXPECT_TRUE(*next_event({"id", huge, {}, {}}).event.text() == huge);
}

TEST_F(HostileServerTest, HeadOverFourMebibytesIsGivenUp) {
  expect_no_event(raw_event("X: " + std::string(5 * 1024 * 1024, 'x') + "\r\nContent-Length: 2\r\n\r\n{}"),
                  "huge");
}

TEST_F(HostileServerTest, EndlessHeadIsGivenUp) {
  std::string lines;
  for (int i = 0; i < 400'000; ++i) lines += "X: 12345678\r\n";
  expect_no_event(raw_event(lines), "endless");
}

TEST_F(HostileServerTest, ConnectionThatIsResetBehindAnEventCostsNothing) {
  fake_.push_next(Reply::event({"id", "{}", {}, {}}).then_close().by_reset());
  const auto invocation = next_event();
  ASSERT_TRUE(fake_.wait_until_ended(1, 10s));
  EXPECT_EQ(respond(invocation).status, 202);
}

TEST_F(HostileServerTest, PostThatIsResetWithinItsBodyIsNotRepeated) {
  for (const std::size_t bytes : {0U, 1000U, 3'000'000U}) {
    const auto invocation = next_event({"id", "{}", {}, {}});
    fake_.reset_post_after(bytes);
    const auto posted = respond(invocation, std::string(6'000'000, 'x'));
    EXPECT_EQ(posted.status, 0);
    EXPECT_FALSE(posted.reason.empty());
  }
  EXPECT_EQ(next_event({"last", "{}", {}, {}}).request_id, "last");
  EXPECT_TRUE(fake_.posts().empty());
}

TEST_F(HostileServerTest, PostThatIsResetBehindItsStatusIsJudged) {
  const auto invocation = next_event({});
  fake_.push_post(Reply::with(202, {}, "{\"status\":\"OK\"}\n").then_close().by_reset());
  EXPECT_EQ(respond(invocation).status, 202);
  EXPECT_EQ(next_event({"id", "{}", {}, {}}).request_id, "id");
  EXPECT_EQ(fake_.posts().size(), 1U);
}

TEST_F(HostileServerTest, ReplyThatDripsIsGivenUpAtTheLimitAsAWhole) {
  const auto invocation = next_event({});
  const auto start = std::chrono::steady_clock::now();
  fake_.push_post(Reply::with(202, {}, "").in_packets_of(1).slowly(2s));  // 24 s until its status is there
  EXPECT_EQ(respond(invocation, "x", base::Deadline::after(10ms)).status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
}

TEST_F(HostileServerTest, ErrorPostThatIsLostIsNotRepeated) {
  const auto invocation = next_event({});
  fake_.push_post(Reply::nothing().by_reset());
  EXPECT_EQ(client_.post_error(invocation, kSomeError, "", base::Deadline::after(10s)).status, 0);
  fake_.push_post(Reply::nothing());
  EXPECT_EQ(client_.post_init_error(kSomeError).status, 0);
  EXPECT_EQ(fake_.posts().size(), 2U);
}

TEST_F(HostileServerTest, GarbageAsReplyToAPostIsAnUnknownFate) {
  const auto invocation = next_event({});
  fake_.push_post(Reply::raw("SSH-2.0-OpenSSH\r\n\r\n"));
  EXPECT_EQ(respond(invocation).status, 0);
  EXPECT_EQ(fake_.posts().size(), 1U);
}
