// SPDX-License-Identifier: Apache-2.0
#include "api/connection/socket_io.h"

#include "base/io/unique_fd.h"
#include "support/raw_socket.h"
#include "support/tasks.h"

#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using api::Allowance;
using api::SocketIo;

class SocketIoTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours_ = base::UniqueFd(ends[0]);
    peer_ = base::UniqueFd(ends[1]);
  }

  void fill_socket() {
    const std::string bytes(4096, 'x');
    while (::send(ours_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) continue;
  }

  std::string receive() {
    std::string bytes(64, '\0');
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(0, io_.receive(bytes.data(), bytes.size()))));
    return bytes;
  }

  base::UniqueFd ours_;
  base::UniqueFd peer_;
  SocketIo io_;
};

}  // namespace

TEST_F(SocketIoTest, WhatHasComeIsTakenOnceTheTimeIsUp) {
  Allowance allowance(base::Deadline::after(0s));
  io_.begin(ours_.get(), allowance);
  support::send_all(peer_.get(), "in time");
  EXPECT_EQ(receive(), "in time");
  support::send_all(peer_.get(), "too late");
  EXPECT_EQ(receive(), "");
  EXPECT_EQ(io_.failure(), "no answer within the time limit");
}

TEST_F(SocketIoTest, HurryIsNoticedThoughThePeerNeverMakesUsWait) {
  const base::UniqueFd stop(::eventfd(1, EFD_CLOEXEC));
  Allowance allowance(base::Deadline::never(), {stop.get(), 0ms});
  io_.begin(ours_.get(), allowance);
  support::send_all(peer_.get(), "in time");
  EXPECT_EQ(receive(), "in time");
  support::send_all(peer_.get(), "too late");
  EXPECT_EQ(receive(), "");
  EXPECT_TRUE(allowance.hurried());
}

TEST_F(SocketIoTest, PeerThatReadsOnAndOnIsGivenUpAtTheLimit) {
  Allowance allowance(base::Deadline::after(50ms));
  io_.begin(ours_.get(), allowance);
  support::Tasks tasks;
  tasks.run([this] {
    while (support::receive_some(peer_.get())) continue;
  });
  const auto end = std::chrono::steady_clock::now() + 20s;
  const std::string bytes(100'000, 'x');
  while (io_.send(bytes) && std::chrono::steady_clock::now() < end) continue;
  EXPECT_FALSE(io_.sent());
  EXPECT_LT(std::chrono::steady_clock::now(), end);
  ours_.reset();
}

TEST_F(SocketIoTest, RefusalIsReadThoughTheEndOfTheRequestCannotBeSent) {
  Allowance allowance(base::Deadline::after(20s));
  io_.begin(ours_.get(), allowance);
  fill_socket();
  EXPECT_TRUE(io_.send("the end"));
  support::send_all(peer_.get(), "refusal");
  EXPECT_EQ(receive(), "refusal");
  EXPECT_FALSE(io_.sent());
  EXPECT_EQ(io_.failure(), "answered before the request was read");
}
