// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"
#include "runtime_client_fixture.h"

#include <unistd.h>

#include <array>
#include <cstdlib>

namespace {

using support::Event;
using support::Reply;

constexpr std::size_t kLargest = 6 * 1024 * 1024;

TEST_F(RuntimeClientTest, LargeRandomEventAndAnswerArriveIdentical) {
  const auto bytes = random_bytes(kLargest);
  const auto invocation = next_event({"id", bytes, {}, {}});
  EXPECT_TRUE(*invocation.event.text() == bytes);
  EXPECT_EQ(respond(invocation, bytes).status, 202);
  EXPECT_TRUE(only_post().body == bytes);
}

TEST_F(RuntimeClientTest, EventCanBeReadFromItsStart) {
  const auto invocation = next_event({"id", "abc", {}, {}});
  std::array<char, 8> buffer{};
  EXPECT_EQ(::read(invocation.event.fd(), buffer.data(), buffer.size()), 3);
  EXPECT_STREQ(buffer.data(), "abc");
}

TEST_F(RuntimeClientTest, ChunkedEventArrivesWhole) {
  const auto bytes = random_bytes(300'000);
  fake_.push_next(Reply::event({"id", bytes, {}, {}}).chunked());
  EXPECT_TRUE(*next_event().event.text() == bytes);
  fake_.push_next(Reply::event({"id", "", {}, {}}).chunked());
  EXPECT_EQ(next_event().event.size(), 0U);
}

TEST_F(RuntimeClientTest, EventInSingleBytesArrivesWhole) {
  fake_.push_next(Reply::event({"id", "{\"a\":1}", {}, {}}).in_packets_of(1));
  EXPECT_EQ(*next_event().event.text(), "{\"a\":1}");
  fake_.push_next(Reply::event({"id", "{\"a\":1}", {}, {}}).chunked().in_packets_of(1));
  EXPECT_EQ(*next_event().event.text(), "{\"a\":1}");
}

TEST_F(RuntimeClientTest, EventThatEndsWithTheConnectionArrivesWhole) {
  fake_.push_next(Reply::event({"id", "old style", {}, {}}).until_close());
  const auto invocation = next_event();
  EXPECT_EQ(*invocation.event.text(), "old style");
  EXPECT_EQ(respond(invocation).status, 202);
}

TEST_F(RuntimeClientTest, MemoryIsToldWhereTheEventAsksForItAndNowhereElse) {
  const auto told = [&](const support::Headers& headers, std::size_t kib) {
    const auto invocation = next_event({"id", "{}", {}, headers});
    client_.measured(kib);
    respond(invocation);
    return fake_.requests().back().header("Shellstrap-Peak-Memory-Kib");
  };
  EXPECT_EQ(told({{"Shellstrap-Wants-Memory", "yes"}}, 40'960), "40960");
  EXPECT_EQ(told({{"Shellstrap-Wants-Memory", "yes"}}, 0), std::nullopt);
  EXPECT_EQ(told({}, 40'960), std::nullopt);
}

TEST_F(RuntimeClientTest, EmptyEventAndEmptyAnswerAreValid) {
  const auto invocation = next_event({"id", "", {}, {}});
  EXPECT_EQ(invocation.event.size(), 0U);
  EXPECT_EQ(respond(invocation, "").status, 202);
  EXPECT_EQ(only_post().header("Content-Length"), "0");
}

TEST_F(RuntimeClientTest, CaseOfHeaderNamesDoesNotMatter) {
  fake_.push_next(Reply::event({"id-1", "x", 1234, {}}).upper_case_headers());
  EXPECT_EQ(next_event().deadline, 1234ms);
  fake_.push_next(Reply::event({"id-2", "x", 5678, {}}).lower_case_headers());
  const auto invocation = next_event();
  EXPECT_EQ(invocation.request_id, "id-2");
  EXPECT_EQ(invocation.deadline, 5678ms);
}

TEST_F(RuntimeClientTest, HeaderValuesArriveByteForByte) {
  const std::string context = R"({"url":"a%20b%2","caf)"
                              "\xC3\xA9\xFF"
                              R"(":"%u0041 +"})";
  const auto invocation = next_event({"id%2Fx", "{}", {}, {{"Lambda-Runtime-Client-Context", context}}});
  EXPECT_EQ(invocation.request_id, "id%2Fx");
  EXPECT_EQ(invocation.context.back().value, context);
  respond(invocation);
  EXPECT_EQ(only_post().path, "/2018-06-01/runtime/invocation/id%252Fx/response");
}

TEST_F(RuntimeClientTest, HeaderWithControlCharactersCostsOnlyItself) {
  const auto invocation = next_event({"id", "{}", {}, {{"Lambda-Runtime-Client-Context", "a\x01\x7F\nb"}}});
  EXPECT_EQ(invocation.request_id, "id");
  EXPECT_EQ(invocation.context.size(), 3U);
}

TEST_F(RuntimeClientTest, OfDuplicateHeadersTheFirstOnTheWireCounts) {
  fake_.push_next(Reply::event({"first", "{}", {}, {}})
                      .header("Lambda-Runtime-Aws-Request-Id", "second")
                      .header("lambda-runtime-aws-request-id", "third"));
  EXPECT_EQ(next_event().request_id, "first");
}

TEST_F(RuntimeClientTest, HeaderOfAMebibyteArrives) {
  const std::string huge(1024 * 1024, 'h');
  const auto invocation = next_event({"id", "{}", {}, {{"Lambda-Runtime-Client-Context", huge}}});
  EXPECT_TRUE(invocation.context.back().value == huge);
}

TEST_F(RuntimeClientTest, RequestsCarryTheHeadersOfTheContractAndNoOthers) {
  respond(next_event({}));
  for (const auto& request : fake_.requests()) {
    EXPECT_EQ(request.header("Host"), fake_.address());
    EXPECT_EQ(request.header("User-Agent"), "shellstrap/" + std::string(base::version()));
    EXPECT_EQ(request.header("Expect"), std::nullopt);
    EXPECT_EQ(request.header("Lambda-Runtime-Function-Response-Mode"), std::nullopt);
    EXPECT_EQ(request.header("Transfer-Encoding"), std::nullopt);
    EXPECT_EQ(request.header("Connection"), std::nullopt);
    EXPECT_EQ(request.header("Lambda-Runtime-Invocation-Id"), std::nullopt);
  }
  EXPECT_EQ(only_post().header("Content-Type"), "application/json");
  EXPECT_EQ(only_post().header("Content-Length"), "2");
}

TEST_F(RuntimeClientTest, LargeAnswerIsSentWithoutExpect) {
  respond(next_event({}), std::string(kLargest, 'x'));
  EXPECT_EQ(only_post().header("Expect"), std::nullopt);
  EXPECT_EQ(only_post().body.size(), kLargest);
}

TEST_F(RuntimeClientTest, RequestIdIsPercentEncodedInThePath) {
  respond(next_event({"a/b?c d#e", "{}", {}, {}}));
  EXPECT_EQ(only_post().path, "/2018-06-01/runtime/invocation/a%2Fb%3Fc%20d%23e/response");
}

TEST_F(RuntimeClientTest, InvocationIdIsEchoedWhereTheServiceSentOne) {
  const auto invocation = next_event({"id", "{}", {}, {{"Lambda-Runtime-Invocation-Id", "attempt 7"}}});
  respond(invocation);
  client_.post_error(invocation, kSomeError, "", base::Deadline::after(10s));
  const auto posts = fake_.posts();
  ASSERT_EQ(posts.size(), 2U);
  for (const auto& request : posts) EXPECT_EQ(request.header("Lambda-Runtime-Invocation-Id"), "attempt 7");
}

TEST_F(RuntimeClientTest, ErrorIsPostedWithItsTypeInHeaderAndBody) {
  const auto invocation = next_event({"id", "{}", {}, {}});
  const auto cause = kSomeError.xray_cause("/var/task");
  EXPECT_TRUE(client_.post_error(invocation, kSomeError, cause, base::Deadline::after(10s)).accepted());
  const auto request = only_post();
  EXPECT_EQ(request.path, "/2018-06-01/runtime/invocation/id/error");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_EQ(request.header("Lambda-Runtime-Function-Error-Type"), "Function.Exit3");
  EXPECT_EQ(request.header("Lambda-Runtime-Function-XRay-Error-Cause"), cause);
  EXPECT_EQ(request.header("Lambda-Runtime-Invocation-Id"), std::nullopt);
  EXPECT_EQ(request.body, kSomeError.body());
}

TEST_F(RuntimeClientTest, EmptyXrayCauseSendsNoHeader) {
  client_.post_error(next_event({}), kSomeError, "", base::Deadline::never());
  EXPECT_EQ(only_post().header("Lambda-Runtime-Function-XRay-Error-Cause"), std::nullopt);
}

TEST_F(RuntimeClientTest, LargestXrayCauseTravelsInItsHeader) {
  const api::FunctionError error{api::ErrorType::exited(1), std::string(1'000'000, 'm'), {}, {}};
  const auto cause = error.xray_cause("/");
  client_.post_error(next_event({}), error, cause, base::Deadline::after(10s));
  EXPECT_TRUE(only_post().header("Lambda-Runtime-Function-XRay-Error-Cause") == cause);
}

TEST_F(RuntimeClientTest, InitErrorNeedsNoInvocation) {
  const api::FunctionError error{api::ErrorType::Known::handler_not_found, "no handler", {}, {}};
  EXPECT_EQ(client_.post_init_error(error).status, 202);
  EXPECT_EQ(only_post().path, "/2018-06-01/runtime/init/error");
  EXPECT_EQ(only_post().header("Lambda-Runtime-Function-Error-Type"), "Runtime.HandlerNotFound");
  EXPECT_EQ(only_post().body, error.body());
}

TEST_F(RuntimeClientTest, PathPrefixOfTheAddressIsKept) {
  api::RuntimeClient client(*api::Endpoint::parse("http://" + fake_.address() + "/.rt"));
  fake_.push_event({"id", "{}", {}, {}});
  const auto next = client.next();
  ASSERT_TRUE(std::holds_alternative<api::Invocation>(next));
  EXPECT_EQ(fake_.requests().at(0).path, "/.rt/2018-06-01/runtime/invocation/next");
}

TEST_F(RuntimeClientTest, LocalhostNeedsNoResolver) {
  api::RuntimeClient client(*api::Endpoint::parse("localhost:" + std::to_string(fake_.port())));
  fake_.push_event({});
  EXPECT_TRUE(std::holds_alternative<api::Invocation>(client.next()));
}

TEST_F(RuntimeClientTest, ProxyVariablesAreIgnored) {
  for (const auto* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
    ::setenv(name, "http://127.0.0.1:1", 1);
  api::RuntimeClient client(*api::Endpoint::parse(fake_.address()));
  fake_.push_event({});
  EXPECT_TRUE(std::holds_alternative<api::Invocation>(client.next()));
  for (const auto* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
}

TEST_F(RuntimeClientTest, HundredPairsUseOneConnection) {
  for (int i = 0; i < 100; ++i) {
    const auto id = "id-" + std::to_string(i);
    const auto invocation = next_event({id, id, {}, {}});
    ASSERT_EQ(*invocation.event.text(), id);
    ASSERT_EQ(respond(invocation, id).status, 202);
  }
  EXPECT_EQ(fake_.connections(), 1);
  EXPECT_EQ(fake_.posts().size(), 100U);
}

}  // namespace
