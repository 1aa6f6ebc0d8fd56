// SPDX-License-Identifier: Apache-2.0
// Tenant, client context and Cognito identity of a call, for every kind of handler, with several workers at
// once.
#include "base/text/text.h"
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::Event;
using namespace std::chrono_literals;

constexpr int kCalls = 48;
constexpr int kContextWorkers = 4;

struct Meeting {
  const char* name;
  bool is_function;
  std::map<std::string, std::string> settings;
  const char* event;
};

// What a call has; every third has none of one of them.
struct Context {
  explicit Context(int number) {
    const auto text = std::to_string(number);
    if (number % 3 != 0) tenant = "tenant-" + text;
    if (number % 3 != 1) client = R"({"custom":{"k":"caf\u00e9 ')" + text + "\\\"\"},\"env\":{}}";
    if (number % 3 != 2)
      identity = R"({"cognitoIdentityId":"eu:)" + text + R"(","cognitoIdentityPoolId":"p"})";
  }

  [[nodiscard]] support::Headers headers() const {
    support::Headers headers;
    if (tenant) headers.emplace_back("Lambda-Runtime-Aws-Tenant-Id", *tenant);
    if (client) headers.emplace_back("Lambda-Runtime-Client-Context", *client);
    // As one emulator says that there is none.
    headers.emplace_back("Lambda-Runtime-Cognito-Identity", identity.value_or(""));
    return headers;
  }

  [[nodiscard]] std::string as_seen() const {
    return tenant.value_or("unset") + "\n" + client.value_or("unset") + "\n" + identity.value_or("unset") +
           "\n";
  }

  std::optional<std::string> tenant;
  std::optional<std::string> client;
  std::optional<std::string> identity;
};

// Writes what it has into a file of its request, and the tenant to the log. The answer is a CGI response,
// too.
const char* const kMeetingBody =
    "printf '%s\\n' \"${LAMBDA_RUNTIME_AWS_TENANT_ID-unset}\" \"${LAMBDA_RUNTIME_CLIENT_CONTEXT-unset}\" "
    "\"${LAMBDA_RUNTIME_COGNITO_IDENTITY-unset}\" > \"seen-$AWS_LAMBDA_REQUEST_ID\"\n"
    "echo \"seen ${LAMBDA_RUNTIME_AWS_TENANT_ID-unset}\" >&2\n"
    "printf 'Content-Type: text/plain\\n\\nok\\n'\n";

class ContextTest : public testing::TestWithParam<Meeting> {
 protected:
  void start() {
    auto environment = GetParam().settings;
    environment.insert({{"AWS_LAMBDA_MAX_CONCURRENCY", std::to_string(kContextWorkers)},
                        {"AWS_LAMBDA_LOG_FORMAT", "JSON"},
                        {"LAMBDA_RUNTIME_AWS_TENANT_ID", "stale"},
                        {"LAMBDA_RUNTIME_CLIENT_CONTEXT", "stale"},
                        {"LAMBDA_RUNTIME_COGNITO_IDENTITY", "stale"}});
    if (GetParam().is_function)
      bootstrap_.task_root.write("run.sh", std::string("handler() {\n") + kMeetingBody + "}\n");
    else
      bootstrap_.task_root.write("run", std::string("#!/bin/sh\n") + kMeetingBody, 0755);
    bootstrap_.start({.handler = GetParam().is_function ? "run.handler" : "run",
                      .arguments = {},
                      .environment = std::move(environment)});
  }

  std::string seen_by(const std::string& id) const {
    std::ifstream file(bootstrap_.task_root / ("seen-" + id));
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  void call_side_by_side() {
    ASSERT_TRUE(bootstrap_.api.wait_until_parked(kContextWorkers, 30s));
    for (int i = 0; i < kCalls; ++i)
      bootstrap_.api.push_event(
          {.id = "id-" + std::to_string(i), .body = GetParam().event, .headers = Context(i).headers()});
    for (int i = 0; i < kCalls; ++i) EXPECT_TRUE(bootstrap_.wait_for_post().path.ends_with("/response"));
    ASSERT_TRUE(bootstrap_.api.wait_until_parked(kContextWorkers, 30s));
  }

  support::BootstrapProcess bootstrap_;
};

// The number of the call that a line of the log belongs to, be it the handler's or, of what a batch answers,
// another.
std::optional<int> check_line(const std::string& line) {
  const auto record = json::parse(line, nullptr, false);
  const std::string id = record.value("requestId", "");
  EXPECT_TRUE(id.starts_with("id-")) << line;
  if (!id.starts_with("id-")) return std::nullopt;
  const int number = std::stoi(id.substr(3));
  const Context context(number);
  const std::string message = record.value("message", "");
  if (message.starts_with("seen ")) {
    EXPECT_EQ(message, "seen " + context.tenant.value_or("unset"));
  }
  EXPECT_EQ(record.contains("tenantId"), context.tenant.has_value());
  EXPECT_EQ(record.value("tenantId", "unset"), context.tenant.value_or("unset"));
  return number;
}

const char* const kHttpEvent = R"({"version":"2.0","routeKey":"$default","rawPath":"/","rawQueryString":"",
  "headers":{"host":"x"},"requestContext":{"http":{"method":"GET","path":"/","protocol":"HTTP/1.1",
  "sourceIp":"192.0.2.1"},"domainName":"x","requestId":"r"},"isBase64Encoded":false})";
const char* const kSqsEvent = R"({"Records":[{"messageId":"m1","body":"b","eventSource":"aws:sqs",
  "eventSourceARN":"arn:aws:sqs:eu-west-1:1:q"}]})";

}  // namespace

TEST_P(ContextTest, ReachesItsOwnCallAsItCameAndAbsentMeansUnset) {
  start();
  call_side_by_side();
  for (int i = 0; i < kCalls; ++i) EXPECT_EQ(seen_by("id-" + std::to_string(i)), Context(i).as_seen());
}

TEST_P(ContextTest, TheLogNamesTheTenantOfEachLinesCall) {
  start();
  call_side_by_side();
  std::map<int, int> lines;
  const auto log = bootstrap_.log();
  for (const auto line : base::split(log, '\n'))
    if (line.find("\"requestId\"") != std::string_view::npos)
      if (const auto number = check_line(std::string(line))) ++lines[*number];
  EXPECT_EQ(lines.size(), static_cast<std::size_t>(kCalls));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ContextTest,
    testing::Values(Meeting{"Program", false, {}, "{}"}, Meeting{"ShellFunction", true, {}, "{}"},
                    Meeting{"Stream", false, {{"SHELLSTRAP_INVOKE_MODE", "stream"}}, "{}"},
                    Meeting{"Template", false, {{"SHELLSTRAP_STDIN", "{/name}"}}, R"({"name":"n"})"},
                    Meeting{"Result", false, {{"SHELLSTRAP_RESPONSE_FORMAT", "result"}}, "{}"},
                    Meeting{"Batch", false, {{"SHELLSTRAP_BATCH", "sqs"}}, kSqsEvent},
                    Meeting{"BatchOfFunctions", true, {{"SHELLSTRAP_BATCH", "sqs"}}, kSqsEvent},
                    Meeting{"Cgi", false, {{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}}, kHttpEvent}),
    [](const auto& kind) { return std::string(kind.param.name); });
