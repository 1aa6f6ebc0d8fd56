// SPDX-License-Identifier: Apache-2.0
// SHELLSTRAP_INVOKE_MODE=stream, as the Runtime API sees it.
#include "base/text/base64.h"
#include "base/text/text.h"
#include "support/bootstrap_process.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <chrono>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace std::chrono_literals;
using support::Event;
using support::RecordedRequest;
using support::Reply;

std::string trailer(const RecordedRequest& post, std::string_view name) {
  for (const auto& [its_name, value] : post.trailers)
    if (its_name == name) return value;
  return "";
}

// The error behind a streamed answer, as the service reads it.
nlohmann::json error_behind(const RecordedRequest& post) {
  const auto body = base::base64_decode(trailer(post, "Lambda-Runtime-Function-Error-Body"));
  return nlohmann::json::parse(body.value_or("null"), nullptr, false);
}

std::string error_type(const RecordedRequest& post) {
  return trailer(post, "Lambda-Runtime-Function-Error-Type");
}

class StreamingTest : public testing::Test {
 protected:
  using Variables = std::map<std::string, std::string>;

  void start(const std::string& lines, Variables variables = {}) {
    bootstrap_.task_root.write("x.sh", "#!/bin/sh\n" + lines + "\n", 0755);
    start_handler("x.sh", std::move(variables));
  }
  void start_handler(const std::string& handler, Variables variables) {
    variables["SHELLSTRAP_INVOKE_MODE"] = "stream";
    bootstrap_.start({.handler = handler, .arguments = {}, .environment = std::move(variables)});
  }

  std::string path(const std::string& name) const { return bootstrap_.task_root / name; }

  // What the child has written as its pid; waits for it.
  pid_t pid_in(const std::string& name) const {
    pid_t pid = 0;
    support::wait_for([&] { return static_cast<bool>(std::ifstream(path(name)) >> pid); });
    return pid;
  }

  std::size_t peak_memory_kib() const {
    std::ifstream status("/proc/" + std::to_string(bootstrap_.pid()) + "/status");
    std::string word;
    std::size_t kib = 0;
    while (status >> word)
      if (word == "VmHWM:") status >> kib;
    return kib;
  }

  support::BootstrapProcess bootstrap_;
};

}  // namespace

