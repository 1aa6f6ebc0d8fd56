// SPDX-License-Identifier: Apache-2.0
// The wire of a streamed answer, read by a server that looks at every byte.
#include "api/client/response_stream.h"

#include "base/text/base64.h"
#include "base/version.h"
#include "support/process_tools.h"
#include "support/raw_socket.h"
#include "support/tasks.h"

#include <poll.h>

#include <chrono>
#include <future>
#include <optional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace std::chrono_literals;
using api::FunctionError;
using api::ResponseStream;

const FunctionError kStreamError{api::ErrorType::exited(3), "it failed", {"last line"}, {}};
constexpr auto kAccepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nOK";

base::Deadline soon() {
  return base::Deadline::after(20s);
}

// Reads until the text ends with the end of a chunked message.
std::string read_message(int fd) {
  std::string text;
  while (!(text.find("\r\n0\r\n") != std::string::npos && text.ends_with("\r\n\r\n"))) {
    const auto more = support::receive_some(fd);
    if (!more) break;
    text += *more;
  }
  return text;
}

class ResponseStreamTest : public testing::Test {
 protected:
  ResponseStream open() {
    auto stream = ResponseStream::open(
        {{"127.0.0.1", listener_.port, ""}, "/a/path", {{"Content-Type", "text/plain"}}, {}});
    EXPECT_TRUE(stream.ok());
    peer_ = support::accept_from(listener_.fd.get());
    return *std::move(stream);
  }

  // Reads one message and answers it, on a thread of its own.
  std::future<std::string> peer_answers(std::string answer) {
    return tasks_.run(std::function([this, answer = std::move(answer)] {
      auto text = read_message(peer_.get());
      support::send_all(peer_.get(), answer);
      return text;
    }));
  }

  // Until the stream can take more, or is over; false in the end.
  static bool wait_until_ready(ResponseStream& stream) {
    pollfd polled{stream.fd(), static_cast<short>(POLLIN | (stream.busy() ? POLLOUT : 0)), 0};
    return ::poll(&polled, 1, 20'000) == 1 && stream.proceed();
  }

  std::string expected_head() const {
    return "POST /a/path HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(listener_.port) +
           "\r\nUser-Agent: shellstrap/" + std::string(base::version()) +
           "\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
           "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
           "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n"
           "Content-Type: text/plain\r\n\r\n";
  }

  support::Listener listener_ = support::listen_on_loopback();
  base::UniqueFd peer_;
  support::Tasks tasks_;
};

}  // namespace

