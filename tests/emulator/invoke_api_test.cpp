// SPDX-License-Identifier: Apache-2.0
#include "emulator/clients/invoke_api.h"

#include "base/text/base64.h"
#include "fake_place.h"
#include "support/http_client.h"

#include <optional>
#include <regex>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace emulator;
using support::HttpAnswer;
using support::HttpConnection;

constexpr auto kPath = "/2015-03-31/functions/fn/invocations";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The real server on loopback, with places that only write down what comes.
class InvokeApiTest : public testing::Test {
 protected:
  void SetUp() override { serve({{}, true}, 10); }
  void TearDown() override {
    diary_.release();
    server_.reset();
  }
  void serve(const InvokeApiOptions& options, std::size_t most_waiting) {
    server_.reset();
    pool_.emplace(fake_places(diary_, 1), most_waiting);
    auto listening = invoke_api_options();
    listening.kept_body = 6 * 1024 * 1024 + 1;
    auto started = HttpServer::start(invoke_api(options, *pool_), listening);
    ASSERT_TRUE(started.ok());
    server_ = *std::move(started);
  }
  HttpAnswer post(const std::string& path, const std::string& body = "{}", const std::string& headers = "") {
    HttpConnection client(server_->port());
    return client.exchange("POST", path, body, headers).value_or(HttpAnswer{});
  }
  /// The answer is the error `type`, as SDKs look for it.
  static void expect_error(const HttpAnswer& answer, int status, const std::string& type,
                           const std::string& message) {
    EXPECT_EQ(answer.status, status);
    EXPECT_TRUE(has(answer.head, "x-amzn-ErrorType: " + type + "\r\n")) << answer.head;
    const auto body = nlohmann::json::parse(answer.body, nullptr, false);
    ASSERT_TRUE(body.is_object()) << answer.body;
    EXPECT_TRUE(has(body["message"], message)) << answer.body;
    EXPECT_EQ(body["message"], body["Message"]);
  }

  PlaceDiary diary_;
  std::optional<Pool> pool_;
  std::optional<HttpServer> server_;
};

TEST_F(InvokeApiTest, AnswerOfTheFunctionComesBackWithTheServicesHeaders) {
  const auto answer = post(kPath, "{\"a\": 1}");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "\"done\"");
  EXPECT_TRUE(has(answer.head, "X-Amz-Executed-Version: $LATEST\r\n")) << answer.head;
  EXPECT_FALSE(has(answer.head, "X-Amz-Function-Error"));
  EXPECT_FALSE(has(answer.head, "X-Amz-Log-Result"));
  std::smatch id;
  ASSERT_TRUE(std::regex_search(answer.head, id, std::regex("x-amzn-RequestId: ([0-9a-f-]{36})\r\n")));
  EXPECT_EQ(diary_.events().at(0).request_id, id[1]);
  EXPECT_EQ(diary_.events().at(0).payload, "{\"a\": 1}");
}

TEST_F(InvokeApiTest, NoPayloadIsAnEmptyObject) {
  EXPECT_EQ(post(kPath, "").status, 200);
  EXPECT_EQ(diary_.events().at(0).payload, "{}");
}

TEST_F(InvokeApiTest, FunctionErrorIsASuccessWithAHeader) {
  diary_.next_answer = {FunctionFailed{"Function.Exit3", "{\"errorType\":\"Function.Exit3\"}"}, ""};
  const auto answer = post(kPath);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(has(answer.head, "X-Amz-Function-Error: Unhandled\r\n")) << answer.head;
  EXPECT_EQ(answer.body, "{\"errorType\":\"Function.Exit3\"}");
}

TEST_F(InvokeApiTest, TimeoutIsWordedAsTheServiceDoes) {
  diary_.next_answer = {TimedOut{std::chrono::seconds(2)}, ""};
  const auto answer = post(kPath);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(has(answer.head, "X-Amz-Function-Error: Unhandled\r\n"));
  EXPECT_TRUE(has(answer.body, "Task timed out after 2.00 seconds")) << answer.body;
}

