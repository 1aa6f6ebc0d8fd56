// SPDX-License-Identifier: Apache-2.0
// Where one answer ends and the next one begins: answers without a body, and requests that are sent ahead.
#include "serve_run.h"
#include "support/raw_client.h"

#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

using support::RawClient;

constexpr auto kInvokeFunction = "/2015-03-31/functions/fn/invocations";

std::string request(const std::string& method, const std::string& path, const std::string& rest = "\r\n") {
  return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + rest;
}

std::string with_length(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string kLast = "Connection: close\r\n\r\n";

std::size_t answers_in(const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find("HTTP/1.1 "); at != std::string::npos; at = text.find("HTTP/1.1 ", at + 1))
    ++count;
  return count;
}

class ServeFramingTest : public testing::Test {
 protected:
  Serve serve(const std::string& lines, std::vector<std::string> options = {}) {
    cli_.script("x.sh", lines);
    options.insert(options.begin(), "--url=0");
    options.emplace_back("x.sh");
    return Serve(cli_, std::move(options));
  }
  Cli cli_;
};

// ---- Answers without a body.

struct Bodiless {
  std::string name;
  std::string method;
  int status;
  bool streams;
};
class BodilessTest : public ServeFramingTest, public testing::WithParamInterface<Bodiless> {};