TEST_F(StreamingTest, AnswerIsAStreamedPostOfBytes) {
  start("cat; printf 'a\\0b'");
  const auto post = bootstrap_.invoke("in");
  EXPECT_TRUE(post.path.ends_with("/response"));
  EXPECT_EQ(post.body, std::string("ina\0b", 5));
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Response-Mode"), "streaming");
  EXPECT_EQ(post.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(post.header("Content-Type"), "application/octet-stream");
  EXPECT_EQ(post.header("Trailer"), "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body");
  EXPECT_TRUE(post.trailers.empty());
  EXPECT_EQ(bootstrap_.invoke("again").body, std::string("againa\0b", 8));
}

TEST_F(StreamingTest, ContentTypeIsTheUsersWhereItIsSet) {
  start("echo x", {{"SHELLSTRAP_CONTENT_TYPE", "text/event-stream"}});
  EXPECT_EQ(bootstrap_.invoke().header("Content-Type"), "text/event-stream");
}

TEST_F(StreamingTest, EmptyAnswerIsAnEmptyStream) {
  start("true");
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Response-Mode"), "streaming");
  EXPECT_EQ(post.body, "");
  EXPECT_TRUE(post.trailers.empty());
}

TEST_F(StreamingTest, FirstByteIsSentWhileTheHandlerStillRuns) {
  start("echo first; until [ -e go ]; do sleep 0.02; done; echo last");
  bootstrap_.api.push_event(Event{});
  ASSERT_TRUE(bootstrap_.api.wait_until_streaming(1, 20s)) << bootstrap_.log();
  bootstrap_.task_root.write("go", "");  // only now can it end
  EXPECT_EQ(bootstrap_.wait_for_post().body, "first\nlast\n");
}

TEST_F(StreamingTest, FailureBeforeTheFirstByteIsAPlainError) {
  start("echo why >&2; exit 3");
  const auto post = bootstrap_.invoke();
  EXPECT_TRUE(post.path.ends_with("/error"));
  EXPECT_EQ(nlohmann::json::parse(post.body).at("errorType"), "Function.Exit3");
  EXPECT_EQ(nlohmann::json::parse(post.body).at("stackTrace").at(0), "why");
  EXPECT_EQ(bootstrap_.invoke().header("Lambda-Runtime-Function-Error-Type"), "Function.Exit3");
}

TEST_F(StreamingTest, FailureBehindTheFirstByteGoesAsTrailers) {
  start("echo begun; echo why >&2; exit 3");
  const auto post = bootstrap_.invoke();
  EXPECT_TRUE(post.path.ends_with("/response"));
  EXPECT_EQ(post.body, "begun\n");
  EXPECT_EQ(error_type(post), "Function.Exit3");
  EXPECT_EQ(error_behind(post).at("errorType"), "Function.Exit3");
  EXPECT_EQ(error_behind(post).at("stackTrace").at(0), "why");
  EXPECT_EQ(bootstrap_.invoke().body, "begun\n");
  EXPECT_EQ(bootstrap_.api.posts().size(), 2U);
}

TEST_F(StreamingTest, SignalBehindTheFirstByteGoesAsTrailers) {
  start("echo begun; kill -SEGV $$");
  EXPECT_EQ(error_type(bootstrap_.invoke()), "Function.SignalSEGV");
}

TEST_F(StreamingTest, DeadlineEndsAStreamWithItsError) {
  start("echo begun; sleep 60", {{"SHELLSTRAP_TIMEOUT_MS", "3000"}});
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(post.body, "begun\n");
  EXPECT_EQ(error_type(post), "Function.Timeout");
  EXPECT_NE(
      error_behind(post).at("errorMessage").get<std::string>().find("Task timed out after 3.00 seconds"),
      std::string::npos);
}

TEST_F(StreamingTest, DeadlineEndsAHandlerThatWaitsForTheCaller) {
  start("exec cat /dev/zero", {{"SHELLSTRAP_TIMEOUT_MS", "500"}});
  bootstrap_.api.hold_streams();
  bootstrap_.api.push_event(Event{});
  ASSERT_TRUE(bootstrap_.api.wait_until_streaming(1, 20s));
  EXPECT_TRUE(support::wait_for([&] { return support::children_of(bootstrap_.pid()).empty(); }));
  bootstrap_.api.release();
  EXPECT_EQ(error_type(bootstrap_.wait_for_post()), "Function.Timeout");
}

TEST_F(StreamingTest, SlowCallerKeepsTheHandlerWaiting) {
  start("head -c 50000000 /dev/zero; touch written");
  bootstrap_.api.hold_streams();
  bootstrap_.api.push_event(Event{});
  ASSERT_TRUE(bootstrap_.api.wait_until_streaming(1, 20s));
  // Everything between is full as soon as nothing is written any more; 50 MB do not fit.
  EXPECT_FALSE(support::wait_for([&] { return std::ifstream(path("written")).good(); }, 500ms));
  bootstrap_.api.release();
  EXPECT_EQ(bootstrap_.wait_for_post().body.size(), 50'000'000u);
  EXPECT_TRUE(std::ifstream(path("written")).good());
}

TEST_F(StreamingTest, HundredMegabytesTakeEightMegabytesOfMemory) {
  if (support::bootstrap_is_sanitized()) GTEST_SKIP() << "a sanitizer takes more memory than that by itself";
  start("exec head -c 100000000 /dev/zero");
  EXPECT_EQ(bootstrap_.invoke().body.size(), 100'000'000u);
  const auto peak = peak_memory_kib();
  RecordProperty("peak_memory_kib", static_cast<int>(peak));
  EXPECT_GT(peak, 0u);
  EXPECT_LE(peak, 8u * 1024) << "KiB";
}

TEST_F(StreamingTest, AnswerBeyond200MebibytesIsCutThereAndIsAnError) {
  start("exec head -c 209715201 /dev/zero");
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(post.body.size(), 209'715'200u);
  EXPECT_EQ(error_type(post), "Function.ResponseSizeTooLarge");
}

TEST_F(StreamingTest, PreludeCountsAsPartOfTheAnswer) {
  start("printf 'Content-Type: text/plain\\n\\n'; exec cat /dev/zero",
        {{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}});
  const auto post = bootstrap_.invoke(
      R"({"version": "2.0", "rawPath": "/", "rawQueryString": "", "headers": {},
          "requestContext": {"http": {"method": "GET", "path": "/", "sourceIp": "1.2.3.4"}}})");
  EXPECT_EQ(post.body.size(), 209'715'200u);
  EXPECT_EQ(error_type(post), "Function.ResponseSizeTooLarge");
}