TEST_F(InvokeApiTest, LogComesOnlyWhenItIsAskedFor) {
  const auto answer = post(kPath, "{}", "X-Amz-Log-Type: Tail\r\n");
  EXPECT_TRUE(has(answer.head, "X-Amz-Log-Result: " + base::base64_encode("a log\n") + "\r\n"))
      << answer.head;
  EXPECT_FALSE(has(post(kPath, "{}", "X-Amz-Log-Type: None\r\n").head, "X-Amz-Log-Result"));
}

TEST_F(InvokeApiTest, EventIsAcceptedBeforeItHasRun) {
  diary_.hold();
  const auto answer = post(kPath, "[1]", "X-Amz-Invocation-Type: Event\r\n");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "");
  diary_.wait_for_events(1);
  EXPECT_EQ(diary_.events().at(0).payload, "[1]");
}

TEST_F(InvokeApiTest, DryRunRunsNothing) {
  const auto answer = post(kPath, "{}", "X-Amz-Invocation-Type: DryRun\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_TRUE(diary_.events().empty());
}

TEST_F(InvokeApiTest, ContextOfTheCallerIsPassedOn) {
  const auto context = base::base64_encode("{\n \"custom\": {\"k\": \"\xc3\xa4\"}}");
  post(kPath, "{}",
       "X-Amz-Client-Context: " + context + "\r\nX-Amz-Tenant-Id: blue:1\r\nX-Amzn-Trace-Id: Root=1-2-3\r\n");
  const auto event = diary_.events().at(0);
  EXPECT_EQ(event.client_context, "{\"custom\":{\"k\":\"\\u00e4\"}}");
  EXPECT_EQ(event.tenant_id, "blue:1");
  EXPECT_EQ(event.trace_id, "Root=1-2-3");
}

TEST_F(InvokeApiTest, LargestPayloadPassesAndOneByteMoreIsRefused) {
  const std::string largest = "\"" + std::string(6 * 1024 * 1024 - 2, 'x') + "\"";
  EXPECT_EQ(post(kPath, largest).status, 200);
  EXPECT_EQ(diary_.events().at(0).payload.size(), largest.size());
  expect_error(post(kPath, largest + " "), 413, "RequestEntityTooLargeException",
               "must be smaller than 6291456 bytes");
}

TEST_F(InvokeApiTest, EventHasASmallerLimit) {
  const std::string large = "\"" + std::string(1024 * 1024 - 1, 'x') + "\"";
  expect_error(post(kPath, large, "X-Amz-Invocation-Type: Event\r\n"), 413, "RequestEntityTooLargeException",
               "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)");
}

TEST_F(InvokeApiTest, FullLineIsThrottling) {
  serve({{}, true}, 0);
  diary_.hold();
  post(kPath, "{}", "X-Amz-Invocation-Type: Event\r\n");
  diary_.wait_for_events(1);
  const auto answer = post(kPath);
  expect_error(answer, 429, "TooManyRequestsException", "Rate Exceeded.");
  EXPECT_TRUE(has(answer.body, "ReservedFunctionConcurrentInvocationLimitExceeded"));
}

TEST_F(InvokeApiTest, OtherNamesAreUnknownWhereTheFunctionHasOne) {
  Function named;
  named.name = "mine";
  serve({named, false}, 10);
  EXPECT_EQ(post("/2015-03-31/functions/mine/invocations").status, 200);
  expect_error(post("/2015-03-31/functions/yours/invocations"), 404, "ResourceNotFoundException",
               "Function not found: arn:aws:lambda:us-east-1:123456789012:function:yours");
}

TEST_F(InvokeApiTest, PingAnswersScripts) {
  HttpConnection client(server_->port());
  const auto answer = client.exchange("GET", "/ping");
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "pong");
}

TEST_F(InvokeApiTest, StoppedServerSaysSo) {
  pool_->cancel();
  expect_error(post(kPath), 503, "ServiceException", "being stopped");
}

struct Name {
  std::string said;
  std::string path;
  std::string arn;
};
class InvokeApiNameTest : public InvokeApiTest, public testing::WithParamInterface<Name> {};

