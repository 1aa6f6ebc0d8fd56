// SPDX-License-Identifier: Apache-2.0
#include "emulator/runtime_api/runtime_api.h"

#include "emulator/broker/on_demand_broker.h"
#include "support/http_client.h"
#include "support/tasks.h"

#include <future>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace emulator;
using support::HttpConnection;

constexpr auto kNext = "/2018-06-01/runtime/invocation/next";
constexpr auto kInitError = "/2018-06-01/runtime/init/error";

std::string path_of(const std::string& id, const std::string& what) {
  return "/2018-06-01/runtime/invocation/" + id + "/" + what;
}

Event sample_event() {
  Event event;
  event.request_id = "8f5c-1";
  event.payload = std::string("{\"a\":\0\xff}", 8);
  event.function_arn = "arn:aws:lambda:x";
  event.trace_id = "Root=1-2-3";
  event.timeout = std::chrono::seconds(20);
  return event;
}

/// The real server on loopback, and a caller.
class RuntimeApiTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = HttpServer::start(runtime_api(broker_), options_);
    ASSERT_TRUE(started.ok());
    server_.emplace(*std::move(started));
  }
  void TearDown() override {
    broker_.close(Cancelled{});
    broker_.hang_up();
    tasks_.join();
  }
  std::future<Broker::Completed> call(const Event& event) {
    return tasks_.run(std::function([this, event] { return broker_.invoke(event); }));
  }
  /// Does not wait for the answer.
  static void poll(HttpConnection& runtime) {
    runtime.send(std::string("GET ") + kNext + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  OnDemandBroker broker_;
  support::Tasks tasks_;
  ServerOptions options_{0, 64, 7 * 1024 * 1024};
  std::optional<HttpServer> server_;
};

TEST_F(RuntimeApiTest, OneConnectionServesEventsInTurn) {
  HttpConnection runtime(server_->port());
  poll(runtime);
  for (int i = 0; i < 150; ++i) {  // more than httplib's own limit of requests on a connection
    auto caller = call(sample_event());
    const auto next = runtime.receive();
    ASSERT_TRUE(next) << i;
    EXPECT_EQ(next->body, sample_event().payload);
    const auto posted = runtime.exchange("POST", path_of("8f5c-1", "response"), std::to_string(i));
    ASSERT_EQ(posted->status, 202);
    EXPECT_EQ(posted->body, "{\"status\":\"OK\"}\n");
    poll(runtime);
    EXPECT_EQ(std::get<Answered>(caller.get().reply).payload, std::to_string(i));
  }
}

TEST_F(RuntimeApiTest, NextCarriesTheContextAndNoEmptyHeaders) {
  HttpConnection runtime(server_->port());
  auto caller = call(sample_event());
  const auto next = runtime.exchange("GET", kNext);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->status, 200);
  for (const char* line :
       {"Lambda-Runtime-Aws-Request-Id: 8f5c-1\r\n", "Lambda-Runtime-Trace-Id: Root=1-2-3\r\n",
        "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:x\r\n",
        "Lambda-Runtime-Deadline-Ms: ", "Content-Type: application/json\r\n"})
    EXPECT_NE(next->head.find(line), std::string::npos) << line;
  for (const char* name : {"Client-Context", "Cognito", "Tenant", "Invocation-Id"})
    EXPECT_EQ(next->head.find(name), std::string::npos) << name;
}

TEST_F(RuntimeApiTest, RefusalsAreJsonWithTypeAndMessage) {
  HttpConnection runtime(server_->port());
  const auto refused = runtime.exchange("POST", path_of("unknown", "response"), "x");
  ASSERT_EQ(refused->status, 400);
  const auto body = nlohmann::json::parse(refused->body);
  EXPECT_EQ(body["errorType"], "InvalidRequestID");
  EXPECT_TRUE(body["errorMessage"].is_string());
}

struct PathCase {
  const char* method;
  const char* path;
  int status;
};
class RuntimeApiPathTest : public RuntimeApiTest, public testing::WithParamInterface<PathCase> {};

TEST_P(RuntimeApiPathTest, IsAnswered) {
  HttpConnection runtime(server_->port());
  const auto answer = runtime.exchange(GetParam().method, GetParam().path);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, GetParam().status);
}
INSTANTIATE_TEST_SUITE_P(Table, RuntimeApiPathTest,
                         testing::Values(PathCase{"GET", "/2018-06-01/ping", 200},
                                         PathCase{"GET", "/2018-06-01/runtime/restore/next", 404},
                                         PathCase{"POST", "/2018-06-01/runtime/restore/error", 404},
                                         PathCase{"GET", "/", 404}, PathCase{"POST", "/", 404},
                                         PathCase{"POST", kNext, 404}, PathCase{"DELETE", kNext, 405},
                                         PathCase{"POST", "/2018-06-01/runtime/invocation//response", 404},
                                         PathCase{"POST", "/2018-06-01/runtime/invocation/response", 404},
                                         PathCase{"POST", "/2018-06-01/runtime/invocation/a%2Fb/error", 400},
                                         PathCase{"POST", kInitError, 202}));

