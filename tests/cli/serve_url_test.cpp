// SPDX-License-Identifier: Apache-2.0
// shellstrap serve --url: real HTTP in front of a function.
#include "serve_run.h"
#include "support/raw_client.h"
#include "support/tasks.h"

#include <chrono>
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace std::chrono_literals;
using support::RawClient;

const std::string kLastChunk = "\r\n0\r\n\r\n";
constexpr auto kPlainHead = "printf 'Content-Type: text/plain\\r\\n\\r\\n'; ";

class ServeUrlTest : public testing::Test {
 protected:
  // The port of a server is that of its URL.
  Serve serve(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--url=0");
    return Serve(cli_, std::move(arguments));
  }
  Serve serve_cgi(const std::string& lines, std::vector<std::string> arguments = {}) {
    cli_.script("x.cgi", lines);
    arguments.insert(arguments.begin(), {"--env", "SHELLSTRAP_RESPONSE_FORMAT=cgi"});
    arguments.push_back("x.cgi");
    return serve(std::move(arguments));
  }
  Serve serve_stream(const std::string& lines, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"--env", "SHELLSTRAP_INVOKE_MODE=stream"});
    return serve_cgi(lines, std::move(arguments));
  }

  [[nodiscard]] bool there(const std::string& name) const { return std::ifstream(cli_.folder / name).good(); }
  [[nodiscard]] pid_t pid_in(const std::string& name) const {
    pid_t pid = 0;
    support::wait_for([&] { return static_cast<bool>(std::ifstream(cli_.folder / name) >> pid); });
    return pid;
  }

  static support::HttpAnswer exchange(const Serve& serve, const std::string& method, const std::string& path,
                                      const std::string& body = "", const std::string& headers = "") {
    support::HttpConnection client(serve.port());
    return client.exchange(method, path, body, headers).value_or(support::HttpAnswer{});
  }

  Cli cli_;
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// ---- Requests and responses.

TEST_F(ServeUrlTest, RequestBecomesAnEventOfAFunctionUrl) {
  const auto server = serve({"--", "cat"});  // JSON without a status is a body
  const auto answer = exchange(server, "POST", "/a%20b/c?x=1&x=2", "{\"n\": 1}",
                               "Content-Type: application/json\r\nX-Thing: one\r\nCookie: a=1\r\n");
  EXPECT_EQ(answer.status, 200);
  const auto event = nlohmann::json::parse(answer.body);
  EXPECT_EQ(event.at("version"), "2.0");
  EXPECT_EQ(event.at("rawQueryString"), "x=1&x=2");
  EXPECT_EQ(event.at("requestContext").at("http").at("method"), "POST");
  EXPECT_EQ(event.at("headers").at("x-thing"), "one");
  EXPECT_EQ(event.at("cookies"), nlohmann::json::array({"a=1"}));
  EXPECT_EQ(event.at("body"), "{\"n\": 1}");
  EXPECT_EQ(event.at("isBase64Encoded"), false);
  EXPECT_TRUE(
      has(answer.head, "x-amzn-RequestId: " + event.at("requestContext").at("requestId").get<std::string>()));
}

TEST_F(ServeUrlTest, HeaderValuesArriveAsTheyCame) {
  const auto server = serve({"--", "cat"});
  const auto answer =
      exchange(server, "GET", "/", "",
               "X-Thing: 100%25 %3C+\r\nX-List: 1\r\nX-List: 2\r\nX-List: 3\r\nCookie: a=%3C3\r\n");
  const auto event = nlohmann::json::parse(answer.body);
  EXPECT_EQ(event.at("headers").at("x-thing"), "100%25 %3C+");
  EXPECT_EQ(event.at("headers").at("x-list"), "1,2,3");
  EXPECT_EQ(event.at("cookies"), nlohmann::json::array({"a=%3C3"}));
}

TEST_F(ServeUrlTest, EnvelopeBecomesAResponse) {
  cli_.script("x.sh",
              R"(echo '{"statusCode": 418, "headers": {"X-A": "b"}, "cookies": ["a=1", "b=2"],
                        "body": "aGk=", "isBase64Encoded": true}')");
  const auto server = serve({"x.sh"});
  const auto answer = exchange(server, "GET", "/");
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.body, "hi");
  EXPECT_TRUE(has(answer.head, "X-A: b\r\n")) << answer.head;
  EXPECT_TRUE(has(answer.head, "Set-Cookie: a=1\r\n")) << answer.head;
  EXPECT_TRUE(has(answer.head, "Set-Cookie: b=2\r\n")) << answer.head;
}