TEST_F(ResponseStreamTest, IsAChunkedPostThatAnnouncesItsTrailers) {
  auto stream = open();
  EXPECT_TRUE(stream.write("hello"));
  EXPECT_TRUE(stream.write(std::string(26, 'x')));
  auto seen = peer_answers(kAccepted);
  const auto posted = stream.finish(nullptr, soon());
  EXPECT_EQ(seen.get(), expected_head() + "5\r\nhello\r\n1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(posted.status, 202);
}

TEST_F(ResponseStreamTest, EmptyAnswerIsTheLastChunkAlone) {
  auto stream = open();
  EXPECT_TRUE(stream.write(""));
  auto seen = peer_answers(kAccepted);
  EXPECT_EQ(stream.finish(nullptr, soon()).status, 202);
  EXPECT_EQ(seen.get(), expected_head() + "0\r\n\r\n");
}

TEST_F(ResponseStreamTest, ErrorBehindTheFirstByteGoesAsTrailers) {
  auto stream = open();
  EXPECT_TRUE(stream.write("begun"));
  auto seen = peer_answers(kAccepted);
  EXPECT_EQ(stream.finish(&kStreamError, soon()).status, 202);
  EXPECT_EQ(seen.get(), expected_head() +
                            "5\r\nbegun\r\n0\r\n"
                            "Lambda-Runtime-Function-Error-Type: Function.Exit3\r\n"
                            "Lambda-Runtime-Function-Error-Body: " +
                            base::base64_encode(kStreamError.body()) + "\r\n\r\n");
}

TEST_F(ResponseStreamTest, TrailersStayBelow4096BytesHoweverLongTheErrorIs) {
  FunctionError error = kStreamError;
  error.message = std::string(100'000, '\x01');
  error.stack_trace.assign(20, std::string(400, '"'));
  auto stream = open();
  EXPECT_TRUE(stream.write("begun"));
  auto seen = peer_answers(kAccepted);
  stream.finish(&error, soon());
  const auto text = seen.get();
  const auto trailers = text.substr(text.find("\r\n0\r\n") + 5);
  EXPECT_LT(trailers.size(), 4096u);
  const auto begin = trailers.find("Error-Body: ") + 12;
  const auto body = base::base64_decode(trailers.substr(begin, trailers.find("\r\n", begin) - begin));
  ASSERT_TRUE(body);
  EXPECT_EQ(nlohmann::json::parse(*body).at("errorType"), "Function.Exit3");
}

TEST_F(ResponseStreamTest, NothingBlocksOrIsLostWhenThePeerDoesNotRead) {
  auto stream = open();
  std::string sent;
  while (!stream.busy()) {
    const std::string piece(64 * 1024, static_cast<char>('a' + sent.size() / 65536 % 26));
    ASSERT_TRUE(stream.write(piece));
    sent += piece;
  }
  auto seen = peer_answers(kAccepted);
  while (stream.busy()) ASSERT_TRUE(wait_until_ready(stream));
  EXPECT_EQ(stream.finish(nullptr, soon()).status, 202);
  std::string body = seen.get().substr(expected_head().size());
  std::string got;
  for (; body.starts_with("10000\r\n"); body.erase(0, 7 + 65536 + 2)) got += body.substr(7, 65536);
  EXPECT_TRUE(got == sent);
  EXPECT_EQ(body, "0\r\n\r\n");
}

TEST_F(ResponseStreamTest, AnswerThatComesEarlyBreaksItAndIsReported) {
  auto stream = open();
  EXPECT_TRUE(stream.write("begun"));
  support::send_all(peer_.get(),
                    "HTTP/1.1 413 Too Large\r\nContent-Length: 42\r\n\r\n"
                    "{\"errorType\":\"E\",\"errorMessage\":\"no more\"}");
  EXPECT_FALSE(wait_until_ready(stream));
  EXPECT_TRUE(stream.broken());
  EXPECT_FALSE(stream.write("more"));
  const auto posted = stream.finish(&kStreamError, soon());
  EXPECT_EQ(posted.status, 413);
  EXPECT_EQ(posted.reason, "413 E: no more");
}

TEST_F(ResponseStreamTest, InterimAnswersDoNotBreakIt) {
  auto stream = open();
  EXPECT_TRUE(stream.write("begun"));
  support::send_all(peer_.get(),
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nA: b\r\n\r\nHTTP/1.1 1");
  EXPECT_TRUE(wait_until_ready(stream));
  EXPECT_TRUE(stream.write("more"));
  auto seen = peer_answers("03 Early Hints\r\n\r\n" + std::string(kAccepted));
  EXPECT_EQ(stream.finish(nullptr, soon()).status, 202);
  EXPECT_EQ(seen.get(), expected_head() + "5\r\nbegun\r\n4\r\nmore\r\n0\r\n\r\n");
}

TEST_F(ResponseStreamTest, EndlessInterimAnswersBreakIt) {
  auto stream = open();
  auto sent = tasks_.run([this] {
    while (support::send_all(peer_.get(), "HTTP/1.1 100 Continue\r\n\r\n")) continue;
  });
  while (wait_until_ready(stream)) continue;
  EXPECT_TRUE(stream.broken());
  const auto posted = stream.finish(nullptr, soon());
  EXPECT_EQ(posted.status, 0);
  EXPECT_EQ(posted.reason, "too many interim answers (1xx) came before it");
}

TEST_F(ResponseStreamTest, StatusCountsEvenWhenItsHeadBreaksOff) {
  auto stream = open();
  EXPECT_TRUE(stream.write("all"));
  auto seen = tasks_.run([this] {
    auto text = read_message(peer_.get());
    support::send_all(peer_.get(), "HTTP/1.1 202 Accepted\r\nConte");
    peer_.reset();
    return text;
  });
  const auto posted = stream.finish(nullptr, soon());
  EXPECT_EQ(posted.status, 202);
  EXPECT_EQ(posted.reason, "");
}

TEST_F(ResponseStreamTest, PeerThatLeavesBreaksIt) {
  auto stream = open();
  EXPECT_TRUE(stream.write("begun"));
  peer_.reset();
  EXPECT_FALSE(wait_until_ready(stream));
  const auto posted = stream.finish(nullptr, soon());
  EXPECT_EQ(posted.status, 0);
  EXPECT_FALSE(posted.reason.empty());
}

TEST_F(ResponseStreamTest, RefusalAtTheEndIsReported) {
  auto stream = open();
  EXPECT_TRUE(stream.write("all"));
  auto seen = peer_answers("HTTP/1.1 400 Bad\r\nContent-Length: 21\r\n\r\n{\"errorType\":\"Wrong\"}");
  const auto posted = stream.finish(nullptr, soon());
  EXPECT_EQ(posted.status, 400);
  EXPECT_EQ(posted.reason, "400 Wrong: ");
}

TEST_F(ResponseStreamTest, SilentPeerIsWaitedForUntilTheLimit) {
  auto stream = open();
  EXPECT_TRUE(stream.write("all"));
  const auto posted = stream.finish(nullptr, base::Deadline::after(0s));
  EXPECT_EQ(posted.status, 0);
  EXPECT_EQ(posted.reason, "no answer within the time limit");
}

TEST_F(ResponseStreamTest, NobodyThereIsAnErrorOfOpen) {
  const int port = support::listen_on_loopback().port;  // closed again
  const auto stream = ResponseStream::open({{"127.0.0.1", port, ""}, "/", {}, {}});
  ASSERT_FALSE(stream.ok());
  EXPECT_NE(stream.error().message.find("refused"), std::string::npos) << stream.error().message;
}