TEST_F(RuntimeApiTest, ResponseOfSixMebibytesArrivesWhole) {
  HttpConnection runtime(server_->port());
  auto caller = call(sample_event());
  runtime.exchange("GET", kNext);
  std::string bytes(6 * 1024 * 1024 + 100, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 + i / 257);
  EXPECT_EQ(runtime.exchange("POST", path_of("8f5c-1", "response"), bytes)->status, 202);
  poll(runtime);
  EXPECT_TRUE(std::get<Answered>(caller.get().reply).payload == bytes);
}

TEST_F(RuntimeApiTest, BodyBeyondWhatIsKeptIsStillCountedAndAnswered) {
  HttpConnection runtime(server_->port());
  auto caller = call(sample_event());
  runtime.exchange("GET", kNext);
  const std::string bytes(9 * 1024 * 1024, 'x');
  EXPECT_EQ(runtime.exchange("POST", path_of("8f5c-1", "response"), bytes)->status, 413);
  poll(runtime);
  const auto failed = std::get<FunctionFailed>(caller.get().reply);
  EXPECT_NE(failed.payload.find(std::to_string(bytes.size())), std::string::npos);
}

class RuntimeApiContentTypeTest : public RuntimeApiTest, public testing::WithParamInterface<const char*> {};

TEST_P(RuntimeApiContentTypeTest, BodyIsBytesWhateverTheHeadersSay) {
  HttpConnection runtime(server_->port());
  auto caller = call(sample_event());
  runtime.exchange("GET", kNext);
  const auto headers = "Content-Type: " + std::string(GetParam()) + "\r\nContent-Encoding: gzip\r\n";
  EXPECT_EQ(runtime.exchange("POST", path_of("8f5c-1", "response"), "--x\r\n&=%", headers)->status, 202);
  poll(runtime);
  const auto reply = caller.get().reply;
  EXPECT_EQ(std::get<Answered>(reply).payload, "--x\r\n&=%");
  EXPECT_EQ(std::get<Answered>(reply).content_type, GetParam());
}
INSTANTIATE_TEST_SUITE_P(Table, RuntimeApiContentTypeTest,
                         testing::Values("multipart/form-data; boundary=x",
                                         "application/x-www-form-urlencoded", "application/json"));

TEST_F(RuntimeApiTest, ChunkedBodyIsTakenTogether) {
  HttpConnection runtime(server_->port());
  auto caller = call(sample_event());
  runtime.exchange("GET", kNext);
  runtime.send(
      "POST " + path_of("8f5c-1", "response") +
      " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nLambda-Runtime-Function-Response-Mode: "
      "streaming\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(runtime.receive()->status, 202);
  poll(runtime);
  EXPECT_EQ(std::get<Answered>(caller.get().reply).payload, "abcde");
}

TEST_F(RuntimeApiTest, ConnectionThatBreaksWithinTheBodyIsNoAnswer) {
  auto caller = call(sample_event());
  HttpConnection runtime(server_->port());
  runtime.exchange("GET", kNext);
  runtime.send("POST " + path_of("8f5c-1", "response") +
               " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
  runtime.finish_sending();
  EXPECT_EQ(runtime.receive()->status, 400);
  HttpConnection again(server_->port());
  poll(again);
  const auto reply = caller.get().reply;
  ASSERT_TRUE(std::holds_alternative<FunctionFailed>(reply));
  EXPECT_EQ(std::get<FunctionFailed>(reply).error_type, "Runtime.TruncatedResponse");
}

TEST_F(RuntimeApiTest, PollWhoseConnectionDiedDoesNotSwallowTheEvent) {
  {
    HttpConnection dead(server_->port());
    poll(dead);
    ASSERT_FALSE(broker_.wait_until_polled(base::Deadline::after(std::chrono::seconds(20)), {}));
  }
  auto caller = call(sample_event());
  HttpConnection runtime(server_->port());
  const auto next = runtime.exchange("GET", kNext);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->status, 200);
}

TEST_F(RuntimeApiTest, StoppingWithAnIdleConnectionIsQuick) {
  HttpConnection runtime(server_->port());
  runtime.exchange("GET", "/2018-06-01/ping");
  const auto before = base::SteadyClock::now();
  server_->stop();
  EXPECT_LT(base::SteadyClock::now() - before, std::chrono::seconds(3));
}

TEST(HttpServerTest, TakenPortIsAnErrorThatNamesIt) {
  const auto answer = [](const HttpRequest&) { return HttpResponse{}; };
  auto first = HttpServer::start(answer, {});
  ASSERT_TRUE(first.ok());
  ServerOptions options;
  options.port = first->port();
  const auto second = HttpServer::start(answer, options);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message.find(std::to_string(options.port)), std::string::npos);
}

TEST(HttpServerTest, TargetKeepsTheQueryAndPathIsDecoded) {
  std::string path;
  std::string target;
  auto server = HttpServer::start(
      [&](const HttpRequest& request) {
        path = request.path;
        target = request.target;
        return HttpResponse{};
      },
      {});
  HttpConnection client(server->port());
  ASSERT_TRUE(client.exchange("GET", "/a%20b?c=%20d"));
  EXPECT_EQ(path, "/a b");
  EXPECT_EQ(target, "/a%20b?c=%20d");
}

}  // namespace