// Firefox keeps the last of two cookies of one name.
TEST_F(ServeUrlTest, RepeatedHeadersKeepTheirOrder) {
  cli_.script("x.sh", R"(cat "$FORMAT.json")");
  cli_.folder.write("2.0.json", R"({"statusCode": 200, "cookies": ["a=1", "a=2", "b=3", "a=4"]})");
  cli_.folder.write("1.0.json",
                    R"({"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["a=1", "a=2", "b=3", "a=4"],
                                    "Link": ["</1>", "</2>", "</3>"]}})");
  for (const std::string format : {"2.0", "1.0"}) {
    const auto server = serve({"--url-format", format, "--env", "FORMAT=" + format, "x.sh"});
    const auto head = exchange(server, "GET", "/").head;
    EXPECT_TRUE(has(head, "Set-Cookie: a=1\r\nSet-Cookie: a=2\r\nSet-Cookie: b=3\r\nSet-Cookie: a=4\r\n"))
        << head;
    EXPECT_EQ(has(head, "Link: </1>\r\nLink: </2>\r\nLink: </3>\r\n"), format == "1.0") << head;
  }
}

TEST_F(ServeUrlTest, RepeatedHeadersOfAStreamKeepTheirOrder) {
  const auto server = serve_stream(
      "printf 'Content-Type: text/plain\\nSet-Cookie: a=1\\nX-A: b\\nset-cookie: a=2\\nSet-Cookie: "
      "a=3\\n\\n'");
  const auto head = exchange(server, "GET", "/").head;
  EXPECT_TRUE(has(head, "Set-Cookie: a=1\r\nSet-Cookie: a=2\r\nSet-Cookie: a=3\r\n")) << head;
}

TEST_F(ServeUrlTest, FormsArriveAsBase64AsFromAFunctionUrl) {
  const auto server = serve({"--", "cat"});
  const auto type = [](const std::string& name) { return "Content-Type: " + name + "\r\n"; };
  const auto form = exchange(server, "POST", "/", "a=1", type("application/x-www-form-urlencoded"));
  const auto event = nlohmann::json::parse(form.body);
  EXPECT_EQ(event.at("body"), "YT0x");
  EXPECT_EQ(event.at("isBase64Encoded"), true);
  const auto json = exchange(server, "POST", "/", "{}", type("application/problem+json"));
  EXPECT_EQ(nlohmann::json::parse(json.body).at("isBase64Encoded"), false);
}

TEST_F(ServeUrlTest, CgiProgramFindsEachCookieOnce) {
  const auto server = serve_cgi(std::string(kPlainHead) + "echo \"$HTTP_COOKIE\"");
  EXPECT_EQ(exchange(server, "GET", "/", "", "Cookie: a=1; b=2\r\n").body, "a=1; b=2\n");
}

TEST_F(ServeUrlTest, AnswerWithoutATypeGetsTheFunctionUrls) {
  for (const char* mode : {"buffered", "stream"}) {
    const auto server = serve_cgi("printf '%b\\n\\n' $QUERY_STRING; echo body",
                                  {"--env", std::string("SHELLSTRAP_INVOKE_MODE=") + mode});
    const auto missing = exchange(server, "GET", "/?Status:404").head;
    EXPECT_TRUE(has(missing, "Content-Type: application/json\r\n")) << mode << missing;
    const auto unchanged = exchange(server, "GET", "/?Status:304").head;
    EXPECT_FALSE(has(unchanged, "Content-Type")) << mode << unchanged;
  }
}

TEST_F(ServeUrlTest, ConnectionStaysForATimeAndNotForACount) {
  const auto server = serve_cgi(std::string(kPlainHead) + "echo body");
  const auto head = exchange(server, "GET", "/").head;
  EXPECT_TRUE(has(head, "Keep-Alive: timeout=60\r\n")) << head;
}

TEST_F(ServeUrlTest, OnlyTheFunctionSpeaksOfRanges) {
  const auto server = serve_cgi("printf '%s\\nContent-Type: text/plain\\n\\n' \"$QUERY_STRING\"");
  const auto head_of = [&](const std::string& method, const std::string& field) {
    support::HttpConnection client(server.port());
    client.send(method + " /?" + field + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return client.receive().value_or(support::HttpAnswer{}).head;
  };
  for (const char* method : {"HEAD", "GET"}) {
    EXPECT_FALSE(has(head_of(method, "X-A:b"), "Accept-Ranges")) << method;
    EXPECT_TRUE(has(head_of(method, "Accept-Ranges:bytes"), "Accept-Ranges: bytes\r\n")) << method;
  }
}

class UrlFormatTest : public ServeUrlTest, public testing::WithParamInterface<const char*> {};

TEST_P(UrlFormatTest, CgiProgramAnswersTheSame) {
  const auto server = serve_cgi(
      "printf 'Status: 201 Made\\nContent-Type: text/plain\\nSet-Cookie: a=1\\nSet-Cookie: b=2\\n\\n';"
      "echo \"$REQUEST_METHOD $PATH_INFO $QUERY_STRING\"; cat",
      {"--url-format", GetParam()});
  const auto answer = exchange(server, "PUT", "/a/b?c=d", "body");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "PUT /a/b c=d\nbody");
  EXPECT_TRUE(has(answer.head, "a=1\r\n") && has(answer.head, "b=2\r\n")) << answer.head;
}

