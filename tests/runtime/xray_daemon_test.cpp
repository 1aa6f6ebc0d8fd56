// SPDX-License-Identifier: Apache-2.0
#include "runtime/tracing/xray_daemon.h"

#include "base/io/memory_file.h"
#include "support/process_tools.h"
#include "support/udp_receiver.h"

#include <unistd.h>

#include <gtest/gtest.h>

namespace {

using runtime::XrayDaemon;

class XrayDaemonTest : public testing::Test {
 protected:
  std::string log() {
    std::string text(65536, '\0');
    const auto got = ::pread(file_.fd(), text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text;
  }

  // Where nobody listens.
  api::Endpoint deserted() {
    const support::UdpReceiver receiver;
    return {"127.0.0.1", receiver.port(), ""};
  }

  base::MemoryFile file_ = *base::MemoryFile::create("log");
  base::Logger logger_{file_.fd()};
};

}  // namespace

TEST_F(XrayDaemonTest, DatagramsArriveAsTheyWereSent) {
  support::UdpReceiver receiver;
  XrayDaemon daemon({"localhost", receiver.port(), ""}, logger_);
  daemon.send("one\n{}");
  daemon.send(std::string(63 * 1024, 'x'));
  EXPECT_EQ(receiver.next(), "one\n{}");
  EXPECT_EQ(receiver.next(), std::string(63 * 1024, 'x'));
  EXPECT_EQ(log(), "");
}

TEST_F(XrayDaemonTest, WhereNobodyListensTheLogSaysSoOfTheFirstTenthAndHundredth) {
  XrayDaemon daemon(deserted(), logger_);
  for (int i = 0; i < 150; ++i) daemon.send("x");
  const auto text = log();
  EXPECT_NE(text.find("warn: 1 subsegment was not taken by X-Ray's daemon at 127.0.0.1:"), std::string::npos)
      << text;
  EXPECT_NE(text.find("warn: 100 subsegments were not taken"), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
}

TEST_F(XrayDaemonTest, ADaemonThatComesLaterIsHeard) {
  auto receiver = std::make_unique<support::UdpReceiver>();
  XrayDaemon daemon({"127.0.0.1", receiver->port(), ""}, logger_);
  daemon.send("one");
  EXPECT_EQ(receiver->next(), "one");
  const auto before = support::open_descriptors(::getpid()).size();
  daemon.send("two");
  EXPECT_EQ(receiver->next(), "two");
  EXPECT_EQ(support::open_descriptors(::getpid()).size(), before);
}

TEST_F(XrayDaemonTest, WhatIsTooLongIsDroppedAndTheNextOneSent) {
  support::UdpReceiver receiver;
  XrayDaemon daemon({"127.0.0.1", receiver.port(), ""}, logger_);
  daemon.send(std::string(100'000, 'x'));
  daemon.send("next");
  EXPECT_EQ(receiver.next(), "next");
  EXPECT_NE(log().find("1 subsegment was not taken"), std::string::npos);
}

TEST_F(XrayDaemonTest, ADaemonThatNeverReadsDelaysNobody) {
  support::UdpReceiver receiver;
  XrayDaemon daemon({"127.0.0.1", receiver.port(), ""}, logger_);
  const std::string datagram(60'000, 'x');
  for (int i = 0; i < 1000; ++i) daemon.send(datagram);
  EXPECT_TRUE(receiver.has_more());
}
