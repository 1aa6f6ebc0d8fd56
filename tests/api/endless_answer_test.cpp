// SPDX-License-Identifier: Apache-2.0
// A peer that never stops sending, in each part of an answer and to each request that there is: the limit and
// the stop end it, or there was enough of it.
#include "api/client/extension.h"
#include "api/client/response_stream.h"
#include "api/client/restore.h"
#include "api/client/runtime_client.h"
#include "support/endless_peer.h"
#include "support/process_tools.h"
#include "support/tasks.h"

#include <sys/eventfd.h>

#include <array>
#include <functional>
#include <future>
#include <memory>
#include <ostream>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using Pace = support::EndlessPeer::Pace;

struct Part {
  const char* name;
  std::string beginning;
  std::string unit;
};

const std::string kStatus = "HTTP/1.1 200 OK\r\n";
const std::string kIdentified =
    kStatus + "Lambda-Runtime-Aws-Request-Id: id\r\nLambda-Extension-Identifier: id\r\n";
const std::string kChunked = kIdentified + "Transfer-Encoding: chunked\r\n\r\n";
const std::string kRefusal = "HTTP/1.1 500 No\r\n";

const std::array kParts{
    Part{"status line", "", "x"},
    Part{"a start of a status line", "HTTP/1.1 200 ", "x"},
    Part{"empty lines", "", "\r\n"},
    Part{"interim answers", "", "HTTP/1.1 100 Continue\r\n\r\n"},
    Part{"interim answers with headers", "", "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n"},
    Part{"headers of an interim answer", "HTTP/1.1 102 Processing\r\n", "X: y\r\n"},
    Part{"headers", kStatus, "X: y\r\n"},
    Part{"a header", kStatus + "X: ", "y"},
    Part{"a line that is no header", kStatus, "y"},
    Part{"body with a length", kIdentified + "Content-Length: 99999999999999\r\n\r\n", "z"},
    Part{"body without a length", kIdentified + "\r\n", "z"},
    Part{"chunks of one byte", kChunked, "1\r\nz\r\n"},
    Part{"chunks", kChunked, "400\r\n" + std::string(1024, 'z') + "\r\n"},
    Part{"a chunk", kChunked + "FFFFFFFFFFFF\r\n", "z"},
    Part{"the extension of a chunk", kChunked + "1;", "e"},
    Part{"the size of a chunk", kChunked, "0"},
    Part{"trailers", kChunked + "0\r\n", "T: v\r\n"},
    Part{"the body of a refusal", kRefusal + "\r\n", "z"},
    Part{"chunks of a refusal", kRefusal + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nz\r\n"},
};

struct Request {
  const char* name;
  std::function<void(const api::Endpoint&, int stop_fd)> make;
};

void PrintTo(const Request& request, std::ostream* out) {
  *out << request.name;
}

const api::FunctionError kError{api::ErrorType::exited(3), "it failed", {}, {}};

api::Invocation invocation() {
  return {"id", {}, {}, {}, {}, {}, {}, *base::MemoryFile::create("event")};
}

base::Spool answer() {
  base::Spool spool;
  EXPECT_TRUE(spool.append("answer"));
  return spool;
}

// Where the stop ends a request, its own limit is far away.
void post_response(const api::Endpoint& endpoint, int stop_fd, base::Deadline limit) {
  api::RuntimeClient(endpoint, stop_fd).post_response(invocation(), answer(), "text/plain", limit);
}

void post_error(const api::Endpoint& endpoint, int stop_fd, base::Deadline limit) {
  api::RuntimeClient(endpoint, stop_fd).post_error(invocation(), kError, "", limit);
}

void post_stream(const api::Endpoint& endpoint, int stop_fd, base::Deadline limit) {
  auto stream = api::RuntimeClient(endpoint, stop_fd).open_stream(invocation(), "text/plain");
  ASSERT_TRUE(stream.ok());
  stream->write("begun");
  stream->finish(nullptr, limit);
}

const std::array kStoppable{
    Request{"Poll", [](const auto& endpoint, int stop) { api::RuntimeClient(endpoint, stop).next(); }},
    Request{"Response",
            [](const auto& endpoint, int stop) { post_response(endpoint, stop, base::Deadline::never()); }},
    Request{"Error",
            [](const auto& endpoint, int stop) { post_error(endpoint, stop, base::Deadline::never()); }},
    Request{"Stream",
            [](const auto& endpoint, int stop) { post_stream(endpoint, stop, base::Deadline::never()); }},
    Request{"Restore", [](const auto& endpoint, int stop) { api::await_restore(endpoint, stop); }},
    Request{"ExtensionNext",
            [](const auto& endpoint, int stop) {
              static_cast<void>(api::await_extension_event(endpoint, "id", stop));
            }},
};

const std::array kLimited{
    Request{"Response",
            [](const auto& endpoint, int) { post_response(endpoint, -1, base::Deadline::after(0s)); }},
    Request{"Error", [](const auto& endpoint, int) { post_error(endpoint, -1, base::Deadline::after(0s)); }},
    Request{"Stream",
            [](const auto& endpoint, int) { post_stream(endpoint, -1, base::Deadline::after(0s)); }},
    Request{"InitError",
            [](const auto& endpoint, int) { api::RuntimeClient(endpoint).post_init_error(kError); }},
    Request{"RestoreError",
            [](const auto& endpoint, int) { api::RuntimeClient(endpoint).post_restore_error(kError); }},
    Request{"ExtensionRegister",
            [](const auto& endpoint, int) { static_cast<void>(api::register_extension(endpoint, -1)); }},
};

class EndlessAnswerTest : public testing::TestWithParam<std::tuple<Request, Pace>> {
 protected:
  // One exchange with a peer of its own.
  struct Exchange {
    Exchange(const Part& part, const Request& request, Pace pace, int stop_fd, support::Tasks& tasks)
        : name(part.name), peer(part.beginning, part.unit, pace), ended(tasks.run([this, &request, stop_fd] {
            request.make({"127.0.0.1", peer.port(), ""}, stop_fd);
          })) {}

    bool has_ended(std::chrono::milliseconds limit = 0ms) const {
      return ended.wait_for(limit) == std::future_status::ready;
    }
    // The client is in the middle of what has no end.
    bool is_under_way(std::size_t bytes) const { return peer.sent() >= bytes || has_ended(); }

    std::string name;
    support::EndlessPeer peer;
    std::future<void> ended;
  };

  void begin() {
    const auto& [request, pace] = GetParam();
    for (const auto& part : kParts)
      exchanges_.push_back(std::make_unique<Exchange>(part, request, pace, stop_.get(), tasks_));
  }

  void expect_ends() {
    const auto end = std::chrono::steady_clock::now() + support::EndlessPeer::kPatience / 2;
    for (const auto& exchange : exchanges_) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      EXPECT_TRUE(exchange->has_ended(left)) << exchange->name;
    }
  }

  base::UniqueFd stop_{::eventfd(0, EFD_CLOEXEC)};
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  support::Tasks tasks_;  // joined before the peers go: each of them gives up in the end
};

