// SPDX-License-Identifier: Apache-2.0
// CGI programs behind HTTP events, through the real bootstrap: the events that gateways make go in, what they
// would answer a client comes out.
#include "event/fixture.h"
#include "event/http/envelope.h"
#include "event/http/http_event.h"
#include "support/bootstrap_process.h"

#include <map>
#include <string>
#include <string_view>

namespace {

using event::HttpRequest;
using event::HttpResponse;
using event::HttpSource;
using event_tests::get;
using event_tests::multiset_of;
using event_tests::spool_of;
using event_tests::text_of;
using support::Event;

constexpr HttpSource kSources[] = {HttpSource::rest_1_0, HttpSource::http_2_0, HttpSource::alb_single,
                                   HttpSource::alb_multi};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

HttpRequest form_post(std::string body, std::string type = "application/x-www-form-urlencoded") {
  auto request = get("/form");
  request.method = "POST";
  request.headers.push_back({"content-type", std::move(type)});
  request.body = spool_of(body);
  request.has_body = true;
  return request;
}

class CgiTest : public testing::Test {
 protected:
  void start(const std::string& script, std::map<std::string, std::string> environment = {}) {
    environment["SHELLSTRAP_RESPONSE_FORMAT"] = "cgi";
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = std::move(environment)});
  }

  support::RecordedRequest send(const HttpRequest& request) {
    const auto json = event::to_event(request, {"id"});
    EXPECT_TRUE(json.ok());
    return bootstrap_.invoke(text_of(*json));
  }

  /// What the client of a gateway gets.
  HttpResponse ask(const HttpRequest& request) {
    const auto posted = send(request);
    EXPECT_TRUE(posted.path.ends_with("/response")) << posted.body;
    EXPECT_EQ(posted.header("Content-Type"), "application/json");
    auto response = event::parse_envelope(posted.body, request.source);
    if (response) return *std::move(response);
    ADD_FAILURE() << response.error().message << ": " << posted.body;
    return {};
  }

  support::BootstrapProcess bootstrap_;
};

TEST_F(CgiTest, TheSameProgramAnswersTheSameBehindEverySource) {
  start(R"(
read -r body
printf 'Status: 201 Created\nContent-Type: text/plain; charset=utf-8\nX-Any: one\nX-Any: two\n'
printf 'Set-Cookie: a=1; Path=/\nSet-Cookie: b=2\n\n'
printf '%s\n' "$REQUEST_METHOD $SCRIPT_NAME$PATH_INFO?$QUERY_STRING" "$HTTP_COOKIE" "$CONTENT_TYPE $CONTENT_LENGTH"
printf '%s\n' "$body" "$SERVER_NAME:$SERVER_PORT $HTTPS $REMOTE_ADDR" "ä $HTTP_X_FORWARDED_PROTO"
)");
  for (const auto source : kSources) {
    auto request = form_post("name=Ada+L.&x=%26\n");
    request.source = source;
    request.path = "/form%20s/7";
    request.query = "a=1&b=%26";
    request.headers.push_back({"cookie", "s=1; t=2"});
    request.headers.push_back({"x-forwarded-for", "203.0.113.7"});
    const auto response = ask(request);
    EXPECT_EQ(response.head.status, 201);
    EXPECT_EQ(multiset_of(response.head.headers),
              (std::vector<std::string>{"content-type: text/plain; charset=utf-8", "set-cookie: a=1; Path=/",
                                        "set-cookie: b=2", "x-any: one, two"}));
    EXPECT_EQ(text_of(response.body),
              "POST /form s/7?a=1&b=%26\ns=1; t=2\napplication/x-www-form-urlencoded 18\n"
              "name=Ada+L.&x=%26\nexample.com:443 on 203.0.113.7\n\xC3\xA4 https\n");
  }
}

