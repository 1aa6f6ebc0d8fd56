// SPDX-License-Identifier: Apache-2.0
#include "api/connection/numeric_resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

// "ADDRESS PORT" of every entry, written by getnameinfo.
std::vector<std::string> resolve(const char* node, const char* service, int family = AF_UNSPEC) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  std::vector<std::string> found;
  if (getaddrinfo(node, service, &hints, &list) != 0) return found;
  for (const auto* entry = list; entry != nullptr; entry = entry->ai_next) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    EXPECT_EQ(getnameinfo(entry->ai_addr, entry->ai_addrlen, host.data(), host.size(), port.data(),
                          port.size(), NI_NUMERICHOST | NI_NUMERICSERV),
              0);
    found.push_back(std::string(host.data()) + " " + port.data());
  }
  freeaddrinfo(list);
  return found;
}

using Found = std::vector<std::string>;

TEST(NumericResolverTest, AddressesResolveToThemselves) {
  EXPECT_EQ(resolve("127.0.0.1", "9001"), Found{"127.0.0.1 9001"});
  EXPECT_EQ(resolve("::1", "80"), Found{"::1 80"});
  EXPECT_EQ(resolve("127.0.0.1", "1", AF_INET6), Found{});
}

TEST(NumericResolverTest, LocalhostIsThisMachineWithoutAnyFile) {
  EXPECT_EQ(resolve("localhost", "80"), (Found{"127.0.0.1 80", "::1 80"}));
  EXPECT_EQ(resolve("localhost", "80", AF_INET6), Found{"::1 80"});
  EXPECT_EQ(resolve(nullptr, "0"), (Found{"127.0.0.1 0", "::1 0"}));
}

TEST(NumericResolverTest, NamesAndBadPortsFail) {
  EXPECT_EQ(resolve("example.org", "80"), Found{});
  EXPECT_EQ(resolve("127.0.0.1", "http"), Found{});
  EXPECT_EQ(resolve("127.0.0.1", "65536"), Found{});
}

TEST(NumericResolverTest, OnlyWhatResolvesIsCalledResolvable) {
  EXPECT_TRUE(api::is_resolvable("10.0.0.1"));
  EXPECT_TRUE(api::is_resolvable("fe80::1"));
  EXPECT_TRUE(api::is_resolvable("localhost"));
  EXPECT_FALSE(api::is_resolvable(""));
  EXPECT_FALSE(api::is_resolvable("localhost."));
  EXPECT_FALSE(api::is_resolvable("1.2.3"));
}

}  // namespace