using StoppedTest = EndlessAnswerTest;
using LimitedTest = EndlessAnswerTest;

std::string name_of(const testing::TestParamInfo<std::tuple<Request, Pace>>& info) {
  return std::get<0>(info.param).name +
         std::string(std::get<1>(info.param) == Pace::flood ? "Flood" : "Drip");
}

}  // namespace

TEST_P(StoppedTest, EndlessAnswerEndsWithTheStop) {
  begin();
  const std::size_t bytes = std::get<1>(GetParam()) == Pace::flood ? 500'000 : 200;
  for (const auto& exchange : exchanges_)
    EXPECT_TRUE(support::wait_for([&] { return exchange->is_under_way(bytes); })) << exchange->name;
  ::eventfd_write(stop_.get(), 1);
  expect_ends();
}

INSTANTIATE_TEST_SUITE_P(Requests, StoppedTest,
                         testing::Combine(testing::ValuesIn(kStoppable),
                                          testing::Values(Pace::flood, Pace::drip)),
                         name_of);

TEST_P(LimitedTest, EndlessAnswerEndsWithTheLimit) {
  begin();
  expect_ends();
}

INSTANTIATE_TEST_SUITE_P(Requests, LimitedTest,
                         testing::Combine(testing::ValuesIn(kLimited),
                                          testing::Values(Pace::flood, Pace::drip)),
                         name_of);
