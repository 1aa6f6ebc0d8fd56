// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/peer.h"

#include "support/raw_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using emulator::Peer;
using emulator::Stopping;

bool is_readable(int fd, std::chrono::milliseconds limit) {
  pollfd watched{fd, POLLIN, 0};
  return ::poll(&watched, 1, static_cast<int>(limit.count())) == 1;
}

TEST(StoppingTest, ReadingEndsAtOnceAndWritingWithTheGrace) {
  Stopping stopping;
  EXPECT_FALSE(is_readable(stopping.reading_fd(), 0ms));
  stopping.begin(1h);
  EXPECT_TRUE(stopping.begun());
  EXPECT_TRUE(is_readable(stopping.reading_fd(), 20s));
  EXPECT_FALSE(is_readable(stopping.writing_fd(), 0ms));
}

TEST(StoppingTest, ASecondBeginningShortensTheGrace) {
  Stopping stopping;
  stopping.begin(1h);
  stopping.begin(0ms);
  EXPECT_TRUE(is_readable(stopping.writing_fd(), 20s));
}

class PeerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    client_ = base::UniqueFd(ends[0]);
    server_ = base::UniqueFd(ends[1]);
  }
  Peer peer() { return {std::move(server_), {20s, 20s}, stopping_}; }
  std::string read(Peer& peer, std::size_t size) {
    std::string bytes(size, ' ');
    const auto got = peer.read(bytes.data(), size);
    return got < 0 ? "error" : bytes.substr(0, static_cast<std::size_t>(got));
  }

  Stopping stopping_;
  base::UniqueFd client_;
  base::UniqueFd server_;
};

TEST_F(PeerTest, HeadsAreTakenFromWhatWasSentAheadHoweverItWasCut) {
  const std::string one = "POST / HTTP/1.1\r\nA: b\r\n\r\n";
  const std::string two = "GET / HTTP/1.1\r\n\r\n";
  auto server = peer();
  support::send_all(client_.get(), "\r\n" + one + "body\r\n" + two);
  EXPECT_EQ(server.next_head(), one);
  EXPECT_EQ(read(server, one.size()), one);
  EXPECT_EQ(read(server, 4), "body");
  EXPECT_EQ(server.next_head(), two);
  EXPECT_EQ(read(server, 1000), two);
  client_.reset();
  EXPECT_EQ(server.next_head(), "");
  EXPECT_EQ(read(server, 1), "");
}

TEST_F(PeerTest, NobodyIsWaitedForOnceStoppingHasBegun) {
  auto server = peer();
  support::send_all(client_.get(), "GET");
  EXPECT_TRUE(server.is_there());
  stopping_.begin(0ms);
  EXPECT_FALSE(server.is_there());
  EXPECT_EQ(server.next_head(), "");
  EXPECT_EQ(read(server, 1), "error");
  EXPECT_EQ(server.write("x", 1), 1);  // what fits goes out
  const std::string much(100'000, 'x');
  while (server.write(much.data(), much.size()) > 0) continue;
}

}  // namespace