TEST_F(CgiTest, BytesGoInAndOutAsTheyAre) {
  start("printf 'Content-Type: image/png\\n\\n'; exec cat");
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += static_cast<char>(i * 7 % 256);
  for (const auto source : kSources) {
    auto request = form_post(bytes, "application/octet-stream");
    request.source = source;
    EXPECT_TRUE(text_of(ask(request).body) == bytes);
  }
}

TEST_F(CgiTest, WithoutATypeTheGatewayDecides) {
  start("printf 'Status: 404 Not Found\\n\\nno page'");
  for (const auto source : kSources) {
    auto request = get("/");
    request.source = source;
    const auto posted = nlohmann::json::parse(send(request).body);
    EXPECT_TRUE(posted
                    .value(source == HttpSource::http_2_0 || source == HttpSource::alb_single
                               ? "headers"
                               : "multiValueHeaders",
                           nlohmann::json("none"))
                    .empty())
        << posted;
    EXPECT_EQ(posted.at("body"), "no page") << posted;
  }
}

TEST_F(CgiTest, ASettingTypesWhatTheProgramDoesNot) {
  start("printf '%s\\n\\n{}' \"$QUERY_STRING\"", {{"SHELLSTRAP_CONTENT_TYPE", "application/octet-stream"}});
  const auto type = [&](const char* line) {
    return nlohmann::json::parse(send(get("/", line)).body).at("headers").value("Content-Type", "none");
  };
  EXPECT_EQ(type("Status:404"), "application/octet-stream");
  EXPECT_EQ(type("Content-Type:text/html"), "text/html");
  EXPECT_EQ(type("Location:/there"), "none");
}

TEST_F(CgiTest, NothingOfOneRequestIsThereInTheNext) {
  start(
      R"(printf 'Content-Type: text/plain\n\n'; env | grep -c -e ^CONTENT_ -e ^HTTP_X_ONCE -e ^REMOTE_USER=ada; cat)",
      {{"CONTENT_LENGTH", "7"}, {"REMOTE_USER", "ada"}});
  auto request = form_post("b");
  request.headers.push_back({"x-once", "1"});
  EXPECT_EQ(text_of(ask(request).body), "3\nb");
  EXPECT_EQ(text_of(ask(get("/")).body), "0\n");
}

TEST_F(CgiTest, AnEventOfSomethingElseReachesTheProgramAsItIs) {
  start("printf '%s' \"${GATEWAY_INTERFACE-none} \"; exec cat");
  const auto posted = bootstrap_.invoke(R"({"Records": [{"body": "x"}]})");
  EXPECT_EQ(posted.body, R"(none {"Records": [{"body": "x"}]})");
}

TEST_F(CgiTest, AMalformedAnswerIsA502WithItsCauseInTheLogOnly) {
  start("printf '<p>secret\\n'");
  for (const auto source : kSources) {
    auto request = get("/");
    request.source = source;
    const auto response = ask(request);
    EXPECT_EQ(response.head.status, 502);
    EXPECT_EQ(text_of(response.body), "502 Bad Gateway\n");
  }
  EXPECT_TRUE(bootstrap_.logs("handler.sh: the output is no CGI response: line 1: no colon"));
  EXPECT_FALSE(contains(bootstrap_.log(), "secret")) << bootstrap_.log();
}

TEST_F(CgiTest, SilenceIsA502) {
  start("exit 0");
  EXPECT_EQ(ask(get("/")).head.status, 502);
  EXPECT_TRUE(bootstrap_.logs("no CGI response: it is empty"));
}

TEST_F(CgiTest, AProgramThatFailsIsAFunctionErrorWhateverItPrinted) {
  start("printf 'Status: 200 OK\\nContent-Type: text/plain\\n\\nfine'; exit 3");
  const auto posted = send(get("/"));
  EXPECT_TRUE(posted.path.ends_with("/error"));
  EXPECT_EQ(posted.header("Lambda-Runtime-Function-Error-Type"), "Function.Exit3");
}