INSTANTIATE_TEST_SUITE_P(Formats, UrlFormatTest, testing::Values("2.0", "1.0", "alb"));

TEST_F(ServeUrlTest, HeadHasNoBodyAndTheConnectionGoesOn) {
  const auto server = serve_stream(std::string(kPlainHead) + "echo body");
  support::HttpConnection client(server.port());
  client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 200);
  EXPECT_EQ(client.exchange("GET", "/")->status, 200);
}

TEST_F(ServeUrlTest, RangesAreTheFunctionsBusiness) {
  const auto server = serve_cgi(std::string(kPlainHead) + "echo 0123456789");
  const auto answer = exchange(server, "GET", "/", "", "Range: bytes=2-3\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "0123456789\n");
}

// ---- Refusals and failures.

TEST_F(ServeUrlTest, RequestThatFitsIntoNoEventIsRefusedWithASentence) {
  const auto server = serve({"--", "wc", "-c"});
  const auto text = exchange(server, "POST", "/", std::string(6'300'000, 'x'));
  EXPECT_EQ(text.status, 413);
  EXPECT_TRUE(
      has(text.body, "the request is too large: its event would have 6300000 bytes, the limit is 6291456"))
      << text.body;
  // Binary bodies travel as base64.
  EXPECT_EQ(exchange(server, "POST", "/", std::string(5'000'000, '\xff')).status, 413);
  EXPECT_EQ(exchange(server, "POST", "/", std::string(4'600'000, '\xff')).status, 200);
}

TEST_F(ServeUrlTest, FunctionErrorIs502) {
  cli_.script("x.sh", "exit 3");
  const auto server = serve({"x.sh"});
  const auto answer = exchange(server, "GET", "/");
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.body, "{\"message\":\"Internal Server Error\"}");
  EXPECT_TRUE(has(server.log(), "Function.Exit3"));
}

TEST_F(ServeUrlTest, AnswerThatMakesNoResponseIs502AndTheLogSaysWhy) {
  cli_.script("x.sh", "echo '{\"statusCode\": \"many\"}'");
  const auto server = serve({"x.sh"});
  EXPECT_EQ(exchange(server, "GET", "/").status, 502);
  EXPECT_TRUE(has(server.log(), "the answer makes no response: ")) << server.log();
}

TEST_F(ServeUrlTest, TimeoutIs504AndTheNextRequestIsServed) {
  cli_.script("x.sh", "[ ! -e slow ] || exec sleep 60; echo '\"fine\"'");
  cli_.folder.write("slow", "");
  const auto server = serve({"--timeout", "0.5", "--env", "SHELLSTRAP_DEADLINE_MARGIN_MS=0", "x.sh"});
  EXPECT_EQ(exchange(server, "GET", "/").status, 504);
  std::remove((cli_.folder / "slow").c_str());
  EXPECT_EQ(exchange(server, "GET", "/").status, 200);
}

// ---- Streams.

TEST_F(ServeUrlTest, FirstByteReachesTheClientWhileTheHandlerStillRuns) {
  const auto server =
      serve_stream(std::string(kPlainHead) + "echo first; until [ -e go ]; do sleep 0.02; done; echo last",
                   {"--timeout", "60"});
  RawClient client(server.port());
  client.get("/");
  ASSERT_TRUE(client.read_until("6\r\nfirst\n")) << server.log();
  EXPECT_FALSE(has(client.text(), "last"));
  cli_.folder.write("go", "");  // only now can it end
  EXPECT_TRUE(has(client.read_all(), "5\r\nlast\n")) << client.text();
  EXPECT_TRUE(client.text().ends_with(kLastChunk));
}