TEST_P(InvokeApiNameTest, BecomesTheArnOfTheCall) {
  EXPECT_EQ(post("/2015-03-31/functions/" + GetParam().path).status, 200);
  EXPECT_EQ(diary_.events().at(0).function_arn,
            "arn:aws:lambda:us-east-1:123456789012:function:" + GetParam().arn);
}

INSTANTIATE_TEST_SUITE_P(
    Table, InvokeApiNameTest,
    testing::Values(
        Name{"Plain", "fn/invocations", "fn"}, Name{"WithAlias", "fn:prod/invocations", "fn:prod"},
        Name{"WithVersionInTheQuery", "fn/invocations?Qualifier=7", "fn:7"},
        Name{"WithLatestEncoded", "fn/invocations?a=b&Qualifier=%24LATEST", "fn:$LATEST"},
        Name{"SameTwice", "fn:prod/invocations?Qualifier=prod", "fn:prod"},
        Name{"Partial", "123456789012%3Afunction%3Afn/invocations", "fn"},
        Name{"Arn", "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Afn/invocations", "fn"},
        Name{"ArnWithQualifier",
             "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:fn:prod/invocations", "fn:prod"}),
    [](const auto& tested) { return tested.param.said; });

struct Refused {
  std::string said;
  std::string path;
  std::string body;
  std::string headers;
  int status;
  std::string type;
};
class InvokeApiRefusalTest : public InvokeApiTest, public testing::WithParamInterface<Refused> {};

TEST_P(InvokeApiRefusalTest, IsAnErrorOfTheServiceAndRunsNothing) {
  const auto& tried = GetParam();
  expect_error(post(tried.path, tried.body, tried.headers), tried.status, tried.type, "");
  EXPECT_TRUE(diary_.events().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, InvokeApiRefusalTest,
    testing::Values(
        Refused{"NoJson", kPath, "{\"a\":", "", 400, "InvalidRequestContentException"},
        Refused{"MoreBehindANulByte", kPath, std::string("{}\0{", 4), "", 400,
                "InvalidRequestContentException"},
        Refused{"NoUtf8", kPath, "\"\xff\"", "", 400, "InvalidRequestContentException"},
        Refused{"UnknownPath", "/2015-03-31/functions/fn", "{}", "", 404, "UnknownOperationException"},
        Refused{"NoName", "/2015-03-31/functions//invocations", "{}", "", 404, "UnknownOperationException"},
        Refused{"WrongName", "/2015-03-31/functions/a%20b/invocations", "{}", "", 400, "ValidationException"},
        Refused{"NameWithTooManyParts", "/2015-03-31/functions/a:b:c/invocations", "{}", "", 400,
                "ValidationException"},
        Refused{"EmptyQualifier", "/2015-03-31/functions/fn:/invocations", "{}", "", 400,
                "ValidationException"},
        Refused{"ArnOfAnotherService", "/2015-03-31/functions/arn:aws:s3:::fn/invocations", "{}", "", 400,
                "ValidationException"},
        Refused{"LongName", "/2015-03-31/functions/" + std::string(5000, 'a') + "/invocations", "{}", "", 400,
                "ValidationException"},
        Refused{"TwoQualifiers", "/2015-03-31/functions/fn:a/invocations?Qualifier=b", "{}", "", 400,
                "InvalidParameterValueException"},
        Refused{"Type", kPath, "{}", "X-Amz-Invocation-Type: Later\r\n", 400, "ValidationException"},
        Refused{"LogType", kPath, "{}", "X-Amz-Log-Type: Head\r\n", 400, "ValidationException"},
        Refused{"ContextNoBase64", kPath, "{}", "X-Amz-Client-Context: {}\r\n", 400,
                "InvalidRequestContentException"},
        Refused{"ContextNoObject", kPath, "{}", "X-Amz-Client-Context: W10=\r\n", 400,
                "InvalidRequestContentException"},
        Refused{"Tenant", kPath, "{}", "X-Amz-Tenant-Id: a;b\r\n", 400, "ValidationException"},
        Refused{"WebPage", kPath, "{}", "Origin: http://example.com\r\n", 403, "AccessDeniedException"}),
    [](const auto& tested) { return tested.param.said; });

}  // namespace