TEST_F(CgiTest, ARequestAboveTheRootNeverReachesTheProgram) {
  start("echo started >&2; printf 'Content-Type: text/plain\\n\\n'");
  const auto response = ask(get("/a/../../etc/passwd"));
  EXPECT_EQ(response.head.status, 400);
  EXPECT_TRUE(bootstrap_.logs("the request is refused: the path leads above the root"));
  EXPECT_FALSE(contains(bootstrap_.log(), "started")) << bootstrap_.log();
}

TEST_F(CgiTest, ABrokenHttpEventIsAnError) {
  start("printf 'Content-Type: text/plain\\n\\n'");
  const auto posted = bootstrap_.invoke(
      R"({"httpMethod":"POST","path":"/","requestContext":{"elb":{}},"body":"!","isBase64Encoded":true})");
  EXPECT_TRUE(posted.path.ends_with("/error"));
  EXPECT_EQ(posted.header("Lambda-Runtime-Function-Error-Type"), "Function.InvalidEvent");
  EXPECT_TRUE(contains(posted.body, "its body is not base64")) << posted.body;
}

TEST_F(CgiTest, WhatMayHaveNoBodyHasNone) {
  start("printf 'Status: %s\\nContent-Type: text/plain\\n\\nbody' \"$QUERY_STRING\"");
  auto head = get("/", "200");
  head.method = "HEAD";
  EXPECT_EQ(text_of(ask(head).body), "");
  EXPECT_EQ(text_of(ask(get("/", "304")).body), "");
  EXPECT_EQ(text_of(ask(get("/", "204")).body), "");
  EXPECT_EQ(text_of(ask(get("/", "200")).body), "body");
}

TEST_F(CgiTest, BasePathAndAuthorizationAreSettings) {
  start(R"(printf 'Content-Type: text/plain\n\n%s' "$SCRIPT_NAME $PATH_INFO $HTTP_AUTHORIZATION")",
        {{"SHELLSTRAP_CGI_BASE_PATH", "/app/"}, {"SHELLSTRAP_CGI_AUTHORIZATION", "header:x-auth"}});
  auto request = get("/app/x");
  request.headers.push_back({"x-auth", "Basic YTpi"});
  request.headers.push_back({"authorization", "secret"});
  EXPECT_EQ(text_of(ask(request).body), "/app /x Basic YTpi");
}

TEST_F(CgiTest, AnAnswerThatIsTooLargeInBase64IsAnError) {
  start("printf 'Content-Type: image/png\\n\\n'; exec head -c 5000000 /dev/zero");
  const auto posted = send(get("/"));
  EXPECT_TRUE(posted.path.ends_with("/error"));
  EXPECT_EQ(posted.header("Lambda-Runtime-Function-Error-Type"), "Function.ResponseSizeTooLarge");
  EXPECT_TRUE(contains(posted.body, "bytes as it is sent, the limit is 6291556")) << posted.body;
}

TEST_F(CgiTest, TheAnswerMayComeFromAnotherDescriptor) {
  start("echo noise; printf 'Content-Type: text/plain\\n\\nquiet' >&3", {{"SHELLSTRAP_RESPONSE", "fd:3"}});
  EXPECT_EQ(text_of(ask(get("/")).body), "quiet");
}

TEST_F(CgiTest, AShellFunctionIsACgiProgram) {
  bootstrap_.task_root.write("page.sh", R"sh(
handler() {
  printf 'Content-Type: text/plain\n\n%s|%s|%s|%s' "$REQUEST_METHOD $PATH_INFO" "$1" "$EVENT_DATA" "$(cat)"
  export HTTP_X_ONCE=mine
}
)sh");
  bootstrap_.start(
      {.handler = "page.handler", .arguments = {}, .environment = {{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}}});
  EXPECT_EQ(text_of(ask(form_post("a=1")).body), "POST /form|a=1|a=1|a=1");
  EXPECT_EQ(text_of(ask(get("/x")).body), "GET /x|||");
}

}  // namespace