TEST_F(ServeUrlTest, StatusAndHeadersOfAStreamAreThoseOfThePrelude) {
  const auto server = serve_stream(
      "printf 'Status: 404 Gone\\nContent-Type: text/x-mine\\nSet-Cookie: a=1\\nContent-Length: 3\\n\\nabc'");
  RawClient client(server.port());
  client.get("/");
  const auto& text = client.read_all();
  EXPECT_TRUE(text.starts_with("HTTP/1.1 404 ")) << text;
  EXPECT_TRUE(has(text, "Content-Type: text/x-mine\r\n"));
  EXPECT_TRUE(has(text, "Set-Cookie: a=1\r\n"));
  EXPECT_FALSE(has(text, "Content-Length")) << text;
  EXPECT_TRUE(text.ends_with("3\r\nabc" + kLastChunk)) << text;
}

TEST_F(ServeUrlTest, StreamWithoutAPreludeIs200AndBytes) {
  cli_.script("x.sh", "echo bytes");
  const auto server = serve({"--env", "SHELLSTRAP_INVOKE_MODE=stream", "x.sh"});
  RawClient client(server.port());
  client.get("/");
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(has(client.text(), "Content-Type: application/octet-stream\r\n"));
  EXPECT_TRUE(client.text().ends_with("6\r\nbytes\n" + kLastChunk)) << client.text();
}

TEST_F(ServeUrlTest, ErrorBehindTheFirstByteCutsTheResponseOff) {
  const auto server = serve_stream(std::string(kPlainHead) + "echo begun; exit 3");
  RawClient client(server.port());
  client.get("/");
  EXPECT_TRUE(has(client.read_all(), "6\r\nbegun\n"));
  EXPECT_FALSE(client.text().ends_with("0\r\n\r\n"));
  EXPECT_TRUE(has(server.log(), "Error Type: Function.Exit3")) << server.log();
}

TEST_F(ServeUrlTest, ForgottenResponseFormatOfACgiProgramIsNamedInTheLog) {
  for (const std::string head :
       {"Content-Type: text/html", "content-type:text/html\\r\\nX-A: b\\r", "Status: 404 Gone"}) {
    Cli cli;
    cli.script("x.cgi", "printf '" + head + "\\n\\n<h1>hi</h1>'\n");
    const Serve server(cli, {"--url=0", "x.cgi"});
    EXPECT_EQ(exchange(server, "GET", "/").status, 502);
    EXPECT_TRUE(has(server.log(), "it is no JSON, but a CGI response: set SHELLSTRAP_RESPONSE_FORMAT=cgi"))
        << server.log();
  }
}

TEST_F(ServeUrlTest, EachRequestIsInTheLogWithMethodPathAndStatus) {
  const auto server = serve_cgi("echo \"Status: ${QUERY_STRING#status=}\"; echo");
  EXPECT_EQ(exchange(server, "PUT", "/a%20b/c?status=410").status, 410);
  EXPECT_TRUE(has(server.log(), " PUT /a%20b/c 410\n")) << server.log();
  exchange(server, "GET", "/?status=201");
  EXPECT_TRUE(has(server.log(), " GET / 201\n")) << server.log();
  EXPECT_FALSE(has(server.log(), "status=")) << server.log();
}

TEST_F(ServeUrlTest, ErrorBeforeTheFirstByteIs502) {
  const auto server = serve_stream("exit 3");
  EXPECT_EQ(exchange(server, "GET", "/").status, 502);
}

TEST_F(ServeUrlTest, TimeoutOfARuntimeThatStreamsCutsTheResponseOff) {
  const auto server = serve_stream(std::string(kPlainHead) + "echo begun; exec sleep 60",
                                   {"--timeout", "1", "--env", "SHELLSTRAP_DEADLINE_MARGIN_MS=0"});
  RawClient client(server.port());
  client.get("/");
  EXPECT_TRUE(has(client.read_all(), "begun\n"));
  EXPECT_FALSE(client.text().ends_with("0\r\n\r\n"));
  EXPECT_TRUE(support::wait_for([&] { return has(server.log(), "Status: timeout"); })) << server.log();
}

TEST_F(ServeUrlTest, ClientThatLeavesDoesNotEndTheHandler) {
  const auto server = serve_stream(
      std::string(kPlainHead) +
          "echo begun; until [ -e go ]; do sleep 0.02; done; head -c 5000000 /dev/zero; touch done",
      {"--timeout", "60"});
  RawClient client(server.port());
  client.get("/");
  ASSERT_TRUE(client.read_until("begun\n"));
  client.leave();
  cli_.folder.write("go", "");
  EXPECT_TRUE(support::wait_for([&] { return there("done"); })) << server.log();
}