TEST_F(StreamingTest, BackgroundProcessHoldingTheAnswerDoesNotDelayItsEnd) {
  start("echo answer; sleep 60 & echo $! >pid");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(bootstrap_.invoke().body, "answer\n");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid_in("pid")); }));
}

TEST_F(StreamingTest, EarlyAnswerEndsTheHandlerAndIsLogged) {
  start("echo $$ >pid; echo begun; sleep 60");
  bootstrap_.api.answer_stream_early(Reply::error(413, "TooMuch", "no more"));
  bootstrap_.api.push_event(Event{});
  EXPECT_TRUE(bootstrap_.api.wait_until_streaming(1, 20s));
  const pid_t child = pid_in("pid");
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(child); }));
  bootstrap_.wait_until_idle();  // it goes on
  EXPECT_TRUE(bootstrap_.logs("broke off, so the handler was ended: 413 TooMuch: no more"));
  EXPECT_TRUE(bootstrap_.api.posts().empty());
}

TEST_F(StreamingTest, BrokenConnectionEndsTheHandlerAndIsLogged) {
  start("echo $$ >pid; echo begun; sleep 60");
  bootstrap_.api.answer_stream_early(Reply::raw(""));
  bootstrap_.api.push_event(Event{});
  const pid_t child = pid_in("pid");
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(child); }));
  bootstrap_.wait_until_idle();
  EXPECT_TRUE(bootstrap_.logs("broke off"));
  EXPECT_TRUE(bootstrap_.api.posts().empty());  // neither the rest nor an error
}

TEST_F(StreamingTest, RefusalAtTheEndIsLoggedAndTheNextEventServed) {
  start("cat");
  bootstrap_.api.push_post(Reply::error(400, "InvalidRequestID"));
  bootstrap_.invoke("first");
  EXPECT_EQ(bootstrap_.invoke("second").body, "second");
  bootstrap_.wait_until_idle();
  EXPECT_TRUE(bootstrap_.logs("InvalidRequestID"));
}

TEST_F(StreamingTest, ShellFunctionsStream) {
  bootstrap_.task_root.write(
      "f.sh", "handler() { echo first; until [ -e go ]; do sleep 0.02; done; echo \"$1\"; }\n", 0644);
  start_handler("f.handler", {});
  bootstrap_.api.push_event(Event{.body = "[1]"});
  ASSERT_TRUE(bootstrap_.api.wait_until_streaming(1, 20s)) << bootstrap_.log();
  bootstrap_.task_root.write("go", "");
  EXPECT_EQ(bootstrap_.wait_for_post().body, "first\n[1]\n");
  EXPECT_EQ(bootstrap_.invoke("[2]").body, "first\n[2]\n");
}

TEST_F(StreamingTest, ShellFunctionThatBrokeOffLeavesNothingToTheNextOne) {
  bootstrap_.task_root.write("f.sh", "handler() { echo \"$1\"; [ \"$1\" = 2 ] || cat /dev/zero; }\n", 0644);
  start_handler("f.handler", {});
  bootstrap_.api.answer_stream_early(Reply::error(413, "TooMuch"));
  bootstrap_.api.push_event(Event{.id = "one", .body = "1"});
  bootstrap_.wait_until_idle();
  EXPECT_EQ(bootstrap_.invoke(Event{.id = "two", .body = "2"}).body, "2\n");
}

TEST_F(StreamingTest, DescriptorOfItsOwnIsStreamedAndStdoutIsLog) {
  start("echo noise; echo answer >&5", {{"SHELLSTRAP_RESPONSE", "fd:5"}});
  EXPECT_EQ(bootstrap_.invoke().body, "answer\n");
  EXPECT_TRUE(bootstrap_.logs("noise\n"));
}

