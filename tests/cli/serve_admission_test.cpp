// SPDX-License-Identifier: Apache-2.0
// Who may ask the servers of shellstrap serve: no web page, and nobody by a name of his own.
#include "serve_run.h"

#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

constexpr auto kInvoke = "/2015-03-31/functions/fn/invocations";
constexpr auto kNext = "/2018-06-01/runtime/invocation/next";

support::HttpAnswer ask(int port, const std::string& method, const std::string& path, const std::string& host,
                        const std::string& headers = "") {
  support::HttpConnection client(port);
  client.send(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers +
              "Content-Length: 2\r\n\r\n{}");
  return client.receive().value_or(support::HttpAnswer{});
}

/// The Runtime API's port, as the log of --only-apis says it.
int runtime_port(const Serve& server) {
  std::smatch found;
  const auto log = server.log();
  return std::regex_search(log, found, std::regex("AWS_LAMBDA_RUNTIME_API=127.0.0.1:(\\d+)"))
             ? std::stoi(found[1])
             : 0;
}

void expect_refused(const Serve& server, const support::HttpAnswer& answer, const std::string& sentence) {
  EXPECT_EQ(answer.status, 403) << answer.head << answer.body;
  EXPECT_TRUE(has(answer.body, sentence)) << answer.body;
  EXPECT_TRUE(support::wait_for([&] { return has(server.log(), "a request was refused: "); }))
      << server.log();
}

struct Stranger {
  std::string name;
  std::string host;
  std::string headers;
};
const std::vector<Stranger> kStrangers = {
    {"ReboundName", "evil.example", ""},
    {"ReboundNameWithPort", "evil.example:9000", ""},
    {"Page", "127.0.0.1", "Origin: http://evil.example\r\n"},
    {"PageWithoutOrigin", "localhost", "Sec-Fetch-Site: cross-site\r\n"}};

class StrangerTest : public testing::TestWithParam<Stranger> {};

TEST_P(StrangerTest, CannotCallAFunction) {
  Cli cli;
  cli.script("x.sh", "touch ran; cat");
  const Serve server(cli, {"x.sh"});
  const auto& asked = GetParam();
  expect_refused(server, ask(server.port(), "POST", kInvoke, asked.host, asked.headers), "");
  EXPECT_FALSE(std::ifstream(cli.folder / "ran").good());
}

TEST_P(StrangerTest, CannotTakeOrAnswerAnEvent) {
  const Cli cli;
  const Serve server(cli, {"--only-apis", "--runtime-api-port", "0"});
  const int port = runtime_port(server);
  const auto& asked = GetParam();
  expect_refused(server, ask(port, "GET", kNext, asked.host, asked.headers), "");
  expect_refused(server, ask(port, "POST", "/2018-06-01/runtime/init/error", asked.host, asked.headers), "");
}

/// That of an environment, and with it the Extensions API.
TEST_P(StrangerTest, CannotAskTheApiOfARunningEnvironment) {
  Cli cli;
  cli.script("runtime", "echo $AWS_LAMBDA_RUNTIME_API >address; exec sleep 60");
  Serve server(cli, {"--bootstrap", (cli.folder / "runtime"), "x"});
  support::HttpConnection caller(server.port());
  caller.send("POST " + std::string(kInvoke) + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
  std::string address;
  ASSERT_TRUE(support::wait_for([&] {
    std::ifstream file(cli.folder / "address");
    return static_cast<bool>(file >> address);
  })) << server.log();
  const int port = std::stoi(address.substr(address.find(':') + 1));
  const auto& asked = GetParam();
  expect_refused(server,
                 ask(port, "POST", "/2020-01-01/extension/register", asked.host,
                     asked.headers + "Lambda-Extension-Name: a\r\n"),
                 "");
  server.stop(SIGINT);
}

INSTANTIATE_TEST_SUITE_P(Table, StrangerTest, testing::ValuesIn(kStrangers),
                         [](const auto& tested) { return tested.param.name; });

class UrlAdmissionTest : public testing::Test {
 protected:
  Serve serve(std::vector<std::string> options) const {
    options.insert(options.begin(), "--url=0");
    options.insert(options.end(), {"--", "cat"});
    return Serve(cli_, std::move(options));
  }
  Cli cli_;
};

TEST_F(UrlAdmissionTest, PagesMayAskAndAnotherHostIsRefusedWithTheOptionThatAllowsIt) {
  const auto server = serve({});
  EXPECT_EQ(ask(server.port(), "POST", "/", "localhost", "Origin: http://page.example\r\n").status, 200);
  expect_refused(server, ask(server.port(), "POST", "/", "my.example:8080"),
                 "shellstrap serve --allow-host my.example");
}

TEST_F(UrlAdmissionTest, NamedHostsMayAskAndOthersMayNot) {
  const auto server = serve({"--allow-host", "My.Example", "--allow-host", "[fe80::1]"});
  EXPECT_EQ(ask(server.port(), "POST", "/", "my.example:8080").status, 200);
  EXPECT_EQ(ask(server.port(), "POST", "/", "[fe80::1]").status, 200);
  EXPECT_EQ(ask(server.port(), "POST", "/", "127.0.0.1").status, 200);
  EXPECT_EQ(ask(server.port(), "POST", "/", "a.my.example").status, 403);
}

TEST_F(UrlAdmissionTest, StarAllowsEveryHost) {
  const auto server = serve({"--allow-host", "*"});
  EXPECT_EQ(ask(server.port(), "POST", "/", "any.example").status, 200);
}

TEST_F(UrlAdmissionTest, RefusalOfALargeBodyReachesItsClient) {
  const auto server = serve({});
  support::HttpConnection client(server.port());
  const std::string body(4'000'000, 'x');
  client.send("POST / HTTP/1.1\r\nHost: my.example\r\nContent-Length: 4000000\r\n\r\n" + body);
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 403);
}

}  // namespace