TEST_F(ServeUrlTest, ClientThatLeavesEndsTheHandlerWhereThatIsAskedFor) {
  const auto server =
      serve_stream(std::string(kPlainHead) + "echo $$ >pid; echo begun; while sleep 0.1; do echo more; done",
                   {"--timeout", "60", "--break-on-disconnect"});
  RawClient client(server.port());
  client.get("/");
  ASSERT_TRUE(client.read_until("begun\n"));
  const pid_t child = pid_in("pid");
  client.leave();
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(child); })) << server.log();
  EXPECT_TRUE(support::wait_for([&] { return has(server.log(), "broke off, so the handler was ended"); }));
  RawClient again(server.port());
  again.get("/");
  EXPECT_TRUE(again.read_until("begun\n"));
}

TEST_F(ServeUrlTest, CtrlCEndsAStreamThatNobodyReads) {
  auto server =
      serve_stream(std::string(kPlainHead) + "touch begun; exec cat /dev/zero", {"--timeout", "60"});
  RawClient client(server.port());
  client.get("/");
  ASSERT_TRUE(support::wait_for([&] { return there("begun"); }));
  EXPECT_EQ(server.stop(SIGINT), exited(130));
}

// ---- Several requests.

TEST_F(ServeUrlTest, RequestsRunSideBySideInEnvironmentsOfTheirOwn) {
  // Each waits until both run.
  const auto server = serve_stream(std::string(kPlainHead) +
                                       "touch here$QUERY_STRING; until [ -e here1 ] && [ -e here2 ]; do "
                                       "sleep 0.02; done; echo both",
                                   {"--timeout", "60", "--environments", "2"});
  RawClient one(server.port());
  RawClient two(server.port());
  one.get("/?1");
  two.get("/?2");
  EXPECT_TRUE(has(one.read_all(), "both")) << one.text();
  EXPECT_TRUE(has(two.read_all(), "both")) << two.text();
}

TEST_F(ServeUrlTest, RequestsWaitInLineAndEachHasItsLines) {
  const auto server = serve_cgi(std::string(kPlainHead) + "echo $QUERY_STRING");
  std::vector<std::future<std::string>> bodies;
  {
    support::Tasks clients;
    for (int i = 0; i < 8; ++i)
      bodies.push_back(clients.run(
          std::function([&, i] { return exchange(server, "GET", "/?" + std::to_string(i)).body; })));
    for (int i = 0; i < 8; ++i)
      EXPECT_EQ(bodies[static_cast<std::size_t>(i)].get(), std::to_string(i) + "\n");
  }
  EXPECT_TRUE(support::wait_for([&] { return count(server.log(), "REPORT RequestId") == 8; }))
      << server.log();
  EXPECT_EQ(count(server.log(), "START RequestId"), 8u);
  EXPECT_EQ(count(server.log(), "END RequestId"), 8u);
}

TEST_F(ServeUrlTest, InvokeApiIsServedBesideIt) {
  cli_.script("x.sh", "cat");
  const auto server = serve({"x.sh"});
  EXPECT_TRUE(has(server.log(), "serving the Invoke API")) << server.log();
  EXPECT_TRUE(
      has(server.log(), "listening for HTTP on http://127.0.0.1:" + std::to_string(server.port()) + "/"));
}

// ---- shellstrap invoke.

TEST_F(ServeUrlTest, InvokePrintsAStreamWhileTheHandlerStillRuns) {
  cli_.script("x.sh", "echo first; until [ -e go ]; do sleep 0.02; done; echo last");
  support::Tasks tasks;
  auto result = tasks.run(std::function([&] {
    return support::run_tool(
        {"/bin/sh", "-c",
         "cd \"$0\" && exec \"$1\" invoke --timeout 60 --env SHELLSTRAP_INVOKE_MODE=stream "
         "x.sh >out",
         cli_.folder.path(), support::cli_program()});
  }));
  const auto printed = [&] {
    std::ifstream file(cli_.folder / "out");
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_TRUE(support::wait_for([&] { return printed() == "first\n"; })) << printed();
  cli_.folder.write("go", "");
  EXPECT_EQ(result.get().state, exited(0));
  EXPECT_EQ(printed(), "first\nlast\n");
}

TEST_F(ServeUrlTest, InvokeSaysWhatEndedAStream) {
  cli_.script("x.sh", "printf begun; exit 3");
  const auto result = cli_.invoke({"--env", "SHELLSTRAP_INVOKE_MODE=stream", "--repeat", "2", "x.sh"});
  EXPECT_EQ(result.state, exited(1));
  EXPECT_EQ(result.out, "begun\nbegun");
  EXPECT_TRUE(has(result.err, "the streamed answer ended with Function.Exit3: ")) << result.err;
}

}  // namespace
