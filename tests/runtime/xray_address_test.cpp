// SPDX-License-Identifier: Apache-2.0
#include "runtime/tracing/xray_address.h"

#include <gtest/gtest.h>

using runtime::parse_xray_address;

namespace {

struct Address {
  const char* text;
  const char* host;
  int port;
};
class XrayAddressTest : public testing::TestWithParam<Address> {};
class NoXrayAddressTest : public testing::TestWithParam<const char*> {};

}  // namespace

TEST_P(XrayAddressTest, IsWhereDatagramsGo) {
  const auto endpoint = parse_xray_address(GetParam().text);
  ASSERT_TRUE(endpoint) << endpoint.error().message;
  EXPECT_EQ(endpoint->host, GetParam().host);
  EXPECT_EQ(endpoint->port, GetParam().port);
}

INSTANTIATE_TEST_SUITE_P(Forms, XrayAddressTest,
                         testing::Values(Address{"169.254.79.129:2000", "169.254.79.129", 2000},
                                         Address{" 127.0.0.1:1 ", "127.0.0.1", 1},
                                         Address{"localhost:2000", "localhost", 2000},
                                         Address{"[::1]:2000", "::1", 2000},
                                         Address{"tcp:127.0.0.1:1 udp:127.0.0.2:2", "127.0.0.2", 2},
                                         Address{"udp:127.0.0.2:2 tcp:127.0.0.1:1", "127.0.0.2", 2},
                                         Address{"udp:127.0.0.2:2", "127.0.0.2", 2}));

TEST_P(NoXrayAddressTest, IsAnErrorThatNamesTheVariable) {
  const auto endpoint = parse_xray_address(GetParam());
  ASSERT_FALSE(endpoint);
  EXPECT_TRUE(endpoint.error().message.starts_with("AWS_XRAY_DAEMON_ADDRESS is \""))
      << endpoint.error().message;
}

INSTANTIATE_TEST_SUITE_P(Forms, NoXrayAddressTest,
                         testing::Values("", " ", ":", "127.0.0.1", "127.0.0.1:", ":2000", "127.0.0.1:0",
                                         "127.0.0.1:65536", "127.0.0.1:2000x", "example.com:2000", "::1:2000",
                                         "[::1]", "http://127.0.0.1:2000", "127.0.0.1:2000/path",
                                         "tcp:127.0.0.1:2000", "tcp:127.0.0.1:1 tcp:127.0.0.1:2",
                                         "127.0.0.1:1 127.0.0.1:2", "udp:", "\xFF:1"));
