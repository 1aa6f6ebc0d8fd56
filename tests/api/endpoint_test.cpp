// SPDX-License-Identifier: Apache-2.0
#include "api/connection/endpoint.h"

#include <vector>

#include <gtest/gtest.h>

namespace {

using api::Endpoint;

struct Case {
  std::string address;
  std::string host;
  int port;
  std::string prefix;
};

TEST(EndpointTest, AddressesInUseAreUnderstood) {
  const std::vector<Case> cases = {
      {"127.0.0.1:9001", "127.0.0.1", 9001, ""},
      {"http://127.0.0.1:9001", "127.0.0.1", 9001, ""},
      {"HTTP://127.0.0.1:9001/", "127.0.0.1", 9001, ""},
      {"http://[::]:9000/.rt", "::1", 9000, "/.rt"},
      {"0.0.0.0:9001", "127.0.0.1", 9001, ""},
      {"localhost:80", "localhost", 80, ""},
      {"localhost", "localhost", 80, ""},
      {"[::1]:1", "::1", 1, ""},
      {"[::1]", "::1", 80, ""},
      {"169.254.100.1:9001", "169.254.100.1", 9001, ""},
      {"127.0.0.1:65535/a/b//", "127.0.0.1", 65535, "/a/b"},
  };
  for (const auto& [address, host, port, prefix] : cases) {
    const auto endpoint = Endpoint::parse(address);
    ASSERT_TRUE(endpoint) << address << ": " << endpoint.error().message;
    EXPECT_EQ(endpoint->host, host) << address;
    EXPECT_EQ(endpoint->port, port) << address;
    EXPECT_EQ(endpoint->prefix, prefix) << address;
  }
}

TEST(EndpointTest, BadAddressIsRefusedByName) {
  for (const auto* address : {"",
                              "http://",
                              ":9001",
                              "https://127.0.0.1:1",
                              "127.0.0.1:",
                              "127.0.0.1:0",
                              "127.0.0.1:65536",
                              "127.0.0.1:-1",
                              "127.0.0.1:+1",
                              "127.0.0.1:9x",
                              "127.0.0.1:99999999999999999999",
                              "::1:9001",
                              "[::1",
                              "[::1]9",
                              "[127.0.0.1]:1",
                              "[]:1",
                              "256.1.1.1:1",
                              "example.org:80",
                              "user@127.0.0.1:1",
                              "127.0.0.1:1/a b",
                              "127.0.0.1:1/a?b",
                              "127.0.0.1 :1",
                              "127.0.0.1:1/\r\nX: y"}) {
    const auto endpoint = Endpoint::parse(address);
    ASSERT_FALSE(endpoint) << address;
    EXPECT_NE(endpoint.error().message.find(address), std::string::npos) << endpoint.error().message;
  }
}

TEST(EndpointTest, AddressWithANulByteIsRefused) {
  EXPECT_FALSE(Endpoint::parse(std::string_view("127.0.0.1\0evil:80", 17)));
}

}  // namespace