TEST_P(BodilessTest, AnswerEndsWithItsHeadAndTheNextOneFollows) {
  const auto& tried = GetParam();
  const auto status = std::to_string(tried.status);
  const auto server =
      tried.streams
          ? serve("printf 'Status: " + status + "\\n\\nbody'",
                  {"--env", "SHELLSTRAP_INVOKE_MODE=stream", "--env", "SHELLSTRAP_RESPONSE_FORMAT=cgi"})
          : serve(R"(echo '{"statusCode": )" + status + R"(, "body": "body"}')");
  RawClient client(server.port());
  client.send(request(tried.method, "/one"));
  ASSERT_TRUE(client.read_until("\r\n\r\n"));
  client.send(request(tried.method, "/two", kLast));
  const auto text = client.read_all();
  EXPECT_EQ(answers_in(text), 2U) << text;
  EXPECT_TRUE(text.starts_with("HTTP/1.1 " + status + " ")) << text;
  EXPECT_TRUE(text.ends_with("\r\n\r\n")) << text;
  EXPECT_FALSE(has(text, "body")) << text;
  EXPECT_FALSE(has(text, "chunked")) << text;
  if (tried.status != 205 && tried.streams) {
    EXPECT_FALSE(has(text, "Content-Length")) << text;
  }
  if (tried.status == 204 || tried.status == 304) {
    EXPECT_FALSE(has(text, "Content-Length")) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, BodilessTest,
    testing::Values(Bodiless{"NoContent", "GET", 204, false}, Bodiless{"NoContentToPost", "POST", 204, false},
                    Bodiless{"ResetContent", "GET", 205, false}, Bodiless{"NotModified", "GET", 304, false},
                    Bodiless{"Head", "HEAD", 200, false}, Bodiless{"HeadNotModified", "HEAD", 304, false},
                    Bodiless{"StreamedNoContent", "GET", 204, true},
                    Bodiless{"StreamedNotModified", "GET", 304, true},
                    Bodiless{"StreamedHead", "HEAD", 200, true}),
    [](const auto& tested) { return tested.param.name; });

class InterimTest : public ServeFramingTest, public testing::WithParamInterface<const char*> {};
TEST_P(InterimTest, StatusOfAnAnswerIsA502) {
  const auto server = serve(std::string(R"(echo '{"statusCode": )") + GetParam() + R"(, "body": "body"}')");
  RawClient client(server.port());
  client.get("/");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 502 ")) << client.text();
  EXPECT_TRUE(
      has(server.log(), std::string("its statusCode ") + GetParam() + " is that of an interim answer"));
}
INSTANTIATE_TEST_SUITE_P(Statuses, InterimTest, testing::Values("100", "101", "103", "199"));

TEST_F(ServeFramingTest, DryRunHasNoLength) {
  Cli cli;
  cli.script("x.sh", "cat");
  const Serve server(cli, {"x.sh"});
  RawClient client(server.port());
  client.send(request("POST", kInvokeFunction,
                      "X-Amz-Invocation-Type: DryRun\r\nConnection: close\r\n" + with_length("{}")));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 204 ")) << client.text();
  EXPECT_FALSE(has(client.text(), "Content-Length")) << client.text();
}

// ---- Requests that are sent ahead.

struct Ahead {
  std::string name;
  std::string first;
};
class AheadTest : public ServeFramingTest, public testing::WithParamInterface<Ahead> {};

TEST_P(AheadTest, IsAnsweredBehindTheFirst) {
  const auto server = serve(R"(echo '{"statusCode": 200, "body": "b"}')");
  RawClient client(server.port());
  client.send(GetParam().first + request("GET", "/two", kLast));
  const auto text = client.read_all();
  EXPECT_EQ(answers_in(text), has(GetParam().first, "100-continue") ? 3U : 2U) << text;
  EXPECT_TRUE(text.ends_with("\r\n\r\nb")) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, AheadTest,
    testing::Values(
        Ahead{"OfAGet", request("GET", "/one")}, Ahead{"OfAHead", request("HEAD", "/one")},
        Ahead{"OfADelete", request("DELETE", "/one")},
        Ahead{"OfAPost", request("POST", "/one", with_length("body"))},
        Ahead{"OfAPostWithoutLength", request("POST", "/one")},
        Ahead{"OfALargePost", request("POST", "/one", with_length(std::string(100'001, 'x')))},
        Ahead{"OfChunks",
              request("POST", "/one", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-A: b\r\n\r\n")},
        Ahead{"OfAnExpectation", request("POST", "/one", "Expect: 100-continue\r\n" + with_length("b"))},
        Ahead{"WithAnEmptyLineBetween", request("POST", "/one", with_length("b")) + "\r\n"}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(ServeFramingTest, HundredRequestsAheadAreAnsweredInTheirOrder) {
  Cli cli;
  cli.script("x.sh", "cat");
  const Serve server(cli, {"x.sh"});
  std::string all;
  for (int i = 0; i < 100; ++i) all += request("POST", kInvokeFunction, with_length(std::to_string(i)));
  support::HttpConnection client(server.port());
  client.send(all);
  for (int i = 0; i < 100; ++i) {
    const auto answer = client.receive();
    ASSERT_TRUE(answer) << i;
    ASSERT_EQ(answer->body, std::to_string(i));
  }
}

TEST_F(ServeFramingTest, RuntimeMaySendItsNextPollBehindItsAnswer) {
  const Cli cli;
  Serve server(cli, {"--only-apis", "--runtime-api-port", "0"});
  std::smatch found;
  const auto log = server.log();
  ASSERT_TRUE(std::regex_search(log, found, std::regex("AWS_LAMBDA_RUNTIME_API=127.0.0.1:(\\d+)"))) << log;
  support::HttpConnection runtime(std::stoi(found[1]));
  support::HttpConnection caller(server.port());
  const auto next = request("GET", "/2018-06-01/runtime/invocation/next");
  runtime.send(next);
  for (const std::string event : {"1", "2", "3"}) {
    caller.send(request("POST", kInvokeFunction, with_length(event)));
    const auto given = runtime.receive();
    ASSERT_TRUE(given) << event;
    EXPECT_EQ(given->body, event);
    const std::string name = "Lambda-Runtime-Aws-Request-Id: ";
    const auto id = given->head.substr(given->head.find(name) + name.size(), 36);
    runtime.send(request("POST", "/2018-06-01/runtime/invocation/" + id + "/response", with_length(event)) +
                 next);
    EXPECT_EQ(runtime.receive()->status, 202);
    EXPECT_EQ(caller.receive()->body, event);
  }
  server.stop(SIGINT);
}

// ---- Requests whose end nobody knows.

struct Unclear {
  std::string name;
  std::string head;
  int status;
};
class UnclearRequestTest : public ServeFramingTest, public testing::WithParamInterface<Unclear> {};

TEST_P(UnclearRequestTest, IsRefusedAndNothingBehindItIsServed) {
  const auto server = serve("touch ran; echo '\"b\"'");
  RawClient client(server.port());
  client.send(GetParam().head + request("GET", "/two", kLast));
  const auto text = client.read_all();
  EXPECT_TRUE(text.starts_with("HTTP/1.1 " + std::to_string(GetParam().status))) << text;
  EXPECT_EQ(answers_in(text), 1U) << text;
  EXPECT_FALSE(std::ifstream(cli_.folder / "ran").good());
}

INSTANTIATE_TEST_SUITE_P(
    Table, UnclearRequestTest,
    testing::Values(
        Unclear{"TwoLengths", request("POST", "/", "Content-Length: 0\r\nContent-Length: 1\r\n\r\n"), 400},
        Unclear{"LengthNoNumber", request("POST", "/", "Content-Length: -1\r\n\r\n"), 400},
        Unclear{"LengthAndChunks",
                request("POST", "/", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                400},
        Unclear{"UnknownCoding", request("POST", "/", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                501},
        Unclear{"Tunnel", request("CONNECT", "localhost:80"), 405},
        Unclear{"NoRequestLine", "nonsense\r\n\r\n", 400}, Unclear{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        Unclear{"HeadWithoutEnd", request("GET", "/", "X-A: " + std::string(5'000'000, 'a')), 431}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