TEST_F(StreamingTest, ShutdownEndsAStreamInTime) {
  start("echo begun; sleep 60");
  bootstrap_.api.push_event(Event{});
  ASSERT_TRUE(bootstrap_.api.wait_until_streaming(1, 20s));
  bootstrap_.signal(SIGTERM);
  EXPECT_EQ(bootstrap_.wait_for_end(), proc::ExitState::exited(0));
  EXPECT_EQ(error_type(bootstrap_.wait_for_post()), "Runtime.Shutdown");
}

TEST_F(StreamingTest, CgiProgramsStreamAPreludeAndThenTheirBody) {
  start(
      "printf 'Status: 404 Gone Missing\\r\\nContent-Type: text/plain\\r\\nSet-Cookie: a=1\\r\\n';"
      "printf 'Set-Cookie: b=2\\r\\n\\r\\nbody of '; echo \"$PATH_INFO\"",
      {{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}});
  const auto post = bootstrap_.invoke(
      R"({"version": "2.0", "rawPath": "/a/b", "rawQueryString": "", "headers": {},
          "requestContext": {"http": {"method": "GET", "path": "/a/b", "sourceIp": "1.2.3.4"}}})");
  EXPECT_EQ(post.header("Content-Type"), "application/vnd.awslambda.http-integration-response");
  const auto end = post.body.find(std::string(8, '\0'));
  ASSERT_NE(end, std::string::npos) << post.body << bootstrap_.log();
  const auto prelude = nlohmann::json::parse(post.body.substr(0, end));
  EXPECT_EQ(prelude.at("statusCode"), 404);
  EXPECT_EQ(prelude.at("headers").at("Content-Type"), "text/plain");
  EXPECT_EQ(prelude.at("cookies"), nlohmann::json::array({"a=1", "b=2"}));
  EXPECT_EQ(post.body.substr(end + 8), "body of /a/b\n");
}

TEST_F(StreamingTest, CgiProgramsWithoutATypeStreamNoneOrTheSettings) {
  const std::string event = R"({"version": "2.0", "rawPath": "/", "rawQueryString": "", "headers": {},
      "requestContext": {"http": {"method": "GET", "path": "/", "sourceIp": "1.2.3.4"}}})";
  for (const std::string setting : {"", "application/octet-stream"}) {
    support::BootstrapProcess bootstrap;
    bootstrap.task_root.write("h.sh", "#!/bin/sh\nprintf 'Status: 404\\n\\nno page'", 0755);
    bootstrap.start({.handler = "h.sh",
                     .arguments = {},
                     .environment = {{"SHELLSTRAP_INVOKE_MODE", "stream"},
                                     {"SHELLSTRAP_RESPONSE_FORMAT", "cgi"},
                                     {"SHELLSTRAP_CONTENT_TYPE", setting}}});
    const auto post = bootstrap.invoke(event);
    EXPECT_EQ(post.header("Content-Type"), "application/vnd.awslambda.http-integration-response");
    const auto prelude = nlohmann::json::parse(post.body.substr(0, post.body.find('\0')));
    EXPECT_EQ(prelude.at("headers").value("Content-Type", ""), setting) << prelude;
    EXPECT_TRUE(post.body.ends_with("no page")) << post.body;
  }
}

TEST_F(StreamingTest, OutputThatIsNoCgiResponseIsA502AndEndsTheProgram) {
  start("echo $$ >pid; echo nonsense; sleep 60", {{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}});
  const auto post = bootstrap_.invoke(
      R"({"version": "2.0", "rawPath": "/", "rawQueryString": "", "headers": {},
          "requestContext": {"http": {"method": "GET", "path": "/", "sourceIp": "1.2.3.4"}}})");
  EXPECT_EQ(nlohmann::json::parse(post.body.substr(0, post.body.find('\0'))).at("statusCode"), 502);
  EXPECT_TRUE(post.trailers.empty());
  EXPECT_TRUE(bootstrap_.logs("no CGI response: line 1"));
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(pid_in("pid")); }));
}

TEST_F(StreamingTest, EventThatIsNoHttpRequestIsStreamedAsItIsInCgiMode) {
  start("cat", {{"SHELLSTRAP_RESPONSE_FORMAT", "cgi"}});
  const auto post = bootstrap_.invoke("{\"Records\": []}");
  EXPECT_EQ(post.header("Content-Type"), "application/octet-stream");
  EXPECT_EQ(post.body, "{\"Records\": []}");
}
